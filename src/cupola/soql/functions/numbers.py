"""Numbers: arithmetic stays exact where it can, and is null where a result does not exist.

Whole numbers have 38 digits; a result beyond is an error of the engine. (Its TRY fails beside GROUP BY.)
"""

from collections.abc import Sequence

from sqlglot import exp

from cupola.soql.building import cast, finite, function, number, when
from cupola.soql.functions.overloads import (
    NUMBERS,
    Context,
    Overload,
    Physical,
    Translate,
    always,
    copied,
    digits_of,
    fixed,
)
from cupola.soql.typed import Constant, Typed
from cupola.soql.types import SoqlType

_NUMBER = SoqlType.NUMBER
_MOST_DIGITS, _MOST_SCALE = 38, 18


def double(context: Context, value: Typed) -> exp.Expr:
    """Return a number as DOUBLE."""
    found = context.sql(value)
    return found if value.physical == "DOUBLE" else cast(found, "DOUBLE")


def _exact(arguments: Sequence[Typed]) -> list[tuple[int, int]] | None:
    pairs = [digits_of(argument.physical) for argument in arguments]
    return None if None in pairs else [pair for pair in pairs if pair]


def _sum_type(arguments: Sequence[Typed]) -> str:
    pairs = _exact(arguments)
    if pairs is None:
        return "DOUBLE"
    scale = max(scale for _, scale in pairs)
    if scale == 0:
        return "HUGEINT"
    whole = max(precision - each for precision, each in pairs)
    return f"DECIMAL({min(whole + scale + 1, _MOST_DIGITS)},{scale})"


def _product_type(arguments: Sequence[Typed]) -> str:
    pairs = _exact(arguments)
    if pairs is None:
        return "DOUBLE"
    (left, left_scale), (right, right_scale) = pairs
    if left_scale + right_scale == 0:
        return "HUGEINT"
    if left_scale + right_scale > _MOST_SCALE:
        return "DOUBLE"
    return f"DECIMAL({min(left + right, _MOST_DIGITS)},{left_scale + right_scale})"


def _rest_type(arguments: Sequence[Typed]) -> str:
    kind = _sum_type(arguments)
    return "DOUBLE" if kind.startswith("DECIMAL(38") else kind


def _arithmetic(kind: type[exp.Binary], physical: Physical) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        stored = physical(arguments)
        if stored == "DOUBLE":
            left, right = (double(context, argument) for argument in arguments)
            return kind(this=left, expression=right)
        left, right = (_whole(context, argument, stored) for argument in arguments)
        return kind(this=left, expression=right)

    return translate


def _whole(context: Context, value: Typed, stored: str) -> exp.Expr:
    # BIGINT with BIGINT would overflow at 2^63.
    found = context.sql(value)
    return cast(found, "HUGEINT") if stored == "HUGEINT" and value.physical != "HUGEINT" else found


def _divisor(context: Context, value: Typed) -> exp.Expr:
    found = double(context, value)
    if isinstance(value, Constant) and value.value not in {"0", None}:
        return found
    return function("NULLIF", found, number("0"))


