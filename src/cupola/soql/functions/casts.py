"""Casts: `x::number` and `to_number(x)`. What cannot be read is null."""

from collections.abc import Sequence

from sqlglot import exp

from cupola.soql.building import cast, finite, function, number, text, try_cast, when
from cupola.soql.functions.overloads import (
    BOOLEANS,
    POINTS,
    TEXTS,
    Context,
    Overload,
    Slot,
    Translate,
    always,
    copied,
    digits_of,
)
from cupola.soql.typed import Typed
from cupola.soql.types import GEOMETRIES, SoqlType

# What a query may write after `::` and `to_`.
CAST_NAMES = {
    **{one.value: one for one in SoqlType if one is not SoqlType.INTERVAL},
    "double": SoqlType.NUMBER,
    "checkbox": SoqlType.BOOLEAN,
    "calendar_date": SoqlType.FLOATING_TIMESTAMP,
}
_ISO = "%Y-%m-%dT%H:%M:%S.%g"


def as_text(context: Context, value: Typed) -> exp.Expr:
    """Return a value as clients read it: whole numbers without a point, times in ISO 8601."""
    found = context.sql(value)
    if value.type in {SoqlType.TEXT, SoqlType.URL, SoqlType.POINT}:
        return found
    if value.type is SoqlType.NUMBER and not digits_of(value.physical):
        double = cast(found, "DOUBLE")
        whole = exp.EQ(this=double, expression=function("TRUNC", double.copy()))
        small = exp.LT(this=function("ABS", double.copy()), expression=number("1e15"))
        plain = cast(try_cast(double.copy(), "BIGINT"), "VARCHAR")
        return when((exp.And(this=whole, expression=small), plain), otherwise=cast(double.copy(), "VARCHAR"))
    if value.type is SoqlType.FLOATING_TIMESTAMP:
        return function("STRFTIME", found, text(_ISO))
    if value.type is SoqlType.FIXED_TIMESTAMP:
        utc = exp.AtTimeZone(this=found, zone=text("UTC"))
        return function("STRFTIME", utc, text(_ISO + "Z"))
    prefix = {SoqlType.ROW_IDENTIFIER: "row-", SoqlType.ROW_VERSION: "rv-"}.get(value.type)
    plain = cast(found, "VARCHAR")
    return exp.DPipe(this=text(prefix), expression=plain) if prefix else plain


def text_copies(value: Typed) -> int:
    """Tell how often the SQL holds a value that is made a text."""
    return 6 if value.type is SoqlType.NUMBER and not digits_of(value.physical) else 1


def _to_text(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return as_text(context, arguments[0])


def _shape_text(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return function("ST_ASTEXT", context.geometry(arguments[0]))


def _itself(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return context.sql(arguments[0])


def _read(kind: str) -> Translate:
    return lambda context, arguments: try_cast(context.sql(arguments[0]), kind)


def _read_number(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return finite(try_cast(context.sql(arguments[0]), "DOUBLE"))


def _from_boolean(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return cast(context.sql(arguments[0]), "BIGINT")


def _name(kind: SoqlType) -> str:
    return f"to_{kind}"


def _cast(source: frozenset[SoqlType], kind: SoqlType, translate: Translate, *, physical: str = "") -> Overload:
    copies = text_copies if kind is SoqlType.TEXT else copied(2)
    return Overload(
        _name(kind), (Slot(source),), kind, translate, f"As {kind}.", physical=always(physical), copies=copies, levels=3
    )  # fmt: skip


def _identity(kind: SoqlType) -> Overload:
    same = Slot(frozenset({kind}))
    return Overload(_name(kind), (same,), kind, _itself, "Unchanged.", physical=lambda arguments: arguments[0].physical)


_OTHERS = frozenset({SoqlType.NUMBER, SoqlType.BOOLEAN, SoqlType.FLOATING_TIMESTAMP, SoqlType.FIXED_TIMESTAMP,
                     SoqlType.ROW_IDENTIFIER, SoqlType.ROW_VERSION, SoqlType.URL})  # fmt: skip
OVERLOADS = (
    *(_identity(kind) for kind in SoqlType if kind not in {SoqlType.INTERVAL, SoqlType.DOUBLE}),
    _cast(_OTHERS | POINTS, SoqlType.TEXT, _to_text),
    _cast(GEOMETRIES - POINTS, SoqlType.TEXT, _shape_text),
    _cast(TEXTS, SoqlType.NUMBER, _read_number, physical="DOUBLE"),
    _cast(BOOLEANS, SoqlType.NUMBER, _from_boolean, physical="BIGINT"),
    _cast(TEXTS, SoqlType.BOOLEAN, _read("BOOLEAN")),
    _cast(TEXTS, SoqlType.FLOATING_TIMESTAMP, _read("TIMESTAMP"), physical="TIMESTAMP"),
    _cast(TEXTS, SoqlType.FIXED_TIMESTAMP, _read("TIMESTAMPTZ")),
    _cast(TEXTS, SoqlType.URL, _itself),
)
