"""Choices between values."""

from collections.abc import Sequence

from sqlglot import exp

from cupola.soql.building import function, when
from cupola.soql.functions.overloads import (
    ANY,
    BOOLEANS,
    ORDERED,
    Context,
    Overload,
    Slot,
    Translate,
    common,
    same,
)
from cupola.soql.typed import Constant, Typed

_CONDITION, _VALUE = Slot(BOOLEANS), Slot(ANY, "a")


def _case(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    """Translate condition, value, condition, value ...; a condition that is always true is the ELSE."""
    branches, otherwise = [], None
    for condition, value in zip(arguments[::2], arguments[1::2], strict=True):
        if isinstance(condition, Constant) and condition.value is True:
            otherwise = context.sql(value)
            break
        branches.append((context.sql(condition), context.sql(value)))
    if not branches:
        return otherwise or exp.Null()
    return when(*branches, otherwise=otherwise)


def _iif(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    condition, yes, no = (context.sql(argument) for argument in arguments)
    return when((condition, yes), otherwise=no)


def _called(name: str) -> Translate:
    return lambda context, arguments: function(name, *(context.sql(argument) for argument in arguments))


def _of_values(arguments: Sequence[Typed]) -> str:
    return common(arguments[1::2])


def _of_branches(arguments: Sequence[Typed]) -> str:
    return common(arguments[1:])


OVERLOADS = (
    Overload(
        "case", (_CONDITION, _VALUE), "a", _case,
        "The value after the first condition that holds; null where none does. `CASE WHEN ... THEN ... END` too.",
        rest=(_CONDITION, _VALUE), physical=_of_values,
    ),
    Overload(
        "iif", (_CONDITION, _VALUE, _VALUE), "a", _iif, "The first value where the condition holds, else the second.",
        physical=_of_branches,
    ),
    Overload(
        "coalesce", same(ANY), "a", _called("COALESCE"), "The first value there is.", rest=same(ANY), physical=common
    ),
    Overload(
        "nullif", same(ORDERED, 2), "a", _called("NULLIF"), "The first value; null where it equals the second.",
        physical=lambda arguments: arguments[0].physical,
    ),
    Overload(
        "least", same(ORDERED), "a", _called("LEAST"), "The smallest value there is.", rest=same(ORDERED),
        physical=common,
    ),
    Overload(
        "greatest", same(ORDERED), "a", _called("GREATEST"), "The largest value there is.", rest=same(ORDERED),
        physical=common,
    ),
)  # fmt: skip
