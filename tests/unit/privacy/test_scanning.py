"""What the scan finds, judged by 20,000 values whose kind is known, and what it says of what it found."""

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from labelled import labelled

from cupola.contracts import Column, ColumnType
from cupola.privacy import Kind, columns_to_scan, read_scan, scan_query
from cupola.privacy.detectors import TESTS

LEAST = dict.fromkeys(Kind, 0.99) | {Kind.PERSON_NAME: 0.8}  # no list holds every name; a column is judged by its share


def scan(values: list[object], column: Column) -> dict[Kind, tuple[int, tuple[str, ...]]]:
    data = pa.table({column.name: values})
    query = scan_query(column)
    assert query is not None
    with duckdb.connect() as connection:
        connection.register("data", data)
        answer = connection.execute(query.sql(dialect="duckdb")).to_arrow_table()
    return {hit.kind: (hit.values, hit.samples) for hit in read_scan(column, answer)}


@pytest.fixture(scope="module")
def judged() -> dict[Kind, tuple[float, float]]:
    """Return recall and precision of each kind."""
    values = labelled()
    table = pa.table({"v": [v for v, _ in values], "kind": [kind.value if kind else None for _, kind in values]})
    figures = {}
    with duckdb.connect() as connection:
        connection.register("labelled", table)
        for kind, test in TESTS.items():
            tree = sqlglot.parse_one(f"SELECT kind FROM labelled WHERE {test}", read="duckdb")
            found = [one for (one,) in connection.execute(tree.sql(dialect="duckdb")).fetchall()]
            right = found.count(kind.value)
            figures[kind] = (right / sum(one is kind for _, one in values), right / len(found))
    return figures


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_is_found_and_little_else_is_taken_for_it(kind: Kind, judged: dict[Kind, tuple[float, float]]) -> None:
    recall, precision = judged[kind]
    assert recall >= LEAST[kind]
    assert precision >= 0.99


def test_samples_are_masked() -> None:
    found = scan(["ann.lee@city.org", None, "nothing"], Column("note", ColumnType.TEXT))
    assert found == {Kind.EMAIL: (1, ("xxx.xxx@xxxx.xxx",))}


def test_a_single_plate_among_words_is_no_column_of_plates() -> None:
    assert Kind.PLATE not in scan(["ABC 1234", "red", "blue", "green"], Column("colour", ColumnType.TEXT))


def test_the_name_of_a_column_decides_what_its_numbers_are() -> None:
    numbers: list[object] = ["3125550142", "7735550199"]
    assert scan(numbers, Column("permit_no", ColumnType.TEXT)) == {}
    assert Kind.PHONE in scan(numbers, Column("owner_phone", ColumnType.TEXT))


def test_first_and_last_names_stand_alone_in_columns_that_say_so() -> None:
    names: list[object] = ["Zbigniew", "O'Brien", "Saoirse"]
    assert Kind.PERSON_NAME in scan(names, Column("officer_first_name", ColumnType.TEXT))
    assert scan(names, Column("street", ColumnType.TEXT)) == {}


def test_ids_that_share_their_letters_are_no_plates_and_addresses_of_the_web_no_prose() -> None:
    ids: list[object] = [f"A{number:05}" for number in range(400)]
    assert scan(ids, Column("deptid", ColumnType.TEXT)) == {}
    assert Kind.PLATE in scan(ids, Column("plate", ColumnType.TEXT))
    address = "https://city.example/a page of many words and spaces/that goes on and on"
    assert scan([address], Column("link", ColumnType.TEXT)) == {}


def test_a_date_column_of_births_is_found_by_its_name() -> None:
    birth = Column("date_of_birth", ColumnType.DATE)
    assert columns_to_scan([birth, Column("issued_on", ColumnType.DATE)]) == (birth,)


def test_coordinates_are_precise_from_the_fifth_digit() -> None:
    column = Column("latitude", ColumnType.FLOAT)
    assert Kind.PRECISE_PLACE in scan([41.883911, 41.900101], column)
    assert scan([41.88, 41.9], column) == {}
