"""What a row file holds and where: a header that says it, fields of rows, orders of rows.

A row is its fixed part (little-endian, packed) and then its texts. Rows lie as in the serving copy. A column of few
values is written as a number into the list of these, 0 for a null. An order is the position of every row, by value of
one column or of none, then by time with nulls last, then by `_id`; where that is as rows lie anyway, it is left out.
"""

import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

MAGIC = b"cupola rows 1\n\0\0"
END_BYTES = 8 + len(MAGIC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FIRST_DAY = date(1970, 1, 1).toordinal()
_DECIMAL = "DECIMAL(18,"
_FEW = {255: "B", 65_535: "H"}


class Kind(StrEnum):
    """How a value is held: all but texts and floats as whole numbers."""

    TEXT = "text"
    WHOLE = "whole"
    FLOAT = "float"
    DECIMAL = "decimal"  # without its point
    BOOLEAN = "boolean"
    DAY = "day"  # since 1970
    TIME = "time"  # microseconds since 1970


_KINDS = {
    "VARCHAR": Kind.TEXT,
    "BIGINT": Kind.WHOLE,
    "INTEGER": Kind.WHOLE,
    "DOUBLE": Kind.FLOAT,
    "BOOLEAN": Kind.BOOLEAN,
    "DATE": Kind.DAY,
    "TIMESTAMP": Kind.TIME,
    "TIMESTAMP WITH TIME ZONE": Kind.TIME,
}
CODED = frozenset({Kind.TEXT, Kind.WHOLE, Kind.BOOLEAN, Kind.DAY, Kind.TIME})


def kind_of(stored: str) -> Kind | None:
    """Return how a column of DuckDB's type `stored` is held, None where it is not."""
    return Kind.DECIMAL if stored.startswith(_DECIMAL) else _KINDS.get(stored)


def scale_of(stored: str) -> int:
    """Return how many digits of a decimal stand after its point."""
    return int(stored.removeprefix(_DECIMAL).rstrip(")")) if stored.startswith(_DECIMAL) else 0


@dataclass(frozen=True)
class Held:
    """One column of a row file.

    `nullable`: a byte after the value says whether there is none; texts and coded columns have no such byte.
    `coded`: its values are `values`, from 1 on. `counts`: rows without a value, then with each of them; None where no
    order goes by this column.
    """

    name: str
    kind: Kind
    scale: int = 0
    nullable: bool = False
    coded: bool = False
    values: tuple[Any, ...] = ()
    counts: tuple[int, ...] | None = None

    @property
    def formats(self) -> str:
        """Its part of the fixed part, as `struct` writes it: of a text its length in bytes and one, or 0."""
        if self.coded:
            return next(code for most, code in _FEW.items() if len(self.values) <= most)
        if self.kind is Kind.TEXT:
            return "I"
        return ("d" if self.kind is Kind.FLOAT else "q") + ("B" if self.nullable else "")

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where the rows of each value begin in this column's order: those without one first."""
        assert self.counts is not None
        found = [0]
        for count in self.counts:
            found.append(found[-1] + count)
        return tuple(found)

    @cached_property
    def codes(self) -> Mapping[Any, int]:
        """The number of each value as it is held."""
        return {value: code for code, value in enumerate(self.values, start=1)}


@dataclass(frozen=True)
class Layout:
    """The header. `time`: the column orders go by, or nothing. `sections`: start and length in bytes, by name."""

    rows: int
    columns: tuple[Held, ...]
    time: str = ""
    by_time: bool = False  # rows lie by time and `_id`
    by_id: bool = False  # rows lie by `_id`
    sections: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def fixed(self) -> struct.Struct:
        """The fixed part of a row."""
        return struct.Struct("<" + "".join(one.formats for one in self.columns))

    def fields(self) -> Iterator[tuple[Held, int, int]]:
        """Yield each column with its first place among the fields of the fixed part, and its first byte there."""
        formats = "<"
        for one in self.columns:
            yield one, len(formats) - 1, struct.calcsize(formats)
            formats += one.formats

    def to_bytes(self) -> bytes:
        """Return the end of a file: header, its length, and what tells that this is such a file."""
        text = json.dumps(asdict(self)).encode()
        return text + len(text).to_bytes(8, "little") + MAGIC


def layout_of(text: bytes) -> Layout:
    """Return the layout a header says."""
    facts = json.loads(text)
    columns = tuple(
        Held(**{
            **one,
            "kind": Kind(one["kind"]),
            "values": tuple(one["values"]),
            "counts": None if one["counts"] is None else tuple(one["counts"]),
        })
        for one in facts["columns"]
    )  # fmt: skip
    sections = {name: (start, size) for name, (start, size) in facts["sections"].items()}
    return Layout(**{**facts, "columns": columns, "sections": sections})


def header_size(end: bytes) -> int | None:
    """Return how many bytes the header has, from the last END_BYTES of a file; None where this is no row file."""
    return int.from_bytes(end[:8], "little") if end[8:] == MAGIC else None


def order_name(column: str) -> str:
    """Return the name of the section with the order by a column; without one, by time."""
    return f"order {column}"


def shown(held: Held, values: Sequence[Any]) -> list[Any]:
    """Return values as the engine gives them, from how they are held."""
    match held.kind:
        case Kind.BOOLEAN:
            return [None if one is None else bool(one) for one in values]
        case Kind.DAY:
            return [None if one is None else date.fromordinal(_FIRST_DAY + one) for one in values]
        case Kind.TIME:
            return [None if one is None else EPOCH + timedelta(microseconds=one) for one in values]
        case _:
            return list(values)
