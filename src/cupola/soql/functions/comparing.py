"""Comparisons and logic: operators, between, in, is null."""

from collections.abc import Sequence
from datetime import datetime

from sqlglot import exp

from cupola.soql import tree
from cupola.soql.building import joined, operand
from cupola.soql.functions.overloads import (
    ANY,
    BOOLEANS,
    ORDERED,
    Context,
    Overload,
    Slot,
    Translate,
    fixed,
    same,
)
from cupola.soql.typed import Applied, Constant, Typed, Value
from cupola.soql.types import SoqlType

_BOOLEAN = SoqlType.BOOLEAN


def operands(context: Context, arguments: Sequence[Typed]) -> list[exp.Expr]:
    """Return arguments to compare. Days are compared as days, so that a DATE column is not cast."""
    days = all(argument.physical == "DATE" for argument in arguments)
    stored = any(not isinstance(argument, Constant) for argument in arguments)
    return [context.day(argument) if days and stored else context.sql(argument) for argument in arguments]


def _binary(kind: type[exp.Binary]) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        left, right = operands(context, arguments)
        return kind(this=left, expression=right)

    return translate


def _equal(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    left, right = operands(context, arguments)
    if _misleads(arguments):
        return exp.In(this=left, expressions=[right])
    return exp.EQ(this=left, expression=right)


def _misleads(arguments: Sequence[Typed]) -> bool:
    """Return whether the engine would answer false, not null, for a null.

    DuckDB 1.5 does so where DATE_TRUNC is compared by = or <> with a time that begins no such span.
    """
    for value, other in (arguments, arguments[::-1]):
        if isinstance(value, Applied) and value.overload and value.overload.name.startswith("date_trunc"):
            return not (isinstance(other, Constant) and _begins(other.value, value.overload.name.split("_")[-1]))
    return False


def _begins(value: Value, span: str) -> bool:
    if not isinstance(value, datetime):
        return False
    first = value.replace(hour=0, minute=0, second=0, microsecond=0)
    if span != "ymd":
        first = first.replace(day=1)
    return value == (first.replace(month=1) if span == "y" else first)


def _connector(kind: type[exp.Connector]) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        return joined(kind, [context.sql(argument) for argument in arguments])

    return translate


def _different(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    found = _equal(context, arguments)
    return exp.Not(this=found) if isinstance(found, exp.In) else exp.NEQ(**found.args)


def _not(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Not(this=context.sql(arguments[0]))


def _between(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value, low, high = operands(context, arguments)
    return exp.Between(this=value, low=low, high=high)


def _in(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value, *options = operands(context, arguments)
    return exp.In(this=value, expressions=options)


def _is_null(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Is(this=context.sql(arguments[0]), expression=exp.Null())


def negated(translate: Translate) -> Translate:
    """Return the translation of the opposite."""
    return lambda context, arguments: exp.Not(this=operand(translate(context, arguments)))


def _comparison(name: str, kind: type[exp.Binary], doc: str) -> Overload:
    return Overload(name, same(ORDERED, 2), _BOOLEAN, _binary(kind), doc)


OVERLOADS = (
    Overload(
        "=", same(ORDERED, 2), _BOOLEAN, _equal, "Whether both are equal (`==` too), texts with their case."
    ),
    Overload("<>", same(ORDERED, 2), _BOOLEAN, _different, "Whether they differ (`!=` too)."),
    _comparison("<", exp.LT, "Whether the first is less."),
    _comparison("<=", exp.LTE, "Whether the first is less or equal."),
    _comparison(">", exp.GT, "Whether the first is greater."),
    _comparison(">=", exp.GTE, "Whether the first is greater or equal."),
    Overload(
        tree.AND, fixed(BOOLEANS, BOOLEANS), _BOOLEAN, _connector(exp.And), "Whether all hold.",
        rest=fixed(BOOLEANS),
    ),
    Overload(
        tree.OR, fixed(BOOLEANS, BOOLEANS), _BOOLEAN, _connector(exp.Or), "Whether one holds.", rest=fixed(BOOLEANS)
    ),
    Overload(tree.NOT, fixed(BOOLEANS), _BOOLEAN, _not, "Whether it does not hold."),
    Overload(tree.BETWEEN, same(ORDERED, 3), _BOOLEAN, _between, "Whether it is between the two, both included."),
    Overload(tree.NOT_BETWEEN, same(ORDERED, 3), _BOOLEAN, negated(_between), "Whether it is outside the two."),
    Overload(tree.IN, same(ORDERED, 2), _BOOLEAN, _in, "Whether it is one of the values.", rest=same(ORDERED)),
    Overload(
        tree.NOT_IN, same(ORDERED, 2), _BOOLEAN, negated(_in), "Whether it is none of the values.",
        rest=same(ORDERED),
    ),
    Overload(tree.IS_NULL, (Slot(ANY),), _BOOLEAN, _is_null, "Whether there is no value."),
    Overload(tree.IS_NOT_NULL, (Slot(ANY),), _BOOLEAN, negated(_is_null), "Whether there is a value."),
)  # fmt: skip
