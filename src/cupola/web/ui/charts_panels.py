"""The same bars once per group, side by side and on one scale, so that groups can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from cupola.web.ui.charts import Drawing, Label, Point, rect, shortened, text

HEADING, ROW, BETWEEN = 26.0, 24.0, 18.0
LETTER = 7.2


@dataclass(frozen=True)
class Panel:
    """One group with its bars; every panel has the same bars in the same order."""

    title: str
    points: tuple[Point, ...]


def panels(groups: Sequence[Panel]) -> tuple[Drawing, ...]:
    """Draw the panels, two abreast where there is room and below each other where not."""
    return tuple(_panels(groups, name=name, size=size) for name, size in (("wide", (720.0, 2)), ("narrow", (340.0, 1))))


def _panels(groups: Sequence[Panel], *, name: str, size: tuple[float, int]) -> Drawing:
    width, abreast = size
    rows = max((len(one.points) for one in groups), default=0)
    tall = HEADING + rows * ROW + BETWEEN
    wide = (width - BETWEEN * 2 * (abreast - 1)) / abreast
    highest = max((point.value for one in groups for point in one.points), default=0) or 1
    longest = max((len(point.shown) for one in groups for point in one.points), default=1)
    room = wide * 0.62 - longest * LETTER - 8
    rects, labels = [], []
    for at, one in enumerate(groups):
        left, top = (at % abreast) * (wide + BETWEEN * 2), (at // abreast) * tall
        labels.append(Label(text(left), text(top + 17), shortened(one.title, int(wide / 7.6)), "start", "strong"))
        for row, point in enumerate(one.points):
            y = top + HEADING + row * ROW
            long = max(room * max(point.value, 0) / highest, 1.0)
            start = left + wide * 0.38
            largest = point.value == max(point.value for point in one.points)
            rects.append(rect((start, y), (long, ROW - 6), highest=largest))
            labels.append(Label(text(left), text(y + 14), shortened(point.label, int(wide * 0.38 / LETTER) - 1)))
            labels.append(Label(text(start + long + 6), text(y + 14), point.shown))
    height = -(-len(groups) // abreast) * tall - BETWEEN
    return Drawing(text(width), text(max(height, 1)), tuple(rects), tuple(labels), "", name)
