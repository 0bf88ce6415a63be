"""Gaps as measures: how far apart the groups of another measure are, period by period, from its values."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from cupola.indicators.checking import Checked, MeasureRefused
from cupola.indicators.definition import GapOf, Measure
from cupola.indicators.expressions import Shape, nodes
from cupola.indicators.statements import PERIOD, SETS, statements
from cupola.indicators.values import SCHEMA
from cupola.periods import Interval

FEWEST_GROUPS = 2
_VALUE = "value"


def refuse_gap(gap: Measure, of: Measure) -> None:
    """Raise MeasureRefused where `gap` cannot be between groups of `of`."""
    rule = _rule(gap)
    if of.gap is not None:
        remedy = f"name the measure that one is the gap of: {of.gap.measure}"
        problem = f"'{rule.measure}' is a gap itself"
        raise _refused(gap, "gap.of", rule.measure, problem=problem, remedy=remedy)
    if (rule.between,) not in of.breakdowns:
        known = ", ".join(one[0] for one in of.breakdowns if len(one) == 1)
        remedy = f"name one of {known}" if known else f"write by: [{rule.between}] in {rule.measure}"
        problem = f"'{rule.measure}' is not broken down by '{rule.between}'"
        raise _refused(gap, "gap.between", rule.between, problem=problem, remedy=remedy)
    for field, own, other in (("dataset", gap.dataset, of.dataset), ("grain", gap.grain, of.grain)):
        if own != other:
            problem = f"'{own}' is not that of '{rule.measure}'"
            raise _refused(gap, field, str(own), problem=problem, remedy=f"write {field}: {other}")


def check_gap(gap: Measure, of: Checked, *, threshold: int) -> Checked:
    """Return a gap between groups of a checked measure. Raises MeasureRefused.

    `threshold`: rows below which values of its dataset are hidden. It is part of the definition, as is what is unknown
    of single groups: when either changes, all values are computed anew.
    """
    refuse_gap(gap, of.measure)
    rule = _rule(gap)
    unknown = [[str(one.days), one.reason, one.group] for one in of.measure.unknown]
    facts = [of.definition, rule.between, rule.ratio, rule.fewest, unknown, threshold]
    definition = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    formula = replace(of.formula, shape=Shape.GAP)
    return replace(of, measure=gap, formula=formula, definition=definition, of=of)


def gap_rows(gap: Checked, rows: pa.Table, *, hidden: frozenset[tuple[date, tuple[str, ...]]]) -> pa.Table:
    """Return the rows of a gap from the rows of the measure it is of, for the periods that those are of.

    `hidden`: periods and members that must not be shown; they are left out, as are groups that are unknown, that rest
    on too few rows, and rows that do not say their group. Where fewer than two are left, there is no gap. `numerator`
    is the highest value, `denominator` the lowest, `n` the rows of the groups that were compared.
    """
    assert gap.of is not None
    rule = _rule(gap.measure)
    mine = pc.and_(pc.equal(rows.column("by"), rule.between), pc.equal(rows.column("by_2"), ""))
    known = pc.and_(pc.not_equal(rows.column("member"), ""), pc.is_valid(rows.column("value")))
    enough = pc.greater_equal(rows.column("n"), rule.fewest)
    found = rows.filter(pc.and_(mine, pc.and_(known, enough)))
    found = found.filter(pa.array(list(_shown(gap.of.measure, rule, found, hidden=hidden)), pa.bool_()))
    asked = [("value", "max"), ("value", "min"), ("value", "count"), ("n", "sum"), ("dataset_version", "max")]
    grouped = found.group_by(["period", "until"]).aggregate(asked).sort_by("period")
    grouped = grouped.filter(pc.greater_equal(grouped.column("value_count"), FEWEST_GROUPS))
    high, low = grouped.column("value_max"), grouped.column("value_min")
    given = {
        "measure": _same(gap.measure.key, grouped),
        "period": grouped.column("period"),
        "until": grouped.column("until"),
        **{name: _same("", grouped) for name in ("by", "member", "by_2", "member_2")},
        "value": _ratio(high, low) if rule.ratio else pc.subtract(high, low),
        "numerator": high,
        "denominator": low,
        "n": grouped.column("n_sum"),
        "dataset_version": grouped.column("dataset_version_max"),
        "definition": _same(gap.definition, grouped),
    }
    return pa.table(given).select(SCHEMA.names).cast(SCHEMA)


def _shown(
    of: Measure, rule: GapOf, rows: pa.Table, *, hidden: frozenset[tuple[date, tuple[str, ...]]]
) -> Iterator[bool]:
    """Yield of each row whether its group may be compared."""
    columns = (rows.column(name).to_pylist() for name in ("period", "until", "member"))
    for period, until, member in zip(*columns, strict=True):
        unknown = of.unknown and of.unknown_why(Interval(period, until), {rule.between: member})
        yield not unknown and (period, (member,)) not in hidden


def _ratio(high: pa.ChunkedArray, low: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return how many times the lowest the highest is; nothing is that many times zero or less."""
    return pc.divide(high, pc.if_else(pc.greater(low, 0.0), low, pa.scalar(None, pa.float64())))


