"""The ground of the city: ten wards that share wiggly edges, and the addresses in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from cupola.demo.draws import Floats, Stream, Whole
from cupola.demo.files import write_json

COLUMNS, ROWS = 5, 2
WEST, SOUTH, WIDTH, HEIGHT = -87.10, 43.20, 0.24, 0.12  # in the middle of a lake, so that no real place is meant
ADDRESSES = 6_000
STREETS = (
    "Alder Street",
    "Ash Lane",
    "Baker Street",
    "Birch Street",
    "Cañada Road",
    "Canal Street",
    "Cedar Avenue",
    "Chapel Street",
    "Clay Street",
    "Commerce Street",
    "Division Street",
    "Dock Road",
    "Elm Street",
    "Ferry Street",
    "Foundry Street",
    "Garden Street",
    "Harbor Avenue",
    "Hill Street",
    "Juniper Way",
    "Kiln Street",
    "Lake Street",
    "Linden Avenue",
    "Market Street",
    "Mill Street",
    "Niño Park Drive",
    "North Avenue",
    "Oak Street",
    "Orchard Road",
    "Park Avenue",
    "Peña Street",
    "Pine Street",
    "Quarry Road",
    "Railroad Street",
    "River Road",
    "Sawmill Road",
    "School Street",
    "Spruce Street",
    "Station Road",
    "Tannery Lane",
    "Union Street",
    "Vine Street",
    "Walnut Street",
    "Water Street",
    "Willow Way",
)
NAMES = (
    "Old Harbor",
    "Mill Quarter",
    "Northfield",
    "Quarry Hill",
    "Lakeside",
    "Foundry",
    "Riverbend",
    "Orchard",
    "Station",
    "Southgate",
)
Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True)
class Addresses:
    """Places where things happen. `ward`: 0-9; `text`: house number and street."""

    text: tuple[str, ...]
    longitude: Floats
    latitude: Floats
    ward: Whole


def rings(seed: int) -> tuple[Ring, ...]:
    """Return the closed outline of each ward, counter-clockwise; neighbours share every corner of their common edge."""
    corners = _corners(Stream(seed, "ward corners"))
    chance = Stream(seed, "ward edges")
    edges: dict[tuple[int, int], Ring] = {}
    for start, end in _edges():
        edges[start, end] = _wiggle(corners[start], corners[end], chance=chance)
    return tuple(_outline(_corner_numbers(cell), edges) for cell in range(COLUMNS * ROWS))


def addresses(seed: int, outlines: tuple[Ring, ...]) -> Addresses:
    """Return the addresses of the city, denser towards its middle."""
    chance = Stream(seed, "addresses")
    tries = ADDRESSES * 2
    central = chance.uniform(tries) < 0.4
    across = np.where(central, 0.5 + 0.16 * chance.normal(tries), chance.uniform(tries) * 1.1 - 0.05)
    along = np.where(central, 0.5 + 0.2 * chance.normal(tries), chance.uniform(tries) * 1.2 - 0.1)
    longitude, latitude = np.round(WEST + across * WIDTH, 6), np.round(SOUTH + along * HEIGHT, 6)
    ward = locate(longitude, latitude, outlines)
    inside = np.flatnonzero(ward >= 0)[:ADDRESSES]
    street = np.clip((along * len(STREETS)).astype(np.int64), 0, len(STREETS) - 1)[inside].tolist()
    number = np.clip((across * 4900).astype(np.int64) + 101, 1, None)[inside].tolist()
    text = tuple(f"{house} {STREETS[name]}" for house, name in zip(number, street, strict=True))
    return Addresses(text, longitude[inside], latitude[inside], ward[inside])


def locate(longitude: Floats, latitude: Floats, outlines: tuple[Ring, ...]) -> Whole:
    """Return the ward (0-9) that holds each point, -1 where none does: an even-odd count of the edges a ray crosses."""
    found = np.full(len(longitude), -1, dtype=np.int64)
    for ward, outline in enumerate(outlines):
        odd = np.zeros(len(longitude), dtype=bool)
        for (x0, y0), (x1, y1) in pairwise(outline):
            if y0 == y1:
                continue
            spans = (y0 > latitude) != (y1 > latitude)
            odd ^= spans & (longitude < (x1 - x0) * (latitude - y0) / (y1 - y0) + x0)
        found[odd & (found < 0)] = ward
    return found


def write(path: Path, outlines: tuple[Ring, ...], residents: Mapping[int, int]) -> None:
    """Write the wards as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"ward": str(number + 1), "name": NAMES[number], "residents": residents[number]},
            "geometry": {"type": "Polygon", "coordinates": [[list(point) for point in outline]]},
        }
        for number, outline in enumerate(outlines)
    ]
    write_json(path, {"type": "FeatureCollection", "features": features})


def _corners(chance: Stream) -> tuple[Point, ...]:
    count = (COLUMNS + 1) * (ROWS + 1)
    shift = (chance.uniform(2 * count) - 0.5) * 0.24
    points = []
    for number in range(count):
        row, column = divmod(number, COLUMNS + 1)
        x = WEST + (column + float(shift[number])) * WIDTH / COLUMNS
        y = SOUTH + (row + float(shift[count + number])) * HEIGHT / ROWS
        points.append((round(x, 6), round(y, 6)))
    return tuple(points)


def _corner_numbers(cell: int) -> tuple[int, int, int, int]:
    row, column = divmod(cell, COLUMNS)
    first = row * (COLUMNS + 1) + column
    return first, first + 1, first + COLUMNS + 2, first + COLUMNS + 1


def _edges() -> list[tuple[int, int]]:
    found = {tuple(sorted(pair)) for cell in range(COLUMNS * ROWS) for pair in _sides(_corner_numbers(cell))}
    return sorted((low, high) for low, high in found)


def _sides(corners: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(zip(corners, (*corners[1:], corners[0]), strict=True))


def _wiggle(start: Point, end: Point, *, chance: Stream) -> Ring:
    """Return a line from `start` to `end` bent at its middle, and each half again, five times."""
    line = [start, end]
    for _ in range(5):
        bends = (chance.uniform(len(line) - 1) - 0.5) * 0.16
        bent = [line[0]]
        for (x0, y0), (x1, y1), bend in zip(line, line[1:], bends.tolist(), strict=False):
            middle = ((x0 + x1) / 2 - (y1 - y0) * bend, (y0 + y1) / 2 + (x1 - x0) * bend)
            bent += [(round(middle[0], 6), round(middle[1], 6)), (x1, y1)]
        line = bent
    return tuple(line)


def _outline(corners: tuple[int, ...], edges: Mapping[tuple[int, int], Ring]) -> Ring:
    line: list[Point] = []
    for start, end in _sides(corners):
        edge = edges[start, end] if (start, end) in edges else edges[end, start][::-1]
        line += edge[:-1]
    return (*line, line[0])
