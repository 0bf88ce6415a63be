"""Control charts: values over time with the limits they keep within; points that stand out, told by shape too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cupola.web.ui.charts import Dot, Drawing, Label, Line, text
from cupola.web.ui.charts_lines import BOTTOM, LETTER, SIZES, TOP, Times, round_marks

Meaning = Literal["", "improvement", "concern", "high", "low"]
CLOSE = 4.5  # half the width of a mark


@dataclass(frozen=True)
class Controlled:
    """One period: its value and limits, None where there are none, and what a signal there means, empty without one.

    `settled`: False while the value may change. `target`: what is aimed at then. `note`: what happened as it began.
    """

    value: float | None
    lower: float | None = None
    centre: float | None = None
    upper: float | None = None
    meaning: Meaning = ""
    settled: bool = True
    target: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Ahead:
    """What is expected after the last value: one value and an interval per period."""

    expected: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()


@dataclass(frozen=True)
class Bounds:
    """Beyond which no value can lie, so that no limit is drawn there."""

    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class _Frame:
    width: float
    height: float
    left: float
    low: float
    high: float
    count: int
    top: float
    bottom: float
    right: float

    def x(self, at: float) -> float:
        return self.left + (self.right - self.left) * (at / (self.count - 1) if self.count > 1 else 0.5)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.low) / ((self.high - self.low) or 1)


def control(
    points: Sequence[Controlled], times: Times, *, bounds: Bounds | None = None, ahead: Ahead | None = None
) -> tuple[Drawing, ...]:
    """Draw the points, wide and narrow. `times` counts and names the periods, those ahead among them."""
    within = bounds or Bounds()
    clipped = [_clipped(point, within) for point in points]
    coming = ahead or Ahead()
    return tuple(_drawing(clipped, times, ahead=coming, of=(name, width, height)) for name, width, height in SIZES)


def small(points: Sequence[Controlled], *, bounds: Bounds | None = None) -> Drawing | None:
    """Draw the same word-sized, without labels; None when there is nothing to see."""
    if sum(point.value is not None for point in points) < 2:
        return None
    clipped = [_clipped(point, bounds or Bounds()) for point in points]
    known = _known(clipped, Ahead())
    frame = _Frame(160, 40, 4, low=min(known), high=max(known), count=len(points), top=5, bottom=35, right=154)
    return Drawing("160", "40", (), (), "", "spark", lines=(*_lines(clipped, frame), *_marks(clipped, frame)))


def _clipped(point: Controlled, bounds: Bounds) -> Controlled:
    lower, upper = point.lower, point.upper
    if lower is not None and bounds.lowest is not None and lower < bounds.lowest:
        lower = None
    if upper is not None and bounds.highest is not None and upper > bounds.highest:
        upper = None
    return Controlled(point.value, lower, point.centre, upper, point.meaning, point.settled, point.target, point.note)


def _known(points: Sequence[Controlled], ahead: Ahead) -> list[float]:
    every = [one for point in points for one in (point.value, point.lower, point.upper, point.target)]
    return [one for one in (*every, *ahead.lower, *ahead.upper) if one is not None] or [0.0, 1.0]


def _drawing(points: Sequence[Controlled], times: Times, *, ahead: Ahead, of: tuple[str, float, float]) -> Drawing:
    name, width, height = of
    known = _known(points, ahead)
    marks = _scale(min(known), max(known))
    left = max(len(times.brief(mark)) for mark in marks) * LETTER + 10
    frame = _Frame(
        width=width,
        height=height,
        left=left,
        low=marks[0],
        high=marks[-1],
        count=times.count,
        top=TOP,
        bottom=height - BOTTOM,
        right=width - 14,
    )
    labels = [Label(text(left - 8), text(frame.y(mark) + 5), times.brief(mark), "end", "scale") for mark in marks]
    labels += [*_ticks(times, frame), *_told(points, times, frame)]
    return Drawing(
        width=text(width),
        height=text(height),
        rects=(),
        labels=tuple(labels),
        baseline=text(frame.y(0)) if marks[0] <= 0 else "",
        name=name,
        left=text(left),
        rules=tuple(text(frame.y(mark)) for mark in marks if mark),
        lines=(*_ahead(points, ahead, frame), *_lines(points, frame), *_steps(points, frame), *_marks(points, frame)),
        dots=tuple(_dots(points, frame)),
    )


def _scale(low: float, high: float) -> list[float]:
    """Return round marks about the values; from zero only where that is near, for a control chart is about change."""
    if low <= 0 or low < (high - low) * 1.5:
        return round_marks(low, high)
    shifted = round_marks(0, high - low)
    step = shifted[1] - shifted[0]
    first = int(low // step)
    return [round(step * at, 10) for at in range(first, int(-(-high // step)) + 1)]


def _path(values: Sequence[float | None], frame: _Frame) -> str:
    steps, pen = [], "M"
    for at, value in enumerate(values):
        if value is not None:
            steps.append(f"{pen}{text(frame.x(at))} {text(frame.y(value))}")
        pen = "M" if value is None else "L"
    return "".join(steps)


def _lines(points: Sequence[Controlled], frame: _Frame) -> list[Line]:
    series = (
        ("limit", [point.lower for point in points]),
        ("limit", [point.upper for point in points]),
        ("centre", [point.centre for point in points]),
        ("target", [point.target for point in points]),
        ("line-0", [point.value if point.settled else None for point in points]),
        ("line-0 chart__line--partial", _unsettled(points)),
    )
    return [Line(path, kind) for kind, values in series if (path := _path(values, frame))]


def _unsettled(points: Sequence[Controlled]) -> list[float | None]:
    """Return values that may still change, each with the one before it, so that a line leads there."""
    return [
        point.value if not point.settled or (at + 1 < len(points) and not points[at + 1].settled) else None
        for at, point in enumerate(points)
    ]


def _ahead(points: Sequence[Controlled], ahead: Ahead, frame: _Frame) -> list[Line]:
    if not ahead.expected:
        return []
    start = len(points)
    above = [(frame.x(start + at), frame.y(value)) for at, value in enumerate(ahead.upper)]
    below = [(frame.x(start + at), frame.y(value)) for at, value in enumerate(ahead.lower)]
    around = "L".join(f"{text(x)} {text(y)}" for x, y in (*above, *reversed(below)))
    middle = _path([*[None] * start, *ahead.expected], frame)
    return [Line(f"M{around}Z", "band"), Line(middle, "line-0 chart__line--partial")]


def _marks(points: Sequence[Controlled], frame: _Frame) -> list[Line]:
    """Return the points of signals: a diamond for what is a concern, a square for the rest."""
    lines = []
    for at, point in enumerate(points):
        if point.value is None or not point.meaning:
            continue
        x, y = frame.x(at), frame.y(point.value)
        reach = CLOSE + 1.5 if point.meaning == "concern" else CLOSE
        corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
        if point.meaning != "concern":
            corners = [(x - reach, y - reach), (x + reach, y - reach), (x + reach, y + reach), (x - reach, y + reach)]
        path = "L".join(f"{text(across)} {text(down)}" for across, down in corners)
        lines.append(Line(f"M{path}Z", f"mark chart__mark--{point.meaning}"))
    return lines


def _dots(points: Sequence[Controlled], frame: _Frame) -> list[Dot]:
    known = [at for at, point in enumerate(points) if point.value is not None]
    return [
        Dot(text(frame.x(at)), text(frame.y(points[at].value or 0.0)), hollow=not points[at].settled)
        for at in known
        if not points[at].settled or (at == known[-1] and not points[at].meaning)
    ]


def _steps(points: Sequence[Controlled], frame: _Frame) -> list[Line]:
    """Return an upright line before each period at which something happened."""
    return [
        Line(
            f"M{text(frame.x(at - 0.5))} {text(TOP - 8)}L{text(frame.x(at - 0.5))} {text(frame.height - BOTTOM)}",
            "step",
        )
        for at, point in enumerate(points)
        if point.note
    ]


def _ticks(times: Times, frame: _Frame) -> list[Label]:
    labels, free = [], -1e9
    for at, word in times.ticks:
        half = len(word) * LETTER / 2
        middle = min(max(frame.x(at), half), frame.width - half)
        if middle - half >= free:
            labels.append(Label(text(middle), text(frame.height - 7), word, "middle"))
            free = middle + half + 12
    return labels


def _told(points: Sequence[Controlled], times: Times, frame: _Frame) -> list[Label]:
    """Write the newest value, and what happened where limits begin anew."""
    known = [at for at, point in enumerate(points) if point.value is not None]
    labels = []
    if known:
        value = points[known[-1]].value or 0.0
        word = times.shown(value)
        half = len(word) * LETTER / 2
        middle = min(max(frame.x(known[-1]), frame.left + half), frame.width - half)
        labels.append(Label(text(middle), text(max(frame.y(value) - 11, 12)), word, "middle", "strong"))
    wide = frame.width > 500
    for at, point in enumerate(points):
        if point.note and wide:
            labels.append(Label(text(frame.x(at - 0.5) + 5), text(TOP - 8), point.note, "start", "scale"))
    return labels
