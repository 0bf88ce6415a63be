"""The values of a measure as people see them: final, provisional, unknown, hidden or typed in, each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from sqlglot import exp

from cupola.errors import InvalidInput
from cupola.folder import MeasureRecord
from cupola.indicators import Grain, Shape, Value, end_of, name_of, read_values
from cupola.indicators import Measure as Aims
from cupola.lake import Version
from cupola.periods import FiscalYears, Interval
from cupola.web.data.queries import city_zone, lake
from cupola.web.performance.models import Doubt, Measure, TypedValue
from cupola.web.performance.queries.doubts import doubt_words
from cupola.web.performance.queries.hiding import hidden_groups, threshold_of
from cupola.web.performance.queries.measures import described, fiscal_years
from cupola.web.performance.queries.standing import Standing, standings

VALUES = "measure_values"  # name of the table in the lake; no dataset can have it, for keys have no underscore
_MOST_FILLED = 4000
Cell = tuple[date, tuple[str, ...]]  # a period and the members of a group


class State(StrEnum):
    """How far a value may be trusted."""

    FINAL = "final"
    PROVISIONAL = "provisional"  # the period is over, and rows may still be missing
    RUNNING = "running"  # the period is not over
    UNKNOWN = "unknown"  # the data cannot say
    HIDDEN = "hidden"  # so few that it could point at a person
    TYPED = "typed"  # a person wrote it in place of the computed one


@dataclass(frozen=True)
class Point:
    """The value of one period, and of one group where there is one.

    `reason`: why it is not simply final, for readers. `target`: what was aimed at on the last day of the period.
    """

    period: Interval
    name: str
    value: float | None
    state: State
    reason: str = ""
    group: Mapping[str, str | None] | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    target: float | None = None
    dataset_version: int = 0

    @property
    def final(self) -> bool:
        """Whether it may be judged: compared with a target or tested for a signal."""
        return self.state in {State.FINAL, State.TYPED}


@dataclass(frozen=True)
class Series:
    """A measure over time, for everything or one group: points in the order of their periods, without holes.

    `shape`: what kind of value it is. `version`: of the table of values it was read from, None where there is none.
    """

    measure: Measure
    record: MeasureRecord
    points: tuple[Point, ...]
    standing: Standing
    shape: Shape | None
    version: int | None
    group: Mapping[str, str | None]

    @property
    def latest(self) -> Point | None:
        """Return the newest point of a period that is over and whose value is there."""
        over = [one for one in self.points if one.state is not State.RUNNING and one.value is not None]
        return over[-1] if over else None


def values_version(number: int | None = None) -> Version | None:
    """Return a version of the table of values, the newest unless numbered; None where nothing was computed."""
    held = lake().versions(VALUES)
    if not held:
        return None
    return held[-1] if number is None else lake().version(VALUES, number=number)


def stored_values(keys: Sequence[str], *, by: Sequence[str] | None = (), version: Version | None = None) -> pa.Table:
    """Return rows of the table of values: of some measures, of one breakdown (`by`), or of all for None."""
    held = version or values_version()
    if held is None:
        return pa.table({})
    condition: exp.Expr = exp.column("measure", quoted=True).isin(*keys)
    if by is not None:
        names = [*by, "", ""]
        for column, name in (("by", names[0]), ("by_2", names[1])):
            condition = exp.and_(condition, exp.column(column, quoted=True).eq(exp.Literal.string(name)))
    tree = exp.select("*").from_("data").where(condition)
    tree = tree.order_by(*(exp.column(name, quoted=True) for name in ("measure", "member", "member_2", "period")))
    return lake().query(tree, inputs={"data": held})


def series(
    measure: Measure,
    *,
    now: datetime,
    group: Mapping[str, str | None] | None = None,
    running: bool = False,
) -> Series:
    """Return a measure over time, for everything or for one `group` (member by column).

    `running`: also the period that is not over.
    """
    wanted = dict(group or {})
    found = [one for one in all_series([measure], now=now, by=tuple(wanted), running=running) if one.group == wanted]
    if found:
        return found[0]
    return _About.of([measure], now=now, version=None).reader(measure).read([], wanted, running=False)


def all_series(
    measures: Iterable[Measure], *, now: datetime, by: Sequence[str] = (), running: bool = False
) -> list[Series]:
    """Return measures over time: each as a whole, or with `by` one series per group of that breakdown."""
    listed = list(measures)
    held = values_version()
    about = _About.of(listed, now=now, version=held.number if held else None)
    if held is None or not listed:
        return [about.reader(one).read([], {}, running=False) for one in listed if not by]
    grouped: dict[str, dict[tuple[str | None, ...], list[Value]]] = {one.key: {} for one in listed}
    for value in read_values(stored_values([*grouped], by=by, version=held)):
        grouped[value.measure].setdefault(tuple(value.group[name] for name in by), []).append(value)
    found = []
    for measure in listed:
        mine = grouped[measure.key]
        reader = about.reader(measure, hidden=_hidden(measure, mine, by=by))
        if not by:
            mine.setdefault((), [])
        found += [reader.read(values, dict(zip(by, key, strict=True)), running=running) for key, values in mine.items()]
    return found


def _hidden(
    measure: Measure, grouped: Mapping[tuple[str | None, ...], Sequence[Value]], *, by: Sequence[str]
) -> frozenset[Cell]:
    """Return what of a breakdown is too small to be shown."""
    threshold = 0 if "gap" in measure.definition else threshold_of(measure.dataset)
    if not threshold:  # a gap is computed without the groups that are hidden
        return frozenset()
    every = [value for values in grouped.values() for value in values]
    return hidden_groups(every, by=by, threshold=threshold)


def members(measure: Measure, column: str) -> tuple[str, ...]:
    """Return the members of a breakdown by one column, numbers in their order."""
    rows = stored_values([measure.key], by=(column,))
    names = set(rows.column("member").to_pylist()) if len(rows) else set()
    return tuple(sorted(names - {""}, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name)))


class NotABreakdown(InvalidInput):
    """A measure is not broken down that way."""

    def __init__(self, asked: str, *, measure: str, known: Sequence[str]) -> None:
        self.asked, self.measure = asked, measure
        has = f"It is broken down by {', '.join(known)}" if known else "It is not broken down at all"
        super().__init__(f"{measure}: '{asked}' is not one of its groups. {has}; write it as column=member.")


def group_of(measure: Measure, asked: Sequence[str]) -> dict[str, str | None]:
    """Return a group as written: `ward=5`, one per column. Raises NotABreakdown."""
    known = [" and ".join(columns) for columns in described(measure).by]
    pairs = [text.partition("=") for text in asked]
    group: dict[str, str | None] = {name.strip(): member.strip() or None for name, _equals, member in pairs}
    by = next((one for one in described(measure).by if set(one) == set(group)), ())
    if len(by) != len(asked) or not all(equals for _name, equals, _member in pairs):
        raise NotABreakdown(", ".join(asked), measure=measure.key, known=known)
    return {name: group[name] for name in by}


@dataclass(frozen=True)
class _About:
    """What is known beside the values, asked once for all measures: feeds, typed values, doubts, the city's years."""

    standings: Mapping[str, Standing]
    typed: Mapping[int, Mapping[date, TypedValue]]
    doubts: Mapping[int, Mapping[date, str]]
    version: int | None
    years: FiscalYears
    today: date

    @classmethod
    def of(cls, measures: Sequence[Measure], *, now: datetime, version: int | None) -> "_About":
        """Ask for some measures."""
        typed: dict[int, dict[date, TypedValue]] = {}
        for one in TypedValue.objects.filter(measure__in=measures, withdrawn_at=None):
            typed.setdefault(one.measure_id, {})[one.period] = one
        doubts: dict[int, dict[date, str]] = {}
        for doubt in Doubt.objects.filter(measure__in=measures, closed_at=None):
            doubts.setdefault(doubt.measure_id, {})[doubt.period] = doubt_words(doubt)
        today = now.astimezone(ZoneInfo(city_zone())).date()
        return cls(standings(measures, now=now), typed, doubts, version, fiscal_years(), today)

    def reader(self, measure: Measure, *, hidden: frozenset[Cell] = frozenset()) -> "_Reader":
        """Return what reads the values of one measure. hidden: what of them must not be shown."""
        computation, record = getattr(measure, "computation", None), described(measure)
        return _Reader(
            measure=measure,
            record=record,
            aims=record.measure(),
            standing=self.standings[measure.key],
            shape=Shape(computation.shape) if computation is not None and computation.shape else None,
            version=self.version,
            years=self.years,
            today=self.today,
            typed=self.typed.get(measure.pk, {}),
            doubts=self.doubts.get(measure.pk, {}),
            hidden=hidden,
        )


