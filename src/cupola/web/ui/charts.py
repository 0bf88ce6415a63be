"""Small charts as geometry: values in, positions out; the template draws them as SVG without any inline style."""

from collections.abc import Sequence
from dataclasses import dataclass

from cupola.web.ui.evidence import Evidence


@dataclass(frozen=True)
class Point:
    """One value of a chart. `shown` is the value as people write it, `label` what it belongs to."""

    label: str
    value: float
    shown: str


@dataclass(frozen=True)
class Rect:
    """A bar. All numbers are texts, ready for SVG, so that no language writes a comma into them."""

    x: str
    y: str
    width: str
    height: str
    highest: bool = False


@dataclass(frozen=True)
class Label:
    """A text of the drawing and where it stands. `kind`: one more class it is drawn with."""

    x: str
    y: str
    text: str
    anchor: str = "start"
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A line through points, `path` in SVG's words. `kind`: the class it is drawn with."""

    path: str
    kind: str


@dataclass(frozen=True)
class Dot:
    """A point that stands out. `hollow`: what it shows is not complete yet."""

    x: str
    y: str
    hollow: bool = False


@dataclass(frozen=True)
class Drawing:
    """One drawing of fixed size that scales with its column.

    `rules`: heights of the faint lines behind the values, which reach from `left` to `right` as the baseline does;
    an empty `right` is the edge.
    """

    width: str
    height: str
    rects: tuple[Rect, ...]
    labels: tuple[Label, ...]
    baseline: str
    name: str
    left: str = "0"
    right: str = ""
    rules: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True)
class Grid:
    """The numbers of a chart that has more than one value per label. The first cell of a row names it."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A picture with everything that must stand beside it: title, one-sentence reading, numbers, evidence.

    `drawings`: the same picture for a wide and for a narrow screen. `grid`: the numbers, where `points` cannot hold
    them; without either, the numbers stand elsewhere on the page.
    """

    title: str
    reading: str
    label_header: str
    value_header: str
    points: tuple[Point, ...]
    drawings: tuple[Drawing, ...]
    evidence: Evidence | None = None
    grid: Grid | None = None


def columns(points: Sequence[Point]) -> tuple[Drawing, ...]:
    """Draw upright bars over an ordered axis (years, steps of a number) from zero, wide and narrow."""
    return tuple(
        _columns(points, name=name, size=size) for name, size in (("wide", (720.0, 210.0)), ("narrow", (340.0, 200.0)))
    )


def _columns(points: Sequence[Point], *, name: str, size: tuple[float, float]) -> Drawing:
    width, height = size
    top, bottom = 26.0, height - 26.0
    highest = max((point.value for point in points), default=0) or 1
    step = width / max(len(points), 1)
    gap = 0.0 if step < 3 else min(6.0, step * 0.18)
    peak = max(range(len(points)), key=lambda at: points[at].value, default=0)
    rects = []
    for at, point in enumerate(points):
        tall = (bottom - top) * point.value / highest
        rects.append(rect((at * step + gap / 2, bottom - tall), (step - gap, tall), highest=at == peak))
    labels = _axis(points, step=step, size=size)
    if points:
        middle = min(max((peak + 0.5) * step, 40), width - 40)
        labels.append(Label(text(middle), text(top - 9), points[peak].shown, "middle"))
    return Drawing(text(width), text(height), tuple(rects), tuple(labels), text(bottom), name)


def _axis(points: Sequence[Point], *, step: float, size: tuple[float, float]) -> list[Label]:
    """Label as many points as fit without touching, the first always."""
    width, height = size
    widest = max((len(point.label) for point in points), default=1) * 7.5 + 14
    every = max(1, -(-int(widest) // max(int(step), 1)))
    labels = []
    for at in range(0, len(points), every):
        middle = (at + 0.5) * step
        half = len(points[at].label) * 3.8
        if middle + half > width:
            continue
        start = middle < half
        labels.append(
            Label(text(0 if start else middle), text(height - 7), points[at].label, "start" if start else "middle")
        )
    return labels


def bars(points: Sequence[Point], *, rest: Point | None = None) -> tuple[Drawing, ...]:
    """Draw lying bars for named values, each with its label above or before it and its value beside it.

    `rest`: all other values as one; drawn without a bar where that would dwarf every other.
    """
    return tuple(
        _bars(points, rest=rest, name=name, width=width) for name, width in (("wide", 720.0), ("narrow", 340.0))
    )


def _bars(points: Sequence[Point], *, rest: Point | None, name: str, width: float) -> Drawing:
    highest = max((point.value for point in points), default=0) or 1
    lowest = min((point.value for point in points), default=0)
    shown = [*points, *([rest] if rest else [])]
    wide = name == "wide"
    left, row = (min(max((len(point.label) for point in shown), default=0) * 7.4 + 16, 250.0) if wide else 0.0), 46.0
    row = 30.0 if wide else row
    room = width - left - max((len(point.shown) for point in shown), default=1) * 8 - 10
    zero = left + room * max(-lowest, 0) / (highest - min(lowest, 0))
    letters = int((left - 12) / 7.2) if wide else int(width / 7.4)
    rects, labels = [], []
    for at, point in enumerate(shown):
        y = at * row + (4 if wide else 21)
        long = max(room * abs(point.value) / (highest - min(lowest, 0)), 1.0)
        ends = zero
        if point is not rest or point.value <= highest:
            rects.append(rect((zero - (long if point.value < 0 else 0), y), (long, 20), highest=at == 0))
            ends = zero + (long if point.value > 0 else 0)
        labels.append(Label("0", text(y + (15 if wide else -6)), shortened(point.label, letters)))
        labels.append(Label(text(ends + 7), text(y + 15), point.shown))
    return Drawing(text(width), text(len(shown) * row + 4), tuple(rects), tuple(labels), "", name)


def spark(values: Sequence[float]) -> Drawing | None:
    """Draw a word-sized column chart without labels; None when there is nothing to see."""
    if len(values) < 2 or not any(values):
        return None
    width, height = 150.0, 30.0
    highest, step = max(values), min(width / len(values), 15.0)
    gap = min(2.0, step * 0.2)
    rects = tuple(
        rect((at * step, height - tall), (step - gap, tall))
        for at, tall in ((at, max(height * value / highest, 0.6 if value else 0)) for at, value in enumerate(values))
    )
    return Drawing(text(width), text(height), rects, (), text(height), "spark")


def rect(at: tuple[float, float], size: tuple[float, float], *, highest: bool = False) -> Rect:
    """Return a bar at `at` of `size`."""
    return Rect(text(at[0]), text(at[1]), text(size[0]), text(size[1]), highest)


def text(number: float) -> str:
    """Return a number as SVG writes it."""
    return f"{number:.1f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def length(words: str) -> float:
    """Return how long words are in a drawing, at most: capitals are wide, and no one knows the reader's typeface."""
    return sum(9.6 if sign.isupper() else 7.4 for sign in words)


def shortened(words: str, letters: int) -> str:
    """Return `words`, cut with an ellipsis where they are longer than `letters`."""
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"
