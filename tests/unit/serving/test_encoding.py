"""Cells as SODA writes them, in Python and by the engine: both must say the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cupola.serving import wire
from cupola.serving.encoding import Rows, instant, local_time, plain_number, point
from cupola.soql import Output, SoqlType


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (1e22, "10000000000000000000000"),
        (1.5e-7, "0.00000015"),
        (-2.5, "-2.5"),
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (Decimal("12.50"), "12.5"),
        (Decimal("100"), "100"),
        (Decimal("0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_numbers_are_plain(value: float, text: str | None) -> None:
    assert plain_number(value) == text


def test_times_go_to_the_millisecond() -> None:
    assert local_time(date(2014, 10, 13)) == "2014-10-13T00:00:00.000"
    assert local_time(datetime.fromisoformat("2014-10-13T08:30:01.999999")) == "2014-10-13T08:30:01.999"
    assert instant(datetime(2014, 10, 13, 8, 30, tzinfo=UTC)) == "2014-10-13T08:30:00.000Z"


def test_an_empty_point_is_no_point() -> None:
    assert point("POINT (-87.6 41.8)") == {"type": "Point", "coordinates": [-87.6, 41.8]}
    assert point("POINT EMPTY") is None


few = settings(deadline=None, max_examples=60)


@cache
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def written(value: Any, kind: SoqlType, stored: str) -> tuple[list[bytes], list[bytes]]:
    """Return JSON, CSV and GeoJSON of one cell: by the engine, and in Python."""
    columns = [Output("a", kind)]
    with engine().cursor() as connection:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rows (a {stored})")
        connection.execute("INSERT INTO rows VALUES (?), (NULL)", [value])
        sql, physical = "SELECT a FROM rows", {"a": connection.execute("DESCRIBE rows").fetchall()[0][1]}
        by_engine = [
            "".join(
                row[0] for row in connection.execute(lines(sql, wire.written(columns, physical))).fetchall()
            ).encode()
            for lines in (wire.json_lines, wire.csv_lines, wire.geojson_lines)
        ]
        found = connection.execute(wire.readable(sql, columns, geojson=True)).fetchall()
    rows = Rows(columns)
    return by_engine, [rows.json(found), rows.csv(found), rows.geojson(found)]


def check_same(value: Any, kind: SoqlType, stored: str) -> None:
    by_engine, in_python = written(value, kind, stored)
    assert by_engine == in_python


@few
@given(st.floats())
def test_every_double_is_written_the_same(value: float) -> None:
    check_same(value, SoqlType.NUMBER, "DOUBLE")


@pytest.mark.parametrize(
    "value", [1e15, 1e16, -1e16, 123456789012345680.0, 1e-4, 9.9e-5, 5e-324, 1.7976931348623157e308]
)
def test_doubles_at_the_edges_are_written_the_same(value: float) -> None:
    check_same(value, SoqlType.NUMBER, "DOUBLE")


@few
@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_every_decimal_is_written_the_same(value: Decimal) -> None:
    check_same(value, SoqlType.NUMBER, "DECIMAL(38,4)")


@few
@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_every_whole_number_is_written_the_same(value: int) -> None:
    check_same(value, SoqlType.NUMBER, "BIGINT")


@few
@given(st.datetimes(min_value=datetime(1, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001 - local times
def test_every_time_is_written_the_same(value: datetime) -> None:
    check_same(value, SoqlType.FLOATING_TIMESTAMP, "TIMESTAMP")
    check_same(value.date(), SoqlType.FLOATING_TIMESTAMP, "DATE")
    check_same(f"{value.isoformat()}+00:00", SoqlType.FIXED_TIMESTAMP, "TIMESTAMPTZ")


@few
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
def test_every_text_is_written_the_same(value: str) -> None:
    check_same(value, SoqlType.TEXT, "VARCHAR")
    check_same(value, SoqlType.URL, "VARCHAR")


@pytest.mark.parametrize(
    ("value", "kind", "stored"),
    [
        ('a "b", \\c\n\td', SoqlType.TEXT, "VARCHAR"),
        (True, SoqlType.BOOLEAN, "BOOLEAN"),
        ("POINT (-87.6 41.8)", SoqlType.POINT, "VARCHAR"),
        (2**62, SoqlType.ROW_IDENTIFIER, "BIGINT"),
        (1700000000000, SoqlType.ROW_VERSION, "BIGINT"),
    ],
)
def test_other_cells_are_written_the_same(value: Any, kind: SoqlType, stored: str) -> None:
    check_same(value, kind, stored)
