"""Shapes given as well-known text: checked and read here, so that only clean text goes on."""

import re
from dataclasses import dataclass

from cupola.soql.types import SoqlType

_TYPES = {
    "POINT": SoqlType.POINT,
    "MULTIPOINT": SoqlType.MULTIPOINT,
    "LINESTRING": SoqlType.LINE,
    "MULTILINESTRING": SoqlType.MULTILINE,
    "POLYGON": SoqlType.POLYGON,
    "MULTIPOLYGON": SoqlType.MULTIPOLYGON,
}
# How many parentheses surround a position.
_LEVELS = {"POINT": 1, "MULTIPOINT": 1, "LINESTRING": 1, "MULTILINESTRING": 2, "POLYGON": 2, "MULTIPOLYGON": 3}
_HEAD = re.compile(r"\s*(?:SRID=4326;)?\s*([A-Za-z]+)\s*(?=\()")
_PART = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<number>[+-]?\d{1,30}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,2})?))"
)
_FEWEST = {"LINESTRING": 2, "MULTILINESTRING": 2, "POLYGON": 4, "MULTIPOLYGON": 4}


@dataclass(frozen=True)
class Bounds:
    """The smallest box around a shape, in degrees."""

    west: float
    south: float
    east: float
    north: float


def shape_of(text: str, wanted: SoqlType) -> str | None:
    """Return clean well-known text of a shape of the wanted type, or None where the text is not one."""
    match = _HEAD.match(text)
    if match is None:
        return None
    name = match[1].upper()
    if _TYPES.get(name) is not wanted:
        return None
    body = _Body(text, match.end(), name).read()
    return None if body is None else f"{name} {body}"


def bounds(text: str) -> Bounds:
    """Return the box around clean well-known text."""
    numbers = [float(found) for found in re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", text)]
    east, north = numbers[::2], numbers[1::2]
    return Bounds(min(east), min(north), max(east), max(north))


def position(text: str) -> tuple[float, float]:
    """Return longitude and latitude of a clean POINT."""
    box = bounds(text)
    return box.west, box.south


class _Body:
    """Reads the parentheses of one shape."""

    def __init__(self, text: str, at: int, name: str) -> None:
        self.text = text
        self.at = at
        self.name = name
        self.level = 0
        self.parts: list[str] = []
        self.ring: list[tuple[str, str]] = []
        self.pair: list[str] = []

    def read(self) -> str | None:
        """Return the clean text in parentheses, or None."""
        while match := _PART.match(self.text, self.at):
            self.at = match.end()
            if not self._take(str(match.lastgroup), match[0].strip()):
                return None
            if self.level == 0 and self.parts:
                break
        whole = self.level == 0 and bool(self.parts) and not self.text[self.at :].strip(" \t\r\n;")
        return "".join(self.parts) if whole else None

    def _take(self, group: str, value: str) -> bool:
        if group == "open":
            return self._open()
        if group == "close":
            return self._close()
        if group == "comma":
            return self._comma()
        self.pair.append(_plain(value))
        return len(self.pair) <= 2 and self.level >= _LEVELS[self.name]

    def _open(self) -> bool:
        self.level += 1
        inner = _LEVELS[self.name] + (self.name == "MULTIPOINT")
        if self.level <= _LEVELS[self.name]:
            self.parts.append("(")
        return self.level <= inner and not self.pair

    def _comma(self) -> bool:
        if self.level >= _LEVELS[self.name]:
            return self._end_position()
        self.parts.append(", ")
        return self.level > 0 and self.parts[-2].endswith(")")

    def _end_position(self) -> bool:
        if len(self.pair) != 2 or not _on_earth(*self.pair):
            return False
        self.ring.append((self.pair[0], self.pair[1]))
        self.pair = []
        return True

    def _close(self) -> bool:
        self.level -= 1
        if self.level >= _LEVELS[self.name]:  # (1 2) within MULTIPOINT ((1 2), (3 4))
            return len(self.pair) == 2
        if self.level == _LEVELS[self.name] - 1 and not self._end_ring():
            return False
        self.parts.append(")")
        return self.level >= 0

    def _end_ring(self) -> bool:
        if not self._end_position():
            return False
        ring, self.ring = self.ring, []
        closed = not self.name.endswith("POLYGON") or ring[0] == ring[-1]
        enough = len(ring) >= _FEWEST.get(self.name, 1) and (self.name != "POINT" or len(ring) == 1)
        self.parts.append(", ".join(f"{east} {north}" for east, north in ring))
        return closed and enough


def _plain(value: str) -> str:
    return repr(float(value))


def _on_earth(east: str, north: str) -> bool:
    return abs(float(east)) <= 360 and abs(float(north)) <= 90
