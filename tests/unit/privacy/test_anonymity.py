"""k and l, against counting by hand."""

from collections import Counter

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cupola.contracts import Column, ColumnType
from cupola.privacy import (
    Anonymity,
    NoQuasiIdentifiers,
    NotForThisColumn,
    Remedy,
    anonymity_query,
    applied,
    read_anonymity,
)

ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 2), st.sampled_from(["x", "y", None])), max_size=40
)


def measure(rows: list[tuple[str | None, int, str | None]], *, threshold: int) -> Anonymity:
    names = ("ward", "age", "illness")
    types = (pa.string(), pa.int64(), pa.string())
    data = pa.table({n: pa.array([row[at] for row in rows], types[at]) for at, n in enumerate(names)})
    query = anonymity_query(names[:2], sensitive=names[2:], threshold=threshold)
    with duckdb.connect() as connection:
        connection.register("data", data)
        answer = connection.execute(query.sql(dialect="duckdb")).to_arrow_table()
    return read_anonymity(answer, names[:2], sensitive=names[2:], threshold=threshold)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, threshold=st.integers(1, 6))
def test_one_query_counts_what_a_loop_counts(rows: list[tuple[str | None, int, str | None]], threshold: int) -> None:
    groups = Counter((ward, age) for ward, age, _ in rows)
    kinds = {key: {illness for ward, age, illness in rows if (ward, age) == key} for key in groups}
    found = measure(rows, threshold=threshold)
    assert found.k == min(groups.values(), default=0)
    assert found.groups == len(groups)
    assert found.small_groups == sum(n < threshold for n in groups.values())
    assert found.small_rows == sum(n for n in groups.values() if n < threshold)
    assert found.diversity["illness"] == min((len(held) for held in kinds.values()), default=0)


def test_no_column_is_refused() -> None:
    with pytest.raises(NoQuasiIdentifiers, match="quasi_identifier"):
        anonymity_query(())


def test_a_band_can_be_tried_before_it_is_made() -> None:
    age = Column("age", ColumnType.INTEGER)
    query = anonymity_query(["age"], instead={"age": applied(Remedy.BAND, age, step=10)})
    with duckdb.connect() as connection:
        connection.register("data", pa.table({"age": list(range(20, 40))}))
        answer = connection.execute(query.sql(dialect="duckdb")).to_arrow_table()
    assert read_anonymity(answer, ["age"]).k == 10


def test_a_text_cannot_be_put_into_bands() -> None:
    with pytest.raises(NotForThisColumn, match="band"):
        applied(Remedy.BAND, Column("name", ColumnType.TEXT))
