"""Lines over time: one or several, with gaps where nothing is known, a zero line, and labels where the lines end."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cupola.web.ui.charts import Dot, Drawing, Label, Line, length, shortened, text

SIZES = (("wide", 720.0, 260.0), ("narrow", 340.0, 240.0))
LETTER, ROW = 7.2, 17.0
TOP, BOTTOM = 24.0, 28.0
NAMES = 0.3  # of the width: the most that names at the ends of lines may take


@dataclass(frozen=True)
class Series:
    """One line: what it is called and one value per period, None where there is none."""

    label: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Times:
    """The periods along the bottom. `ticks`: position and word of those worth naming. `partial`: the last is not over.

    `shown` writes a value as people do, `brief` as short as it is useful.
    """

    count: int
    ticks: tuple[tuple[int, str], ...]
    partial: bool
    shown: Callable[[float], str]
    brief: Callable[[float], str]


@dataclass(frozen=True)
class _Frame:
    width: float
    height: float
    left: float
    right: float
    low: float
    high: float
    count: int

    def x(self, at: int) -> float:
        """Return where a period stands."""
        return self.left + (self.right - self.left) * (at / (self.count - 1) if self.count > 1 else 0.5)

    def y(self, value: float) -> float:
        """Return how high a value stands."""
        bottom = self.height - BOTTOM
        return bottom - (bottom - TOP) * (value - self.low) / ((self.high - self.low) or 1)


def lines(series: Sequence[Series], times: Times) -> tuple[Drawing, ...]:
    """Draw the series, the most important first, wide and narrow."""
    return tuple(_drawing(series, times, name=name, size=(width, height)) for name, width, height in SIZES)


def round_marks(low: float, high: float) -> list[float]:
    """Return a handful of round values that span from `low` to `high`, zero among them."""
    span = (max(high, 0) - min(low, 0)) or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(factor for factor in (1, 2, 2.5, 5, 10) if factor * power * 4 >= span * 0.999) * power
    first, last = math.floor(min(low, 0) / step + 1e-9), math.ceil(max(high, 0) / step - 1e-9)
    return [round(step * at, 10) for at in range(first, max(last, first + 1) + 1)]


def _drawing(series: Sequence[Series], times: Times, *, name: str, size: tuple[float, float]) -> Drawing:
    width, height = size
    known = [value for one in series for value in one.values if value is not None]
    marks = round_marks(min(known, default=0), max(known, default=1))
    left = max(len(times.brief(mark)) for mark in marks) * LETTER + 10
    room = min(max(length(one.label) for one in series), width * NAMES) if len(series) > 1 else 0.0
    frame = _Frame(width, height, left, width - max(room + 12, 14), marks[0], marks[-1], times.count)
    labels = [Label(text(left - 8), text(frame.y(mark) + 5), times.brief(mark), "end", "scale") for mark in marks]
    labels += _ticks(times, frame)
    labels += _names(series, frame, room) if room else _extremes(series[0], times, frame)
    drawn = [line for at, one in enumerate(series) for line in _line(one, frame, f"line-{at}", partial=times.partial)]
    return Drawing(
        width=text(width),
        height=text(height),
        rects=(),
        labels=tuple(labels),
        baseline=text(frame.y(0)),
        name=name,
        left=text(left),
        right=text(frame.right) if room else "",
        rules=tuple(text(frame.y(mark)) for mark in marks if mark),
        lines=tuple(reversed(drawn)),  # the most important is drawn last, over the others
        dots=tuple(dot for one in series for dot in _dots(one, frame, partial=times.partial, alone=len(series) == 1)),
    )


def _line(one: Series, frame: _Frame, kind: str, *, partial: bool) -> list[Line]:
    """Return a path with a break at each gap; the step into an incomplete last period is one of its own."""
    last = len(one.values) - 1
    whole = one.values[:last] if partial else one.values
    steps, pen = [], "M"
    for at, value in enumerate(whole):
        if value is not None:
            steps.append(f"{pen}{text(frame.x(at))} {text(frame.y(value))}")
        pen = "M" if value is None else "L"
    found = [Line("".join(steps), kind)] if steps else []
    if partial and last > 0 and one.values[last] is not None and one.values[last - 1] is not None:
        ends = [(at, one.values[at] or 0.0) for at in (last - 1, last)]
        path = "L".join(f"{text(frame.x(at))} {text(frame.y(value))}" for at, value in ends)
        found.append(Line(f"M{path}", f"{kind} chart__line--partial"))
    return found


def _dots(one: Series, frame: _Frame, *, partial: bool, alone: bool) -> list[Dot]:
    """Mark values that no line reaches, the last one, and the largest of a single line."""
    values = one.values
    largest = max((value for value in values if value is not None), default=None)
    dots = []
    for at, value in enumerate(values):
        if value is None:
            continue
        is_last = at == len(values) - 1
        lonely = all(values[near] is None for near in (at - 1, at + 1) if 0 <= near < len(values))
        if lonely or is_last or (alone and value == largest):
            dots.append(Dot(text(frame.x(at)), text(frame.y(value)), hollow=is_last and partial))
    return dots


def _ticks(times: Times, frame: _Frame) -> list[Label]:
    """Label as many periods as fit without touching."""
    labels, free = [], -math.inf
    for at, word in times.ticks:
        half = len(word) * LETTER / 2
        middle = min(max(frame.x(at), half), frame.width - half)
        if middle - half >= free:
            labels.append(Label(text(middle), text(frame.height - 7), word, "middle"))
            free = middle + half + 12
    return labels


def _extremes(one: Series, times: Times, frame: _Frame) -> list[Label]:
    """Write the largest value over its place, and the last one where the two stand apart."""
    places = {at: value for at, value in enumerate(one.values) if value is not None}
    if not places:
        return []
    peak = max(places, key=lambda at: places[at])
    last = max(places)
    labels = [_value_label((peak, places[peak]), times, frame)]
    apart = frame.x(last) - frame.x(peak) > 70 or frame.y(places[last]) - frame.y(places[peak]) > 40
    if apart and not times.partial:
        # below the point where the line comes from above, so that the two do not meet
        falls = last > 0 and (one.values[last - 1] or 0) > places[last]
        labels.append(_value_label((last, places[last]), times, frame, below=falls))
    return labels


def _value_label(place: tuple[int, float], times: Times, frame: _Frame, *, below: bool = False) -> Label:
    at, value = place
    word = times.shown(value)
    half = len(word) * LETTER / 2
    middle = min(max(frame.x(at), frame.left + half), frame.width - half)
    y = frame.y(value) + (19 if below and frame.y(value) + 24 < frame.height - BOTTOM else -9)
    return Label(text(middle), text(y), word, "middle", "strong")


def _names(series: Sequence[Series], frame: _Frame, room: float) -> list[Label]:
    """Write each name where its line ends, moved apart where two would touch, and up from the bottom."""
    ends = [
        (frame.y(known[-1]) + 5, at)
        for at, one in enumerate(series)
        if (known := [value for value in one.values if value is not None])
    ]
    heights, free = [], TOP - 12
    for height, _at in sorted(ends):
        free = max(height, free + ROW)
        heights.append(free)
    limit = frame.height - BOTTOM + 5
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], limit)
        limit = heights[place] - ROW
    return [
        Label(text(frame.right + 9), text(y), _fitting(series[at].label, room), "start", f"name-{at}")
        for y, (_height, at) in zip(heights, sorted(ends), strict=True)
    ]


def _fitting(words: str, room: float) -> str:
    """Return words, cut to what fits."""
    letters = len(words)
    while letters > 4 and length(shortened(words, letters)) > room:
        letters -= 1
    return shortened(words, letters)
