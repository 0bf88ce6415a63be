"""Measures into as few statements as possible: one pass over a dataset for all that share a time column and a grain."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from cupola.indicators.checking import Checked
from cupola.indicators.definition import Grain
from cupola.indicators.expressions import nodes
from cupola.indicators.grains import end_of

DATA = "data"  # what a statement calls its input
PERIOD, SETS = "_period", "_sets"


@dataclass(frozen=True)
class Output:
    """Where a measure's figures stand among the columns of a result; empty where it has none."""

    checked: Checked
    value: str
    numerator: str
    denominator: str
    n: str


@dataclass(frozen=True)
class Statement:
    """One SELECT for several measures of one dataset.

    Its result has a column `_period` (the first day), one of the members of each of `columns` (`_by0`, ...), `_sets`
    (which of them a row is not grouped by, as bits, the first column highest), and the aggregates `outputs` name.
    """

    dataset: str
    grain: Grain
    time: str
    all_vintages: bool
    columns: tuple[str, ...]
    outputs: tuple[Output, ...]
    tree: exp.Select

    def mask(self, breakdown: tuple[str, ...]) -> int:
        """Return what `_sets` is for the rows of a breakdown."""
        return sum(1 << (len(self.columns) - 1 - at) for at, name in enumerate(self.columns) if name not in breakdown)


def statements(measures: Iterable[Checked], *, periods: Sequence[date] | None = None) -> Iterator[Statement]:
    """Yield the statements for `measures`. `periods`: only those that begin on these days; None for all."""
    groups: dict[tuple[str, str, Grain, date | None], list[Checked]] = {}
    for one in measures:
        key = (one.measure.dataset, one.time, one.measure.grain, one.measure.start)
        groups.setdefault(key, []).append(one)
    for (dataset, time, grain, _start), found in groups.items():
        columns, tree, outputs = _Group(found).built(periods)
        yield Statement(dataset, grain, time, found[0].all_vintages, columns, outputs, tree)


class _Group:
    """Measures of one dataset, time column and grain."""

    def __init__(self, measures: Sequence[Checked]) -> None:
        self._measures = measures
        self._aggregates: dict[str, tuple[str, exp.Expr]] = {}
        sets = dict.fromkeys(breakdown for one in measures for breakdown in one.measure.breakdowns)
        self._sets: tuple[tuple[str, ...], ...] = ((), *sets)
        self._columns = tuple(dict.fromkeys(name for breakdown in sets for name in breakdown))
        filters = {one.filter.sql() if one.filter is not None else "" for one in measures}
        self._shared = measures[0].filter if len(filters) == 1 else None  # then all rows are filtered at once

    def built(self, periods: Sequence[date] | None) -> tuple[tuple[str, ...], exp.Select, tuple[Output, ...]]:
        """Return the columns grouped by, the statement, and where each measure's figures stand in it."""
        outputs = tuple(self._output(one) for one in self._measures)
        names = [f"_by{at}" for at in range(len(self._columns))]
        picked: list[exp.Expr] = [nodes.column(PERIOD), *(nodes.column(name) for name in names)]
        picked.append(exp.alias_(self._set_number(names), SETS, quoted=True))
        picked += [exp.alias_(tree, name, quoted=True) for name, tree in self._aggregates.values()]
        tree = exp.Select(expressions=picked).from_(self._rows(names, periods).subquery("rows"))
        tree.set("group", self._grouped(names))
        return self._columns, tree, outputs

    def _set_number(self, names: Sequence[str]) -> exp.Expr:
        if not names:
            return nodes.number(0)
        # Spark wants every column grouped by named; the period always is one, so its bit is 0.
        grouped = [nodes.column(PERIOD), *(nodes.column(name) for name in names)]
        return nodes.cast(exp.Grouping(expressions=grouped), "BIGINT")

    def _grouped(self, names: Sequence[str]) -> exp.Group:
        if not names:
            return exp.Group(expressions=[nodes.column(PERIOD)])
        called = dict(zip(self._columns, names, strict=True))
        sets = [
            exp.Tuple(expressions=[nodes.column(PERIOD), *(nodes.column(called[name]) for name in breakdown)])
            for breakdown in self._sets
        ]
        return exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)])

    def _rows(self, names: Sequence[str], periods: Sequence[date] | None) -> exp.Select:
        """Return the rows to aggregate, each with its period and its members as text."""
        first = self._measures[0]
        members = zip(names, self._columns, strict=True)
        derived: list[exp.Expr] = [exp.alias_(first.period.copy(), PERIOD, quoted=True)]
        derived += [exp.alias_(nodes.cast(nodes.column(of), "VARCHAR"), name, quoted=True) for name, of in members]
        rows = exp.Select(expressions=[exp.Star(), *derived]).from_(exp.to_table(DATA))
        dated = nodes.operand(first.period.copy()) if first.day is None else nodes.column(first.time)
        present = exp.Not(this=exp.Is(this=dated, expression=exp.Null()))
        return rows.where(nodes.both(present, self._shared, *self._limits(first, periods)))

    def _limits(self, first: Checked, periods: Sequence[date] | None) -> Iterator[exp.Expr]:
        start = first.measure.start
        if start is not None:
            yield exp.GTE(this=nodes.operand(first.period.copy()), expression=nodes.day(str(start)))
        if periods is not None:
            days = [nodes.day(str(one)) for one in periods]
            yield exp.In(this=nodes.operand(first.period.copy()), expressions=days)
            if first.local and periods:  # the column itself beside a constant, so that whole files can be skipped
                ends = (min(periods), end_of(max(periods), first.measure.grain))
                since, until = (nodes.day(str(day)) for day in ends)
                yield exp.GTE(this=nodes.column(first.time), expression=since)
                yield exp.LT(this=nodes.column(first.time), expression=until)

    def _output(self, one: Checked) -> Output:
        rest = None if self._shared is not None else one.filter
        formula = one.formula
        parts = (formula.value, formula.numerator, formula.denominator, formula.n)
        value, numerator, denominator, n = (self._named(part, rest) for part in parts)
        return Output(one, value, numerator, denominator, n)

    def _named(self, aggregate: exp.Expr | None, rest: exp.Expr | None) -> str:
        """Return the name of an aggregate's column; equal aggregates share one."""
        if aggregate is None:
            return ""
        tree = _narrowed(aggregate, rest)
        return self._aggregates.setdefault(tree.sql(), (f"a{len(self._aggregates)}", tree))[0]


