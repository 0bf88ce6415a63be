"""Points and shapes in WGS 84 from text. Points are SQL; shapes go through shapely, registered as a function."""

import json
from typing import Any

import duckdb
import pyarrow as pa
import shapely

from cupola.lake import sqltext
from cupola.lake.arrowfunctions import register

_NUMBER = r"(-?[0-9]+(?:\.[0-9]+)?)"
_WKT = rf"(?i)POINT\s*\(\s*{_NUMBER}\s+{_NUMBER}\s*\)"
_PAIR = rf"\(?\s*{_NUMBER}\s*,\s*{_NUMBER}\s*\)?"
_LON_FIRST = rf"\{{[^\[\]]*\"coordinates\"\s*:\s*\[\s*{_NUMBER}\s*,\s*{_NUMBER}[^\]]*\][^\[\]]*\}}"
_IS_POINT = r"\"type\"\s*:\s*\"Point\""
WKB_FUNCTION = "shape_to_wkb"


def point_cast(source: str) -> tuple[str, str]:
    """Return value and reason SQL of a point, stored as 'POINT (lon lat)'.

    Reads WKT and GeoJSON (longitude first) and '(lat, lon)' as portals publish it (latitude first).
    """
    text = sqltext.trimmed(source)
    geojson = f"(regexp_full_match({text}, '{_LON_FIRST}') AND regexp_matches({text}, '{_IS_POINT}'))"
    wkt, pair = f"regexp_full_match({text}, '{_WKT}')", f"regexp_full_match({text}, '{_PAIR}')"

    def number(groups: tuple[int, int, int]) -> str:
        picks = (f"regexp_extract({text}, '{p}', {g})" for p, g in zip((_WKT, _LON_FIRST, _PAIR), groups, strict=True))
        return "CASE WHEN {} THEN {} WHEN {} THEN {} WHEN {} THEN {} END".format(
            *(part for both in zip((wkt, geojson, pair), picks, strict=True) for part in both)
        )

    lon, lat = number((1, 1, 2)), number((2, 2, 1))
    value = (
        f"CASE WHEN TRY_CAST({lon} AS DOUBLE) BETWEEN -180 AND 180 AND TRY_CAST({lat} AS DOUBLE) BETWEEN -90 AND 90"
        f" THEN 'POINT (' || ({lon}) || ' ' || ({lat}) || ')' END"
    )
    reason = (
        f"CASE WHEN ({lon}) IS NULL THEN 'not a point (WKT, GeoJSON or (latitude, longitude))'"
        " ELSE 'outside of the world: latitude is -90 to 90, longitude -180 to 180' END"
    )
    return value, reason


def geometry_cast(source: str) -> tuple[str, str]:
    """Return value and reason SQL of a shape, stored as WKB. The connection needs `register_shapes`."""
    text = sqltext.trimmed(source)
    return f"{WKB_FUNCTION}({text})", "'not a shape (GeoJSON or WKT, in degrees of longitude and latitude)'"


def register_shapes(connection: duckdb.DuckDBPyConnection) -> None:
    """Give `connection` the function that reads shapes."""
    register(connection, WKB_FUNCTION, _to_wkb, takes=["VARCHAR"], gives="BLOB")


def _to_wkb(texts: Any) -> pa.Array:
    return pa.array([None if text is None else _one_wkb(text) for text in texts.to_pylist()], type=pa.binary())


def _one_wkb(text: str) -> bytes | None:
    try:
        if text.startswith("{"):
            document = json.loads(text)
            shape = shapely.from_geojson(json.dumps(document.get("geometry") or document))
        else:
            shape = shapely.from_wkt(text)
    except (ValueError, TypeError, shapely.errors.ShapelyError):
        return None
    if shape is None or shape.is_empty or not _in_world(shape.bounds):
        return None
    wkb: bytes = shapely.to_wkb(shapely.force_2d(shape))
    return wkb


def _in_world(bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return west >= -180 and east <= 180 and south >= -90 and north <= 90
