"""Texts: pieces, patterns, comparisons without case."""

import re
from collections.abc import Sequence

from sqlglot import exp

from cupola.soql import tree
from cupola.soql.building import cast, function, number, operand, text, when
from cupola.soql.functions.casts import as_text, text_copies
from cupola.soql.functions.comparing import negated
from cupola.soql.functions.overloads import (
    NUMBERS,
    PRINTABLE,
    TEXTS,
    Context,
    Overload,
    Translate,
    always,
    copied,
    fixed,
)
from cupola.soql.typed import Constant, Typed
from cupola.soql.types import SoqlType

_TEXT, _BOOLEAN = SoqlType.TEXT, SoqlType.BOOLEAN
_LONGEST = 10_000  # characters a pad makes of one value
_FAR = 1_000_000_000


def _called(name: str) -> Translate:
    return lambda context, arguments: function(name, *(context.sql(argument) for argument in arguments))


def _caseless(name: str) -> Translate:
    return lambda context, arguments: function(name, *(_lower(context, argument) for argument in arguments))


def _lower(context: Context, value: Typed) -> exp.Expr:
    return function("LOWER", context.sql(value))


def _concatenate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    left, right = (operand(as_text(context, argument)) for argument in arguments)
    return exp.DPipe(this=left, expression=right)


