"""A control chart: points with their limits, signals with their meaning, as one frozen value that pages draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from cupola.indicators.definition import Direction
from cupola.indicators.signals.limits import Floats, Limits, natural_limits, rate_limits
from cupola.indicators.signals.rules import RULES, Found, Rule, find
from cupola.indicators.signals.seasons import Season, find_season
from cupola.indicators.signals.series import (
    FEWEST_POINTS,
    TRIAL_BELOW,
    BaselineTooShort,
    Point,
    Step,
    usable,
)

Kind = Literal["xmr", "p", "u"]
Verdict = Literal["improvement", "concern", "high", "low"]
Assurance = Literal["pass", "fail", "hit_and_miss"]


@dataclass(frozen=True)
class Method:
    """How a chart is made.

    `direction`: which way is better. `screened`: see `natural_limits`. `lock_after`: fix the limits on this many first
    points of each stretch. `steps`: where a new stretch begins. `grain`: looks for a season of that grain; empty:
    none is looked for.
    """

    direction: Direction = Direction.NONE
    kind: Kind = "xmr"
    screened: bool = True
    lock_after: int | None = None
    steps: tuple[Step, ...] = ()
    grain: str = ""

    def __post_init__(self) -> None:
        if self.lock_after is not None and self.lock_after < TRIAL_BELOW:
            raise BaselineTooShort(self.lock_after)


@dataclass(frozen=True)
class Charted:
    """One point with what the chart says of it. Limits are None where a stretch has too few points for them.

    `rule`: the first rule that flags it. `completes`: that a rule became true at this point, which is when one is told.
    """

    point: Point
    lower: float | None = None
    centre: float | None = None
    upper: float | None = None
    rule: Rule | None = None
    verdict: Verdict | None = None
    completes: bool = False
    stretch: int = 0

    @property
    def on(self) -> date:
        """Return the first day of the period."""
        return self.point.on


@dataclass(frozen=True)
class Stretch:
    """The points between two steps: how many, how many of them made the limits, and why it began."""

    since: date
    points: int
    baseline: int
    reason: str = ""
    spread: float = 1.0

    @property
    def has_limits(self) -> bool:
        """Whether there were points enough."""
        return self.baseline >= FEWEST_POINTS

    @property
    def trial(self) -> bool:
        """Whether the limits stand on few points and will still move."""
        return self.has_limits and self.baseline < TRIAL_BELOW


@dataclass(frozen=True)
class ControlChart:
    """Points, oldest first, and the stretches they lie in. `kind`: the chart used, which a season may have changed."""

    charted: tuple[Charted, ...]
    stretches: tuple[Stretch, ...]
    method: Method
    kind: Kind
    season: Season | None = None

    @property
    def latest(self) -> Charted | None:
        """Return the newest settled point with a value."""
        return next((one for one in reversed(self.charted) if one.point.settled and one.point.value is not None), None)

    def assurance(self, target: float | None) -> Assurance | None:
        """Say whether the process as it is now would always meet `target`; None where that cannot be said."""
        last = self.latest
        if target is None or last is None or last.lower is None or last.upper is None:
            return None
        if self.method.direction is Direction.NONE:
            return None
        up = self.method.direction is Direction.UP
        if target < last.lower:
            return "pass" if up else "fail"
        if target > last.upper:
            return "fail" if up else "pass"
        return "hit_and_miss"


def control_chart(points: Sequence[Point], method: Method | None = None) -> ControlChart:
    """Chart `points`, one per period and oldest first.

    Points without a value and points not settled are passed over by limits and rules. A rate with a season is charted
    as single values, with the season taken out before limits are set and added to them again.
    """
    method = method or Method()
    positions = usable(points)
    values = np.array([points[at].value for at in positions], dtype=np.float64)
    days = [points[at].on for at in positions]
    season = find_season(days, values, grain=method.grain)
    kind: Kind = "xmr" if season or not _has_denominators(points, positions) else method.kind
    effects = season.at(days) if season else np.zeros(len(values))
    charted = [Charted(point) for point in points]
    stretches = []
    for number, (first, last, step) in enumerate(_stretches(days, method.steps)):
        inside = slice(first, last)
        limits, baseline = _limits([points[at] for at in positions[inside]], effects[inside], method=method, kind=kind)
        since = step.on if step else (points[0].on if points else date.min)
        reason = step.reason if step else ""
        stretches.append(Stretch(since, last - first, baseline, reason, limits.spread if limits else 1.0))
        told = _told(values[inside] - effects[inside], limits, method.direction) if limits else {}
        for at, position in enumerate(positions[inside]):
            charted[position] = _charted(
                points[position], at, number=number, limits=limits, told=told, add=effects[inside]
            )
    return ControlChart(tuple(charted), tuple(stretches), method, kind, season)


def _has_denominators(points: Sequence[Point], positions: Sequence[int]) -> bool:
    return all((points[at].denominator or 0) > 0 for at in positions)


def _stretches(days: Sequence[date], steps: Sequence[Step]) -> list[tuple[int, int, Step | None]]:
    """Return first and last (excluded) position of each stretch, with the step that began it."""
    bounds: list[tuple[int, Step | None]] = [(0, None)]
    for step in sorted(steps, key=lambda one: one.on):
        at = sum(day < step.on for day in days)
        bounds = [*bounds, (at, step)] if at > bounds[-1][0] else [*bounds[:-1], (at, step)]
    ends = [at for at, _ in bounds[1:]] + [len(days)]
    return [(first, last, step) for (first, step), last in zip(bounds, ends, strict=True)]


def _limits(points: Sequence[Point], effects: Floats, *, method: Method, kind: Kind) -> tuple[Limits | None, int]:
    """Return the limits of one stretch and how many points made them; None where they are too few."""
    count = len(points)
    locked = method.lock_after is not None and count >= method.lock_after
    baseline = method.lock_after or 0 if locked else count
    if baseline < FEWEST_POINTS:
        return None, baseline
    values = np.array([point.value for point in points], dtype=np.float64) - effects
    if kind == "xmr":
        one = natural_limits(values[:baseline], screened=method.screened)
        along = np.ones(count)
        return Limits(one.lower * along, one.centre * along, one.upper * along), baseline
    denominators = np.array([point.denominator for point in points], dtype=np.float64)
    return rate_limits(values, denominators, kind=kind, baseline=baseline), baseline


def _told(values: Floats, limits: Limits, direction: Direction) -> dict[int, tuple[Rule | None, Verdict | None, bool]]:
    """Return rule, verdict and whether one became true, for each flagged position."""
    found = find(values, limits)
    told: dict[int, tuple[Rule | None, Verdict | None, bool]] = {}
    for at in range(len(values)):
        rule = next((rule for rule in RULES if found[rule].members[at]), None)
        completes = any(found[one].completes[at] for one in RULES)
        if rule or completes:
            told[at] = (rule, _verdict(found[rule], at, direction) if rule else None, completes)
    return told


def _verdict(found: Found, at: int, direction: Direction) -> Verdict:
    high = bool(found.side[at] > 0)
    if direction is Direction.NONE:
        return "high" if high else "low"
    return "improvement" if high == (direction is Direction.UP) else "concern"


def _charted(
    point: Point,
    at: int,
    *,
    number: int,
    limits: Limits | None,
    told: dict[int, tuple[Rule | None, Verdict | None, bool]],
    add: Floats,
) -> Charted:
    if limits is None:
        return Charted(point, stretch=number)
    rule, verdict, completes = told.get(at, (None, None, False))
    return Charted(
        point=point,
        lower=float(limits.lower[at] + add[at]),
        centre=float(limits.centre[at] + add[at]),
        upper=float(limits.upper[at] + add[at]),
        rule=rule,
        verdict=verdict,
        completes=completes,
        stretch=number,
    )