def gap_tree(gap: Checked) -> exp.Select:
    """Return the statement that gives the values of a gap from the rows of its dataset, nothing hidden."""
    assert gap.of is not None
    rule = _rule(gap.measure)
    narrowed = replace(gap.of, measure=replace(gap.of.measure, breakdowns=((rule.between,),)))
    (statement,) = statements([narrowed])
    (output,) = statement.outputs
    value: exp.Expr = nodes.column(output.value) if output.value else _divided(output.numerator, output.denominator)
    picked = [nodes.column(PERIOD), exp.alias_(value, _VALUE, quoted=True)]
    groups = exp.Select(expressions=picked).from_(statement.tree.subquery("groups"))
    said = exp.Not(this=exp.Is(this=nodes.column("_by0"), expression=exp.Null()))
    in_breakdown = exp.EQ(this=nodes.column(SETS), expression=nodes.number(statement.mask((rule.between,))))
    enough = exp.GTE(this=nodes.column(output.n), expression=nodes.number(rule.fewest))
    groups = groups.where(in_breakdown, said, enough)
    highest, lowest = exp.Max(this=nodes.column(_VALUE)), exp.Min(this=nodes.column(_VALUE))
    apart: exp.Expr = exp.Sub(this=highest, expression=lowest)
    if rule.ratio:
        above = exp.If(this=exp.GT(this=lowest.copy(), expression=nodes.number(0)), true=lowest)
        apart = exp.Div(this=highest, expression=exp.Case(ifs=[above]))
    tree = exp.Select(expressions=[nodes.column(PERIOD), exp.alias_(apart, _VALUE, quoted=True)])
    tree = tree.from_(groups.subquery("compared")).group_by(nodes.column(PERIOD))
    counted = exp.Count(this=nodes.column(_VALUE))
    return tree.having(exp.GTE(this=counted, expression=nodes.number(FEWEST_GROUPS)))


def _divided(numerator: str, denominator: str) -> exp.Expr:
    above = exp.Coalesce(this=nodes.double(nodes.column(numerator)), expressions=[nodes.number(0)])
    below = exp.Nullif(this=nodes.double(nodes.column(denominator)), expression=nodes.number(0))
    return exp.Div(this=above, expression=below)


def _rule(gap: Measure) -> GapOf:
    assert gap.gap is not None
    return gap.gap


def _refused(gap: Measure, field: str, value: str, *, problem: str, remedy: str) -> MeasureRefused:
    return MeasureRefused(measure=gap.key, field=field, value=value, problem=problem, remedy=remedy)


def _same(text: str, rows: pa.Table) -> pa.Array:
    return pa.array([text] * len(rows), pa.string())
