"""Periods in a row: filled where the answer has none, the last marked where it is not over, and what the line does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dates import MONTHS_3

from cupola.web.data.queries.exploring.exploration import By

MOST_PERIODS = 1500
SPARSE = 3  # times as many periods as have a value
FEWEST_FOR_A_TREND = 6
NOTICEABLE = 0.1  # below a tenth more or less, a line goes neither up nor down
MONTHS_IN_WORDS, DAYS_IN_WORDS = 18, 45


@dataclass(frozen=True)
class Timeline:
    """The periods from the first to the last of an answer, oldest first. `partial`: the last is not over yet."""

    by: By
    starts: tuple[date, ...]
    partial: bool

    def series(self, values: Mapping[date, float | None]) -> tuple[float | None, ...]:
        """Return one value per period, None where the answer has none."""
        return tuple(values.get(start) for start in self.starts)

    def whole(self, values: Sequence[float | None]) -> list[tuple[int, float]]:
        """Return place and value of the periods that are over and have one."""
        last = len(values) - 1 if self.partial else len(values)
        return [(at, value) for at, value in enumerate(values[:last]) if value is not None]

    def ticks(self) -> tuple[tuple[int, str], ...]:
        """Return the periods worth naming below a chart."""
        count = len(self.starts)
        if self.by is By.YEAR:
            return tuple((at, f"{day.year:04d}") for at, day in enumerate(self.starts))
        if self.by is By.MONTH and count <= MONTHS_IN_WORDS:
            return tuple((at, _month(day, first=at == 0)) for at, day in enumerate(self.starts))
        if self.by is By.DAY and count <= DAYS_IN_WORDS:
            return tuple((at, f"{MONTHS_3[day.month]} {day.day}") for at, day in enumerate(self.starts))
        if self.by is By.DAY and count <= MOST_PERIODS // 2:
            return tuple((at, _month(day, first=False)) for at, day in enumerate(self.starts) if day.day == 1)
        turns = ((at, day) for at, day in enumerate(self.starts) if day.month == 1 and day.day == 1)
        return tuple((at, f"{day.year:04d}") for at, day in turns)


def timeline(values: Sequence[Any], by: By, *, known_until: date | None, asked_until: date | None) -> Timeline:
    """Return the periods that hold `values`.

    `known_until`: the newest day of the dataset; `asked_until`: the last day the question asks for. The last
    period is not over where either day lies in it and is not its last.
    """
    days = sorted({as_day(value) for value in values if value is not None})
    if not days:
        return Timeline(by, (), False)
    starts = [days[0]]
    while starts[-1] < days[-1] and len(starts) < MOST_PERIODS:
        starts.append(following(starts[-1], by))
    ends = following(starts[-1], by) - timedelta(days=1)
    limits = [day for day in (known_until, asked_until) if day is not None]
    return Timeline(by, tuple(starts), any(starts[-1] <= day < ends for day in limits))


def without_stragglers(counts: Mapping[date, int], by: By) -> tuple[list[date], int]:
    """Return the periods worth drawing, oldest first, and how many rows lie in the others.

    Where most periods are empty, those at both ends that hold a thousandth of the rows are typing errors, mostly.
    """
    kept, left_out = sorted(counts), 0
    allowed = sum(counts.values()) / 1000
    while len(kept) > 2 and _span(kept, by) > SPARSE * len(kept):
        end = 0 if counts[kept[0]] <= counts[kept[-1]] else -1
        if left_out + counts[kept[end]] > allowed:
            break
        left_out += counts[kept.pop(end)]
    if _span(kept, by) > MOST_PERIODS:
        near = [day for day in kept if _span([day, kept[-1]], by) <= MOST_PERIODS]
        left_out += sum(counts[day] for day in set(kept) - set(near))
        kept = near
    return kept, left_out


def _span(days: Sequence[date], by: By) -> int:
    """Return how many periods there are from the first day to the last."""
    if not days:
        return 0
    first, last = days[0], days[-1]
    years = last.year - first.year
    if by is By.DAY:
        return (last - first).days + 1
    return years + 1 if by is By.YEAR else years * 12 + last.month - first.month + 1


def as_day(value: Any) -> date:
    """Return the day of a date or an instant."""
    return value.date() if isinstance(value, datetime) else value


def following(day: date, by: By) -> date:
    """Return the first day of the period after the one that begins on `day`."""
    if by is By.DAY:
        return day + timedelta(days=1)
    if by is By.YEAR:
        return date(day.year + 1, 1, 1)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def trend(values: Sequence[float]) -> float | None:
    """Return by which share the mean of the last third exceeds that of the first; None for too few, or from nothing.

    >>> trend([10, 10, 12, 12, 15, 15])
    0.5
    """
    third = len(values) // 3
    if len(values) < FEWEST_FOR_A_TREND:
        return None
    first, last = sum(values[:third]) / third, sum(values[-third:]) / third
    return (last - first) / first if first > 0 else None


def _month(day: date, *, first: bool) -> str:
    word = str(MONTHS_3[day.month])
    return f"{word} {day.year}" if first or day.month == 1 else word
