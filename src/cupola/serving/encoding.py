"""Rows as SODA writes them: JSON, CSV, TSV and GeoJSON, from values in this process. `wire` does the same in SQL."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from cupola.soql import GEOMETRIES, SHAPES, Output, SoqlType, row_identifier, row_version

Row = Sequence[Any]
Column = Callable[[Sequence[Any]], Sequence[Any]]  # all values of a column written, None for what there is not


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


def instant(value: datetime | str) -> str:
    """Return an instant, in UTC whether the value says so or not, as a fixed timestamp; a text is one without its Z."""
    if isinstance(value, str):
        return f"{value}Z"
    return f"{value.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def point(text: str) -> dict[str, Any] | None:
    """Return WKT of a point as GeoJSON; an empty one is none."""
    lon, _, lat = text[7:-1].partition(" ")
    return {"type": "Point", "coordinates": [float(lon), float(lat)]} if lat else None


def _each(write: Callable[[Any], Any]) -> Column:
    """Return what writes each value once, however often it comes."""

    def column(values: Sequence[Any]) -> Sequence[Any]:
        made = {value: None if value is None else write(value) for value in dict.fromkeys(values)}
        return [made[value] for value in values]

    return column


def _numbers(values: Sequence[Any]) -> Sequence[str | None]:
    """Return numbers as `plain_number` gives them, one by one only where their usual notation is not plain."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {int}:
        return [None if value is None else str(value) for value in values]
    if kinds != {float}:
        return _each(plain_number)(values)
    texts = orjson.dumps(values).decode()[1:-1].split(",")
    return [
        text
        if text[-2:] != ".0" and "e" not in text and text != "null"
        else None
        if value is None
        else plain_number(value)
        for text, value in zip(texts, values, strict=True)
    ]


def _local_times(values: Sequence[Any]) -> Sequence[str | None]:
    written = {type(value) for value in values} <= {str, type(None)}
    return values if written else _each(local_time)(values)


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    return values


_TEXTS: dict[SoqlType, Column] = {
    SoqlType.NUMBER: _numbers,
    SoqlType.DOUBLE: _numbers,
    SoqlType.FLOATING_TIMESTAMP: _local_times,
    SoqlType.FIXED_TIMESTAMP: _each(instant),
    SoqlType.BOOLEAN: _each(lambda value: "true" if value else "false"),
    SoqlType.ROW_IDENTIFIER: _each(row_identifier),
    SoqlType.ROW_VERSION: _each(row_version),
}
_VALUES: dict[SoqlType, Column] = {
    **_TEXTS,
    SoqlType.BOOLEAN: _each(bool),
    SoqlType.POINT: _each(point),
    SoqlType.URL: _each(lambda value: {"url": value}),
    **dict.fromkeys(SHAPES, _each(orjson.Fragment)),
}


class Rows:
    """Writes rows of one answer, as `wire.readable` gives them, times also as texts. `columns`: of it, in order."""

    def __init__(self, columns: Sequence[Output]) -> None:
        self._names = [column.name for column in columns]
        self._values = [_VALUES.get(column.type, _as_they_are) for column in columns]
        self._texts = [_TEXTS.get(column.type, _each(str)) for column in columns]
        places = [at for at, column in enumerate(columns) if column.type in GEOMETRIES]
        self._place = places[0] if places else None

    def json(self, rows: Iterable[Row]) -> bytes:
        """Return objects, nulls left out, each with a line break and a comma before it."""
        names = self._names
        return b"".join([
            b"\n," + orjson.dumps(
                dict(zip(names, row, strict=True)) if None not in row
                else {name: value for name, value in zip(names, row, strict=True) if value is not None}
            )
            for row in _written(self._values, rows)
        ])  # fmt: skip

    def csv(self, rows: Iterable[Row], *, separator: str = ",") -> bytes:
        """Return lines: every value in quotes, a null as nothing."""
        lines = [
            separator.join(["" if text is None else _quoted(text) for text in row])
            for row in _written(self._texts, rows)
        ]
        return "".join([f"{line}\n" for line in lines]).encode()

    def header(self, *, separator: str = ",") -> bytes:
        """Return the line of column names."""
        return (separator.join([_quoted(name) for name in self._names]) + "\n").encode()

    def geojson(self, rows: Iterable[Row]) -> bytes:
        """Return features, each with a line break and a comma before it; the first place is the geometry."""
        return b"".join([b"\n," + orjson.dumps(self._feature(row)) for row in _written(self._values, rows)])

    def _feature(self, row: Row) -> dict[str, Any]:
        properties = dict(zip(self._names, row, strict=True))
        geometry = None if self._place is None else properties.pop(self._names[self._place])
        return {"type": "Feature", "geometry": geometry, "properties": properties}


def _written(columns: Sequence[Column], rows: Iterable[Row]) -> Iterable[Row]:
    held = zip(*rows, strict=True)
    return zip(*[write(values) for write, values in zip(columns, held, strict=False)], strict=True)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text else f'"{text}"'