def _narrowed(aggregate: exp.Expr, rest: exp.Expr | None) -> exp.Expr:
    """Return an aggregate over the rows for which `rest` holds as well."""
    if rest is None:
        return aggregate.copy()
    if isinstance(aggregate, exp.Cast):
        return exp.Cast(this=_narrowed(aggregate.this, rest), to=aggregate.args["to"].copy())
    if isinstance(aggregate, exp.Filter):
        return nodes.where(aggregate.this.copy(), nodes.both(rest, aggregate.expression.this))
    return nodes.where(aggregate.copy(), rest)


def touched_periods(one: Checked) -> exp.Select:
    """Return the statement for the periods, of the grain of `one`, that rows of `data` lie in: one column `_period`."""
    tree = exp.Select(expressions=[exp.alias_(one.period.copy(), PERIOD, quoted=True)]).from_(exp.to_table(DATA))
    return tree.distinct()


def filled(one: Checked, columns: Sequence[str]) -> exp.Select:
    """Return the statement for how many rows each period has, and in how many of them each of `columns` has a value.

    Its result has `_period`, `rows`, and `filled0`, `filled1` and so on in the order of the columns.
    """
    picked = [exp.alias_(one.period.copy(), PERIOD, quoted=True), exp.alias_(nodes.rows(), "rows")]
    counted = (exp.Count(this=nodes.column(name)) for name in columns)
    picked += [exp.alias_(count, f"filled{at}") for at, count in enumerate(counted)]
    tree = exp.Select(expressions=picked).from_(exp.to_table(DATA))
    return tree.group_by(one.period.copy()).order_by(nodes.column(PERIOD))


def rows_a_day(one: Checked) -> exp.Select | None:
    """Return the statement for how many rows each day has (`_period`, `rows`); None where rows have no day."""
    if one.day is None:
        return None
    picked = [exp.alias_(one.day.copy(), PERIOD, quoted=True), exp.alias_(nodes.rows(), "rows")]
    tree = exp.Select(expressions=picked).from_(exp.to_table(DATA))
    return tree.group_by(one.day.copy())
