"""What every answer to a hostile request must hold: right status and code, in time, nothing told that is hidden."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.public_city import CANARY
from tests.servers import Answer

MOST_SECONDS = 2.0
INSIDES = ("Traceback", "site-packages", "root:x:", "duckdb.", "sqlglot", "records.db", ".parquet", "_created_at")


def error_code(answer: Answer) -> str:
    """Return the code of an error in SODA's shape or in CKAN's; "-" where there is none."""
    if "json" not in answer.headers.get("content-type", ""):
        return "-"
    document: Any = json.loads(answer.body)
    if not isinstance(document, dict):
        return "-"
    error = document.get("error")
    return str(error.get("__type", "-") if isinstance(error, dict) else document.get("code", "-"))


def quick(ask: Callable[[], Answer]) -> Answer:
    """Ask; when it took too long ask again, for the machine may have been busy. Fails when both took too long."""
    answer = ask()
    if answer.seconds >= MOST_SECONDS:
        answer = ask()
    assert answer.seconds < MOST_SECONDS, f"{answer.status} after {answer.seconds:.1f} s: {answer.text[:500]}"
    return answer


def check_nothing_told(answer: Answer, *, home: Path, asked: str = "") -> None:
    """Fail when an answer holds what is hidden, or tells how the inside looks. What was asked may be said again."""
    said = answer.text + "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
    inside = (*INSIDES, str(home), (home / "secret_key").read_text())
    assert [word for word in (CANARY, *inside) if word in said and word not in asked] == []
    assert answer.status < 500, answer.text[:500]