def _divide(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Div(this=double(context, arguments[0]), expression=_divisor(context, arguments[1]))


def _remainder(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    if _rest_type(arguments) == "DOUBLE":
        return exp.Mod(this=double(context, arguments[0]), expression=_divisor(context, arguments[1]))
    left, right = (context.sql(argument) for argument in arguments)
    return exp.Mod(this=left, expression=function("NULLIF", right, number("0")))


def _power(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return finite(function("POW", *(double(context, argument) for argument in arguments)))


def _roomy(context: Context, value: Typed) -> exp.Expr:
    # The opposite of the smallest BIGINT is no BIGINT.
    return _whole(context, value, _opposite_type([value]))


def _opposite_type(arguments: Sequence[Typed]) -> str:
    pair = digits_of(arguments[0].physical)
    return "HUGEINT" if pair and not pair[1] else arguments[0].physical


def _minus(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Neg(this=_roomy(context, arguments[0]))


def _absolute(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return function("ABS", _roomy(context, arguments[0]))


def _itself(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return context.sql(arguments[0])


def unchanged(arguments: Sequence[Typed]) -> str:
    """Tell that the result is stored as the first argument is."""
    return arguments[0].physical


def _to_whole(name: str) -> Translate:
    return lambda context, arguments: function(name, context.sql(arguments[0]))


def _whole_type(arguments: Sequence[Typed]) -> str:
    pair = digits_of(arguments[0].physical)
    return f"DECIMAL({pair[0]},0)" if pair and pair[1] else arguments[0].physical


def _places(arguments: Sequence[Typed]) -> int | None:
    """Return the places to round to, where they are known beforehand."""
    if len(arguments) == 1:
        return 0
    given = arguments[1]
    if isinstance(given, Constant) and isinstance(given.value, str):
        return max(-30, min(30, int(float(given.value[:20]))))
    return None


def _round(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    places = _places(arguments)
    value = arguments[0]
    if places is not None and value.physical and places >= 0:
        return function("ROUND", context.sql(value), number(places))
    if places is not None:
        return function("ROUND", double(context, value), exp.Literal(this=str(places), is_string=False))
    asked = function("TRUNC", context.sql(arguments[1]))
    bounded = function("GREATEST", function("LEAST", asked, number("30")), number("-30"))
    return function("ROUND", double(context, value), cast(bounded, "INTEGER"))


def _round_type(arguments: Sequence[Typed]) -> str:
    places = _places(arguments)
    pair = digits_of(arguments[0].physical)
    if places is None or places < 0 or pair is None:
        return "DOUBLE"
    return f"DECIMAL({pair[0]},{min(pair[1], places)})" if pair[1] else arguments[0].physical


def _logarithm(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value = double(context, arguments[0])
    return when((exp.GT(this=value, expression=number("0")), function("LN", value.copy())))


def _two(name: str, translate: Translate, doc: str, *, physical: Physical) -> Overload:
    copies, levels = copied(2 if name == "^" else 1), 2 if name in {"^", "/", "%"} else 1
    return Overload(
        name, fixed(NUMBERS, NUMBERS), _NUMBER, translate, doc, physical=physical, copies=copies, levels=levels
    )


def _one(name: str, translate: Translate, doc: str, *, physical: Physical) -> Overload:
    copies = copied(2 if name == "ln" else 1)
    return Overload(name, fixed(NUMBERS), _NUMBER, translate, doc, physical=physical, copies=copies, levels=2)


OVERLOADS = (
    _two("+", _arithmetic(exp.Add, _sum_type), "The sum.", physical=_sum_type),
    _two("-", _arithmetic(exp.Sub, _sum_type), "The difference.", physical=_sum_type),
    _two("*", _arithmetic(exp.Mul, _product_type), "The product.", physical=_product_type),
    _two("/", _divide, "The quotient, with its fraction; null when divided by zero.", physical=always("DOUBLE")),
    _two("%", _remainder, "The remainder, with the sign of the first; null when divided by zero.", physical=_rest_type),
    _two("^", _power, "The first to the power of the second; null where that is no number.", physical=always("DOUBLE")),
    _one("unary-", _minus, "The opposite number.", physical=_opposite_type),
    _one("unary+", _itself, "The number itself.", physical=unchanged),
    _one("abs", _absolute, "The number without its sign.", physical=_opposite_type),
    _one("ceil", _to_whole("CEIL"), "The next whole number, upwards.", physical=_whole_type),
    _one("floor", _to_whole("FLOOR"), "The next whole number, downwards.", physical=_whole_type),
    _one("round", _round, "The nearest whole number; halves go away from zero.", physical=_round_type),
    _two("round", _round, "Rounded to so many places; negative places round to tens, hundreds.", physical=_round_type),
    _one("ln", _logarithm, "The natural logarithm; null for zero and less.", physical=always("DOUBLE")),
)
