"""Measures of permits for tests: a file with so many permits a month, and a measure that counts them."""

from datetime import UTC, date, datetime
from typing import Any

from tests.factories import NOON

from cupola.web.performance.actions import MeasureKeeper
from cupola.web.performance.models import Measure

STEADY = [10, 12, 11, 9, 10, 12, 11, 9, 10, 12, 11, 9, 10, 12, 11, 9]


def permits(counts: list[int], *, since: date = date(2025, 1, 1)) -> str:
    """Write a file with so many permits in each month."""
    rows, number = [], 0
    for at, count in enumerate(counts):
        month = at + since.month - 1
        for _one in range(count):
            number += 1
            rows.append(f"P-{number},{since.year + month // 12}-{month % 12 + 1:02d}-{number % 27 + 1:02d},open")
    return "permit_number,issued_on,status\n" + "\n".join(rows) + "\n"


def make_measure(key: str = "permits-issued", **fields: Any) -> Measure:
    given = {
        "key": key,
        "title": key.replace("-", " ").capitalize(),
        "dataset": "permits",
        "value": "count()",
        "time_column": "issued_on",
        "grain": "month",
        "unit": "permits",
        "direction": "up",
        "owner": "Department of Buildings",
        "released": True,
        **fields,
    }
    return MeasureKeeper().put(key, given, at=NOON)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
