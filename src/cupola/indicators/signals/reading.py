"""What one chart says, as a pattern and facts; the web floor has a sentence per pattern and language."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from cupola.indicators.signals.charting import Charted, ControlChart, Verdict
from cupola.indicators.signals.rules import Rule

Pattern = Literal["unknown", "too_few", "steady", "outside", "trend", "two_of_three", "shift"]


@dataclass(frozen=True)
class Reading:
    """The pattern at the newest settled point and the facts of its sentence.

    `since` and `points`: where the run began and how long it is. `before`: the last signal before a steady stretch.
    `trial`: the limits stand on few points. `seasonal`: the usual course of the year was taken out.
    """

    pattern: Pattern
    on: date | None = None
    value: float | None = None
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    verdict: Verdict | None = None
    since: date | None = None
    points: int = 0
    before: date | None = None
    before_rule: Rule | None = None
    trial: bool = False
    seasonal: bool = False


def read(chart: ControlChart) -> Reading:
    """Read a chart at its newest settled point."""
    last = chart.latest
    if last is None:
        return Reading("unknown")
    if last.centre is None:
        return Reading("too_few", on=last.on, value=last.point.value, points=_in_stretch(chart, last))
    since, points = _run(chart, last)
    before = _signal_before(chart, last) if last.rule is None else None
    return Reading(
        pattern=last.rule or "steady",
        on=last.on,
        value=last.point.value,
        centre=last.centre,
        lower=last.lower,
        upper=last.upper,
        verdict=last.verdict,
        since=since,
        points=points,
        before=before.on if before else None,
        before_rule=before.rule if before else None,
        trial=chart.stretches[last.stretch].trial,
        seasonal=chart.season is not None,
    )


def _counted(chart: ControlChart) -> list[Charted]:
    return [one for one in chart.charted if one.point.settled and one.point.value is not None]


def _in_stretch(chart: ControlChart, last: Charted) -> int:
    return sum(one.stretch == last.stretch for one in _counted(chart))


def _run(chart: ControlChart, last: Charted) -> tuple[date | None, int]:
    """Return where the run the newest point belongs to began, and how many points it has."""
    if last.rule is None:
        return None, 0
    counted = [one for one in _counted(chart) if one.stretch == last.stretch]
    # Measured from the centre, so that a season, which moves both, is no part of it.
    heights = [(one.point.value or 0.0) - (one.centre or 0.0) for one in counted]
    length = _on_one_side(heights) if last.rule == "shift" else _one_way(heights) if last.rule == "trend" else 1
    return counted[-length].on, length


def _on_one_side(heights: list[float]) -> int:
    above = heights[-1] > 0
    back = (at for at, height in enumerate(reversed(heights)) if height == 0 or (height > 0) != above)
    return next(back, len(heights))


def _one_way(heights: list[float]) -> int:
    moves = [after - before for before, after in pairwise(heights)]
    return _on_one_side(moves) + 1


def _signal_before(chart: ControlChart, last: Charted) -> Charted | None:
    inside = [one for one in _counted(chart) if one.stretch == last.stretch and one.rule is not None]
    return inside[-1] if inside else None
