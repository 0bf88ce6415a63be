"""Whole, exact and floating numbers, money, percent and durations from text, as SQL.

Digits are never grouped unless the type is money or percent, or the column's `formats` show how:
`1,234.50` (commas group) or `1.234,50` (points group, a comma before the fraction).
"""

from dataclasses import dataclass

from cupola.lake import sqltext

GROUPED = "1,234.50"
CONTINENTAL = "1.234,50"
_SIGN = "[+\u2212-]?"
_DASH = "[-\u2013\u2014]"
_SYMBOL = r"[$€£¥]?\s*"


@dataclass(frozen=True)
class _Style:
    group: str  # regular expression of the grouping mark; empty: none
    point: str  # regular expression of the mark before the fraction


def _style(formats: tuple[str, ...], default: _Style) -> _Style:
    if CONTINENTAL in formats:
        return _Style(group=r"\.", point=",")
    return _Style(group=",", point=r"\.") if GROUPED in formats else default


_PLAIN = _Style(group="", point=r"\.")
_COMMAS = _Style(group=",", point=r"\.")


def _digits(style: _Style, scale: int) -> str:
    """Return a regular expression for an unsigned number with at most `scale` digits that count after the point."""
    whole = f"(?:[0-9]{{1,3}}(?:{style.group}[0-9]{{3}})+|[0-9]+)" if style.group else "[0-9]+"
    if scale == 0:
        return f"{whole}(?:{style.point}0*)?"
    return f"(?:{whole}(?:{style.point}[0-9]{{0,{scale}}}0*)?|{style.point}[0-9]{{1,{scale}}}0*)"


def _plain(text: str, style: _Style) -> str:
    """Return SQL for the unsigned digits of `text` with a point before the fraction."""
    mark = "," if style.point == "," else "."
    digits = f"regexp_replace({text}, '[^0-9{mark}]', '', 'g')"
    return f"replace({digits}, ',', '.')" if mark == "," else digits


def _signed(text: str, style: _Style, sql_type: str) -> str:
    number = f"TRY_CAST({_plain(text, style)} AS {sql_type})"
    return f"CASE WHEN regexp_matches({text}, '[(\u2212-]') THEN -{number} ELSE {number} END"


def _readback(source: str, sql_type: str) -> str:
    return f"TRY_CAST({source} AS {sql_type})::VARCHAR = {source} THEN TRY_CAST({source} AS {sql_type})"


