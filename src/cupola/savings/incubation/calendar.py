"""The budget calendar: by when a position must be asked for, to be paid on the day a grant ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cupola.errors import InvalidInput
from cupola.periods import FiscalYears


class FilesAfterTheYear(InvalidInput):
    """A filing day that does not lie before the fiscal year it is for."""

    def __init__(self, days: int) -> None:
        self.days = days
        super().__init__(f"Requests are filed {days} days before the fiscal year. Write a number of days above 0.")


@dataclass(frozen=True)
class BudgetCalendar:
    """How a city's budget year runs.

    filing_days: days before the fiscal year by which position requests are filed, where `filed` names no day for it.
    filed: the filing day of a fiscal year, by year. civil_service_days: days from a request to a post that can be
    filled, where it must be classified and examined first.
    """

    years: FiscalYears
    filing_days: int
    filed: tuple[tuple[int, date], ...] = ()
    civil_service_days: int = 0

    def __post_init__(self) -> None:
        if self.filing_days <= 0:
            raise FilesAfterTheYear(self.filing_days)

    def filing_day(self, year: int) -> date:
        """Return the last day on which a position of fiscal year `year` can be asked for."""
        named = dict(self.filed).get(year)
        first = self.years.interval(year).since
        assert first is not None
        return named or first - timedelta(days=self.filing_days)

    def latest_filing(self, cliff: date) -> date:
        """Return the last day to ask for a post that must be paid from `cliff` on.

        The post must be in the budget of the fiscal year that holds `cliff`, and be classified by then.
        """
        deadline = self.filing_day(self.years.year_of(cliff))
        return min(deadline, cliff - timedelta(days=self.civil_service_days))


@dataclass(frozen=True)
class Filing:
    """What is to be filed: by when, for which fiscal year, and how many days are left (below zero: it is too late)."""

    by: date
    year: int
    days_left: int


def filing(calendar: BudgetCalendar, cliff: date, *, today: date) -> Filing:
    """Return the filing a cliff asks for."""
    by = calendar.latest_filing(cliff)
    return Filing(by, calendar.years.year_of(cliff), (by - today).days)


def months_from(first: date, count: int) -> Sequence[date]:
    """Return the first days of `count` months, beginning with the month of `first`."""
    start = first.year * 12 + first.month - 1
    return [date((start + at) // 12, (start + at) % 12 + 1, 1) for at in range(count)]
