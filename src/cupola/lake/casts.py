"""From published text to a typed value: per column type one SQL expression, and the reason when a value does not fit.

The engine's own casts are too kind (it reads '12.7' as the integer 13, '0x1F' as 31, '1_000' as 1000 and
'2024-01-05abc' as a date), so each expression accepts only what is written here. Most values take a fast path:
a value that reads back as exactly the same text needs no further look.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cupola.contracts import Column, ColumnType, Contract
from cupola.lake import sqltext
from cupola.lake.castdates import date_cast, instant_cast, timestamp_cast
from cupola.lake.castnumbers import decimal_cast, duration_cast, float_cast, integer_cast, money_cast, percent_cast
from cupola.lake.castplaces import geometry_cast, point_cast

REQUIRED = "required, and empty"


@dataclass(frozen=True)
class Cast:
    """SQL for one column. `value` is null both for a null and for a bad value; `bad` tells them apart.

    `bad` takes the SQL name of the computed value, so that the value is computed once.
    `reason` is a SQL text expression that is only meaningful where the value is bad.
    """

    value: str
    is_null: str
    reason: str
    required: bool
    always_fits: bool = False

    def bad(self, value: str) -> str:
        """Return the condition under which the row cannot be stored; `value` names the computed value."""
        if self.required:
            return f"{value} IS NULL"
        if self.always_fits:
            return "false"
        return f"({value} IS NULL AND NOT ({self.is_null}))"


def null_tokens(column: Column, contract: Contract) -> tuple[str, ...]:
    """Return the texts that mean null in `column`, trimmed; an empty cell is null in every type but text."""
    tokens = contract.null_tokens if column.null_tokens is None else column.null_tokens
    stripped = tuple(dict.fromkeys(token.strip(sqltext.WHITESPACE) for token in tokens))
    if column.type in {ColumnType.TEXT, ColumnType.CODE} or "" in stripped:
        return stripped
    return ("", *stripped)


def cast(column: Column, contract: Contract, *, source: str) -> Cast:
    """Return the SQL that reads `column` from the text expression `source` (a quoted name)."""
    tokens = null_tokens(column, contract)
    is_null = f"{source} IS NULL" + (f" OR {_is_token(source, tokens)}" if tokens else "")
    if column.type is ColumnType.TEXT:
        value, reason = _text_value(source, tokens), "'not text'"
    else:
        value, reason = _TYPES[column.type](column, contract, source)
        if set(tokens) - {""}:
            value = f"CASE WHEN {is_null} THEN NULL ELSE {value} END"
    if column.required:
        reason = f"CASE WHEN {is_null} THEN {sqltext.text(REQUIRED)} ELSE {reason} END"
    always_fits = column.type is ColumnType.TEXT
    return Cast(value=value, is_null=is_null, reason=reason, required=column.required, always_fits=always_fits)


def _is_token(source: str, tokens: tuple[str, ...]) -> str:
    if tokens == ("",):
        # Text that starts with a visible character is not blank; the comparison looks at four bytes only.
        return f"({source} < '!' OR {source} >= '\u007f') AND {sqltext.trimmed(source)} = ''"
    return f"{sqltext.trimmed(source)} IN ({sqltext.texts(tokens)})"


def _text_value(source: str, tokens: tuple[str, ...]) -> str:
    if not tokens:
        return source
    if tokens == ("",):
        return f"CASE WHEN {source} >= '!' AND {source} < '\u007f' THEN {source} WHEN {sqltext.trimmed(source)} = '' THEN NULL ELSE {source} END"  # noqa: E501 -- one expression
    return f"CASE WHEN {_is_token(source, tokens)} THEN NULL ELSE {source} END"


def _boolean(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    word = f"lower({sqltext.trimmed(source)})"
    value = (
        f"CASE WHEN {word} IN ('true', 't', 'yes', 'y', '1') THEN true"
        f" WHEN {word} IN ('false', 'f', 'no', 'n', '0') THEN false END"
    )
    return value, "'not yes or no (y, n, yes, no, t, f, true, false, 1, 0)'"


def _code(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    trimmed = sqltext.trimmed(source)
    if not column.allowed:
        return f"CASE WHEN {trimmed} <> '' THEN {trimmed} END", "'empty'"
    allowed = sqltext.texts(tuple(value for value, _ in column.allowed))
    value = f"CASE WHEN {source} IN ({allowed}) THEN {source} WHEN {trimmed} IN ({allowed}) THEN {trimmed} END"
    return value, "'not one of the allowed values'"


def _url(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    trimmed = sqltext.trimmed(source)
    value = rf"CASE WHEN regexp_full_match({trimmed}, '(?i)(https?|ftp)://[^\s/?#]+[^\s]*') THEN {trimmed} END"
    return value, "'not a web address that starts with http:// or https://'"


def _point(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return point_cast(source)


def _geometry(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return geometry_cast(source)


def _date(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return date_cast(source, column.formats)


def _timestamp(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return timestamp_cast(source, column.formats, zone=contract.zone)


def _instant(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return instant_cast(source, column.formats)


def _integer(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return integer_cast(source, column.formats)


def _decimal(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return decimal_cast(source, column.formats, scale=column.scale)


def _money(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return money_cast(source, column.formats)


def _percent(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return percent_cast(source, column.formats)


def _float(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return float_cast(source, column.formats)


def _duration(column: Column, contract: Contract, source: str) -> tuple[str, str]:
    return duration_cast(source)


_TYPES: dict[ColumnType, Callable[[Column, Contract, str], tuple[str, str]]] = {
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.FLOAT: _float,
    ColumnType.MONEY: _money,
    ColumnType.PERCENT: _percent,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _date,
    ColumnType.TIMESTAMP: _timestamp,
    ColumnType.INSTANT: _instant,
    ColumnType.DURATION: _duration,
    ColumnType.POINT: _point,
    ColumnType.GEOMETRY: _geometry,
    ColumnType.CODE: _code,
    ColumnType.URL: _url,
}
