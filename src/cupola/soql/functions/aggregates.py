"""Aggregates: one value for each group."""

from collections.abc import Sequence

from sqlglot import exp

from cupola.soql.building import cast, function, number
from cupola.soql.functions.numbers import double, unchanged
from cupola.soql.functions.overloads import (
    ANY,
    BOOLEANS,
    NUMBERS,
    ORDERED,
    Context,
    Overload,
    Physical,
    Slot,
    Translate,
    always,
    digits_of,
    fixed,
    same,
)
from cupola.soql.tree import COUNT_ROWS
from cupola.soql.typed import Typed
from cupola.soql.types import SoqlType

_NUMBER = SoqlType.NUMBER


def _called(name: str) -> Translate:
    return lambda context, arguments: function(name, *(context.sql(argument) for argument in arguments))


def _of_double(name: str) -> Translate:
    return lambda context, arguments: function(name, double(context, arguments[0]))


def _count_rows(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Count(this=exp.Star())


def _count_distinct(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[context.sql(arguments[0])]))


def _sum_type(arguments: Sequence[Typed]) -> str:
    pair = digits_of(arguments[0].physical)
    if pair is None:
        return arguments[0].physical
    return f"DECIMAL(38,{pair[1]})" if pair[1] else "HUGEINT"


def _sum(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    # SUM of a HUGEINT column can overflow; nothing stored is that wide.
    return function("SUM", context.sql(arguments[0]))


def _middle(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value = context.sql(arguments[0])
    return function("QUANTILE_DISC", value, number("0.5"))


def _median(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return function("MEDIAN", double(context, arguments[0]))


def _count_times(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return function("COUNT", context.sql(arguments[0]))


def _mean(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value = arguments[0]
    found = context.sql(value)
    return function("AVG", found if value.physical else cast(found, "DOUBLE"))


def _number(name: str, translate: Translate, doc: str, *, physical: Physical) -> Overload:
    return Overload(name, fixed(NUMBERS), _NUMBER, translate, doc, aggregate=True, physical=physical)


def _extreme(name: str, doc: str) -> Overload:
    return Overload(name, same(ORDERED - BOOLEANS), "a", _called(name.upper()), doc, aggregate=True, physical=unchanged)


OVERLOADS = (
    Overload(
        COUNT_ROWS, (), _NUMBER, _count_rows, "How many rows.", aggregate=True, physical=always("BIGINT")
    ),
    Overload(
        "count", (Slot(ANY),), _NUMBER, _count_times, "How many rows have a value.", aggregate=True,
        physical=always("BIGINT"),
    ),
    Overload(
        "count_distinct", (Slot(ANY),), _NUMBER, _count_distinct, "How many different values; `count(distinct x)` too.",
        aggregate=True, physical=always("BIGINT"),
    ),
    _number("sum", _sum, "The sum of the values there are.", physical=_sum_type),
    _number("avg", _mean, "The mean of the values there are.", physical=always("DOUBLE")),
    _extreme("min", "The smallest value."),
    _extreme("max", "The largest value."),
    _number("median", _median, "The middle value; the mean of the two middle ones.", physical=always("DOUBLE")),
    Overload(
        "median", same(ORDERED - BOOLEANS - NUMBERS), "a", _middle, "The middle value; the lower of two middle ones.",
        aggregate=True, physical=unchanged,
    ),
    _number("stddev_pop", _of_double("STDDEV_POP"), "The deviation of a whole population.", physical=always("DOUBLE")),
    _number("stddev_samp", _of_double("STDDEV_SAMP"), "The standard deviation of a sample.", physical=always("DOUBLE")),
)  # fmt: skip