def integer_cast(source: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """Return value and reason SQL of a whole number of at most 64 bits."""
    trimmed = sqltext.trimmed(source)
    style = _style(formats, _PLAIN)
    shape = f"{_SIGN}{_digits(style, 0)}" if style.group else f"{_SIGN}[0-9]+"
    number = _signed(f"split_part({trimmed}, {_mark(style)}, 1)", style, "HUGEINT")
    # HUGEINT first: the sign is put back after the digits were read, and -2^63 has no positive twin.
    value = (
        f"CASE WHEN {_readback(source, 'BIGINT')}"
        f" WHEN regexp_full_match({trimmed}, '{shape}') THEN TRY_CAST({number} AS BIGINT) END"
    )
    reason = (
        f"CASE WHEN regexp_full_match({trimmed}, '{shape}') THEN 'larger than 64 bits can hold'"
        " ELSE 'not a whole number' END"
    )
    return value, reason


def _mark(style: _Style) -> str:
    return "','" if style.point == "," else "'.'"


def decimal_cast(source: str, formats: tuple[str, ...], *, scale: int) -> tuple[str, str]:
    """Return value and reason SQL of an exact number with 18 digits, `scale` of them after the point."""
    return _exact(source, _style(formats, _PLAIN), scale=scale, around=(_SIGN, ""))


def percent_cast(source: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """Return value and reason SQL of a percentage as published: '12.5 %' is 12.5."""
    return _exact(source, _style(formats, _COMMAS), scale=4, around=(_SIGN, r"\s*%?"))


def _exact(source: str, style: _Style, *, scale: int, around: tuple[str, str]) -> tuple[str, str]:
    sql_type = f"DECIMAL(18,{scale})"
    trimmed = sqltext.trimmed(source)
    before, after = around
    fits = f"regexp_full_match({trimmed}, '{before}{_digits(style, scale)}{after}')"
    value = f"CASE WHEN {_readback(source, sql_type)} WHEN {fits} THEN {_signed(trimmed, style, sql_type)} END"
    return value, _number_reason(trimmed, fits, f"{before}{_digits(style, 60)}{after}", scale=scale)


def _number_reason(trimmed: str, fits: str, longer: str, *, scale: int) -> str:
    return (
        f"CASE WHEN {fits} THEN 'more than 18 digits'"
        f" WHEN regexp_full_match({trimmed}, '{longer}') THEN 'more than {scale} digits after the point'"
        " ELSE 'not a number' END"
    )


def money_cast(source: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """Return value and reason SQL of money: '$1,234.00', '(12.50)', '12.50-', and a lone dash for zero."""
    trimmed = sqltext.trimmed(source)
    style = _style(formats, _COMMAS)
    fits = f"regexp_full_match({trimmed}, '{_money_shape(style, 2)}')"
    value = (
        f"CASE WHEN {_readback(source, 'DECIMAL(18,2)')}"
        f" WHEN {fits} THEN {_signed(trimmed, style, 'DECIMAL(18,2)')}"
        f" WHEN regexp_full_match({trimmed}, '{_SYMBOL}{_DASH}') THEN 0::DECIMAL(18,2) END"
    )
    reason = _number_reason(trimmed, fits, _money_shape(style, 60), scale=2)
    return value, reason.replace("'not a number'", "'not an amount of money'")


def _money_shape(style: _Style, scale: int) -> str:
    digits = _digits(style, scale)
    leading = rf"{_SIGN}\s*{_SYMBOL}{digits}"
    inner = f"{_SYMBOL}{_SIGN}{digits}"
    return rf"(?:{leading}|{inner}|{_SYMBOL}{digits}\s*-|{_SYMBOL}\(\s*{_SYMBOL}{digits}\s*\))"


def float_cast(source: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """Return value and reason SQL of a finite number; an exponent is fine, infinity and 'nan' are not."""
    trimmed = sqltext.trimmed(source)
    reason = "'not a number'"
    style = _style(formats, _PLAIN)
    # Any sign of a digit group or a name (`1_000`, `inf`) is refused before the engine's own, kinder, cast.
    plain = (
        f"WHEN contains({source}, '_') THEN NULL WHEN isfinite(TRY_CAST({source} AS DOUBLE)) "
        f"THEN TRY_CAST({source} AS DOUBLE) WHEN isfinite(TRY_CAST({trimmed} AS DOUBLE)) "
        f"THEN TRY_CAST({trimmed} AS DOUBLE)"
    )
    if not style.group:
        return f"CASE {plain} END", reason
    shape = f"regexp_full_match({trimmed}, '{_SIGN}{_digits(style, 60)}')"
    grouped = f"WHEN {shape} THEN {_signed(trimmed, style, 'DOUBLE')}"
    return f"CASE {grouped} END" if style.point == "," else f"CASE {grouped} {plain} END", reason


_CLOCK = "([+-]?)([0-9]+):([0-5]?[0-9]):([0-5]?[0-9](?:[.][0-9]+)?)"
_ISO = "[+-]?P(?:[0-9]+W)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:[.][0-9]+)?S)?)?"


def duration_cast(source: str) -> tuple[str, str]:
    """Return value and reason SQL of a duration in seconds: '1:30:00', 'PT90M', 'P1DT2H' or a number of seconds.

    Months and years have no fixed length and '1:30' may be minutes or hours; both are refused.
    """
    trimmed = sqltext.trimmed(source)
    clock = " + ".join(
        f"TRY_CAST(regexp_extract({trimmed}, '{_CLOCK}', {group}) AS DOUBLE) * {seconds}"
        for group, seconds in ((2, 3600), (3, 60), (4, 1))
    )
    parts = (
        ("P[^T]*?([0-9]+)W", 604800),
        ("P[^T]*?([0-9]+)D", 86400),
        ("T.*?([0-9]+)H", 3600),
        ("T.*?([0-9]+)M", 60),
        ("([0-9.]+)S", 1),
    )
    iso = " + ".join(
        f"coalesce(TRY_CAST(regexp_extract({trimmed}, '{part}', 1) AS DOUBLE), 0) * {seconds}"
        for part, seconds in parts
    )
    sign = f"(CASE WHEN {trimmed} LIKE '-%' THEN -1 ELSE 1 END)"
    value = (
        f"CASE WHEN regexp_full_match({trimmed}, '[+-]?[0-9]+([.][0-9]+)?') THEN TRY_CAST({trimmed} AS DOUBLE)"
        f" WHEN regexp_full_match({trimmed}, '{_CLOCK}') THEN {sign} * ({clock})"
        f" WHEN regexp_full_match({trimmed}, '{_ISO}') AND regexp_matches({trimmed}, '[0-9][WDHMS]$')"
        f" THEN {sign} * ({iso}) END"
    )
    return value, "'not a duration (hours:minutes:seconds, PT90M, or a number of seconds)'"
