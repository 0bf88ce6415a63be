"""Writing a row file from a serving copy: one pass over its rows, then the orders one after the other.

Memory: about 6 bytes a row, a byte or two more for each coded column, and the engine's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.rowfiles.layout import CODED, Held, Kind, Layout, kind_of, order_name, scale_of
from cupola.lake.versions import StoredField

ROWS = "copy.rows"  # of the serving copy, attached as `copy`
MOST_VALUES = 10_000  # of a coded column
_MOST_CODED_BYTES = 1_000_000  # of its texts: they stand in the header
_LOOKED_AT = 100_000  # first rows: with too many values among these, a column need not be counted
_BATCH = 65_536
_CHUNK = 1 << 20  # positions put in order at a time
_UNORDERED = frozenset({CREATED, UPDATED})
_DTYPES = {"B": "<u1", "H": "<u2", "I": "<u4", "q": "<i8", "d": "<f8"}


class TooLarge(Exception):
    """The file would be larger than it may be."""


@dataclass(frozen=True)
class Written:
    """What goes into a file. `time`: the column orders go by, or nothing; `most_bytes`: of rows and orders."""

    fields: Sequence[StoredField]
    time: str
    most_bytes: int


def write_rows(connection: duckdb.DuckDBPyConnection, what: Written, *, target: BinaryIO) -> None:
    """Write those of the fields that can be held, and the orders. Raises TooLarge, soon."""
    (rows,) = _one(connection, f"SELECT count(*) FROM {ROWS}")
    held = _Looking(connection, rows, time=what.time)
    columns = [one for field in _id_first(what.fields) if (one := held.column(field)) is not None]
    timed = what.time if any(one.name == what.time for one in columns) else ""
    layout = Layout(rows=rows, columns=tuple(columns), time=timed)
    if held.text_bytes + rows * (layout.fixed.size + 8 + 4 * (2 + sum(one.coded for one in columns))) > what.most_bytes:
        raise TooLarge
    writer = _Writer(layout, target)
    names = ", ".join(sqltext.name(one.name) for one in columns)
    for batch in connection.execute(f"SELECT {names} FROM {ROWS}").to_arrow_reader(_BATCH):
        writer.add(batch)
    writer.finish_rows()
    by_time = None if writer.layout.by_time else _positions(connection, [timed, ID] if timed else [ID])
    writer.add_orders(by_time, None if writer.layout.by_id or not timed else _positions(connection, [ID]))
    target.write(writer.layout.to_bytes())


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found


def _id_first(fields: Sequence[StoredField]) -> list[StoredField]:
    return sorted(fields, key=lambda one: one.name != ID)


def _positions(connection: duckdb.DuckDBPyConnection, terms: Sequence[str]) -> NDArray[np.uint32]:
    order = ", ".join(f"{sqltext.name(one)} NULLS LAST" for one in terms)
    reader = connection.execute(f"SELECT rowid::UINTEGER FROM {ROWS} ORDER BY {order}").to_arrow_reader(_CHUNK)
    return np.concatenate([batch.column(0).to_numpy() for batch in reader] or [np.empty(0, "<u4")])


class _Looking:
    """Looks at a column's values to say how it is held."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rows: int, *, time: str) -> None:
        self._connection, self._rows, self._time = connection, rows, time
        self.text_bytes = 0  # of texts that are not coded

    def column(self, field: StoredField) -> Held | None:
        """Return how a column is held, None where it is not."""
        kind = kind_of(field.type)
        if kind is None:
            return None
        name = sqltext.name(field.name)
        odd = f"count(*) FILTER (NOT isfinite({name}) OR year({name}) NOT BETWEEN 1 AND 9999)"
        what = {Kind.DAY: odd, Kind.TIME: odd, Kind.TEXT: f"sum(strlen({name}))"}.get(kind, "0")
        count, found = _one(self._connection, f"SELECT count({name}), {what} FROM {ROWS}")
        if kind in {Kind.DAY, Kind.TIME} and found:
            return None  # years that Python does not know
        held = Held(field.name, kind, scale=scale_of(field.type), nullable=count < self._rows)
        values = self._values(name, kind) if kind in CODED and field.name not in {ID, self._time} else None
        if values is not None:
            return replace(held, coded=True, values=values)
        self.text_bytes += found or 0
        return held

    def _has_few(self, name: str) -> bool:
        first = f"(SELECT {name} FROM {ROWS} LIMIT {_LOOKED_AT})"
        (values,) = _one(self._connection, f"SELECT count(DISTINCT {name}) FROM {first}")
        return bool(values <= max(2, min(MOST_VALUES, self._rows // 8)))

    def _values(self, name: str, kind: Kind) -> tuple[Any, ...] | None:
        """Return the values of a column in order, None where they are too many."""
        if not self._has_few(name):
            return None
        plain = f"epoch_us({name}::TIMESTAMP)" if kind is Kind.TIME else name
        if kind is Kind.DAY:
            plain = f"({name} - DATE '1970-01-01')::BIGINT"
        query = f"SELECT DISTINCT {plain} FROM {ROWS} WHERE {name} IS NOT NULL ORDER BY 1 LIMIT {MOST_VALUES + 1}"
        values = tuple(row[0] for row in self._connection.execute(query).fetchall())
        too_long = kind is Kind.TEXT and sum(map(len, values)) > _MOST_CODED_BYTES
        return None if len(values) > MOST_VALUES or too_long else values


class _Writer:
    """Writes the sections in turn and keeps the layout that says where they are."""

    def __init__(self, layout: Layout, target: BinaryIO) -> None:
        self.layout, self._target = layout, target
        self._codes: dict[str, list[NDArray[Any]]] = {
            one.name: [] for one in layout.columns if one.coded and one.name not in _UNORDERED
        }
        self._ends: list[NDArray[np.uint64]] = [np.zeros(1, "<u8")]
        self._size = 0
        self._last: tuple[int, int] | None = None
        self._by_time = self._by_id = True
        formats = [(one.name, code) for one in layout.columns for code in one.formats]
        self._dtype = np.dtype([(f"{at}", _DTYPES[code]) for at, (_, code) in enumerate(formats)])

    def add(self, batch: pa.RecordBatch) -> None:
        """Write rows."""
        fixed = np.zeros(batch.num_rows, self._dtype)
        texts: list[pa.Array] = []
        keys: dict[str, NDArray[Any]] = {}
        for (held, at, _), column in zip(self.layout.fields(), batch.columns, strict=True):
            if held.coded:
                values = _coded(held, column)
                fixed[f"{at}"] = values
                if held.name in self._codes:
                    self._codes[held.name].append(fixed[f"{at}"].copy())
            elif held.kind is Kind.TEXT:
                texts.append(column.cast(pa.large_binary()))
                fixed[f"{at}"] = pc.fill_null(pc.add(pc.binary_length(texts[-1]), 1), 0).to_numpy()
            else:
                fixed[f"{at}"] = values = _numbers(held, column)
                if held.nullable:
                    fixed[f"{at + 1}"] = column.is_null().to_numpy(zero_copy_only=False)
                keys[held.name] = values
        self._look_at_order(keys, batch)
        self._write(fixed, texts)

    def _write(self, fixed: NDArray[Any], texts: list[pa.Array]) -> None:
        if not len(fixed):
            return
        plain = pa.Array.from_buffers(pa.binary(self._dtype.itemsize), len(fixed), [None, pa.py_buffer(fixed)])
        whole = plain.cast(pa.large_binary())
        if texts:
            empty = pa.scalar(b"", pa.large_binary())
            whole = pc.binary_join_element_wise(whole, *texts, empty, null_handling="replace", null_replacement="")
        ends = np.frombuffer(whole.buffers()[1], "<i8")[: len(fixed) + 1]
        self._target.write(memoryview(whole.buffers()[2])[ends[0] : ends[-1]])
        self._ends.append((ends[1:] - ends[0] + self._size).astype("<u8"))
        self._size += int(ends[-1] - ends[0])

    def _look_at_order(self, keys: Mapping[str, NDArray[Any]], batch: pa.RecordBatch) -> None:
        """Note whether rows lie by time and by `_id` anyway."""
        ids = keys[ID]
        if not len(ids):
            return
        name = self.layout.time
        times = keys[name].copy() if name else np.zeros(len(ids), "<i8")
        if name:
            times[batch.column(batch.schema.get_field_index(name)).is_null().to_numpy(zero_copy_only=False)] = 2**63 - 1
        before = self._last or (int(times[0]), int(ids[0]) - 1)
        times, ids = np.concatenate([[before[0]], times]), np.concatenate([[before[1]], ids])
        later, follows = times[1:] > times[:-1], ids[1:] > ids[:-1]
        self._by_time = self._by_time and bool(np.all(later | ((times[1:] == times[:-1]) & follows)))
        self._by_id = self._by_id and bool(np.all(follows))
        self._last = int(times[-1]), int(ids[-1])

    def finish_rows(self) -> None:
        """Write where each row begins."""
        starts = np.concatenate(self._ends)
        self._ends = []
        sections = {"rows": (0, self._size), "starts": (self._pad(self._size), starts.nbytes)}
        self._target.write(starts.data)
        by_time = self._by_time if self.layout.time else self._by_id
        self.layout = replace(self.layout, sections=sections, by_time=by_time, by_id=self._by_id)

    def _pad(self, end: int) -> int:
        missing = -end % 64
        self._target.write(b"\0" * missing)
        return end + missing

    def add_orders(self, by_time: NDArray[np.uint32] | None, by_id: NDArray[np.uint32] | None) -> None:
        """Write all orders. None: rows lie so."""
        if by_time is not None:
            self._section(order_name(""), by_time)
        if by_id is not None:
            self._section(order_name(ID), by_id)
        columns = []
        for one in self.layout.columns:
            parts = self._codes.pop(one.name, None)
            if parts is not None:
                codes = np.concatenate(parts)
                counts = np.bincount(codes, minlength=len(one.values) + 1)
                self._section(order_name(one.name), _by_value(codes, counts, by_time))
                one = replace(one, counts=tuple(counts.tolist()))
            columns.append(one)
        self.layout = replace(self.layout, columns=tuple(columns))

    def _section(self, name: str, positions: NDArray[np.uint32]) -> None:
        start, size = list(self.layout.sections.values())[-1]
        begin = self._pad(start + size)
        self._target.write(np.ascontiguousarray(positions, "<u4").data)
        sections = {**self.layout.sections, name: (begin, 4 * len(positions))}
        self.layout = replace(self.layout, sections=sections)


def _coded(held: Held, column: pa.Array) -> NDArray[Any]:
    if held.kind in {Kind.DAY, Kind.TIME}:
        column = pa.array(_numbers(held, column), mask=column.is_null().to_numpy(zero_copy_only=False))
    found = pc.index_in(column, value_set=pa.array(held.values, column.type), skip_nulls=True)
    codes: NDArray[Any] = pc.fill_null(pc.add(found, 1), 0).to_numpy()
    return codes


def _numbers(held: Held, column: pa.Array) -> NDArray[Any]:
    """Return values as numbers; what stands for a null is of no account."""
    if held.kind is Kind.DECIMAL:
        wide = np.frombuffer(column.buffers()[1], "<i8")
        return wide[2 * column.offset : 2 * (column.offset + len(column)) : 2]
    width = {Kind.DAY: pa.int32(), Kind.TIME: pa.int64(), Kind.FLOAT: pa.float64()}.get(held.kind, column.type)
    numbers: NDArray[Any] = pc.fill_null(column.view(width), 0).to_numpy(zero_copy_only=False)
    if held.kind is Kind.WHOLE or held.kind is Kind.DAY:
        return numbers.astype("<i8")
    return numbers


def _by_value(codes: NDArray[Any], counts: NDArray[np.int64], by_time: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """Return positions by code, of each code in the order given: counted out, a part at a time."""
    found = np.empty(len(codes), "<u4")
    following = np.cumsum(counts) - counts
    for start in range(0, len(codes), _CHUNK):
        end = min(start + _CHUNK, len(codes))
        positions = np.arange(start, end, dtype="<u4") if by_time is None else by_time[start:end]
        part = codes[positions]
        order = np.argsort(part, kind="stable")
        here = np.bincount(part, minlength=len(counts))
        within = np.arange(len(part)) - np.repeat(np.cumsum(here) - here, here)
        found[np.repeat(following, here) + within] = positions[order]
        following += here
    return found
