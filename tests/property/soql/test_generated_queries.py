"""Generated queries: the engine and a naive evaluator agree, and the way a query is written makes no difference."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from random import Random

import duckdb
import pytest
from tests.property.soql.generating import COLUMNS, Generator, Writer, make_rows
from tests.property.soql.naive import Query, Row, answer

from cupola.soql import Column, Compiled, Request, Schema, SoqlType, compile_request

pytestmark = pytest.mark.slow
QUERIES = 600
PHYSICAL = {"ward": "BIGINT", "cost": "DECIMAL(18,2)", "height": "DOUBLE", "name": "VARCHAR", "kind": "VARCHAR",
            "open": "BOOLEAN", "built": "DATE", "seen": "TIMESTAMP"}  # fmt: skip
TYPES = {
    "number": SoqlType.NUMBER,
    "text": SoqlType.TEXT,
    "boolean": SoqlType.BOOLEAN,
    "date": SoqlType.FLOATING_TIMESTAMP,
}
SCHEMA = Schema(tuple(Column(name, TYPES[kind], physical=PHYSICAL[name]) for name, kind in COLUMNS.items()))
ROWS = make_rows(Random(1))


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})
    columns = ", ".join(f"{name} {kind}" for name, kind in PHYSICAL.items())
    connection.execute(f"CREATE TABLE rows (_id BIGINT, {columns})")
    marks = ", ".join("?" * (len(PHYSICAL) + 1))
    connection.executemany(f"INSERT INTO rows VALUES ({marks})", [[at, *row.values()] for at, row in enumerate(ROWS)])
    yield connection
    connection.close()


def compiled(queries: list[Query], seed: int) -> tuple[str, Compiled]:
    text = Writer(Random(seed)).stages(queries)
    return text, compile_request(Request(query=text), SCHEMA)


def plain(value: object) -> object:
    """A value such that both sides can be compared: numbers to nine digits, days as times."""
    if isinstance(value, bool | None):
        return value
    if isinstance(value, int | float | Decimal):
        return float(f"{float(value) + 0.0:.9g}") + 0.0
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value


def naive_answer(queries: list[Query]) -> list[list[object]]:
    rows: list[Row] = ROWS
    for at, query in enumerate(queries):
        rows = answer(query, rows, first=at == 0)
    return [[plain(value) for value in row.values()] for row in rows[:1000]]


@pytest.mark.parametrize("block", range(12))
def test_the_engine_agrees_with_a_naive_evaluator(engine: duckdb.DuckDBPyConnection, block: int) -> None:
    size = QUERIES // 12
    for seed in range(block * size, (block + 1) * size):
        queries = Generator(Random(seed)).queries()
        text, query = compiled(queries, seed)
        found = engine.execute(query.tree.sql(dialect="duckdb")).fetchall()
        assert [[plain(value) for value in row] for row in found] == naive_answer(queries), f"seed {seed}: {text}"


def test_spacing_case_and_quotes_make_no_difference() -> None:
    for seed in range(100):
        queries = Generator(Random(seed)).queries()
        first, second = compiled(queries, seed)[1], compiled(queries, seed + 1_000_000)[1]
        assert first.normal == second.normal
        assert first.tree == second.tree


def test_the_generator_covers_the_language() -> None:
    made = [stage for seed in range(QUERIES) for stage in Generator(Random(seed)).queries()]
    assert sum(bool(stage.group) for stage in made) > 50
    assert sum(stage.having is not None for stage in made) > 50
    assert sum(stage.distinct for stage in made) > 50
    assert len(made) > QUERIES * 1.3
