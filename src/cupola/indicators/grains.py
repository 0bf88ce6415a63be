"""Periods of a grain: the first day of each, the first day after it, and what people call it."""

from datetime import date, timedelta

from cupola.indicators.definition import Grain
from cupola.periods import FiscalYears, Interval

_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12, Grain.FISCAL_YEAR: 12}


def period_of(day: date, grain: Grain, *, fiscal_years: FiscalYears) -> Interval:
    """Return the period that holds `day`. A vintage is its day alone.

    >>> str(period_of(date(2026, 5, 14), Grain.QUARTER, fiscal_years=FiscalYears()).since)
    '2026-04-01'
    """
    if grain in {Grain.DAY, Grain.VINTAGE}:
        first = day
    elif grain is Grain.WEEK:
        first = day - timedelta(days=day.weekday())
    elif grain is Grain.FISCAL_YEAR:
        return fiscal_years.interval(fiscal_years.year_of(day))
    else:
        months = _MONTHS[grain]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Interval(first, end_of(first, grain))


def end_of(first: date, grain: Grain) -> date:
    """Return the first day after the period that begins on `first`."""
    if grain in {Grain.DAY, Grain.VINTAGE}:
        return first + timedelta(days=1)
    if grain is Grain.WEEK:
        return first + timedelta(days=7)
    months = first.month - 1 + _MONTHS[grain]
    return date(first.year + months // 12, months % 12 + 1, first.day)


def name_of(first: date, grain: Grain, *, fiscal_years: FiscalYears) -> str:
    """Return a short name that sorts: 2026-05-14, 2026-W20, 2026-05, 2026-Q2, 2026, FY2026."""
    if grain is Grain.WEEK:
        year, week, _day = first.isocalendar()
        return f"{year}-W{week:02d}"
    if grain is Grain.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if grain is Grain.FISCAL_YEAR:
        return f"FY{fiscal_years.year_of(first)}"
    return first.isoformat()[: {Grain.MONTH: 7, Grain.YEAR: 4}.get(grain, 10)]
