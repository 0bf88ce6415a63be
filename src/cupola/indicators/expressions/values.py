"""The value of a measure: one aggregate, or one divided by another."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlglot import exp

from cupola.indicators.expressions import nodes
from cupola.indicators.expressions.errors import ExpressionRefused
from cupola.indicators.expressions.scalars import numeric, parse, read_scalar, shown, truth
from cupola.indicators.expressions.schema import Scalar, Schema, Sort

AGGREGATES = ("count", "share", "sum", "avg", "median", "percentile", "min", "max")
_EXAMPLE = "write an aggregate, as count(), share(closed_on <= due_on) or median(days(opened_on, closed_on))"


class Shape(StrEnum):
    """What a value is, which decides the chart that tells its signals from noise."""

    COUNT = "count"
    SUM = "sum"
    SHARE = "share"  # numerator counts some of what the denominator counts
    RATIO = "ratio"
    MEAN = "mean"
    QUANTILE = "quantile"
    EXTREME = "extreme"
    DISTINCT = "distinct"
    GAP = "gap"  # between groups of another measure

    @property
    def empty_is_zero(self) -> bool:
        """Whether a period without rows has the value 0, not an unknown one."""
        return self in {Shape.COUNT, Shape.SUM, Shape.DISTINCT}


@dataclass(frozen=True)
class Formula:
    """How a value is computed. Either `value` is an aggregate, or the value is `numerator` / `denominator`.

    `n`: what it rests on: rows, or values that are there. All aggregates are over rows that pass the filter.
    """

    shape: Shape
    n: exp.Expr
    value: exp.Expr | None = None
    numerator: exp.Expr | None = None
    denominator: exp.Expr | None = None

    def columns(self) -> frozenset[str]:
        """Return the columns it reads."""
        trees = [one for one in (self.n, self.value, self.numerator, self.denominator) if one is not None]
        return frozenset(found.name for tree in trees for found in tree.find_all(exp.Column))


def read_value(text: str, schema: Schema) -> Formula:
    """Return how a value is computed. Raises ExpressionRefused."""
    tree = parse(text)
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if isinstance(tree, exp.Div):
        return _ratio(tree, schema)
    inner, condition = _unfiltered(tree, schema)
    return _aggregate(inner, condition, schema)


def _unfiltered(tree: exp.Expr, schema: Schema) -> tuple[exp.Expr, exp.Expr | None]:
    if not isinstance(tree, exp.Filter):
        return tree, None
    return tree.this, truth(tree.expression.this, schema)


def _aggregate(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    for kind, reader in _READERS:
        if isinstance(tree, kind):
            return reader(tree, condition, schema)
    read_scalar(tree, schema)  # says what is wrong inside
    raise ExpressionRefused(f"'{shown(tree)}' is a value of one row", remedy=_EXAMPLE)


def _filtered(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    return nodes.where(aggregate, condition)


def _count(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    inner = tree.this
    if inner is None or isinstance(inner, exp.Star):
        rows = _filtered(nodes.rows(), condition)
        return Formula(Shape.COUNT, n=rows, value=rows.copy())
    if isinstance(inner, exp.Distinct):
        if len(inner.expressions) != 1:
            raise ExpressionRefused("it counts several columns at once", remedy="write count(distinct one_column)")
        scalar = read_scalar(inner.expressions[0], schema)
        distinct = exp.Count(this=exp.Distinct(expressions=[scalar.tree]))
        there = exp.Count(this=scalar.tree.copy())
        return Formula(Shape.DISTINCT, n=_filtered(there, condition), value=_filtered(distinct, condition))
    counted = _filtered(exp.Count(this=read_scalar(inner, schema).tree), condition)
    return Formula(Shape.COUNT, n=counted, value=counted.copy())


def _there(scalar: Scalar, condition: exp.Expr | None) -> exp.Expr:
    return _filtered(exp.Count(this=scalar.tree.copy()), condition)


def _sum(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    scalar = numeric(tree.this, schema)
    return Formula(Shape.SUM, n=_there(scalar, condition), value=_total(scalar, condition))


def _total(scalar: Scalar, condition: exp.Expr | None) -> exp.Expr:
    """Whole numbers are added in 128 bits: 64 run over on Spark."""
    added = nodes.cast(scalar.tree.copy(), "HUGEINT") if scalar.sort is Sort.INTEGER else scalar.tree.copy()
    return nodes.double(_filtered(exp.Sum(this=added), condition))


def _mean(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    scalar = numeric(tree.this, schema)
    there = _there(scalar, condition)
    return Formula(Shape.MEAN, n=there, numerator=_total(scalar, condition), denominator=there.copy())


def _median(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    return _quantile(tree.this, "0.5", condition=condition, schema=schema)


def _quantile(inner: exp.Expr, share: str, *, condition: exp.Expr | None, schema: Schema) -> Formula:
    scalar = numeric(inner, schema)
    value = exp.PercentileCont(this=nodes.double(scalar.tree), expression=nodes.number(share))
    return Formula(Shape.QUANTILE, n=_there(scalar, condition), value=_filtered(value, condition))


def _extreme(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    scalar = numeric(tree.this, schema)
    value = nodes.double(_filtered(type(tree)(this=scalar.tree), condition))
    return Formula(Shape.EXTREME, n=_there(scalar, condition), value=value)


def _called(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    name, parts = str(tree.this).lower(), tree.expressions
    if name == "share" and len(parts) == 1:
        return _share(parts[0], condition, schema)
    if name == "percentile" and len(parts) == 2:
        return _percentile(parts[0], parts[1], condition=condition, schema=schema)
    close = difflib.get_close_matches(name, AGGREGATES, n=1)
    remedy = f"did you mean {close[0]}(...)?" if close else _EXAMPLE
    raise ExpressionRefused(f"'{shown(tree)}' is not an aggregate", remedy=remedy)


def _share(tree: exp.Expr, condition: exp.Expr | None, schema: Schema) -> Formula:
    """Null counts as false, and all rows after the filter are below the line."""
    holds = truth(tree, schema)
    rows = _filtered(nodes.rows(), condition)
    return Formula(
        Shape.SHARE,
        n=rows,
        numerator=_filtered(nodes.rows(), nodes.both(condition, holds)),
        denominator=rows.copy(),
    )


def _percentile(inner: exp.Expr, share: exp.Expr, *, condition: exp.Expr | None, schema: Schema) -> Formula:
    digits = str(share.this) if isinstance(share, exp.Literal) and not share.is_string else ""
    if not digits.replace(".", "", 1).isdigit() or not 0 <= float(digits) <= 1:
        raise ExpressionRefused(f"'{shown(share)}' is not a share", remedy="write it from 0 to 1: percentile(x, 0.9)")
    return _quantile(inner, digits, condition=condition, schema=schema)


def _ratio(tree: exp.Div, schema: Schema) -> Formula:
    """One sum or count divided by another; what does not add up over rows cannot stand in a ratio."""
    above, below = _part(tree.this, schema), _part(tree.expression, schema)
    part_of_whole = above.shape is below.shape is Shape.COUNT and not isinstance(below.value, exp.Filter)
    shape = Shape.SHARE if part_of_whole else Shape.RATIO
    return Formula(shape, n=below.n, numerator=above.value, denominator=below.value)


def _part(tree: exp.Expr, schema: Schema) -> Formula:
    while isinstance(tree, exp.Paren):
        tree = tree.this
    inner, condition = _unfiltered(tree, schema)
    read = _aggregate(inner, condition, schema)
    if read.shape not in {Shape.COUNT, Shape.SUM, Shape.DISTINCT}:
        raise ExpressionRefused(f"'{shown(tree)}' cannot be divided", remedy="divide sums and counts only")
    return read


Reader = Callable[[exp.Expr, exp.Expr | None, Schema], Formula]
_READERS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Reader], ...] = (
    (exp.Count, _count),
    (exp.Sum, _sum),
    (exp.Avg, _mean),
    (exp.Median, _median),
    ((exp.Min, exp.Max), _extreme),
    (exp.Anonymous, _called),
)
