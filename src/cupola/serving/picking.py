"""Rows picked out of a row file: a query that only filters, sorts and pages is two bisections and a slice.

The rows are those the engine gives, to the byte; a test holds the two together. What does not fit is left to it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from cupola.lake import ID, LAST, HeldKind, RowFile, RowSegment
from cupola.serving.lookups import Lookup
from cupola.soql import Compiled, Condition, Pick, SoqlType

MOST_ROWS = 5_000  # of a page: more are read as fast by the engine
MOST_SORTED = 20_000  # rows put back in the order in which they lie; of more the engine soon meets enough
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local time, or UTC without saying so
_DAY = 86_400_000_000
Row = tuple[Any, ...]
Key = Callable[[int], int]


def picked(file: RowFile, compiled: Compiled) -> list[Row] | None:
    """Return the rows of an answer, None where a row file cannot tell them."""
    pick = compiled.pick
    if pick is None or compiled.limit > MOST_ROWS or not all(file.holds(name) for name in pick.shown):
        return None
    if isinstance(compiled, Lookup) and compiled.row is not None:
        position = file.position(compiled.row)
        found = _rows(file, [position], compiled) if position is not None else []
        if found and compiled.holds(found[0]):
            return found
    positions = _Picking(file, pick).positions(compiled.offset, compiled.limit)
    return None if positions is None else _rows(file, positions, compiled)


def _rows(file: RowFile, positions: Sequence[int], compiled: Compiled) -> list[Row]:
    """Return rows by position, values as the engine gives them."""
    assert compiled.pick is not None
    found = file.read(positions, compiled.pick.shown)
    for at, column in enumerate(compiled.columns):
        if column.type is SoqlType.ROW_VERSION:
            found[at] = [None if one is None else (one - _EPOCH) // timedelta(milliseconds=1) for one in found[at]]
    return list(zip(*found, strict=True)) if found else [() for _ in positions]


class _Picking:
    """Finds the positions of one pick."""

    def __init__(self, file: RowFile, pick: Pick) -> None:
        self._file, self._pick = file, pick
        self._time = file.layout.time

    def positions(self, offset: int, limit: int) -> Sequence[int] | None:
        """Return the positions of a page, in order; None where that takes the engine."""
        equal = [one for one in self._pick.conditions if one.operator == "=" and one.column not in {ID, self._time}]
        ranges = [one for one in self._pick.conditions if one not in equal]
        if len(equal) > 1 or any(one.column != ranges[0].column for one in ranges):
            return None
        by = ranges[0].column if ranges else self._pick.order
        if by not in {"", ID, self._time} or (by == ID and equal) or self._pick.order not in {"", by}:
            return None
        if not equal and not by:
            return range(self._file.rows)[offset : offset + limit]
        segment = self._segment(equal, by_id=by == ID)
        if segment is None:
            return None
        segment = self._within(segment, ranges, by)
        return self._page(segment, offset, limit) if self._pick.order else self._as_they_lie(segment, offset, limit)

    def _segment(self, equal: list[Condition], *, by_id: bool) -> RowSegment | None:
        if not equal:
            return RowSegment(self._file.order(ID if by_id else ""), 0, self._file.rows)
        (one,) = equal
        if not self._file.holds(one.column) or self._file.column(one.column).counts is None:
            return None
        held = self._file.column(one.column)
        if held.kind is HeldKind.DAY or held.kind is HeldKind.TIME:
            if not isinstance(one.value, datetime):
                return None
            micros = (one.value - _EPOCH) // _MICROSECOND
            if held.kind is HeldKind.TIME:
                return self._file.segment(one.column, micros)
            return self._file.segment(one.column, micros // _DAY if micros % _DAY == 0 else None)
        return None if isinstance(one.value, datetime) else self._file.segment(one.column, one.value)

    def _within(self, segment: RowSegment, ranges: list[Condition], column: str) -> RowSegment:
        """Return the places whose key is within all ranges; those without a key are in none."""
        if not ranges:
            return segment
        first, end = segment.first, self._known(segment, column)
        key = self._file.key(column)
        days = self._file.column(column).kind is HeldKind.DAY
        for one in ranges:
            value = _number(one.value)
            # Of days that are compared with a time of day, the day itself comes before it.
            low, exact = (value // _DAY, value % _DAY == 0) if days else (value, True)
            if one.operator in {">=", "<", "="}:
                here = segment.at_least(key, low) if exact else segment.beyond(key, low)
                first, end = (first, min(end, here)) if one.operator == "<" else (max(first, here), end)
            if one.operator in {">", "<=", "="}:
                after = segment.beyond(key, low)
                first, end = (max(first, after), end) if one.operator == ">" else (first, min(end, after))
        return RowSegment(segment.order, first, end)

    def _known(self, segment: RowSegment, column: str) -> int:
        """Return the first place whose row has no key, all of which stand at the end."""
        return segment.at_least(self._file.key(column), LAST) if self._file.column(column).nullable else segment.end

    def _as_they_lie(self, segment: RowSegment, offset: int, limit: int) -> Sequence[int] | None:
        order = segment.order
        if isinstance(order, range):
            return segment.part(segment.first + offset, segment.first + offset + limit)
        if len(segment) > MOST_SORTED:
            return None
        found = np.sort(np.asarray(segment.part(segment.first, segment.end), "<u4"))
        page: list[int] = found[offset : offset + limit].tolist()
        return page

    def _page(self, segment: RowSegment, offset: int, limit: int) -> Sequence[int]:
        key, backwards = self._file.key(self._pick.order), self._pick.descending
        middle = self._known(segment, self._pick.order)
        known = RowSegment(segment.order, segment.first, middle), backwards
        unknown = RowSegment(segment.order, middle, segment.end), False
        found: list[int] = []
        for part, turned in (unknown, known) if self._pick.nulls_first else (known, unknown):
            skipped = min(offset, len(part))
            wanted = min(limit - len(found), len(part) - skipped)
            if wanted and turned:
                found += _backwards(part, key, skipped=skipped, wanted=wanted)
            elif wanted:
                found += part.part(part.first + skipped, part.first + skipped + wanted)
            offset -= skipped
        return found


def _number(value: object) -> int:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else int(value)  # type: ignore[call-overload]


def _backwards(segment: RowSegment, key: Key, *, skipped: int, wanted: int) -> Sequence[int]:
    """Return positions from the last key to the first, those of one key in the order they have."""
    end = segment.end - skipped
    around = segment.part(end - wanted - 1, end + 1)
    if len({key(position) for position in around}) == len(around):  # no two are alike, the page's neighbours included
        return segment.part(end - wanted, end)[::-1]
    page: list[int] = []
    while len(page) < wanted:
        value = key(segment.order[end - 1])
        first, beyond = segment.at_least(key, value), segment.beyond(key, value)
        start = first + max(0, skipped - (segment.end - beyond))
        page += segment.part(start, min(beyond, start + wanted - len(page)))
        end = first
    return page
