"""Values computed from the data: what changed since the last run, in few statements, as one version of one table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from sqlglot import exp

from cupola import indicators
from cupola import lake as lakes
from cupola.errors import Conflict, CupolaError
from cupola.indicators import Change, Checked
from cupola.lake import Version
from cupola.web.data.models import Dataset
from cupola.web.data.queries import city_zone, lake
from cupola.web.performance.actions.doubting import note_doubts
from cupola.web.performance.models import Computation, Measure, Restatement
from cupola.web.performance.queries.engines import answer
from cupola.web.performance.queries.gaps import gap_values
from cupola.web.performance.queries.measures import checked, current_measures, fiscal_years
from cupola.web.performance.queries.values import VALUES, stored_values, values_version

_SHOWN_CHANGES = 20
_EMPTY = pa.schema([]).empty_table()


class ColumnVanished(Conflict):
    """A column that its source may lack has no values any more, so that what reads it would be wrong."""

    def __init__(self, column: str, *, dataset: str, version: int) -> None:
        self.column = column
        super().__init__(
            f"'{column}' has no values in the newest rows of {dataset} (version {version}). Ask the source for it, or"
            " give the measure another value."
        )


class GapOfNothing(Conflict):
    """The measure a gap is of has ended."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"'{key}', which it is the gap of, has ended. Write 'retired:' here too, or another measure.")


@dataclass(frozen=True)
class Computed:
    """What computing one measure came to: `computed`, `unchanged` or `failed`."""

    key: str
    outcome: str
    values: int = 0
    restated: int = 0
    error: str = ""

    @property
    def needs_person(self) -> bool:
        """Whether it could not be computed, or the past changed."""
        return bool(self.error or self.restated)

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)


@dataclass
class _Work:
    """One measure on its way. `held`: the version it is computed from; `before`: the one its values are from.

    `periods`: the first days of the periods to compute, None for all.
    """

    record: Measure
    checked: Checked
    held: Version
    last: Computation | None
    before: Version | None = None
    periods: tuple[date, ...] | None = None
    rows: pa.Table = field(default_factory=lambda: _EMPTY)
    changes: tuple[Change, ...] = ()

    @property
    def key(self) -> str:
        return self.record.key


def compute(
    *,
    at: datetime,
    keys: Iterable[str] = (),
    everything: bool = False,
    progress: Callable[[str, float], None] = lambda step, share: None,
) -> tuple[Computed, ...]:
    """Bring the values of measures up to date with their datasets, in one version of the table of values.

    `keys`: only these measures; `everything`: compute all periods anew. What cannot be computed is recorded with its
    reason and returned, not raised; its values stay, and it is grey.
    """
    found, failed = _prepared(_wanted(set(keys)), at=at)
    plain, gaps = _parted(found)
    for work in plain:
        _plan(work, everything=everything)
    for gap, of in gaps:
        _plan_gap(gap, of, everything=everything)
    due = [work for work in found if work.periods is None or work.periods]
    for number, group in enumerate(_groups([work for work in due if work.checked.of is None])):
        progress("measures", number / max(len(due), 1))
        _run(group)
    for gap, of in gaps:
        _run_gap(gap, of)
    version = _commit(due, at=at)
    with transaction.atomic():
        done = [_record(work, version, at=at) for work in found]
        note_doubts([(work.record, work.checked, work.held, work.changes) for work in found], at=at)
    return tuple(sorted([*done, *failed], key=lambda one: one.key))


def _wanted(keys: set[str]) -> list[Measure]:
    """Return the measures to compute, and with a gap the measure it is of; all of them where none is named."""
    every = list(current_measures())
    if not keys:
        return every
    of = {one.definition["gap"]["of"] for one in every if one.key in keys and "gap" in one.definition}
    return [one for one in every if one.key in keys | of]


def _parted(found: Sequence[_Work]) -> tuple[list[_Work], list[tuple[_Work, _Work]]]:
    """Return the measures of rows, and the gaps, each with the measure it is of."""
    plain = {work.key: work for work in found if work.checked.of is None}
    gaps = [(work, plain[work.checked.of.measure.key]) for work in found if work.checked.of is not None]
    return list(plain.values()), gaps


