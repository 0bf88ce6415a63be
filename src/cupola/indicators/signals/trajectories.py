"""Targets: whether the values have reached them or are on the way.

A target is one value that holds from a day on, or milestones by their days with straight lines between. A value short
of what is due by less than the process scatters anyway (half the width of its limits) is *close*: neither there nor
shown not to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cupola.indicators.definition import Direction, Milestone, Target
from cupola.indicators.signals.charting import Charted

Status = Literal["unknown", "reached", "ahead", "close", "off", "met", "missed"]
OFF: tuple[Status, ...] = ("off", "missed")


@dataclass(frozen=True)
class Standing:
    """How a measure stands against its target.

    `judged`: the point looked at. `expected`: what was due then. `short`: by how much its value falls short of that,
    in the unit of the values; zero or negative when it does not. `aim`: the last milestone, None where one value
    holds throughout.
    """

    status: Status
    judged: Charted | None = None
    expected: float | None = None
    short: float | None = None
    aim: Milestone | None = None


def standing(target: Target, charted: Sequence[Charted], *, direction: Direction) -> Standing:
    """Judge the newest settled value, or the first one that holds the day of the last milestone or follows it.

    direction: with none, a value should rise to its target, or fall where the milestones do.
    """
    aim = target.milestones[-1] if target.milestones else None
    known = [one for one in charted if one.point.settled and one.point.value is not None]
    due = [one for one in known if aim is not None and one.point.last_day >= aim.on]
    judged = due[0] if due else known[-1] if known else None
    expected = target.value_on(judged.point.last_day) if judged else None
    if judged is None or judged.point.value is None or expected is None:
        return Standing("unknown", judged, expected, None, aim)
    sign = 1 if _upwards(target, direction) else -1
    short = sign * (expected - judged.point.value)
    if due or aim is None:
        status = _at_the_end(judged, short) if aim is None else "met" if short <= 0 else "missed"
    else:
        status = "reached" if sign * (aim.value - judged.point.value) <= 0 else _on_the_way(judged, short)
    return Standing(status, judged, expected, short, aim)


def _at_the_end(judged: Charted, short: float) -> Status:
    return "met" if short <= 0 else _on_the_way(judged, short)


def _on_the_way(judged: Charted, short: float) -> Status:
    if short <= 0:
        return "ahead"
    half = (judged.upper - judged.lower) / 2 if judged.upper is not None and judged.lower is not None else 0.0
    return "close" if short <= half else "off"


def _upwards(target: Target, direction: Direction) -> bool:
    if direction is not Direction.NONE:
        return direction is Direction.UP
    return not target.milestones or target.milestones[-1].value >= target.milestones[0].value