@dataclass(frozen=True)
class _Reader:
    """Reads the values of one measure. `aims`: the same as the engine takes it, with targets and unknown days."""

    measure: Measure
    record: MeasureRecord
    aims: Aims
    standing: Standing
    shape: Shape | None
    version: int | None
    years: FiscalYears
    today: date
    typed: Mapping[date, TypedValue]
    doubts: Mapping[date, str]
    hidden: frozenset[Cell]

    def read(self, values: Sequence[Value], group: Mapping[str, str | None], *, running: bool) -> Series:
        """Return the series: holes filled, each point with its state."""
        points = [self._point(value, group) for value in self._filled(values)]
        known = {one.period.since for one in points}
        if not group:
            points += [self._typed_alone(one) for day, one in self.typed.items() if day not in known]
        points = sorted(points, key=lambda one: one.period.since or date.min)
        shown = tuple(one for one in points if running or one.state is not State.RUNNING)
        return Series(self.measure, self.record, shown, self.standing, self.shape, self.version, dict(group))

    def _filled(self, values: Sequence[Value]) -> list[Value]:
        """Return the values with a point for each period between the first and the last."""
        grain = Grain(self.record.grain)
        if grain is Grain.VINTAGE or len(values) < 2:
            return list(values)
        there = {value.period.since: value for value in values}
        first, last = min(day for day in there if day), max(day for day in there if day)
        days, day = [first], first
        while day < last and len(days) < _MOST_FILLED:
            day = end_of(day, grain)
            days.append(day)
        zero = 0.0 if self.shape is not None and self.shape.empty_is_zero else None
        hole = Value(self.measure.key, Interval(first, end_of(first, grain)), zero)
        return [there.get(day) or replace(hole, period=Interval(day, end_of(day, grain))) for day in days]

    def _point(self, value: Value, group: Mapping[str, str | None]) -> Point:
        since = value.period.since
        assert since is not None
        state, reason = self._state(value, group)
        known = state not in {State.UNKNOWN, State.HIDDEN}
        point = Point(
            period=value.period,
            name=name_of(since, Grain(self.record.grain), fiscal_years=self.years),
            value=value.value if known else None,
            state=state,
            reason=reason,
            group=dict(group),
            numerator=value.numerator if known else None,
            denominator=value.denominator if known else None,
            n=0 if state is State.HIDDEN else value.n,
            target=self._target(value.period, group),
            dataset_version=value.dataset_version,
        )
        typed = None if group else self.typed.get(since)
        return point if typed is None else _typed(point, typed)

    def _state(self, value: Value, group: Mapping[str, str | None]) -> tuple[State, str]:
        since, until = value.period.since, value.period.until
        assert since is not None
        assert until is not None
        named = {name: member for name, member in group.items() if member is not None}
        if self.aims.unknown and (why := self.aims.unknown_why(value.period, named)):
            return State.UNKNOWN, why
        if (since, tuple(member or "" for member in group.values())) in self.hidden:
            return State.HIDDEN, _("So few that it could point at a person, or needed to hide such a number.")
        settled = since if self.record.final_at == "start" else until
        if settled > self.today:
            return State.RUNNING, _("The period is not over.")
        if since in self.doubts:
            return State.PROVISIONAL, self.doubts[since]
        through = self.standing.through
        if through is not None and settled > through and Grain(self.record.grain) is not Grain.VINTAGE:
            return State.PROVISIONAL, _("The data was last read before the period was over.")
        held = settled + timedelta(days=self.record.revised_for_days)
        if held > self.today:
            return State.PROVISIONAL, _("Its source still revises it, until %(day)s.") % {"day": date_format(held)}
        if value.value is None:
            return State.UNKNOWN, _("No row says anything about this period.")
        return State.FINAL, ""

    def _target(self, period: Interval, group: Mapping[str, str | None]) -> float | None:
        if not self.aims.targets:
            return None
        assert period.until is not None
        last = date.fromordinal(period.until.toordinal() - 1)
        return self.aims.target_on(last, {name: member or "" for name, member in group.items()})

    def _typed_alone(self, typed: TypedValue) -> Point:
        grain = Grain(self.record.grain)
        period = Interval(typed.period, end_of(typed.period, grain))
        name = name_of(typed.period, grain, fiscal_years=self.years)
        point = Point(period, name, None, State.TYPED, group={}, target=self._target(period, {}))
        return _typed(point, typed)


def _typed(point: Point, typed: TypedValue) -> Point:
    says = _("Typed in by %(author)s: %(reason)s") % {"author": typed.author, "reason": typed.reason}
    return replace(point, value=typed.value, state=State.TYPED, reason=says, numerator=None, denominator=None)
