"""Dates and times. A floating timestamp is local time without a zone; a fixed one is an instant, shown in UTC."""

from collections.abc import Sequence

from sqlglot import exp

from cupola.soql.building import cast, function, number, text
from cupola.soql.functions.overloads import (
    FIXED,
    FLOATING,
    INTERVALS,
    TEXTS,
    TIMES,
    Context,
    Overload,
    Slot,
    Translate,
    always,
    fixed,
    same,
)
from cupola.soql.typed import Constant, Typed
from cupola.soql.types import SoqlType

_NUMBER, _FLOATING, _FIXED = SoqlType.NUMBER, SoqlType.FLOATING_TIMESTAMP, SoqlType.FIXED_TIMESTAMP
_UTC = "UTC"
_SPANS = {"y": ("year", "year"), "ym": ("month", "month"), "ymd": ("day", "day")}
_PARTS = {
    "y": ("year", "The year."),
    "m": ("month", "The month, 1 to 12."),
    "d": ("day", "The day of the month."),
    "hh": ("hour", "The hour, 0 to 23."),
    "mm": ("minute", "The minute."),
    "dow": ("dow", "The day of the week: Sunday is 0, Saturday 6."),
    "woy": ("week", "The ISO week of the year, 1 to 53."),
    "iso_y": ("isoyear", "The year its ISO week belongs to."),
}


def _truncated(unit: str, value: exp.Expr) -> exp.Expr:
    return function("DATE_TRUNC", text(unit), value)


def _truncate(unit: str) -> Translate:
    return lambda context, arguments: _truncated(unit, context.sql(arguments[0]))


def _in_zone(value: exp.Expr, zone: str) -> exp.Expr:
    return exp.AtTimeZone(this=value, zone=text(zone))


def _zone(value: Typed) -> str:
    assert isinstance(value, Constant)
    return str(value.value)


def _truncate_in_zone(unit: str) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        return _truncated(unit, _in_zone(context.sql(arguments[0]), _zone(arguments[1])))

    return translate


def _truncate_instant(unit: str) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        return _in_zone(_truncated(unit, _in_zone(context.sql(arguments[0]), _UTC)), _UTC)

    return translate


def _extract(unit: str) -> Translate:
    return lambda context, arguments: function("DATE_PART", text(unit), context.sql(arguments[0]))


def _seconds(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    thousandths = function("DATE_PART", text("millisecond"), context.sql(arguments[0]))
    return exp.Div(this=cast(thousandths, "DOUBLE"), expression=number("1000"))


def _days_between(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    first, second = (function("EPOCH", context.sql(argument)) for argument in arguments)
    days = exp.Div(this=exp.Paren(this=exp.Sub(this=first, expression=second)), expression=number("86400"))
    return cast(function("TRUNC", days), "BIGINT")


def _shift(kind: type[exp.Binary]) -> Translate:
    def translate(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
        value = context.sql(arguments[0])
        span = arguments[1]
        assert isinstance(span, Constant)
        assert isinstance(span.value, tuple)
        for count, unit in span.value:
            value = kind(this=value, expression=exp.Interval(this=text(str(count)), unit=exp.Var(this=unit.upper())))
        return value

    return translate


def _in_local_time(context: Context, arguments: Sequence[Typed]) -> exp.Expr:
    return _in_zone(context.sql(arguments[0]), _zone(arguments[1]))


def _stored(arguments: Sequence[Typed]) -> str:
    return "TIMESTAMP"


def _shifting(name: str, kind: type[exp.Binary], doc: str) -> Overload:
    slots = (Slot(TIMES, "a"), Slot(INTERVALS))
    return Overload(name, slots, "a", _shift(kind), doc, physical=_stored, literals=frozenset({1}), levels=3)


def _truncations() -> tuple[Overload, ...]:
    found: list[Overload] = []
    for suffix, (unit, word) in _SPANS.items():
        doc = f"The beginning of its {word}."
        found.extend((
            Overload(f"date_trunc_{suffix}", fixed(FLOATING), _FLOATING, _truncate(unit), doc, physical=_stored),
            Overload(
                f"date_trunc_{suffix}", fixed(FIXED, TEXTS), _FLOATING, _truncate_in_zone(unit),
                f"The beginning of its {word} in a time zone, such as 'America/Chicago'.",
                physical=_stored, literals=frozenset({1}), levels=2,
            ),
            Overload(f"datez_trunc_{suffix}", fixed(FIXED), _FIXED, _truncate_instant(unit), f"{doc[:-1]}, in UTC.",
                     levels=3),
        ))  # fmt: skip
    return tuple(found)


def _extractions() -> tuple[Overload, ...]:
    return tuple(
        Overload(f"date_extract_{suffix}", fixed(FLOATING), _NUMBER, _extract(unit), doc, physical=always("BIGINT"))
        for suffix, (unit, doc) in _PARTS.items()
    )


OVERLOADS = (
    *_truncations(),
    *_extractions(),
    Overload(
        "date_extract_ss", fixed(FLOATING), _NUMBER, _seconds, "The second, with its thousandths.",
        physical=always("DOUBLE"),
    ),
    Overload(
        "date_diff_d", same(TIMES, 2), _NUMBER, _days_between, "Whole days from the second to the first.",
        physical=always("BIGINT"),
    ),
    _shifting("date_add", exp.Add, "The time moved by an ISO 8601 period, such as 'P1M' or 'P2DT12H'."),
    _shifting("+", exp.Add, "The time moved forward by an ISO 8601 period."),
    _shifting("-", exp.Sub, "The time moved back by an ISO 8601 period."),
    Overload(
        "to_floating_timestamp", fixed(FIXED, TEXTS), _FLOATING, _in_local_time, "The local time in a time zone.",
        physical=_stored, literals=frozenset({1}),
    ),
)  # fmt: skip
# `d.year` and so on, for each of these.
FIELDS = {
    "year": "date_extract_y", "month": "date_extract_m", "day": "date_extract_d", "hour": "date_extract_hh",
    "minute": "date_extract_mm", "second": "date_extract_ss", "dow": "date_extract_dow", "woy": "date_extract_woy",
    "isoyear": "date_extract_iso_y",
}  # fmt: skip
