"""JSON values as text, numbers exactly as they were written."""

import json
from collections.abc import Iterator
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
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value)


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


def cell_text(value: Any) -> str | None:
    """Return a JSON value as the text of a cell: scalars plain, lists and objects as JSON text."""
    if value is None or value.__class__ in _TEXTS:  # most cells, so asked first
        return value
    return json_text(value) if isinstance(value, list | dict) else scalar_text(value)


def flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield a record's fields as (dotted name, value); lists and geometries stay whole, empty objects are null."""
    for key, value in record.items():
        if isinstance(value, dict) and not is_geometry(value):
            if value:
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}", None
        else:
            yield f"{prefix}{key}", value


def flat_scalars(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield only the scalar fields of a record and of the objects nested in it, as (dotted name, value)."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flat_scalars(value, f"{prefix}{key}.")
        elif not isinstance(value, list):
            yield f"{prefix}{key}", value
