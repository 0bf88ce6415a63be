"""Dates, partial dates, fiscal years and half-open intervals [since, until)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from cupola.errors import InvalidInput

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})", re.ASCII)


class NotADate(InvalidInput):
    """A text that should name a day, a month or a year does not."""

    def __init__(self, text: str, *, wanted: str, reason: str = "") -> None:
        self.text, self.wanted, self.reason = text, wanted, reason
        why = f" ({reason})" if reason else ""
        super().__init__(f"{text!r} is not a date{why}. Write {wanted}.")


class EmptyInterval(InvalidInput):
    """An interval that ends before or when it begins."""

    def __init__(self, since: date, until: date) -> None:
        self.since, self.until = since, until
        super().__init__(f"{since} until {until} holds no day. `until` is excluded: write a later one.")


@dataclass(frozen=True)
class Interval:
    """The days from `since` up to but not including `until`; None is open on that side."""

    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise EmptyInterval(self.since, self.until)

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the interval."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: "Interval") -> bool:
        """Whether the two share a day."""
        starts_in_time = self.since is None or other.until is None or self.since < other.until
        ends_late_enough = self.until is None or other.since is None or other.since < self.until
        return starts_in_time and ends_late_enough

    def days(self) -> int | None:
        """Return the number of days; None when a side is open."""
        if self.since is None or self.until is None:
            return None
        return (self.until - self.since).days


@dataclass(frozen=True, order=True)
class PartialDate:
    """A year, a month or a day. `on` is its first day; `precision` is 'year', 'month' or 'day'.

    >>> str(PartialDate.parse("2015-12"))
    '2015-12'
    """

    on: date
    precision: str = "day"

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `2015`, `2015-12` or `2015-12-31`. Raises NotADate."""
        wanted = "a year, a month or a day as 2015, 2015-12 or 2015-12-31"
        match = _PARTIAL.fullmatch(text)
        if match is None:
            raise NotADate(text, wanted=wanted)
        year, month, day = match.groups()
        precision = "year" if month is None else "month" if day is None else "day"
        return cls(_day(text, (int(year), int(month or 1), int(day or 1)), wanted=wanted), precision)

    def interval(self) -> Interval:
        """Return the days it covers."""
        if self.precision == "day":
            return Interval(self.on, self.on + timedelta(days=1))
        if self.precision == "year":
            return Interval(self.on, date(self.on.year + 1, 1, 1))
        following = date(self.on.year + self.on.month // 12, self.on.month % 12 + 1, 1)
        return Interval(self.on, following)

    def __str__(self) -> str:
        return self.on.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


@dataclass(frozen=True)
class FiscalYears:
    """Fiscal years that begin each year on `month`-`day` and are named after the calendar year in which they end."""

    month: int = 1
    day: int = 1

    @classmethod
    def parse(cls, text: str) -> "FiscalYears":
        """Read the first day, as `07-01`. Raises NotADate."""
        wanted = "the month and day on which the fiscal year begins, as 07-01"
        match = _MONTH_DAY.fullmatch(text)
        if match is None:
            raise NotADate(text, wanted=wanted)
        month, day = int(match[1]), int(match[2])
        _day(text, (2001, month, day), wanted=wanted)  # 2001 has no 29 February: a year must begin every year
        return cls(month, day)

    def interval(self, year: int) -> Interval:
        """Return the days of fiscal year `year`."""
        first = year if (self.month, self.day) == (1, 1) else year - 1
        return Interval(date(first, self.month, self.day), date(first + 1, self.month, self.day))

    def year_of(self, day: date) -> int:
        """Return the fiscal year that holds `day`."""
        if (self.month, self.day) == (1, 1):
            return day.year
        return day.year + ((day.month, day.day) >= (self.month, self.day))


def parse_day(text: str) -> date:
    """Read `2015-12-31`. Raises NotADate."""
    wanted = "a day as 2015-12-31"
    match = _DAY.fullmatch(text)
    if match is None:
        raise NotADate(text, wanted=wanted)
    return _day(text, (int(match[1]), int(match[2]), int(match[3])), wanted=wanted)


def _day(text: str, parts: tuple[int, int, int], *, wanted: str) -> date:
    try:
        return date(*parts)
    except ValueError as error:
        raise NotADate(text, wanted=wanted, reason=str(error)) from error
