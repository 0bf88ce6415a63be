"""Outlines of places as SVG: projected, simplified so that neighbours still meet, with room for a label in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SIZES = (("wide", 640.0, 620.0), ("narrow", 340.0, 440.0))
FINE = 10  # outlines are written in tenths of a unit, so that whole numbers are enough
_TOLERANCE = 0.8  # units of the drawing
_MARGIN = 4.0
_LETTER, _LINE = 7.4, 13.0  # size of a letter of a label, in units
_WORLD_TOP = 85.05  # degrees; the projection has no pole


@dataclass(frozen=True)
class Outline:
    """One place: `path` in SVG's words, where its label goes, and how far that is from its border."""

    key: str
    path: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Sheet:
    """All places drawn at one size."""

    name: str
    width: float
    height: float
    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class Anchor:
    """Where a place is on the earth: the middle of the largest circle inside; `radius` in degrees of longitude."""

    lon: float
    lat: float
    radius: float


@dataclass(frozen=True)
class Outlines:
    """The places of one dataset, ready to draw. `bounds`: west, south, east, north in degrees."""

    sheets: tuple[Sheet, ...]
    anchors: dict[str, Anchor]
    bounds: tuple[float, float, float, float]


def outlines(keys: Sequence[str], shapes: Sequence[bytes]) -> Outlines | None:
    """Prepare places whose shapes are WKB in degrees; None where none of them has an area."""
    read = shapely.make_valid(shapely.from_wkb(list(shapes)))
    solid = shapely.area(read) > 0
    keys = [key for key, whole in zip(keys, solid, strict=True) if whole]
    flat = shapely.transform(read[solid], _mercator)
    if not len(flat):
        return None
    west, south, east, north = (float(value) for value in shapely.total_bounds(read[solid]))
    sheets = tuple(_sheet(keys, flat, name=name, box=(width, height)) for name, width, height in SIZES)
    return Outlines(sheets, _anchors(keys, flat), (west, south, east, north))


def _mercator(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project degrees as the map program does, in radians, north growing."""
    lat = np.radians(np.clip(places[:, 1], -_WORLD_TOP, _WORLD_TOP))
    projected: NDArray[np.float64] = np.column_stack([np.radians(places[:, 0]), np.log(np.tan(np.pi / 4 + lat / 2))])
    return projected


def _sheet(keys: Sequence[str], flat: Any, *, name: str, box: tuple[float, float]) -> Sheet:
    west, south, east, north = shapely.total_bounds(flat)
    room = (box[0] - 2 * _MARGIN, box[1] - 2 * _MARGIN)
    scale = min(room[0] / max(east - west, 1e-12), room[1] / max(north - south, 1e-12))
    drawn = shapely.transform(flat, lambda at: (at - [west, north]) * [scale, -scale] + _MARGIN)
    simple = shapely.coverage_simplify(drawn, _TOLERANCE)
    circles = shapely.get_coordinates(shapely.maximum_inscribed_circle(simple, tolerance=0.5)).reshape(-1, 2, 2)
    found = tuple(
        Outline(key, _path(shape), float(at[0][0]), float(at[0][1]), float(np.hypot(*(at[1] - at[0]))))
        for key, shape, at in zip(keys, simple, circles, strict=True)
    )
    return Sheet(name, (east - west) * scale + 2 * _MARGIN, (north - south) * scale + 2 * _MARGIN, found)


def _anchors(keys: Sequence[str], flat: Any) -> dict[str, Anchor]:
    rough = shapely.simplify(flat, 1e-6)  # six metres: the circle is looked for vertex by vertex
    ends = shapely.get_coordinates(shapely.maximum_inscribed_circle(rough)).reshape(-1, 2, 2)
    found = {}
    for key, (middle, edge) in zip(keys, ends, strict=True):
        lat = np.degrees(2 * np.arctan(np.exp(middle[1])) - np.pi / 2)
        found[key] = Anchor(float(np.degrees(middle[0])), float(lat), float(np.degrees(np.hypot(*(edge - middle)))))
    return found


def _path(shape: Any) -> str:
    """Write a shape as closed rings of whole steps, each from the point before."""
    rings = [ring for part in shapely.get_parts(shape) if part.geom_type == "Polygon" for ring in _rings(part)]
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def _rings(polygon: Any) -> list[Any]:
    return [polygon.exterior, *polygon.interiors]


def _ring(places: NDArray[np.float64]) -> str:
    steps = np.rint(places * FINE).astype(int)
    moves = np.diff(steps, axis=0)[:-1]
    moves = moves[(moves != 0).any(axis=1)]
    if len(moves) < 2:
        return ""
    return f"M{steps[0][0]} {steps[0][1]}l" + " ".join(f"{x} {y}" for x, y in moves) + "z"


def labelled(sheet: Sheet, texts: dict[str, str]) -> list[tuple[Outline, str]]:
    """Return the places whose label fits into them without touching another, the roomiest first."""
    placed: list[tuple[float, float, float]] = []
    found = []
    for outline in sorted(sheet.outlines, key=lambda one: -one.radius):
        text = texts.get(outline.key, "")
        half = len(text) * _LETTER / 2
        if not text or np.hypot(half, _LINE / 2) > outline.radius * 1.35:
            continue
        touches = any(abs(outline.x - x) < half + other and abs(outline.y - y) < _LINE for x, y, other in placed)
        if not touches:
            placed.append((outline.x, outline.y, half))
            found.append((outline, text))
    return found
