"""What a feed lacks: days without rows that nearly always have some, and columns whose values stopped coming."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

MOST_EMPTY_SHARE = 0.03  # of the days of a weekday without rows, up to which an empty one is suspect; one always is
FEWEST_WEEKS = 8
FEWEST_ROWS = 10  # on an average day of that weekday; with fewer, a day without any may well be chance
_LONGEST_TAIL = 400  # days after the last row that are looked at


def has_vanished(periods: Sequence[tuple[int, int]]) -> bool:
    """Whether a column that a source may lack is lacking now, from rows and filled rows of each period, oldest first.

    It is when no row has a value, or none of the newest period with ten rows or more, where half of those before had.
    """
    if not sum(filled for _rows, filled in periods):
        return any(rows for rows, _filled in periods)
    last = max((at for at, (rows, _filled) in enumerate(periods) if rows >= FEWEST_ROWS), default=None)
    if last is None or any(filled for _rows, filled in periods[last:]):
        return False
    return 2 * sum(filled for _rows, filled in periods[:last]) >= sum(rows for rows, _filled in periods[:last])


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
