"""Outcomes of an initiative: a measure's values in the window its registration fixed, as the engine takes them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from cupola.errors import InvalidInput
from cupola.evaluation import METHODS, NEVER, Design, Panel
from cupola.folder import MeasureRecord
from cupola.indicators import Grain
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import all_series, find_measure
from cupola.web.performance.queries.values import Series, State

PER_YEAR = {
    Grain.DAY: 365, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1, Grain.FISCAL_YEAR: 1,
    Grain.VINTAGE: 1,
}  # fmt: skip


class NothingMeasured(InvalidInput):
    """The measure has no final values of the groups and the window that were registered."""

    def __init__(self, measure: str, *, what: str) -> None:
        self.measure, self.what = measure, what
        super().__init__(
            f"{measure} has no final value of {what}. Compute it (cupola measure run {measure}), or correct the groups "
            "and the window under 'registration'."
        )


@dataclass(frozen=True)
class Outcome:
    """What an evaluation reads. ratio: effects multiply, as every value is above 0 and none is a share.

    left_out: groups without a final value in every period; missing: periods in which a treated group has none, or in
    which it began half way; the panel does without both. typed: periods whose value a person typed in. since, until:
    the time that was read. gone: treated and other groups of a trial that are left out.
    """

    measure: Measure
    record: MeasureRecord
    panel: Panel
    per_year: int
    ratio: bool
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    typed: tuple[str, ...]
    since: date
    until: date
    values_version: int
    dataset_version: int | None
    gone: tuple[int, int] = (0, 0)

    @property
    def controls(self) -> tuple[str, ...]:
        """The groups it is compared with."""
        return tuple(sorted(self.panel.units[place] for place in np.flatnonzero(~self.panel.treated)))


@dataclass(frozen=True)
class _Groups:
    """Who is compared, by the plan. starts: the first day of each treated group; by_chance: a trial."""

    starts: Mapping[str, date]
    controls: tuple[str, ...]
    by_chance: bool

    @property
    def treated(self) -> tuple[str, ...]:
        return tuple(self.starts)

    def straddled(self, day: date, end: date) -> bool:
        """Whether a group began after the first day of a period and before its end."""
        return any(day < start < end for start in self.starts.values())


def starts_of(plan: Mapping[str, Any]) -> dict[str, date]:
    """Return the first day of each treated group of a registration; the whole city is the group with no name."""
    own = plan.get("starts") or {}
    treated = [str(unit) for unit in plan.get("treated", ())] or [str(unit) for unit in own] or [""]
    return {unit: date.fromisoformat(own.get(unit, plan["began"])) for unit in treated}


def places_of(plan: Mapping[str, Any], *, units: Sequence[str], periods: Sequence[str]) -> list[int]:
    """Return the position of each unit's first treated period, NEVER for the untreated."""
    begun = starts_of(plan)
    found = []
    for unit in units:
        start = begun[unit].isoformat() if unit in begun else None
        later = [place for place, day in enumerate(periods) if start is not None and day >= start]
        found.append(later[0] if later else NEVER)
    return found


def outcome_of(plan: Mapping[str, Any], *, now: datetime) -> Outcome:
    """Return the values a registration asks for. Raises MeasureUnknown, NothingMeasured, NotAPanel."""
    measure = find_measure(plan["measure"])
    dimension = plan.get("dimension", "")
    found = all_series([measure], now=now, by=(dimension,) if dimension else ())
    window = (date.fromisoformat(plan["since"]), date.fromisoformat(plan["until"]))
    values = {_name(one): _final(one, window) for one in found}
    groups = _groups(plan, values)
    for unit in groups.treated:
        if not values.get(unit) and not groups.by_chance:
            raise NothingMeasured(measure.key, what=unit or "the whole city")
    panel = _panel(plan, values, groups)
    if not panel.periods:
        raise NothingMeasured(measure.key, what="all treated groups in one period")
    ends = {day: end for unit in groups.treated for day, (end, _value) in values.get(unit, {}).items()}
    read = [date.fromisoformat(day) for day in panel.periods]
    record, computation = found[0].record, getattr(measure, "computation", None)
    share = record.percent or record.value.strip().lower().startswith("share")
    lost = [[unit for unit in arm if unit not in panel.units] for arm in (groups.treated, groups.controls)]
    return Outcome(
        measure=measure,
        record=record,
        panel=panel,
        per_year=PER_YEAR[Grain(record.grain)],
        ratio=bool(not share and (panel.outcome > 0).all()),
        left_out=tuple(lost[1]),
        missing=tuple(sorted(day.isoformat() for day in ends if day not in read)),
        typed=_typed(found, read),
        since=read[0],
        until=ends[read[-1]],
        values_version=found[0].version or 0,
        dataset_version=computation.dataset_version if computation else None,
        gone=(len(lost[0]), len(lost[1])) if groups.by_chance else (0, 0),
    )


def _groups(plan: Mapping[str, Any], values: Mapping[str, Any]) -> _Groups:
    """Return who is compared; without named controls all other groups are."""
    starts = starts_of(plan)
    controls = [str(unit) for unit in plan.get("controls", ())]
    if plan.get("dimension") and not controls:
        controls = [name for name in values if name and name not in starts]
    return _Groups(starts, tuple(controls), METHODS.get(plan["method"]) is Design.TRIAL)


def _typed(found: Sequence[Series], read: Sequence[date]) -> tuple[str, ...]:
    """Return the periods read of the whole city whose value a person typed in."""
    points = [point for one in found if not one.group for point in one.points if point.state is State.TYPED]
    days = {point.period.since for point in points} & set(read)
    return tuple(sorted(day.isoformat() for day in days if day is not None))


def _name(series: Series) -> str:
    return next((str(member) for member in series.group.values() if member is not None), "")


def _final(series: Series, window: tuple[date, date]) -> dict[date, tuple[date, float]]:
    """Return end and value by first day of the periods that lie in the window and whose value may be judged."""
    return {
        point.period.since: (point.period.until, float(point.value))
        for point in series.points
        if point.final
        and point.value is not None
        and point.period.since is not None
        and point.period.until is not None
        and window[0] <= point.period.since
        and point.period.until <= window[1]
    }


def _panel(plan: Mapping[str, Any], values: Mapping[str, Mapping[date, tuple[date, float]]], groups: _Groups) -> Panel:
    """Return the periods in which every treated group has a value, of the groups that have all of them.

    Of a trial: the periods in which most groups have one, and no arm decides more than the other which are kept.
    """
    drawn = [*groups.treated, *groups.controls]
    asked = drawn if groups.by_chance else groups.treated
    known = Counter(day for unit in asked for day in values.get(unit, {}))
    ends = {day: end for unit in asked for day, (end, _value) in values.get(unit, {}).items()}
    needed = len(drawn) // 2 + 1 if groups.by_chance else len(asked)
    whole = sorted(day for day, end in ends.items() if known[day] >= needed and not groups.straddled(day, end))
    units = [unit for unit in drawn if whole and all(day in values.get(unit, {}) for day in whole)]
    outcome = np.array([[values[unit][day][1] for day in whole] for unit in units], dtype=np.float64)
    periods = tuple(day.isoformat() for day in whole)
    starts = np.array(places_of(plan, units=units, periods=periods), dtype=np.int64)
    return Panel(tuple(units), periods, outcome.reshape(len(units), len(whole)), starts)
