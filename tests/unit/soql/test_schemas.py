"""Schemas that say little, and the reference."""

import duckdb
import pytest

from cupola.soql import Column, Request, Schema, SoqlType, compile_request, reference
from cupola.soql.functions import TABLE, UNSUPPORTED

BARE = Schema((Column("n", SoqlType.NUMBER), Column("d", SoqlType.DOUBLE), Column("day", SoqlType.FLOATING_TIMESTAMP)))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("n + 1", 8.0),
        ("n * n", 49.0),
        ("n / 2", 3.5),
        ("n % 4", 3.0),
        ("-n", -7),
        ("abs(n)", 7),
        ("round(n, 1)", 7.0),
        ("'' || n", "7"),
        ("d::text", "0.5"),
        ("n = 7 and d < n", True),
        ("day = '2026-01-31'", True),
        ("case(n = 1, n, true, d)", 0.5),
        ("greatest(n, 1.5)", 7),
    ],
)
def test_columns_of_unknown_storage_are_computed_with(
    engine: duckdb.DuckDBPyConnection, expression: str, expected: object
) -> None:
    engine.execute("CREATE TABLE rows AS SELECT 1 AS _id, 7 AS n, 0.5::DOUBLE AS d, DATE '2026-01-31' AS day")
    compiled = compile_request(Request(select=f"{expression} as v"), BARE)
    assert engine.execute(compiled.tree.sql("duckdb")).fetchall() == [(expected,)]


def test_the_reference_names_every_function() -> None:
    text = reference()
    assert [name for name in TABLE if name.isidentifier() and f"{name}(" not in text] == []
    assert [name for name in UNSUPPORTED if f"`{name}`" not in text] == []