def _prepared(records: Sequence[Measure], *, at: datetime) -> tuple[list[_Work], list[Computed]]:
    """Return the measures that fit the data they are computed from, and those that do not."""
    found, failed = [], []
    years, known = fiscal_years(), {one.key for one in records}
    for record in records:
        try:
            held = _version(record)
            one = checked(record, held, years=years)
            if one.of is not None and one.of.measure.key not in known:
                raise GapOfNothing(one.of.measure.key)
            _check_filled(one, held)
            found.append(_Work(record, one, held, getattr(record, "computation", None)))
        except CupolaError as error:
            _note(record, at=at, error=str(error))
            failed.append(Computed(record.key, "failed", error=str(error)))
    return found, failed


def _check_filled(one: Checked, held: Version) -> None:
    """Raise ColumnVanished where a column that the source may lack stopped having values."""
    columns = sorted(c.name for c in lake().contract(held).columns if c.optional and c.name in one.columns)
    if not columns:
        return
    counted = lake().query(indicators.filled(one, columns), inputs={indicators.DATA: held}, all_vintages=True)
    rows = counted.column("rows").to_pylist()
    for at, column in enumerate(columns):
        if indicators.has_vanished([*zip(rows, counted.column(f"filled{at}").to_pylist(), strict=True)]):
            raise ColumnVanished(column, dataset=held.dataset, version=held.number)


def _version(record: Measure) -> Version:
    """Return the version readers get of the measure's dataset. Raises NoSuchVersion."""
    dataset = Dataset.objects.filter(key=record.dataset).first()
    shown = dataset.read_version() if dataset is not None else None
    return lake().version(record.dataset, number=None if shown is None else shown.number)


def _plan(work: _Work, *, everything: bool) -> None:
    """Find out which periods are to be computed."""
    last = work.last
    same = last is not None and last.values_version and last.definition == work.checked.definition
    if last is None or not same or last.dataset_version is None:
        return
    work.before = lake().version(work.record.dataset, number=last.dataset_version)
    if everything or work.before.contract != work.held.contract:
        return
    if work.before.number == work.held.number:
        work.periods = ()
        return
    tree = indicators.touched_periods(work.checked)
    touched = lake().query_touched(tree, before=work.before, after=work.held)
    work.periods = tuple(sorted(day for day in touched.column(indicators.PERIOD).to_pylist() if day))


def _plan_gap(work: _Work, of: _Work, *, everything: bool) -> None:
    """Let the periods of a gap be those of the measure it is of, where both are as far as each other."""
    last, before = work.last, of.last
    if last is None or before is None or not last.values_version or everything:
        return
    if last.definition == work.checked.definition and last.dataset_version == before.dataset_version:
        work.periods = of.periods


def _groups(due: Sequence[_Work]) -> list[list[_Work]]:
    """Return measures that can share statements: of one version of one dataset, and the same periods."""
    groups: dict[tuple[Any, ...], list[_Work]] = {}
    for work in due:
        groups.setdefault((work.held.dataset, work.held.number, work.checked.time, work.periods), []).append(work)
    return list(groups.values())


def _run(group: Sequence[_Work]) -> None:
    """Compute a group and keep the rows with each measure."""
    held, periods = group[0].held, group[0].periods
    tables = []
    for statement in indicators.statements([work.checked for work in group], periods=periods):
        result = answer(statement, held)
        tables.append(indicators.value_rows(statement, result, versions={held.dataset: held.number}))
    whole = pa.concat_tables(tables)
    keys = whole.column("measure")
    for work in group:
        work.rows = whole.filter(pc.equal(keys, work.key))


def _run_gap(work: _Work, of: _Work) -> None:
    """Compute a gap from the values of the measure it is of: those of this run, and for the other periods the kept."""
    rows = of.rows
    if work.periods is None and of.periods is not None:
        kept = stored_values([of.key], by=None)
        done = pc.is_in(kept.column("period"), pa.array(of.periods, pa.date32()))
        kept = kept.filter(pc.invert(done))
        rows = pa.concat_tables([kept.select(rows.column_names), rows]) if len(rows) else kept
    if work.periods is None or work.periods:
        work.rows = gap_values(work.checked, rows)


