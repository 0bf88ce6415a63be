"""What each type takes and refuses, and why; and the same rules again in plain Python, against random texts."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from load_world import column

from cupola.contracts import Contract
from cupola.lake.castplaces import register_shapes
from cupola.lake.casts import cast

NOT_NUMBER = "not a whole number"


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
    register_shapes(connection)
    yield connection
    connection.close()


def read(
    engine: duckdb.DuckDBPyConnection, value: str | None, kind: str, **facts: Any
) -> tuple[str | None, str | None]:
    """Return the value as text, and the reason when it is bad."""
    return read_all(engine, [value], kind, **facts)[0]


def read_all(
    engine: duckdb.DuckDBPyConnection, values: list[str | None], kind: str, **facts: Any
) -> list[tuple[str | None, str | None]]:
    one = column("x", kind, **facts)
    read = cast(one, Contract((one,), zone="America/Chicago"), source="x")
    shown = "hex(v)" if kind == "geometry" else "v::VARCHAR"
    return engine.execute(
        f"SELECT {shown}, CASE WHEN {read.bad('v')} THEN {read.reason} END FROM"
        f" (SELECT x, {read.value} AS v FROM (SELECT unnest($1::VARCHAR[]) AS x))",
        [values],
    ).fetchall()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "12", "12"),
        ("integer", " +5 ", "5"),
        ("integer", "\u00a012", "12"),
        ("integer", "007", "7"),
        ("integer", "-9223372036854775808", "-9223372036854775808"),
        ("integer", "", None),
        ("float", "1e3", "1000.0"),
        ("float", ".5", "0.5"),
        ("money", "$1,234.00", "1234.00"),
        ("money", "(12.50)", "-12.50"),
        ("money", "-", "0.00"),
        ("money", "$ -", "0.00"),
        ("money", "-$5", "-5.00"),
        ("money", "5-", "-5.00"),
        ("money", "€7.5", "7.50"),
        ("percent", "12.5 %", "12.5000"),
        ("percent", "12.5", "12.5000"),
        ("boolean", "Y", "true"),
        ("boolean", "No", "false"),
        ("boolean", "0", "false"),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", "2024-01-05T00:00:00.000", "2024-01-05"),
        ("timestamp", "2024-01-05", "2024-01-05 00:00:00"),
        ("timestamp", "2024-01-05T10:00", "2024-01-05 10:00:00"),
        ("timestamp", "2024-03-10 02:30:00", "2024-03-10 02:30:00"),  # skipped in spring: kept as written
        ("timestamp", "2024-11-03 01:30:00", "2024-11-03 01:30:00"),  # shown twice in autumn: kept as written
        ("timestamp", "2024-01-05T10:00:00Z", "2024-01-05 04:00:00"),
        ("instant", "2024-01-05T10:00:00+0530", "2024-01-05 04:30:00+00"),
        ("instant", "2024-01-05 10:00:00.5Z", "2024-01-05 10:00:00.5+00"),
        ("duration", "1:30:00", "5400.0"),
        ("duration", "PT90M", "5400.0"),
        ("duration", "P1DT2H", "93600.0"),
        ("duration", "90.5", "90.5"),
        ("duration", "-PT5M", "-300.0"),
        ("point", "point(-87.6 41.8)", "POINT (-87.6 41.8)"),
        ("point", "(41.8, -87.6)", "POINT (-87.6 41.8)"),
        ("point", '{"type": "Point", "coordinates": [-87.6, 41.8]}', "POINT (-87.6 41.8)"),
        ("geometry", "POINT (1 2)", "0101000000000000000000F03F0000000000000040"),
        ("geometry", '{"type": "Point", "coordinates": [1, 2]}', "0101000000000000000000F03F0000000000000040"),
        ("url", " https://example.org/a?b ", "https://example.org/a?b"),
        ("text", " kept  exactly ", " kept  exactly "),
        ("text", "   ", None),
    ],
)
def test_a_text_of_its_type_is_read(engine: duckdb.DuckDBPyConnection, kind: str, text: str, value: str | None) -> None:
    assert read(engine, text, kind) == (value, None)


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("integer", "12.7", NOT_NUMBER),
        ("integer", "12.0", NOT_NUMBER),
        ("integer", "1e3", NOT_NUMBER),
        ("integer", "0x1F", NOT_NUMBER),
        ("integer", "1_000", NOT_NUMBER),
        ("integer", "1,000", NOT_NUMBER),
        ("integer", "\u0663", NOT_NUMBER),
        ("integer", "9223372036854775808", "larger than 64 bits can hold"),
        ("float", "nan", "not a number"),
        ("float", "inf", "not a number"),
        ("float", "1_0.5", "not a number"),
        ("decimal", "1e3", "not a number"),
        ("decimal", "1.23456", "more than 4 digits after the point"),
        ("decimal", "123456789012345.5", "more than 18 digits"),
        ("money", "12.345", "more than 2 digits after the point"),
        ("money", "1,23", "not an amount of money"),
        ("money", "(5", "not an amount of money"),
        ("money", "1.234,50", "not an amount of money"),
        ("percent", "%", "not a number"),
        ("boolean", "2", "not yes or no (y, n, yes, no, t, f, true, false, 1, 0)"),
        ("date", "1900-02-30", "no such day"),
        ("date", "2024-01-05abc", "not a date written as year-month-day (2024-01-31)"),
        ("date", "infinity", "not a date written as year-month-day (2024-01-31)"),
        ("date", "2024-01-05 10:00", "has a time of day"),
        ("timestamp", "2024-01-05 24:00:00", "not a timestamp written as 2024-01-31 13:45:00"),
        ("timestamp", "2024-02-30 10:00", "no such day"),
        ("instant", "2024-01-05 10:00:00", "has no offset from UTC"),
        ("duration", "1:30", "not a duration (hours:minutes:seconds, PT90M, or a number of seconds)"),
        ("duration", "P1M", "not a duration (hours:minutes:seconds, PT90M, or a number of seconds)"),
        ("point", "(141.8, -87.6)", "outside of the world: latitude is -90 to 90, longitude -180 to 180"),
        ("point", "nowhere", "not a point (WKT, GeoJSON or (latitude, longitude))"),
        ("geometry", "POINT (500 1)", "not a shape (GeoJSON or WKT, in degrees of longitude and latitude)"),
        ("geometry", "{", "not a shape (GeoJSON or WKT, in degrees of longitude and latitude)"),
        ("url", "javascript:alert(1)", "not a web address that starts with http:// or https://"),
    ],
)
def test_a_text_of_another_type_is_refused_with_the_reason(
    engine: duckdb.DuckDBPyConnection, kind: str, text: str, reason: str
) -> None:
    assert read(engine, text, kind) == (None, reason)


def test_formats_of_a_date_are_tried_in_order(engine: duckdb.DuckDBPyConnection) -> None:
    formats = ("%m/%d/%Y", "%d.%m.%Y")
    assert read(engine, "01/05/2024", "date", formats=formats) == ("2024-01-05", None)
    assert read(engine, "05.01.2024", "date", formats=formats) == ("2024-01-05", None)
    refused = "not a date written as 01/31/2024 or 31.01.2024, or no such day"
    assert read(engine, "02/30/2024", "date", formats=formats) == (None, refused)
    assert read(engine, "01/05/24", "date", formats=formats) == (None, refused)


def test_grouped_digits_are_read_only_when_the_contract_shows_them(engine: duckdb.DuckDBPyConnection) -> None:
    assert read(engine, "1.234,50", "money", formats=("1.234,50",)) == ("1234.50", None)
    assert read(engine, "1,234", "integer", formats=("1,234.50",)) == ("1234", None)
    assert read(engine, "1,5", "float", formats=("1.234,50",)) == ("1.5", None)


def test_a_code_must_be_allowed(engine: duckdb.DuckDBPyConnection) -> None:
    allowed = (("OPEN", "still open"), ("DONE", ""))
    assert read(engine, " OPEN ", "code", allowed=allowed) == ("OPEN", None)
    assert read(engine, "open", "code", allowed=allowed) == (None, "not one of the allowed values")


def test_null_tokens_of_the_column_are_trimmed_and_come_first(engine: duckdb.DuckDBPyConnection) -> None:
    assert read(engine, " NA ", "integer", null_tokens=("NA", "-999")) == (None, None)
    assert read(engine, "-999", "integer", null_tokens=("NA", "-999")) == (None, None)
    assert read(engine, "", "text", null_tokens=("NA",)) == ("", None)


def test_a_required_column_refuses_what_is_empty(engine: duckdb.DuckDBPyConnection) -> None:
    assert read(engine, "  ", "text", required=True) == (None, "required, and empty")


WHITE = " \t\n\r\v\f\u00a0"
# Digits, signs, marks and letters that engines are known to take for part of a number or a date.
weird = st.text(alphabet="0123456789+-.,eExX_ab$()%/:TZ \t\u00a0\u0663\u2212", max_size=22)
numeric = st.from_regex(r"[+-]?[0-9]{0,20}[.]?[0-9]{0,6}", fullmatch=True)
daily = st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", fullmatch=True)
texts = st.lists(st.one_of(weird, numeric, daily), min_size=1, max_size=60)


def naive_integer(text: str) -> str | None:
    text = text.strip(WHITE)
    if not re.fullmatch("[+\u2212-]?[0-9]+", text):
        return None
    number = int(text.replace("\u2212", "-"))
    return str(number) if -(2**63) <= number < 2**63 else None


def naive_decimal(text: str) -> str | None:
    text = text.strip(WHITE)
    try:
        number = Decimal(text.replace("\u2212", "-"))
    except InvalidOperation:
        return None
    if not number.is_finite() or not re.fullmatch("[+\u2212-]?[0-9.]+", text):
        return None
    if abs(number) >= 10**14 or number != number.quantize(Decimal("0.0001"), context=Context(prec=100)):
        return None
    return f"{number:.4f}".replace("-0.0000", "0.0000")


def naive_date(text: str) -> str | None:
    text = text.strip(WHITE)
    matched = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([T ]00:00(:00)?)?", text, re.ASCII)
    try:
        day = date.fromisoformat(matched[1]) if matched else None
    except ValueError:
        return None
    return day.isoformat() if day and day.year >= 1000 else None


def naive_timestamp(text: str) -> str | None:
    text = text.strip(WHITE)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", text, re.ASCII):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.isoformat(sep=" ") if moment.year >= 1000 else None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "naive"),
    [
        ("integer", naive_integer),
        ("decimal", naive_decimal),
        ("date", naive_date),
        ("timestamp", naive_timestamp),
    ],
)
@settings(max_examples=60, deadline=None)
@given(texts)
def test_casts_agree_with_plain_python(
    engine: duckdb.DuckDBPyConnection, kind: str, naive: Any, values: list[str]
) -> None:
    got = read_all(engine, list(values), kind)
    for text, (value, reason) in zip(values, got, strict=True):
        empty = text.strip(WHITE) == ""
        assert (text, value) == (text, naive(text))
        assert (text, reason is not None) == (text, value is None and not empty)
