"""The part about structures: two charts of 30,000 posts, keyed, with a twentieth of the posts moved."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from bench.table import show
from cupola.orgchart import Fact, History, Value
from cupola.orgchart.edits import diff
from cupola.orgchart.reading import read_history
from cupola.orgchart.states import state_of
from cupola.orgchart.writing import write_history

POSTS, OFFICES = 30_000, 300
DAY = date(2026, 1, 1)


def measure() -> None:
    """Print CPU seconds of a diff beside its limit, and of reading a document and asking for a day."""
    earlier, later = _city(moved=False), _city(moved=True)
    document = write_history(earlier)
    _row("structure of 30,000 posts: read", lambda: read_history(document), most=5.0)
    _row("structure of 30,000 posts: chart of a day", lambda: earlier.on(DAY), most=5.0)
    before, after = state_of(earlier.on(DAY)), state_of(later.on(DAY))
    if len(diff(before, after)) != POSTS // 20:
        raise SystemExit("the diff found something else than what was moved")
    _row("structure of 30,000 posts: diff", lambda: diff(before, after), most=0.5)


def _row(what: str, work: Callable[[], object], *, most: float) -> None:
    started = time.process_time()
    work()
    spent = time.process_time() - started
    show(what, f"{spent:.2f} s", f"under {most:g} s", met=spent < most)


def _city(*, moved: bool) -> History:
    subjects: dict[str, str] = {}
    facts: list[Fact] = []

    def say(key: str, kind: str, **said: Value) -> None:
        subjects[key] = kind
        facts.extend(Fact(key, name, value, sources=("roster",)) for name, value in said.items())

    for number in range(OFFICES):
        above = {"part_of": f"office-{(number - 1) // 6}"} if number else {}
        say(f"office-{number}", "office", exists=True, name=f"Office {number}", **above)
    for number in range(POSTS):
        home = number % OFFICES if not moved or number % 20 else (number + 7) % OFFICES
        say(
            f"post-{number}",
            "post",
            exists=True,
            name=f"Title {number % 900}",
            works_in=f"office-{home}",
            grade=str(number % 16),
            fte=Decimal(1),
            cost=Decimal(50_000 + number % 16 * 4_000),
            filled=bool(number % 11),
        )
    return History(subjects, tuple(facts))
