"""Reading a row file: rows by position, positions by value, time and `_id`. It is mapped, so memory is the system's."""

import mmap
import os
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np

from cupola.lake.columns import ID
from cupola.lake.rowfiles.layout import END_BYTES, Held, Kind, header_size, layout_of, order_name, shown

LAST = 1 << 63  # as a time: after all others, where rows without one stand
_LET_GO_ROWS = 2_000  # rows read until mapped pages are handed back: some 64 kB come with each row

Positions = Sequence[int]
Key = Callable[[int], int]  # of a position


class NotARowFile(ValueError):
    """The file was not written by `write_rows`, or not to its end."""


@dataclass(frozen=True)
class Segment:
    """Some places in an order, from `first` to before `end`. Where a key looks them up, they are sorted by it."""

    order: Positions
    first: int
    end: int

    def __len__(self) -> int:
        """Return how many rows it has."""
        return max(0, self.end - self.first)

    def at_least(self, key: Key, value: int) -> int:
        """Return the first place whose key is `value` or more."""
        return bisect_left(self.order, value, self.first, max(self.first, self.end), key=key)

    def beyond(self, key: Key, value: int) -> int:
        """Return the first place whose key is more than `value`."""
        return bisect_right(self.order, value, self.first, max(self.first, self.end), key=key)

    def part(self, first: int, end: int) -> Positions:
        """Return the positions at some places of the order, those outside the segment left out."""
        first, end = max(first, self.first), min(end, self.end)
        return self.order[first : max(first, end)]


class RowFile:
    """One row file. Any thread may read; it is let go of with the last reference."""

    def __init__(self, path: Path) -> None:
        """Raises NotARowFile, OSError."""
        with path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            if length < END_BYTES:
                raise NotARowFile(path)
            self._map = mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ)
        size = header_size(self._map[-END_BYTES:])
        if size is None:
            raise NotARowFile(path)
        self.layout = layout_of(self._map[-END_BYTES - size : -END_BYTES])
        self.rows = self.layout.rows
        self._starts = self._section("starts", "Q")
        self._fields = {held.name: (held, at, byte) for held, at, byte in self.layout.fields()}
        self._texts = [
            (held.name, at) for held, at, _ in self.layout.fields() if not held.coded and held.kind is Kind.TEXT
        ]
        self._shown = {one.name: [None, *shown(one, one.values)] for one in self.layout.columns if one.coded}
        self._orders: dict[str, Positions] = {}
        self._read = 0

    def _section(self, name: str, code: Literal["I", "Q"]) -> "memoryview[int]":
        start, size = self.layout.sections[name]
        view: memoryview[int] = memoryview(self._map)[start : start + size].cast(code)
        return view

    def holds(self, name: str) -> bool:
        """Whether a column can be read here."""
        return name in self._fields

    def column(self, name: str) -> Held:
        """Return how a column is held. Raises KeyError."""
        return self._fields[name][0]

    def order(self, column: str = "") -> Positions:
        """Return positions by a coded column or `_id`, or without one by time. Raises KeyError."""
        order = self._orders.get(column)
        if order is None:
            lies = self.layout.by_id if column == ID or not self.layout.time else self.layout.by_time
            name = order_name(column if column != ID or self.layout.time else "")
            plain = lies and column in {"", ID}
            order = self._orders[column] = range(self.rows) if plain else self._section(name, "I")
        return order

    def segment(self, column: str, value: Any) -> Segment:
        """Return the rows with a value (as it is held) in a column that has an order. Raises KeyError."""
        held = self.column(column)
        code = held.codes.get(value)
        if code is None:
            return Segment(range(0), 0, 0)
        return Segment(self.order(column), held.starts[code], held.starts[code + 1])

    def key(self, column: str) -> Key:
        """Return what tells a whole number or a time (days: in days) by position; LAST for none."""
        held, _, byte = self._fields[column]
        unpack = struct.Struct(f"<{held.formats}").unpack_from
        starts, data = self._starts, self._map
        if not held.nullable:
            return lambda position: unpack(data, starts[position] + byte)[0]

        def key(position: int) -> int:
            value, missing = unpack(data, starts[position] + byte)
            return LAST if missing else value

        return key

    def position(self, row: int) -> int | None:
        """Return where the row with that `_id` is."""
        order, key = self.order(ID), self.key(ID)
        at = Segment(order, 0, self.rows).at_least(key, row)
        return order[at] if at < self.rows and key(order[at]) == row else None

    def read(self, positions: Positions, names: Sequence[str]) -> list[Sequence[Any]]:
        """Return columns of rows, values as the engine gives them; of columns that are not coded, times as texts."""
        if not positions:
            return [() for _ in names]
        starts, data, unpack = self._starts, self._map, self.layout.fixed.unpack_from
        begins = [starts[position] for position in positions]
        fields = list(zip(*[unpack(data, begin) for begin in begins], strict=True))
        wanted = set(names)
        texts: dict[str, list[str | None]] = {}
        ends = [begin + self.layout.fixed.size for begin in begins]
        for name, at in self._texts:
            lengths = fields[at]
            if name in wanted:
                texts[name] = [
                    data[end : end + length - 1].decode() if length else None
                    for end, length in zip(ends, lengths, strict=True)
                ]
            ends = [end + length - 1 if length else end for end, length in zip(ends, lengths, strict=True)]
        self._let_go(len(positions))
        return [texts[name] if name in texts else self._values(name, fields) for name in names]

    def _values(self, name: str, fields: list[tuple[Any, ...]]) -> Sequence[Any]:
        held, at, _ = self._fields[name]
        if held.coded:
            values = self._shown[name]
            return [values[code] for code in fields[at]]
        numbers: Sequence[Any] = fields[at]
        if held.nullable:
            numbers = [None if missing else one for one, missing in zip(numbers, fields[at + 1], strict=True)]
        if held.kind is Kind.DECIMAL:
            return [None if one is None else Decimal(one).scaleb(-held.scale) for one in numbers]
        if held.kind in {Kind.TIME, Kind.DAY}:
            return _times(numbers, "us" if held.kind is Kind.TIME else "D")
        return numbers

    def _let_go(self, rows: int) -> None:
        self._read += rows
        if self._read >= _LET_GO_ROWS:
            self._read = 0
            self._map.madvise(mmap.MADV_DONTNEED)


def _times(numbers: Sequence[int | None], unit: str) -> list[str | None]:
    """Return times to the millisecond, such as 2026-11-22T12:00:00.000. `unit`: of the numbers, since 1970."""
    given = np.array([0 if one is None else one for one in numbers], f"M8[{unit}]").astype("M8[ms]")
    texts: list[str] = np.datetime_as_string(given).tolist()
    return [None if one is None else text for one, text in zip(numbers, texts, strict=True)]
