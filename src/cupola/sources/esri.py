"""Esri's own JSON as GeoJSON and ISO dates."""

from datetime import UTC, datetime, timedelta
from typing import Any

_START = datetime(1970, 1, 1, tzinfo=UTC)
Ring = list[list[Any]]


class UnknownGeometry(Exception):
    """A geometry GeoJSON has no word for (true curves, multipatches)."""


def iso_instant(milliseconds: Any) -> Any:
    """Return milliseconds since 1970 in UTC as an ISO instant; anything else as it is.

    >>> iso_instant("1704164645000")
    '2024-01-02T03:04:05Z'
    """
    try:
        moment = _START + timedelta(milliseconds=int(milliseconds))
    except (TypeError, ValueError, OverflowError):
        return milliseconds
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def geojson(geometry: Any) -> dict[str, Any] | None:
    """Return an Esri geometry as GeoJSON, None when it is empty. Raises UnknownGeometry."""
    if not geometry:
        return None
    if "x" in geometry:
        return None if _is_nan(geometry["x"]) else {"type": "Point", "coordinates": _position(geometry)}
    if "points" in geometry:
        return {"type": "MultiPoint", "coordinates": geometry["points"]} if geometry["points"] else None
    if "paths" in geometry:
        return _one_or_many("LineString", geometry["paths"])
    if "rings" in geometry:
        return _one_or_many("Polygon", _polygons(geometry["rings"]))
    raise UnknownGeometry(", ".join(geometry))


def _is_nan(value: Any) -> bool:
    return value is None or str(value).lower() == "nan"


def _position(point: dict[str, Any]) -> list[Any]:
    return [point["x"], point["y"], *([point["z"]] if not _is_nan(point.get("z")) else [])]


def _one_or_many(kind: str, parts: list[Any]) -> dict[str, Any] | None:
    if not parts:
        return None
    if len(parts) == 1:
        return {"type": kind, "coordinates": parts[0]}
    return {"type": f"Multi{kind}", "coordinates": parts}


def _polygons(rings: list[Ring]) -> list[list[Ring]]:
    """Sort rings into polygons: Esri writes outer rings clockwise and holes the other way, in any order."""
    outer = [ring for ring in rings if _area(ring) <= 0]
    holes = [ring for ring in rings if _area(ring) > 0]
    if not outer:  # written the other way round: every ring stands for itself
        outer, holes = holes, []
    polygons = [[ring] for ring in outer]
    for hole in holes:
        around = [polygon for polygon in polygons if _holds(polygon[0], hole[0])]
        home = min(around, key=lambda polygon: abs(_area(polygon[0])), default=None)
        if home is None:
            polygons.append([hole])
        else:
            home.append(hole)
    return [[_turned(ring, clockwise=bool(place)) for place, ring in enumerate(polygon)] for polygon in polygons]


def _turned(ring: Ring, *, clockwise: bool) -> Ring:
    """GeoJSON turns them round: outer rings counter-clockwise, holes clockwise."""
    return ring if (_area(ring) <= 0) == clockwise else ring[::-1]


def _area(ring: Ring) -> float:
    """Return twice the signed area, negative when clockwise."""
    points = [(float(point[0]), float(point[1])) for point in ring]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))


def _holds(ring: Ring, point: list[Any]) -> bool:
    x, y = float(point[0]), float(point[1])
    inside = False
    points = [(float(corner[0]), float(corner[1])) for corner in ring]
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
