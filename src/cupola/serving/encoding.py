"""Rows as SODA writes them: JSON, CSV, TSV and GeoJSON, from values in this process. `wire` does the same in SQL."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from cupola.soql import GEOMETRIES, SHAPES, Output, SoqlType, row_identifier, row_version

Row = Sequence[Any]
Cell = Callable[[Any], Any]


def plain_number(value: Any) -> str | None:
    """Return a number in plain notation: no exponent, no zeros that say nothing; None for what is no number.

    >>> plain_number(1e22), plain_number(Decimal("12.50")), plain_number(-0.0)
    ('10000000000000000000000', '12.5', '0')
    """
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        text = repr(value)
        if "e" in text:
            text = format(Decimal(text), "f")
    else:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def local_time(value: date) -> str:
    """Return a day or a local time as a floating timestamp, to the millisecond."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return f"{value.isoformat()}T00:00:00.000"


def instant(value: datetime) -> str:
    """Return an instant, in UTC whether the value says so or not, as a fixed timestamp."""
    return f"{value.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def point(text: str) -> dict[str, Any] | None:
    """Return WKT of a point as GeoJSON; an empty one is none."""
    lon, _, lat = text[7:-1].partition(" ")
    return {"type": "Point", "coordinates": [float(lon), float(lat)]} if lat else None


_TEXTS: dict[SoqlType, Callable[[Any], str | None]] = {
    SoqlType.NUMBER: plain_number,
    SoqlType.DOUBLE: plain_number,
    SoqlType.FLOATING_TIMESTAMP: local_time,
    SoqlType.FIXED_TIMESTAMP: instant,
    SoqlType.BOOLEAN: lambda value: "true" if value else "false",
    SoqlType.ROW_IDENTIFIER: row_identifier,
    SoqlType.ROW_VERSION: row_version,
}
_VALUES: dict[SoqlType, Cell] = {
    **_TEXTS,
    SoqlType.BOOLEAN: bool,
    SoqlType.POINT: point,
    SoqlType.URL: lambda value: {"url": value},
    **dict.fromkeys(SHAPES, orjson.Fragment),
}


class Rows:
    """Writes rows of one answer, as `wire.readable` gives them. `columns`: of the answer, in order."""

    def __init__(self, columns: Sequence[Output]) -> None:
        self._names = [column.name for column in columns]
        self._cells = [_VALUES.get(column.type) for column in columns]
        self._texts = [_TEXTS.get(column.type) for column in columns]
        places = [at for at, column in enumerate(columns) if column.type in GEOMETRIES]
        self._place = places[0] if places else None

    def json(self, rows: Iterable[Row]) -> bytes:
        """Return objects, nulls left out, each with a line break and a comma before it."""
        pairs = list(zip(self._names, self._cells, strict=True))
        return b"".join([
            b"\n," + orjson.dumps({
                name: kept
                for (name, cell), value in zip(pairs, row, strict=True)
                if value is not None and (kept := value if cell is None else cell(value)) is not None
            })
            for row in rows
        ])  # fmt: skip

    def csv(self, rows: Iterable[Row], *, separator: str = ",") -> bytes:
        """Return lines: every value in quotes, a null as nothing."""
        lines = [separator.join([_quoted(*cell) for cell in zip(row, self._texts, strict=True)]) for row in rows]
        return "".join([f"{line}\n" for line in lines]).encode()

    def header(self, *, separator: str = ",") -> bytes:
        """Return the line of column names."""
        return (separator.join([_quoted(name, None) for name in self._names]) + "\n").encode()

    def geojson(self, rows: Iterable[Row]) -> bytes:
        """Return features, each with a line break and a comma before it; the first place is the geometry."""
        return b"".join([b"\n," + orjson.dumps(self._feature(row)) for row in rows])

    def _feature(self, row: Row) -> dict[str, Any]:
        values = [
            None if value is None else value if cell is None else cell(value)
            for cell, value in zip(self._cells, row, strict=True)
        ]
        properties = dict(zip(self._names, values, strict=True))
        geometry = None if self._place is None else properties.pop(self._names[self._place])
        return {"type": "Feature", "geometry": geometry, "properties": properties}


def _quoted(value: Any, text: Callable[[Any], str | None] | None) -> str:
    if value is None:
        return ""
    written = str(value) if text is None else text(value)
    return "" if written is None else '"' + written.replace('"', '""') + '"'
