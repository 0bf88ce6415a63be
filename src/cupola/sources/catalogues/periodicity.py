"""How often a catalogue says something changes, in days, and the dates it gives."""

import re
from datetime import date

_REPEATING = re.compile(
    r"R\d*/P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(T\S+)?", re.ASCII
)
_DAYS = (366.0, 31.0, 7.0, 1.0)  # of a year, a month, a week and a day at their longest
_QUARTER = 92
_WORDS = {
    "continuously updated": 1,
    "hourly": 1,
    "daily": 1,
    "weekly": 7,
    "biweekly": 14,
    "every two weeks": 14,
    "bimonthly": 62,
    "monthly": 31,
    "quarterly": _QUARTER,
    "semiannual": 184,
    "twice a year": 184,
    "annual": 366,
    "annually": 366,
    "yearly": 366,
    "biennial": 732,
}
_NONE = frozenset(("irregular", "as needed", "never", "not planned", "unknown", "none"))
_DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?", re.ASCII
)


def is_interval(text: str) -> bool:
    """Whether a text is a repeating interval of ISO 8601, as R/P1D."""
    match = _REPEATING.fullmatch(text.strip())
    return match is not None and any(match.groups())


def is_periodicity(text: str) -> bool:
    """Whether a text says how often, or that there is no rule."""
    return is_interval(text) or text.strip().casefold() in {*_WORDS, *_NONE}


def days_between(text: str) -> int | None:
    """Return after how many days at most a change is promised; None where nothing is, or the words are not known."""
    words = text.strip().casefold()
    if words in _WORDS:
        return _WORDS[words]
    match = _REPEATING.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return None
    *parts, hours = match.groups()
    if parts == [None, "3", None, None]:
        return _QUARTER
    days = sum(float(number) * length for number, length in zip(parts, _DAYS, strict=True) if number)
    return max(1, round(days)) if days or hours else None


def day_of(text: str) -> date | None:
    """Return the day an ISO date or moment names, of a month or a year the first; None for anything else."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
