"""Small groups of datasets whose rows not everybody may see: hidden, with what they could be worked out from."""

from collections.abc import Mapping, Sequence
from datetime import date

from cupola.indicators import Value
from cupola.privacy import THRESHOLD, TOTAL, protect
from cupola.web.data.models import Dataset

Members = tuple[str, ...]


def threshold_of(dataset: str) -> int:
    """Return the fewest rows a value may rest on, 0 where any number will do.

    Rows that are not public are always protected, public ones where the dataset's privacy rules say from when on.
    """
    record = Dataset.objects.filter(key=dataset).first()
    rules = record.definition.get("privacy", {}) if record is not None else {}
    if record is not None and record.shows_rows and not {"threshold", "quasi_identifiers"} & set(rules):
        return 0
    return int(rules.get("threshold", THRESHOLD))


def hidden_groups(values: Sequence[Value], *, by: Sequence[str], threshold: int) -> frozenset[tuple[date, Members]]:
    """Return the periods and groups whose values must not be shown: few rows, or needed to hide those.

    `values`: of one measure and one breakdown, or with an empty `by` of the whole. Of a share, a group is small too
    where few of its rows are above the line, or all but a few.
    """
    periods: dict[date, list[Value]] = {}
    for value in values:
        assert value.period.since is not None
        periods.setdefault(value.period.since, []).append(value)
    found: set[tuple[date, Members]] = set()
    for period, listed in periods.items():
        found |= {(period, members) for members in _hidden(listed, by=by, threshold=threshold)}
    return frozenset(found)


def _hidden(values: Sequence[Value], *, by: Sequence[str], threshold: int) -> set[Members]:
    counts = {_members(value, by): value.n for value in values}
    small = {_members(value, by) for value in values if _tells(value, threshold)}
    if not by:
        return small
    shown: Mapping[tuple[str | None, ...], int | None] = protect(
        counts, dimensions=tuple(by), threshold=threshold, hidden=small
    ).shown
    return {_named(cell) for cell, count in shown.items() if count is None and TOTAL not in cell}


def _named(cell: tuple[str | None, ...]) -> Members:
    return tuple(member or "" for member in cell)


def _members(value: Value, by: Sequence[str]) -> Members:
    return tuple(value.group.get(name) or "" for name in by)


def _tells(value: Value, threshold: int) -> bool:
    """Whether a value tells of few: few rows, or few above or below the line of a count divided by a count."""
    if 0 < value.n < threshold:
        return True
    if value.numerator is None or value.denominator != value.n:
        return False
    return any(0 < part < threshold for part in (value.numerator, value.n - value.numerator))
