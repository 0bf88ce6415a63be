"""How the city writes its files: delimited text in the dialects a real city uses, and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Layout:
    """How a delimited file is written. `title`: lines above the header."""

    header: tuple[str, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    title: tuple[str, ...] = ()


def write_rows(path: Path, layout: Layout, rows: Iterable[Sequence[object]]) -> None:
    """Write `rows` under the header; fields are quoted only where they must be."""
    text = io.StringIO(newline="")
    for line in layout.title:
        text.write(line + layout.newline)
    writer = csv.writer(text, delimiter=layout.delimiter, lineterminator=layout.newline)
    writer.writerow(layout.header)
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().encode(layout.encoding))


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document with sorted indentation of one space."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())


def dollars(amount: int) -> str:
    """Return whole dollars as a finance office prints them: `$1,234.00`, and `($1,234.00)` below zero."""
    return f"(${-amount:,}.00)" if amount < 0 else f"${amount:,}.00"
