"""Places. Numbers are given as latitude, longitude; well-known text is longitude, latitude."""

import math
from collections.abc import Sequence

from sqlglot import exp

from cupola.soql.building import cast, function, joined, number, text
from cupola.soql.functions.numbers import double
from cupola.soql.functions.overloads import (
    NUMBERS,
    POINTS,
    Context,
    Overload,
    Slot,
    Translate,
    always,
    copied,
    fixed,
)
from cupola.soql.shapes import Bounds, bounds
from cupola.soql.typed import ColumnValue, Constant, Typed
from cupola.soql.types import GEOMETRIES, SHAPES, SoqlType

EARTH_METRES = 6_371_008.8  # mean radius; a sphere differs from the ellipsoid by at most 0.6 %
_SLACK = 1e-7  # degrees added to a box that only comes before an exact test
_CORNERS = 128  # of the polygon that stands for a circle around shapes
_BOOLEAN, _NUMBER = SoqlType.BOOLEAN, SoqlType.NUMBER


def _between(value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    return exp.Between(this=value, low=low, high=high)


def _known(value: Typed) -> float | None:
    return float(value.value) if isinstance(value, Constant) and isinstance(value.value, str) else None


def _radians(value: exp.Expr) -> exp.Expr:
    return function("RADIANS", value)


def _squared_sine(difference: exp.Expr) -> exp.Expr:
    half = exp.Div(this=_radians(difference), expression=number("2"))
    return function("POW", function("SIN", half), number("2"))


def _haversine(context: Context, point: Typed, *, lat: exp.Expr, lon: exp.Expr) -> exp.Expr:
    """Return the haversine of the angle between a point and a place."""
    east, north = context.coordinates(point)
    cosines = exp.Mul(this=function("COS", _radians(north)), expression=function("COS", _radians(lat)))
    along = exp.Mul(this=cosines, expression=_squared_sine(exp.Sub(this=east, expression=lon)))
    return exp.Add(this=_squared_sine(exp.Sub(this=north.copy(), expression=lat.copy())), expression=along)


def _within_circle(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    point, lat, lon, radius = arguments
    known = [_known(value) for value in (lat, lon, radius)]
    places = [double(context, value) for value in (lat, lon, radius)]
    share = exp.Div(this=places[2], expression=number(repr(2 * EARTH_METRES)))
    most = function("POW", function("SIN", function("LEAST", share, number(repr(math.pi / 2)))), number("2"))
    parts: list[exp.Expr] = [exp.LTE(this=_haversine(context, point, lat=places[0], lon=places[1]), expression=most)]
    if known[2] is None or known[2] < 0:
        parts.insert(0, exp.GTE(this=places[2].copy(), expression=number("0")))
    box = _circle_box(known)
    return joined(exp.And, [*(_in_box(context, point, box) if box else ()), *parts])


def _circle_box(known: list[float | None]) -> Bounds | None:
    """Return a box around a circle, or None where it is not known beforehand or goes round the earth."""
    if None in known:
        return None
    lat, lon, radius = (value or 0.0 for value in known)
    angle = radius / EARTH_METRES
    north, south = lat + math.degrees(angle), lat - math.degrees(angle)
    if radius < 0 or north >= 89 or south <= -89:
        return None
    wide = math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(lat)))))
    if lon - wide < -180 or lon + wide > 180:
        return None
    return Bounds(lon - wide - _SLACK, south - _SLACK, lon + wide + _SLACK, north + _SLACK)


def _in_box(context: Context, point: Typed, box: Bounds) -> list[exp.Expr]:
    """Return plain comparisons of coordinates that the engine can push down to its row groups."""
    if not (isinstance(point, ColumnValue) and point.paired):
        return []
    east, north = context.coordinates(point)
    return [
        _between(north, number(repr(box.south)), number(repr(box.north))),
        _between(east, number(repr(box.west)), number(repr(box.east))),
    ]


