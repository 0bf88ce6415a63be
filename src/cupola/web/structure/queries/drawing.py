"""The chart of a day as a drawing, and two days side by side with everything at the same place in both.

Drawn from left to right, one line each, so that it reads as a list does, prints, and fits a narrow screen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cupola.orgchart.chart import Chart
from cupola.orgchart.facts import Line
from cupola.web.structure.queries.rows import Row, placed, rows_of, shared

MOST_ROWS = 400  # beyond that only offices are drawn, each with the number of its posts
LINE, INDENT, LEFT, BOX, TALL, TEXT = 44, 26, 12, 340, 34, 36
MARK = 78  # room at the right for what changed
_NARROW, _WIDE = frozenset("iljtf.,':;|!()[] "), frozenset("mwMW@%")
CHANGED = ("new", "closed", "moved", "changed")


@dataclass(frozen=True)
class Box:
    """A row with its place, in pixels. elbow: the line from what is above it, empty at the top.

    name, small: its texts, cut to fit. mark: one of CHANGED, empty where it stayed as it was or nothing is compared.
    at: structure and key of its page, None where that is of the government drawn, under its own key.
    """

    row: Row
    x: int
    y: int
    elbow: str
    name: str
    small: str
    mark: str = ""
    at: tuple[str, str] | None = None

    @property
    def middle(self) -> int:
        """The height of its middle."""
        return self.y + TALL // 2

    @property
    def text_x(self) -> int:
        """Where its text begins."""
        return self.x + TEXT

    @property
    def glyph(self) -> str:
        """Where the sign of its mandate stands."""
        return f"translate({self.x + 22} {self.middle})"

    @property
    def mark_x(self) -> int:
        """Where the sign of its change stands."""
        return self.x + BOX - MARK + 10

    @property
    def name_y(self) -> int:
        """The base line of its name."""
        return self.y + (15 if self.small else 22)

    @property
    def small_y(self) -> int:
        """The base line of what stands under it."""
        return self.y + 29


@dataclass(frozen=True)
class Entry:
    """A row of the nested list: whether a list begins before it, and how many end after it."""

    row: Row
    opens: bool
    closes: str


@dataclass(frozen=True)
class Drawing:
    """The chart of a day. dotted: dotted lines as paths, each with what it joins. collapsed: posts are left out."""

    day: date
    boxes: tuple[Box, ...]
    dotted: tuple[tuple[str, str], ...]
    width: int
    height: int
    collapsed: bool
    box_width: int = BOX

    @property
    def rows(self) -> tuple[Row, ...]:
        """The same as a list."""
        return tuple(box.row for box in self.boxes)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The same as a nested list."""
        depths = [row.depth for row in self.rows]
        ends = [*depths[1:], 0]
        return tuple(
            Entry(row, opens=number > 0 and row.depth > depths[number - 1], closes="x" * max(0, row.depth - after))
            for number, (row, after) in enumerate(zip(self.rows, ends, strict=True))
        )


@dataclass(frozen=True)
class Pair:
    """Two days, drawn so that each office and post stands at the same place in both. stayed: rows that are alike."""

    before: Drawing
    after: Drawing
    stayed: tuple[Row, ...]


def draw(chart: Chart) -> Drawing:
    """Return the drawing of a chart."""
    collapsed = _large(chart)
    rows = rows_of(chart, collapsed=collapsed)
    places = {row.key: (number, row.depth) for number, row in enumerate(rows)}
    return _drawn(chart, rows, places, marks={}, collapsed=collapsed)


