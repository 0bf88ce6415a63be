"""Outcomes of an initiative: a measure's values in the window its registration fixed, as the engine takes them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import numpy as np

from cupola.errors import InvalidInput
from cupola.evaluation import NEVER, Panel
from cupola.folder import MeasureRecord
from cupola.indicators import Grain
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import all_series, find_measure
from cupola.web.performance.queries.values import Series

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
    which it began half way; the panel does without both. since, until: the time that was read.
    """

    measure: Measure
    record: MeasureRecord
    panel: Panel
    per_year: int
    ratio: bool
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    since: date
    until: date
    values_version: int
    dataset_version: int | None

    @property
    def controls(self) -> tuple[str, ...]:
        """The groups it is compared with."""
        return tuple(sorted(self.panel.units[place] for place in np.flatnonzero(~self.panel.treated)))

    @property
    def fingerprint(self) -> str:
        """A hash of everything that was read."""
        panel = self.panel
        facts = [
            self.measure.key,
            panel.units,
            panel.periods,
            panel.outcome.tolist(),
            panel.starts.tolist(),
            self.ratio,
        ]
        return sha256(json.dumps(facts).encode()).hexdigest()


def outcome_of(plan: Mapping[str, Any], *, now: datetime) -> Outcome:
    """Return the values a registration asks for. Raises MeasureUnknown, NothingMeasured, NotAPanel."""
    measure = find_measure(plan["measure"])
    dimension = plan.get("dimension", "")
    found = all_series([measure], now=now, by=(dimension,) if dimension else ())
    window = (date.fromisoformat(plan["since"]), date.fromisoformat(plan["until"]))
    values = {_name(one): _final(one, window) for one in found}
    treated = [str(unit) for unit in plan.get("treated", ())] or [""]
    controls = [str(unit) for unit in plan.get("controls", ())]
    if dimension and not controls:
        controls = [name for name in values if name and name not in treated]
    for unit in treated:
        if not values.get(unit):
            raise NothingMeasured(measure.key, what=unit or "the whole city")
    panel = _panel(values, treated, controls=controls, began=date.fromisoformat(plan["began"]))
    ends = {day: end for unit in treated for day, (end, _value) in values[unit].items()}
    read = sorted(day for day in ends if day.isoformat() in panel.periods)
    if not read:
        raise NothingMeasured(measure.key, what="all treated groups in one period")
    record, computation = found[0].record, getattr(measure, "computation", None)
    share = record.percent or record.value.strip().lower().startswith("share")
    return Outcome(
        measure=measure,
        record=record,
        panel=panel,
        per_year=PER_YEAR[Grain(record.grain)],
        ratio=bool(not share and (panel.outcome > 0).all()),
        left_out=tuple(unit for unit in controls if unit not in panel.units),
        missing=tuple(sorted(day.isoformat() for day in ends if day not in read)),
        since=read[0],
        until=ends[read[-1]],
        values_version=found[0].version or 0,
        dataset_version=computation.dataset_version if computation else None,
    )


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


def _panel(
    values: Mapping[str, Mapping[date, tuple[date, float]]],
    treated: Sequence[str],
    *,
    controls: Sequence[str],
    began: date,
) -> Panel:
    """Return the periods in which every treated group has a value, of the groups that have all of them."""
    ends = {day: end for unit in treated for day, (end, _value) in values[unit].items()}
    days = sorted(day for day, end in ends.items() if not day < began < end)
    whole = [day for day in days if all(day in values[unit] for unit in treated)]
    kept = [unit for unit in controls if all(day in values.get(unit, {}) for day in whole)]
    units = [*treated, *kept]
    outcome = np.array([[values[unit][day][1] for day in whole] for unit in units], dtype=np.float64)
    first = next((place for place, day in enumerate(whole) if day >= began), None)
    starts = np.array([NEVER if first is None or unit in kept else first for unit in units], dtype=np.int64)
    return Panel(tuple(units), tuple(day.isoformat() for day in whole), outcome, starts)
