"""Days a feed should have rows for and has none: told from the days of the week on which it nearly always has some."""

from collections.abc import Mapping
from datetime import date, timedelta

MOST_EMPTY_SHARE = 0.03  # of the days of a weekday without rows, up to which an empty one is suspect; one always is
FEWEST_WEEKS = 8
FEWEST_ROWS = 10  # on an average day of that weekday; with fewer, a day without any may well be chance
_LONGEST_TAIL = 400  # days after the last row that are looked at


def missing_days(counts: Mapping[date, int], *, through: date) -> tuple[date, ...]:
    """Return the days without rows that should have some, in order.

    `counts`: rows per day. `through`: the first day that need not be complete yet. A weekday counts as usual when
    nearly all its days between the first and the last row have some, and ten on average; feeds that rest on Sundays and
    holidays, and small ones, so raise no alarm.
    """
    there = {day for day, count in counts.items() if count and day < through}
    if not there:
        return ()
    first, last = min(there), max(there)
    usual = {weekday for weekday in range(7) if _is_usual(counts, weekday, first=first, last=last)}
    end = min(through, last + timedelta(days=_LONGEST_TAIL))
    days = (first + timedelta(days=at) for at in range((end - first).days))
    return tuple(day for day in days if day.weekday() in usual and day not in there)


def _is_usual(counts: Mapping[date, int], weekday: int, *, first: date, last: date) -> bool:
    days = [day for at in range((last - first).days + 1) if (day := first + timedelta(days=at)).weekday() == weekday]
    if len(days) < FEWEST_WEEKS:
        return False
    rows = [counts.get(day, 0) for day in days]
    return sum(rows) >= FEWEST_ROWS * len(days) and rows.count(0) <= max(1, MOST_EMPTY_SHARE * len(days))