def _shape_within_circle(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    lat, lon, radius = (_known(value) or 0.0 for value in arguments[1:])
    circle = function("ST_GEOMFROMTEXT", text(_circle(lat, lon, radius)))
    return function("ST_WITHIN", context.geometry(arguments[0]), circle)


def _circle(lat: float, lon: float, radius: float) -> str:
    angle = max(radius, 0.001) / EARTH_METRES
    corners = []
    for step in range(_CORNERS):
        turn = 2 * math.pi * step / _CORNERS
        north = lat + math.degrees(angle * math.sin(turn))
        east = lon + math.degrees(angle * math.cos(turn) / max(math.cos(math.radians(lat)), 1e-6))
        corners.append(f"{east!r} {north!r}")
    return f"POLYGON (({', '.join([*corners, corners[0]])}))"


def _sides(context: Context, arguments: Sequence[Typed]) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """Return latitudes and longitudes of a box, each from small to large."""
    north, west, south, east = arguments
    return _sorted(context, south, north), _sorted(context, west, east)


def _sorted(context: Context, first: Typed, second: Typed) -> list[exp.Expr]:
    known = _known(first), _known(second)
    if known[0] is not None and known[1] is not None:
        return [number(repr(min(known[0], known[1]))), number(repr(max(known[0], known[1])))]
    low, high = double(context, first), double(context, second)
    return [function("LEAST", low, high), function("GREATEST", low.copy(), high.copy())]


def _within_box(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    norths, easts = _sides(context, arguments[1:])
    east, north = context.coordinates(arguments[0])
    return joined(exp.And, [_between(north, *norths), _between(east, *easts)])


def _shape_within_box(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    (south, north), (west, east) = _sides(context, arguments[1:])
    box = function("ST_MAKEENVELOPE", west, south, east, north)
    return function("ST_COVERS", box, context.geometry(arguments[0]))


def _related(name: str) -> Translate:
    """Translate a test of two shapes; a point's coordinates are compared with a constant's box first."""

    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        test = function(name, *(context.geometry(argument) for argument in arguments))
        box: list[exp.Expr] = []
        for value, other in (arguments, arguments[::-1]):
            if isinstance(other, Constant) and isinstance(other.value, str):
                box = box or _in_box(context, value, _slack(bounds(other.value)))
        return joined(exp.And, [*box, test])

    return translate


def _slack(box: Bounds) -> Bounds:
    return Bounds(box.west - _SLACK, box.south - _SLACK, box.east + _SLACK, box.north + _SLACK)


def _distance(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    east, north = context.coordinates(arguments[1])
    haversine = _haversine(context, arguments[0], lat=north, lon=east)
    angle = function("ASIN", function("SQRT", function("LEAST", haversine, number("1"))))
    return exp.Mul(this=angle, expression=number(repr(2 * EARTH_METRES)))


def _coordinate(index: int) -> Translate:
    return lambda context, arguments: context.coordinates(arguments[0])[index]


def _address(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return cast(context.sql(arguments[0]), "VARCHAR")


_CIRCLE_DOC = "Whether it lies within so many metres of latitude, longitude."
_BOX_DOC = "Whether it lies within the box from latitude, longitude of one corner to those of the opposite one."
_PLACES = Slot(GEOMETRIES)
OVERLOADS = (
    Overload(
        "within_circle", fixed(POINTS, *(NUMBERS,) * 3), _BOOLEAN, _within_circle, _CIRCLE_DOC,
        copies=copied(6), levels=6,
    ),
    Overload(
        "within_circle", fixed(SHAPES, *(NUMBERS,) * 3), _BOOLEAN, _shape_within_circle, _CIRCLE_DOC,
        literals=frozenset({1, 2, 3}),
    ),
    Overload("within_box", fixed(POINTS, *(NUMBERS,) * 4), _BOOLEAN, _within_box, _BOX_DOC, copies=copied(2)),
    Overload("within_box", fixed(SHAPES, *(NUMBERS,) * 4), _BOOLEAN, _shape_within_box, _BOX_DOC, copies=copied(2)),
    Overload(
        "within_polygon", (_PLACES, Slot(SHAPES)), _BOOLEAN, _related("ST_WITHIN"),
        "Whether it lies within a shape, given as well-known text or a column.",
    ),
    Overload(
        "intersects", (_PLACES, _PLACES), _BOOLEAN, _related("ST_INTERSECTS"), "Whether both have a place in common."
    ),
    Overload(
        "distance_in_meters", fixed(POINTS, POINTS), _NUMBER, _distance,
        "How far apart two points are, on a sphere of the earth's mean radius.", physical=always("DOUBLE"),
        copies=copied(6), levels=6,
    ),
    Overload(
        "point_latitude", fixed(POINTS), _NUMBER, _coordinate(1), "The latitude; `p.latitude` too.",
        physical=always("DOUBLE"),
    ),
    Overload(
        "point_longitude", fixed(POINTS), _NUMBER, _coordinate(0), "The longitude; `p.longitude` too.",
        physical=always("DOUBLE"),
    ),
    Overload("url_url", fixed(frozenset({SoqlType.URL})), SoqlType.TEXT, _address, "The address; `u.url` too."),
)  # fmt: skip
FIELDS = {"latitude": "point_latitude", "longitude": "point_longitude", "url": "url_url"}
