"""What a literal can mean: texts that read as numbers, dates, instants, intervals, shapes, row identifiers."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from cupola.soql.shapes import shape_of
from cupola.soql.typed import Constant, Interval, Value
from cupola.soql.types import GEOMETRIES, SoqlType

_NUMBER = re.compile(r"[+-]?\d{1,100}(?:\.\d{0,100})?(?:[eE][+-]?\d{1,3})?")
_DAY = r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?"
_CLOCK = r"(?:[T ](?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?)?)?"
_ZONE = r"\s?(?P<zone>Z|z|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_MOMENT = re.compile(_DAY + _CLOCK + _ZONE)
_AMERICAN = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})" + _CLOCK + _ZONE)
_INTERVAL = re.compile(
    r"(?P<sign>-)?P(?:(?P<year>-?\d{1,5})Y)?(?:(?P<month>-?\d{1,5})M)?(?:(?P<week>-?\d{1,5})W)?(?:(?P<day>-?\d{1,6})D)?"
    r"(?:T(?:(?P<hour>-?\d{1,7})H)?(?:(?P<minute>-?\d{1,8})M)?(?:(?P<second>-?\d{1,9})S)?)?",
    re.IGNORECASE,
)
_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_ROW = re.compile(r"(?:row-)?(\d{1,19})")
_VERSION = re.compile(r"(?:rv-)?(\d{1,18})")
_BOOLEANS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
_MOST_DIGITS = 38  # of an exact number


def number(text: str) -> str | None:
    """Return the digits of a number written plainly, or None."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if abs(value.adjusted()) > 300:
        return None
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits in {"-0", "+0", ""} else digits.lstrip("+")


def is_exact(digits: str) -> bool:
    """Return whether a number fits an exact decimal of the engine."""
    return len(digits.replace("-", "").replace(".", "")) <= _MOST_DIGITS


def number_physical(digits: str) -> str:
    """Return the DuckDB type a number literal has."""
    if not is_exact(digits):
        return "DOUBLE"
    bare = digits.lstrip("-")
    if "." not in bare:
        return "BIGINT" if int(bare) < 2**63 else "HUGEINT"
    whole, fraction = bare.split(".")
    return f"DECIMAL({max(len(whole.lstrip('0')) + len(fraction), 1)},{len(fraction)})"


def moment(text: str) -> tuple[datetime, bool] | None:
    """Return the time a text names, and whether it told its zone (then in UTC). Short forms begin their span."""
    match = _MOMENT.fullmatch(text.strip()) or _AMERICAN.fullmatch(text.strip())
    if match is None:
        return None
    part = match.groupdict()
    fraction = int((part["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        when = datetime(  # noqa: DTZ001 - local time, until a zone is told
            int(part["year"]), int(part["month"] or 1), int(part["day"] or 1),
            int(part["hour"] or 0), int(part["minute"] or 0), int(part["second"] or 0), fraction,
        )  # fmt: skip
        return (_in_utc(when, part["zone"]), True) if part["zone"] else (when, False)
    except (ValueError, OverflowError):
        return None


def _in_utc(when: datetime, zone: str) -> datetime:
    if zone in {"Z", "z"}:
        return when
    digits = zone[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    offset = timezone(-shift if zone[0] == "-" else shift)
    return when.replace(tzinfo=offset).astimezone(UTC).replace(tzinfo=None)


def interval(text: str) -> Interval | None:
    """Return the parts of an ISO 8601 period such as P1M or P2DT12H."""
    match = _INTERVAL.fullmatch(text.strip())
    if match is None:
        return None
    sign = -1 if match["sign"] else 1
    parts = tuple((sign * int(match[unit]), unit) for unit in _UNITS if match[unit])
    return parts or None


def _floating(text: str) -> datetime | None:
    found = moment(text)
    return found[0] if found else None


def _identifier(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.fullmatch(text.strip())
    return str(int(match[1])) if match else None


def read_text(text: str, wanted: SoqlType) -> Value:
    """Return what a text means as a value of a type, or None where it cannot."""
    if wanted in {SoqlType.TEXT, SoqlType.URL}:
        return text
    if wanted in {SoqlType.NUMBER, SoqlType.DOUBLE}:
        return number(text)
    if wanted is SoqlType.BOOLEAN:
        return _BOOLEANS.get(text.strip().lower())
    if wanted in {SoqlType.FLOATING_TIMESTAMP, SoqlType.FIXED_TIMESTAMP}:
        return _floating(text)
    if wanted in GEOMETRIES:
        return shape_of(text, wanted)
    if wanted is SoqlType.INTERVAL:
        return interval(text)
    return _identifier(_ROW if wanted is SoqlType.ROW_IDENTIFIER else _VERSION, text)


def constant(value: Value, kind: SoqlType) -> Constant:
    """Return a constant of a type."""
    if value is None:
        return Constant(kind, f"null::{kind}")
    if isinstance(value, datetime):
        day = kind is SoqlType.FLOATING_TIMESTAMP and (value.hour, value.minute, value.second, value.microsecond) == (
            0, 0, 0, 0,
        )  # fmt: skip
        return Constant(kind, f"{kind}'{value.isoformat()}'", "DATE" if day else "TIMESTAMP", value=value)
    if isinstance(value, tuple):
        return Constant(kind, f"interval{value}", value=value)
    if isinstance(value, bool):
        return Constant(kind, "true" if value else "false", value=value)
    if kind in {SoqlType.NUMBER, SoqlType.DOUBLE}:
        return Constant(SoqlType.NUMBER, value, number_physical(value), value=value)
    quoted = "'" + value.replace("'", "''") + "'"
    return Constant(kind, quoted if kind is SoqlType.TEXT else f"{kind}{quoted}", value=value)
