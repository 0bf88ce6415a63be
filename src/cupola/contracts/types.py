"""Column types and columns: what a value means, before any engine stores it."""

from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """The types a contract can name. Lake and query languages map each to their own."""

    TEXT = "text"
    INTEGER = "integer"  # 64-bit, whole
    DECIMAL = "decimal"  # exact, 18 digits, `scale` of them after the point
    FLOAT = "float"  # double: measured quantities, coordinates
    MONEY = "money"  # exact decimal in the city's currency, 2 digits after the point
    PERCENT = "percent"  # 0-100 as published; "12.5 %" -> 12.5, decimal with `scale` 4
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"  # local wall time in the city's zone
    INSTANT = "instant"  # UTC
    DURATION = "duration"  # seconds, from "1:30:00", "PT90M" or a number of seconds
    POINT = "point"  # WGS 84, stored as WKT "POINT (lon lat)"; reads WKT, GeoJSON, "(lat, lon)"
    GEOMETRY = "geometry"  # WGS 84, stored as WKB; reads WKT and GeoJSON
    CODE = "code"  # text out of an allowed list
    URL = "url"


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    `origins`: the names under which sources publish this column, newest first; matched before `name`.
    `formats`: strptime patterns for dates and timestamps, tried in order; empty means ISO 8601.
    `allowed`: for `code`, the values and what each means (the meaning may be empty).
    `optional`: a source may lack the column; its rows hold null.
    `required`: a null is a bad value.
    `sensitive`: no page shows its values, extremes or counts of values.
    """

    name: str
    type: ColumnType
    title: str = ""
    meaning: str = ""
    unit: str = ""
    origins: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    allowed: tuple[tuple[str, str], ...] = ()
    null_tokens: tuple[str, ...] | None = None
    scale: int = 4
    required: bool = False
    optional: bool = False
    sensitive: bool = False
