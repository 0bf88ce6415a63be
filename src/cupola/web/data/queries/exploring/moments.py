"""Days and stretches of days as people name them: last year, the last 12 months, 2025, March 2025."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.periods import Interval, NotADate, PartialDate

LAST_YEAR, LAST_12_MONTHS, THIS_YEAR = "last-year", "last-12-months", "this-year"
NAMED = (LAST_YEAR, LAST_12_MONTHS, THIS_YEAR)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


def days_of(period: str, *, today: date) -> Interval:
    """Return the days of a period. Raises NotADate. The last 12 months are whole ones, this month left out."""
    if period == LAST_YEAR:
        return Interval(date(today.year - 1, 1, 1), date(today.year, 1, 1))
    if period == THIS_YEAR:
        return Interval(date(today.year, 1, 1), date(today.year + 1, 1, 1))
    if period == LAST_12_MONTHS:
        return Interval(date(today.year - 1, today.month, 1), today.replace(day=1))
    return PartialDate.parse(period).interval()


def first_day(text: str) -> date:
    """Return the first day of a day, month or year. Raises NotADate."""
    return PartialDate.parse(text).on


def day_after(text: str) -> date:
    """Return the day after the last day of a day, month or year. Raises NotADate."""
    until = PartialDate.parse(text).interval().until
    assert until is not None
    return until


def period_words(period: str, *, today: date) -> str:
    """Name a period with the days it stands for today."""
    days = days_of(period, today=today)
    assert days.since is not None
    assert days.until is not None
    if period in {LAST_YEAR, THIS_YEAR}:
        word = _("last year (%(year)s)") if period == LAST_YEAR else _("this year (%(year)s)")
        return word % {"year": days.since.year}
    if period == LAST_12_MONTHS:
        facts = {"first": month_words(days.since), "last": month_words(days.until - timedelta(days=1))}
        return _("the last 12 months (%(first)s to %(last)s)") % facts
    return day_words(period)


def month_words(day: date) -> str:
    """Write a month and its year."""
    return str(date_format(day, "YEAR_MONTH_FORMAT"))


def day_words(text: str) -> str:
    """Write a day, month or year, given as 2025-03-01, 2025-03 or 2025."""
    when = PartialDate.parse(text)
    if when.precision == "year":
        return f"{when.on.year:04d}"
    return month_words(when.on) if when.precision == "month" else str(date_format(when.on))


def is_day(text: str) -> bool:
    """Whether a text names a day, a month or a year."""
    try:
        first_day(text), day_after(text)
    except (NotADate, OverflowError, ValueError):
        return False
    return True


def plain_number(text: str) -> str | None:
    """Return a number as the address writes it, from what people type: 1,250, $1250, 1250.00. None when it is none."""
    typed = text.replace(",", "").replace("$", "").replace(" ", "").lstrip("+")
    if not _NUMBER.fullmatch(typed):
        return None
    try:
        number = Decimal(typed).normalize()
    except InvalidOperation:
        return None
    return f"{number:f}"
