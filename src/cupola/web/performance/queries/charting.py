"""Measures charted: each series with its limits, signals, target and what it comes to, as one value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np
from django.db.models import QuerySet

from cupola.folder import MeasureRecord
from cupola.indicators import Direction, Grain, Shape, Target, end_of
from cupola.indicators import signals as sg
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.measures import current_measures, public_measures
from cupola.web.performance.queries.values import Point, Series, all_series

SEE_DRAFTS = "data.see_drafts"
MOST_AHEAD = 36  # periods a forecast may reach: beyond, its interval says nothing
SEASONAL = {Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER}
Mood = Literal["concern", "improvement", "high", "low", "steady", "few", "unknown", "grey"]


@dataclass(frozen=True)
class Watched:
    """A series as a control chart. `against`: how it stands against its target, None without one."""

    series: Series
    chart: sg.ControlChart
    reading: sg.Reading
    against: sg.Standing | None

    @property
    def key(self) -> str:
        """Return the key of the measure."""
        return self.series.measure.key

    @property
    def grey(self) -> bool:
        """Whether the newest value may not be trusted today."""
        return self.series.standing.grey

    @property
    def latest(self) -> Point | None:
        """Return the newest value there is."""
        return self.series.latest

    @property
    def mood(self) -> Mood:
        """Return what the newest value says, in one word: what is stale says nothing."""
        if self.grey:
            return "grey"
        if self.reading.verdict is not None:
            return self.reading.verdict
        named: dict[sg.Pattern, Mood] = {"unknown": "unknown", "too_few": "few"}
        return named.get(self.reading.pattern, "steady")

    @property
    def signal(self) -> bool:
        """Whether the newest value is part of a signal, and may be trusted."""
        return not self.grey and self.reading.verdict is not None

    @property
    def off(self) -> bool:
        """Whether it is off the way to its target beyond doubt."""
        return not self.grey and self.against is not None and self.against.status in sg.OFF

    @property
    def target(self) -> Target | None:
        """Return the target that holds at the newest value."""
        return target_of(self.series)


def visible_measures(by: Any) -> QuerySet[Measure]:
    """Return the measures `by` may see: the public those released, staff all that are computed."""
    return current_measures() if by.has_perm(SEE_DRAFTS) else public_measures().filter(retired_on=None)


def watch(series: Series) -> Watched:
    """Chart one series."""
    record = series.record
    grain = Grain(record.grain)
    kind = _kind(series)
    method = sg.Method(
        direction=Direction(record.direction),
        kind=kind,
        grain=str(grain) if grain in SEASONAL else "",
        **_drawn(record),
    )
    chart = sg.control_chart([_point(one, kind) for one in series.points], method)
    target = target_of(series)
    against = None if target is None else sg.standing(target, chart.charted, direction=Direction(record.direction))
    return Watched(series, chart, sg.read(chart), against)


def watch_all(measures: Iterable[Measure], *, now: datetime, by: Sequence[str] = ()) -> list[Watched]:
    """Chart measures, each as a whole, or with `by` each group of that breakdown."""
    return [watch(one) for one in all_series(measures, now=now, by=by)]


def _drawn(record: MeasureRecord) -> dict[str, Any]:
    """Return what a measure's document says of its chart."""
    chart = record.chart
    if chart is None:
        return {}
    steps = tuple(sg.Step(one.on, one.reason) for one in chart.steps)
    return {"screened": chart.screened, "lock_after": chart.fixed_after, "steps": steps}


def _kind(series: Series) -> sg.Kind:
    """Return the chart for the kind of value: shares of a count, counts per unit, anything else as it is."""
    if series.shape is Shape.SHARE:
        return "p"
    return "u" if series.shape is Shape.RATIO and _counts(series.points) else "xmr"


def _counts(points: Sequence[Point]) -> bool:
    """Whether what is divided counts something: whole numbers, none below zero."""
    known = [one.numerator for one in points if one.numerator is not None]
    return bool(known) and all(one >= 0 and one == int(one) for one in known)


def _point(point: Point, kind: sg.Kind) -> sg.Point:
    assert point.period.since is not None
    until = point.period.until - timedelta(days=1) if point.period.until else None
    denominator = point.denominator if kind != "xmr" else None
    return sg.Point(point.period.since, point.value, denominator, settled=point.final, until=until)


def target_of(series: Series) -> Target | None:
    """Return the target that holds on the last day of the newest period, or the one to come where none does yet."""
    group = tuple(sorted((name, member or "") for name, member in series.group.items()))
    own = sorted((one for one in series.record.measure().targets if one.group == group), key=lambda one: one.since)
    last = series.points[-1].period.until if series.points else None
    held = [one for one in own if last is not None and one.since < last]
    return held[-1] if held else None


def foretell(watched: Watched, *, today: date) -> tuple[tuple[date, ...], sg.Forecast] | None:
    """Forecast up to the target's day, or the next four periods; None where there is too little to go by.

    Only what followed the last step counts: before, another process was at work.
    """
    last = watched.chart.latest
    if last is None or last.lower is None or Grain(watched.series.record.grain) is Grain.VINTAGE:
        return None
    known = [one for one in watched.chart.charted if one.point.settled and one.stretch == last.stretch]
    if any(one.point.value is None for one in known):
        return None
    ahead = _ahead(watched, last.on, today=today)
    if not ahead:
        return None
    values = np.array([one.point.value for one in known], dtype=np.float64)
    grain = Grain(watched.series.record.grain)
    days = [one.on for one in known]
    return ahead, sg.forecast(days, values, ahead, grain=str(grain) if grain in SEASONAL else "")


def _ahead(watched: Watched, last: date, *, today: date) -> tuple[date, ...]:
    grain = Grain(watched.series.record.grain)
    aim = watched.against.aim if watched.against else None
    found: list[date] = []
    day = end_of(last, grain)
    while len(found) < MOST_AHEAD and (len(found) < 4 if aim is None else day <= aim.on):
        found.append(day)
        day = end_of(day, grain)
    reaches = aim is None or day > aim.on
    return tuple(found) if reaches else ()