def _like(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value, pattern = arguments
    found = context.sql(value)
    if not (isinstance(pattern, Constant) and isinstance(pattern.value, str)):
        return function("REGEXP_FULL_MATCH", found, _as_expression(context, pattern), text("s"))
    like = pattern.value
    if "\\" in like or ("_" in like and like.count("%") > 1):
        # The engine's own matching of these can take time without bound; its regular expressions cannot.
        return function("REGEXP_FULL_MATCH", found, text(_expression(like)), text("s"))
    return exp.Like(this=found, expression=text(like))


def _expression(like: str) -> str:
    """Return a LIKE pattern as a regular expression: % any characters, _ one, backslash takes the next as it is."""
    parts = []
    characters = iter(re.sub(r"%{2,}", "%", like))
    for character in characters:
        if character == "\\":
            parts.append(re.escape(next(characters, "\\")))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return "".join(parts)


def _as_expression(context: Context, pattern: Typed) -> exp.Expr:
    escaped = function("REGEXP_ESCAPE", context.sql(pattern))
    return function("REPLACE", function("REPLACE", escaped, text("\\%"), text(".*")), text("_"), text("."))


def _whole(context: Context, value: Typed, *, least: int, most: int) -> exp.Expr:
    """Return a whole number within bounds, as the engine's string functions want it."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return number(max(least, min(most, int(float(value.value)))))
    bounded = function("GREATEST", function("LEAST", context.sql(value), number(most)), number(least))
    return cast(function("TRUNC", bounded), "BIGINT")


def _substring(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    """Positions begin at 1; what lies before the first counts, but shows nothing."""
    start = _whole(context, arguments[1], least=-_FAR, most=_FAR)
    shown = function("GREATEST", start, number("1"))
    if len(arguments) == 2:
        return function("SUBSTRING", context.sql(arguments[0]), shown)
    length = _whole(context, arguments[2], least=0, most=_FAR)
    end = exp.Add(this=start.copy(), expression=length)
    left = function("GREATEST", exp.Sub(this=end, expression=shown.copy()), number("0"))
    return function("SUBSTRING", context.sql(arguments[0]), shown, left)


def _pad(name: str) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        value, length, filling = arguments
        found = context.sql(value)
        size = cast(_whole(context, length, least=0, most=_LONGEST), "INTEGER")
        fill = context.sql(filling)
        if isinstance(filling, Constant) and filling.value not in {"", None}:
            return function(name, found, size, fill)
        # The engine refuses an empty filling.
        padded = function(name, found, size, function("NULLIF", fill, text("")))
        empty = exp.EQ(this=fill.copy(), expression=text(""))
        return function("COALESCE", padded, when((empty, function("LEFT", found.copy(), size.copy()))))

    return translate


def _split_part(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    part = _whole(context, arguments[2], least=-_FAR, most=_FAR)
    return function("SPLIT_PART", context.sql(arguments[0]), context.sql(arguments[1]), part)


def _caseless_in(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    value, *options = (_lower(context, argument) for argument in arguments)
    return exp.In(this=value, expressions=options)


def _caseless_equal(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    left, right = (_lower(context, argument) for argument in arguments)
    return exp.EQ(this=left, expression=right)


def _texts(count: int) -> tuple[frozenset[SoqlType], ...]:
    return (TEXTS,) * count


def _to_text(name: str, engine: str, doc: str) -> Overload:
    return Overload(name, fixed(TEXTS), _TEXT, _called(engine), doc)


def _test(name: str, translate: Translate, doc: str) -> Overload:
    return Overload(name, fixed(TEXTS, TEXTS), _BOOLEAN, translate, doc)


OVERLOADS = (
    Overload("||", fixed(PRINTABLE, PRINTABLE), _TEXT, _concatenate, "Both, joined.", copies=text_copies),
    _test(tree.LIKE, _like, "Whether a pattern matches: `%` stands for any characters, `_` for one, with case."),
    _test(tree.NOT_LIKE, negated(_like), "Whether a pattern does not match."),
    _test("contains", _called("CONTAINS"), "Whether the second text is within the first."),
    _test("starts_with", _called("STARTS_WITH"), "Whether the first text begins with the second."),
    _test("caseless_eq", _caseless_equal, "Whether both are equal, whatever their case."),
    _test("caseless_ne", negated(_caseless_equal), "Whether they differ, whatever their case."),
    _test("caseless_contains", _caseless("CONTAINS"), "Whether the second is within the first, whatever their case."),
    _test("caseless_starts_with", _caseless("STARTS_WITH"), "Whether the first begins with the second, caseless."),
    Overload(
        "caseless_one_of", fixed(*_texts(2)), _BOOLEAN, _caseless_in, "Whether it is one of the texts, caseless.",
        rest=fixed(TEXTS),
    ),
    Overload(
        "caseless_not_one_of", fixed(*_texts(2)), _BOOLEAN, negated(_caseless_in),
        "Whether it is none of the texts, caseless.", rest=fixed(TEXTS),
    ),
    _to_text("lower", "LOWER", "In small letters."),
    _to_text("upper", "UPPER", "In capital letters."),
    _to_text("trim", "TRIM", "Without spaces at both ends."),
    _to_text("trim_leading", "LTRIM", "Without spaces at the beginning."),
    _to_text("trim_trailing", "RTRIM", "Without spaces at the end."),
    _to_text("unaccent", "STRIP_ACCENTS", "Without accents: é becomes e."),
    Overload(
        "length", fixed(TEXTS), SoqlType.NUMBER, _called("LENGTH"), "How many characters.", physical=always("BIGINT")
    ),
    Overload(
        "substring", fixed(TEXTS, NUMBERS), _TEXT, _substring, "From a position on; the first is 1.",
        copies=copied(4), levels=3,
    ),
    Overload(
        "substring", fixed(TEXTS, NUMBERS, NUMBERS), _TEXT, _substring, "From a position, so many characters.",
        copies=copied(4), levels=3,
    ),
    Overload("replace", fixed(*_texts(3)), _TEXT, _called("REPLACE"), "With each of the second made the third."),
    Overload(
        "split_part", fixed(TEXTS, TEXTS, NUMBERS), _TEXT, _split_part,
        "The nth part between separators; empty where there are fewer. Negative counts from the end.",
    ),
    Overload(
        "left_pad", fixed(TEXTS, NUMBERS, TEXTS), _TEXT, _pad("LPAD"),
        f"Filled or cut to a length, filling at the beginning; at most {_LONGEST:,} characters.",
        copies=copied(3), levels=2,
    ),
    Overload(
        "right_pad", fixed(TEXTS, NUMBERS, TEXTS), _TEXT, _pad("RPAD"),
        f"Filled or cut to a length, filling at the end; at most {_LONGEST:,} characters.",
        copies=copied(3), levels=2,
    ),
)  # fmt: skip