def draw_pair(
    before: Chart, after: Chart, *, changed: frozenset[str], elsewhere: Mapping[str, tuple[str, str]] | None = None
) -> Pair:
    """Return two days side by side. changed: keys of what is not as it was.

    elsewhere: key -> structure and key under which it has a page, for what is not recorded here itself.
    """
    collapsed = _large(before) or _large(after)
    old, new = (rows_of(chart, collapsed=collapsed) for chart in (before, after))
    places = shared(old, new)
    once, now = ({row.key: row for row in rows} for rows in (old, new))
    marks: dict[str, str] = {}
    for key in places:
        if key not in once or key not in now:
            marks[key] = "new" if key in now else "closed"
        elif once[key].above != now[key].above:
            marks[key] = "moved"
        elif key in changed:
            marks[key] = "changed"
    drawn = [
        _drawn(chart, rows, places, marks=marks, collapsed=collapsed) for chart, rows in ((before, old), (after, new))
    ]
    if elsewhere:
        boxes = (replace(box, at=elsewhere.get(box.row.key)) for box in drawn[1].boxes)
        drawn[1] = replace(drawn[1], boxes=tuple(boxes))
    return Pair(drawn[0], drawn[1], stayed=tuple(row for row in new if row.key not in marks))


def _large(chart: Chart) -> bool:
    return len(chart.offices) + len(chart.posts) > MOST_ROWS


def _drawn(
    chart: Chart,
    rows: tuple[Row, ...],
    places: Mapping[str, tuple[int, int]],
    *,
    marks: Mapping[str, str],
    collapsed: bool,
) -> Drawing:
    here = {row.key for row in rows}
    boxes = tuple(
        _box(
            placed(row, places[row.key][1]),
            places,
            here,
            mark=marks.get(row.key, ""),
            room=bool(marks),
            posts=collapsed,
        )
        for row in sorted(rows, key=lambda row: places[row.key])
    )
    dotted = tuple(_dotted(chart, boxes))
    deepest = max((depth for _, depth in places.values()), default=0)
    width = LEFT * 2 + deepest * INDENT + BOX + (70 if dotted else 0)
    return Drawing(chart.day, boxes, dotted, width, LEFT * 2 + len(places) * LINE, collapsed)


def _box(row: Row, places: Mapping[str, tuple[int, int]], here: set[str], *, mark: str, room: bool, posts: bool) -> Box:
    number, depth = places[row.key]
    x, y = LEFT + depth * INDENT, LEFT + number * LINE
    wide = BOX - TEXT - 8 - (MARK if room else 0)
    count = f" ({row.posts})" if posts and row.posts else ""
    name = fitted(row.name, size=14, width=wide - _width(count, 14)) + count
    small = fitted(row.small, size=12, width=wide)
    return Box(row, x, y, _elbow(row, places, here), name, small, mark)


def _elbow(row: Row, places: Mapping[str, tuple[int, int]], here: set[str]) -> str:
    if row.above not in here:
        return ""
    (above, over), (number, depth) = places[row.above], places[row.key]
    trunk, middle = LEFT + over * INDENT + 10, LEFT + number * LINE + TALL // 2
    start = LEFT + above * LINE + (TALL if above < number else 0)
    x = LEFT + depth * INDENT
    return f"M{trunk} {start}V{middle}H{x}" if x >= trunk else f"M{trunk} {start}V{middle - TALL}H{x - 6}V{middle}H{x}"


def _dotted(chart: Chart, boxes: tuple[Box, ...]) -> Iterator[tuple[str, str]]:
    found = {box.row.key: (number, box) for number, box in enumerate(boxes)}
    for number, box in enumerate(boxes):
        for line in chart.values(box.row.key, "dotted_to"):
            if isinstance(line, Line) and line.to in found:
                other = found[line.to][1]
                first, last = box.x + BOX, other.x + BOX
                out = max(first, last) + 18 + 6 * (number % 6)
                yield f"M{first} {box.middle}H{out}V{other.middle}H{last}", f"{box.row.name}, {other.row.name}"


def fitted(text: str, *, size: int, width: float) -> str:
    """Return a text cut to fit a width in pixels, as the page's type sets it at most."""
    if _width(text, size) <= width:
        return text
    while text and _width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _width(text: str, size: int) -> float:
    wide = sum(0.3 if c in _NARROW else 0.86 if c in _WIDE else 0.62 if c.isupper() else 0.53 for c in text)
    return wide * size
