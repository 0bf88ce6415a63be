"""Dates, local timestamps and instants from text, as SQL. Years before 1000 and after 9999 are typing errors."""

import re
from datetime import UTC, datetime

from cupola.lake import sqltext

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
_OFFSET = r"(?:Z|z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)"
_MIDNIGHT = r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?"
_CENTURY = re.compile(r"%[yYG]")
_EXAMPLE = datetime(2024, 1, 31, 13, 45, tzinfo=UTC)


def date_cast(source: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """Return value and reason SQL of a day: ISO 8601 (a midnight after it is dropped), or one of `formats`.

    With `formats` a time of day is dropped too: whoever wrote such a format for a date asked for it.
    """
    if formats:
        parsed = _parsed(source, formats)
        return f"CASE WHEN {_sane(parsed)} THEN CAST({parsed} AS DATE) END", _format_reason("date", formats)
    trimmed = sqltext.trimmed(source)
    day = f"TRY_CAST(left({trimmed}, 10) AS DATE)"
    value = (
        f"CASE WHEN strlen({source}) = 10 AND {source} >= '1' AND TRY_CAST({source} AS DATE)::VARCHAR = {source}"
        f" THEN TRY_CAST({source} AS DATE)"
        f" WHEN regexp_full_match({trimmed}, '{_DAY}(?:{_MIDNIGHT})?') AND {trimmed} >= '1' THEN {day} END"
    )
    reason = (
        f"CASE WHEN regexp_full_match({trimmed}, '{_DAY}') THEN 'no such day'"
        f" WHEN regexp_full_match({trimmed}, '{_DAY}[T ]{_CLOCK}{_OFFSET}?') THEN 'has a time of day'"
        " ELSE 'not a date written as year-month-day (2024-01-31)' END"
    )
    return value, reason


def timestamp_cast(source: str, formats: tuple[str, ...], *, zone: str) -> tuple[str, str]:
    """Return value and reason SQL of a local wall time. A value with an offset is turned into the zone's wall time.

    Hours that the zone skips or repeats in spring and autumn are kept as written: a wall clock did show them.
    """
    if formats:
        parsed = _parsed(source, formats, zone=zone)
        return f"CASE WHEN {_sane(parsed)} THEN CAST({parsed} AS TIMESTAMP) END", _format_reason("timestamp", formats)
    trimmed = sqltext.trimmed(source)
    value = (
        f"CASE WHEN strlen({source}) = 19 AND {source} >= '1'"
        f" AND TRY_CAST({source} AS TIMESTAMP)::VARCHAR = {source} THEN TRY_CAST({source} AS TIMESTAMP)"
        f" WHEN {trimmed} < '1' THEN NULL"
        f" WHEN regexp_full_match({trimmed}, '{_DAY}(?:[T ]{_CLOCK})?') THEN {_wall(trimmed)}"
        f" WHEN regexp_full_match({trimmed}, '{_DAY}[T ]{_CLOCK} ?{_OFFSET}')"
        f" THEN timezone({sqltext.text(zone)}, {_moment(trimmed)}) END"
    )
    return value, _iso_reason(trimmed, "not a timestamp written as 2024-01-31 13:45:00")


def instant_cast(source: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """Return value and reason SQL of an instant: ISO 8601 with Z or an offset, or one of `formats` (UTC without %z)."""
    if formats:
        parsed = _parsed(source, formats, zone="UTC")
        value = f"CASE WHEN {_sane(parsed)} THEN timezone('UTC', CAST({parsed} AS TIMESTAMP)) END"
        return value, _format_reason("instant", formats)
    trimmed = sqltext.trimmed(source)
    value = (
        f"CASE WHEN {trimmed} >= '1' AND regexp_full_match({trimmed}, '{_DAY}[T ]{_CLOCK} ?{_OFFSET}')"
        f" THEN {_moment(trimmed)} END"
    )
    reason = (
        f"CASE WHEN regexp_full_match({trimmed}, '{_DAY}(?:[T ]{_CLOCK})?') THEN 'has no offset from UTC'"
        f" ELSE {_iso_reason(trimmed, 'not an instant written as 2024-01-31T13:45:00Z')} END"
    )
    return value, reason


def _wall(trimmed: str) -> str:
    return f"TRY_CAST(replace({trimmed}, ',', '.') AS TIMESTAMP)"


def _moment(trimmed: str) -> str:
    # An offset without minutes, or without its colon, is written out: the engine reads '+0530' as 530 hours.
    offset = rf"regexp_replace({trimmed}, '([+-][0-9]{{2}}):?([0-9]{{2}})$', '\1:\2')"
    upper = f"replace(upper({offset}), ',', '.')"
    return f"TRY_CAST({upper} AS TIMESTAMPTZ)"


def _parsed(source: str, formats: tuple[str, ...], *, zone: str = "UTC") -> str:
    trimmed = sqltext.trimmed(source)
    parts = []
    for pattern in formats:
        parsed = f"try_strptime({trimmed}, {sqltext.text(pattern)})"
        parts.append(f"timezone({sqltext.text(zone)}, {parsed})" if "%z" in pattern else parsed)
    return f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]


def _sane(parsed: str) -> str:
    return f"{parsed} BETWEEN TIMESTAMP '1000-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"


def _format_reason(kind: str, formats: tuple[str, ...]) -> str:
    patterns = " or ".join(_EXAMPLE.strftime(pattern) for pattern in formats)  # people read a date, not a pattern
    article = "an" if kind == "instant" else "a"
    return sqltext.text(f"not {article} {kind} written as {patterns}, or no such day")


def _iso_reason(trimmed: str, otherwise: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({trimmed}, '{_DAY}(?:[T ]{_CLOCK} ?{_OFFSET}?)?') THEN 'no such day'"
        f" ELSE {sqltext.text(otherwise)} END"
    )
