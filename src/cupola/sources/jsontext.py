"""JSON values as text, numbers exactly as they were written."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from cupola.sources.numbertext import decimal_text

_GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
)
_quote = json.encoder.encode_basestring  # JSON string without escaping accents


class Number(str):
    """A JSON number, as its source text."""

    __slots__ = ()


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON value")


_TEXTS = frozenset((str, Number))
_DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=_refuse)


def parse(document: str | bytes) -> Any:
    """Return a JSON document with every number as `Number`. Raises ValueError (NaN and Infinity included)."""
    return _DECODER.decode(document if isinstance(document, str) else document.decode("utf-8-sig"))


def scalar_text(value: Any) -> str | None:
    """Return one JSON scalar as text: null stays null, booleans are true and false."""
    if value is None or isinstance(value, str):
        return value
    return _CONVERSIONS.get(value.__class__, str)(value)


def json_text(value: Any) -> str:
    """Return a JSON value as compact JSON text, keys in their order, numbers exact."""
    if value.__class__ is str:
        return _quote(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(key)}:{json_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    text = scalar_text(value)
    return "null" if text is None else text


def is_geometry(value: Any) -> bool:
    """Tell whether a JSON object is a GeoJSON geometry."""
    return (
        isinstance(value, dict)
        and value.get("type") in _GEOMETRIES
        and ("coordinates" in value or "geometries" in value)
    )


def _boolean_text(value: bool) -> str:
    return "true" if value else "false"


_CONVERSIONS: dict[type, Callable[[Any], str]] = {
    bool: _boolean_text,
    Decimal: decimal_text,
    list: json_text,
    dict: json_text,
}


def cell_text(value: Any) -> str | None:
    """Return a JSON value as the text of a cell: scalars plain, lists and objects as JSON text."""
    if value is None or value.__class__ in _TEXTS:  # most cells, so asked first
        return value
    return _CONVERSIONS.get(value.__class__, str)(value)


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record's fields by dotted name; lists and geometries stay whole, empty objects are null.

    The record itself is returned when nothing in it is nested.
    """
    for value in record.values():
        if value.__class__ is dict:
            fields: dict[str, Any] = {}
            _flatten(record, "", fields)
            return fields
    return record


def _flatten(record: dict[str, Any], prefix: str, fields: dict[str, Any]) -> None:
    for key, value in record.items():
        if value.__class__ is dict and not is_geometry(value):
            if value:
                _flatten(value, f"{prefix}{key}.", fields)
                continue
            value = None
        name = f"{prefix}{key}"
        while name in fields:  # a key "a.b" beside an object "a" with a key "b"
            name += "_"
        fields[name] = value


def flat_scalars(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield only the scalar fields of a record and of the objects nested in it, as (dotted name, value)."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flat_scalars(value, f"{prefix}{key}.")
        elif not isinstance(value, list):
            yield f"{prefix}{key}", value
