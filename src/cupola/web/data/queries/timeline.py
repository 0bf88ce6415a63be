"""Rows over time: counted per calendar year or month, once per version."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlglot import exp

from cupola.lake import parse
from cupola.web.data.queries.lake import lake

FEWEST_YEARS, MOST_PERIODS = 4, 60


@dataclass(frozen=True)
class Periods:
    """Rows per year or per month, oldest first, without gaps. `left_out`: rows in periods too far off to draw."""

    unit: str
    counts: tuple[tuple[date, int], ...]
    left_out: int


@lru_cache(maxsize=256)
def count_periods(home: Path, key: str, *, number: int, column: str) -> Periods:
    """Count the rows of a version per year, or per month when they span few years. A version never changes.

    `home` is only there to keep two homes of one process apart.
    """
    years = _count(key, number=number, column=column, unit="year")
    drawn, left_out = _without_stragglers(years)
    if len(drawn) >= FEWEST_YEARS:
        return Periods("year", tuple(_without_gaps(drawn)), left_out)
    inside = {day.year for day, _n in drawn}
    months = [(day, n) for day, n in _count(key, number=number, column=column, unit="month") if day.year in inside]
    return Periods("month", tuple(_without_gaps(months, monthly=True))[-MOST_PERIODS:], left_out)


def _count(key: str, *, number: int, column: str, unit: str) -> list[tuple[date, int]]:
    name = exp.to_identifier(column, quoted=True).sql("duckdb")
    period = f"SELECT date_trunc('{unit}', {name}) AS period, count(*) AS n"
    tree = parse(f"{period} FROM data WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 1")
    table = lake().query(tree, inputs={"data": lake().version(key, number=number)})
    days = (day.date() if isinstance(day, datetime) else day for day in table.column("period").to_pylist())
    return list(zip(days, table.column("n").to_pylist(), strict=True))


def _without_stragglers(counts: list[tuple[date, int]]) -> tuple[list[tuple[date, int]], int]:
    """Drop periods at both ends that together hold at most a thousandth of the rows: typing errors, mostly."""
    allowed = sum(n for _day, n in counts) // 1000
    kept, left_out = list(counts), 0
    while len(kept) > 1:
        at = 0 if kept[0][1] <= kept[-1][1] else -1
        if left_out + kept[at][1] > allowed:
            break
        left_out += kept.pop(at)[1]
    return kept, left_out


def _without_gaps(counts: list[tuple[date, int]], *, monthly: bool = False) -> list[tuple[date, int]]:
    if not counts:
        return []
    known, steps = dict(counts), 12 if monthly else 1
    first, last = (day.year * steps + (day.month - 1 if monthly else 0) for day in (counts[0][0], counts[-1][0]))
    days = (date(at // steps, at % steps + 1 if monthly else 1, 1) for at in range(first, last + 1))
    return [(day, known.get(day, 0)) for day in days]