def _commit(due: Sequence[_Work], *, at: datetime) -> Version | None:
    """Put what changed into the table of values; return its newest version."""
    before = values_version()
    changed = [work for work in due if _compared(work, before)]
    if not changed:
        return before
    conditions = [_scope(work) for work in changed]
    rows, newest = indicators.parted(pa.concat_tables([_to_put(work) for work in changed]))
    derived = lakes.Derived(
        contract=indicators.contract(),
        rows=rows,
        soon=newest,
        instead_of=exp.or_(*conditions),
        holder="measure run",
        facts=lakes.Facts(report={"measures": [work.key for work in changed]}),
    )
    return lake().put(VALUES, derived, now=at)


def _compared(work: _Work, before: Version | None) -> bool:
    """Compare with what is there; say whether anything is to be written."""
    old = _old(work, before)
    same = work.last is not None and work.last.definition == work.checked.definition
    work.changes = indicators.changes(old, work.rows) if len(old) or len(work.rows) else ()
    return bool(work.changes) or not same or work.last is None or not work.last.values_version


def _old(work: _Work, before: Version | None) -> pa.Table:
    empty: pa.Table = work.rows.slice(0, 0)
    if before is None:
        return empty
    held = stored_values([work.key], by=None, version=before).select(empty.column_names)
    if work.periods is None:
        return held
    return held.filter(pc.is_in(held.column("period"), pa.array(work.periods, pa.date32())))


def _written(work: _Work) -> list[date] | None:
    """Return the first days of the periods to write, None for all."""
    same = work.last is not None and work.last.definition == work.checked.definition and work.last.values_version
    return sorted({change.period for change in work.changes}) if same else None


def _scope(work: _Work) -> exp.Expr:
    mine = exp.column("measure", quoted=True).eq(exp.Literal.string(work.key))
    periods = _written(work)
    if periods is None:
        return mine
    days = [exp.cast(exp.Literal.string(day.isoformat()), "DATE") for day in periods]
    return exp.and_(mine, exp.column("period", quoted=True).isin(*days))


def _to_put(work: _Work) -> pa.Table:
    periods = _written(work)
    if periods is None:
        return work.rows
    return work.rows.filter(pc.is_in(work.rows.column("period"), pa.array(periods, pa.date32())))


def _record(work: _Work, version: Version | None, *, at: datetime) -> Computed:
    """Note what the values of a measure now are, and what of the past changed."""
    restated = _restated(work, version, at=at)
    last, number = work.last, version.number if version is not None else None
    wrote = bool(work.changes) or last is None or last.definition != work.checked.definition
    _note(
        work.record,
        at=at,
        definition=work.checked.definition,
        dataset_version=work.held.number,
        values_version=number if wrote or last is None else last.values_version or number,
        shape=str(work.checked.formula.shape),
        computed_at=at,
    )
    return Computed(work.key, "computed" if wrote else "unchanged", len(work.rows), restated)


def _restated(work: _Work, version: Version | None, *, at: datetime) -> int:
    """Record the values of periods that were over, and had a value, and now have another."""
    last = work.last
    if last is None or not last.values_version or last.dataset_version is None or version is None:
        return 0
    if last.computed_at is None:
        return 0
    over = last.computed_at.astimezone(ZoneInfo(city_zone())).date()
    over -= timedelta(days=int(work.record.definition.get("revised_for_days", 0)))
    past = [one for one in work.changes if one.until <= over and one.n_before and one.before != one.after]
    if not past:
        return 0
    same = last.definition == work.checked.definition
    largest = sorted(past, key=lambda one: (-one.size, one.period))[:_SHOWN_CHANGES]
    Restatement.objects.create(
        measure=work.record,
        at=at,
        cause=Restatement.Cause.DATA if same else Restatement.Cause.DEFINITION,
        values=len(past),
        first=min(one.period for one in past),
        last=max(one.period for one in past),
        dataset_before=last.dataset_version,
        dataset_after=work.held.number,
        values_before=last.values_version,
        values_after=version.number,
        changes=[_shown(one) for one in largest],
    )
    return len(past)


def _shown(change: Change) -> dict[str, Any]:
    return {
        "period": change.period.isoformat(),
        "group": dict(change.group),
        "before": change.before,
        "after": change.after,
    }


def _note(record: Measure, *, at: datetime, error: str = "", **facts: Any) -> None:
    Computation.objects.update_or_create(measure=record, defaults={**facts, "checked_at": at, "error": error})
