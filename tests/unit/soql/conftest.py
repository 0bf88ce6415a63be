"""A small table of buildings that every test of the language reads, and how to ask it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_spatial
import pytest

from cupola.soql import Column, Schema, SoqlType, compile_request, read_request

BUILDINGS = Schema(
    (
        Column("name", SoqlType.TEXT, searchable=True, physical="VARCHAR"),
        Column("kind", SoqlType.TEXT, searchable=True, physical="VARCHAR"),
        Column("ward", SoqlType.NUMBER, searchable=True, physical="BIGINT"),
        Column("cost", SoqlType.NUMBER, physical="DECIMAL(18,2)"),
        Column("height", SoqlType.NUMBER, physical="DOUBLE"),
        Column("open", SoqlType.BOOLEAN, physical="BOOLEAN"),
        Column("built", SoqlType.FLOATING_TIMESTAMP, physical="DATE"),
        Column("seen", SoqlType.FLOATING_TIMESTAMP, physical="TIMESTAMP"),
        Column("sent", SoqlType.FIXED_TIMESTAMP),
        Column("place", SoqlType.POINT),
        Column("ground", SoqlType.MULTIPOLYGON),
        Column("page", SoqlType.URL, searchable=True),
    ),
    {"title": "name"},
)
_ROWS = """
CREATE TABLE rows AS SELECT
  * REPLACE ("place:lon"::DOUBLE AS "place:lon", "place:lat"::DOUBLE AS "place:lat", height::DOUBLE AS height),
  i::BIGINT AS _id, TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL 1 DAY * i AS _created_at,
  TIMESTAMPTZ '2026-02-01 00:00:00+00' + INTERVAL 1 DAY * i AS _updated_at,
  'POINT (' || "place:lon" || ' ' || "place:lat" || ')' AS place,
  ST_AsWKB(ST_Multi(ST_MakeEnvelope("place:lon" - 0.01, "place:lat" - 0.01, "place:lon" + 0.01, "place:lat" + 0.01)))
    AS ground
FROM (VALUES
  (1, 'City Hall', 'office', 42::BIGINT, 1000.50::DECIMAL(18,2), 66.5, true, DATE '1911-02-24',
   TIMESTAMP '2026-03-01 08:30:15.250', TIMESTAMPTZ '2026-03-01 14:30:15+00', 'https://hall.example', -87.632, 41.884),
  (2, 'Harbor Island Café', 'shop', 42, 250.25, 7.0, false, DATE '2014-10-13', TIMESTAMP '2026-03-02 23:59:59',
   TIMESTAMPTZ '2026-03-03 05:59:59+00', NULL, -87.610, 41.890),
  (3, 'Cargo Depot', 'depot', 11, 99.99, 12.25, true, DATE '2020-02-29', TIMESTAMP '2026-03-08 00:00:00',
   TIMESTAMPTZ '2026-03-08 06:00:00+00', 'https://cargo.example', -87.655, 41.850),
  (4, 'City Car Park', 'depot', 11, 0.00, 3.5, NULL, DATE '2020-12-31', NULL, NULL, NULL, -87.700, 41.950),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
) AS t(i, name, kind, ward, cost, height, open, built, seen, sent, page, "place:lon", "place:lat")
"""


def connect() -> duckdb.DuckDBPyConnection:
    """Return an empty engine in UTC that knows shapes."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    folder = Path(next(iter(duckdb_extension_spatial.__path__)))
    extension = folder / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    connection.execute("LOAD $$" + str(extension) + "$$")
    return connection


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `rows` of five buildings."""
    connection.execute(_ROWS)


Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty engine in UTC that knows shapes."""
    connection = connect()
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def buildings() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose `rows` are five buildings."""
    connection = connect()
    fill(connection)
    yield connection
    connection.close()


@pytest.fixture
def ask(buildings: duckdb.DuckDBPyConnection) -> Ask:
    """Answer parameters given as keywords: `where="ward = 1"` is $where."""

    def answer(query: str | None = None, /, **clauses: str) -> list[tuple[Any, ...]]:
        parameters = [("$query", query)] if query else [(f"${name}", value) for name, value in clauses.items()]
        compiled = compile_request(read_request(parameters), BUILDINGS)
        table = buildings.execute(compiled.tree.sql(dialect="duckdb")).to_arrow_table()
        return [tuple(row.values()) for row in table.to_pylist()]

    return answer
