"""Differences, against a naive comparison in Python."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelves import PERMITS, Shelf

from cupola.contracts import Column, ColumnType, Contract, Duplicates
from cupola.lake import Diff, Edition, Lake
from cupola.lake.diff import Retype

pytestmark = pytest.mark.slow
KEYLESS = Contract(columns=PERMITS.columns, duplicates=Duplicates.KEYLESS)


def compared(shelf: Shelf, **choices: Any) -> Diff:
    lake = Lake(shelf.catalog.root, threads=1)
    return lake.diff("permits", a=Edition(1), b=Edition(2), **choices)


def permit(number: int | None, status: str | None = "open", cost: float | None = 1.0) -> dict[str, Any]:
    return {"permit": number, "status": status, "cost": cost}


def test_changed_cells_are_named_with_both_values(shelf: Shelf) -> None:
    shelf.write([permit(1), permit(2, None), permit(3)])
    shelf.write([permit(1, "closed", None), permit(2, None), permit(4)], mode="replace")
    found = compared(shelf)
    assert found.key == ("permit",)
    assert (found.rows_before, found.rows_after) == (3, 3)
    assert (found.rows_added, found.rows_removed, found.rows_changed) == (1, 1, 1)
    assert found.cells_changed == {"status": 1, "cost": 1}
    assert [(cell.key, cell.column, cell.before, cell.after) for cell in found.cells] == [
        ((1,), "status", "open", "closed"),
        ((1,), "cost", 1.0, None),
    ]
    assert [row.values for row in found.added] == [permit(4)]
    assert [row.values for row in found.removed] == [permit(3)]


def test_equal_versions_are_the_same(shelf: Shelf) -> None:
    shelf.write([permit(1, cost=float("nan"))])
    shelf.write([permit(1, cost=float("nan"))], mode="replace")
    assert compared(shelf).same


def test_what_is_shown_is_limited_and_what_is_counted_is_not(shelf: Shelf) -> None:
    shelf.write([permit(number) for number in range(30)])
    shelf.write([permit(number, "closed") for number in range(20)], mode="replace")
    found = compared(shelf, limit=3)
    assert (found.rows_changed, found.rows_removed) == (20, 10)
    assert (len(found.cells), len(found.removed)) == (3, 3)


def test_rows_without_a_key_are_counted_as_multisets(shelf: Shelf) -> None:
    rows = [permit(1), {**permit(1), "_id": 2}, {**permit(2), "_id": 3}]
    shelf.write(rows, contract=KEYLESS)
    shelf.write(
        [permit(1), {**permit(3, None), "_id": 4}, {**permit(3, None), "_id": 5}], contract=KEYLESS, mode="replace"
    )
    found = compared(shelf)
    assert found.key == ()
    assert (found.rows_added, found.rows_removed, found.rows_changed) == (2, 2, 0)
    assert [(row.values, row.count) for row in found.added] == [(permit(3, None), 2)]
    assert [(row.values, row.count) for row in found.removed] == [(permit(1), 1), (permit(2), 1)]


def test_schema_differences_are_named(shelf: Shelf) -> None:
    shelf.write([permit(1)])
    changed = Contract(
        columns=(
            Column("permit", ColumnType.INTEGER),
            Column("cost", ColumnType.TEXT),
            Column("ward", ColumnType.TEXT),
        ),
        key=("permit",),
    )
    shelf.write([{"permit": 1, "cost": "1.0", "ward": "7"}], contract=changed, mode="replace")
    found = compared(shelf)
    assert (found.columns_added, found.columns_removed) == (("ward",), ("status",))
    assert found.columns_retyped == (Retype("cost", "DOUBLE", "VARCHAR"),)
    assert (found.rows_added, found.rows_removed, found.rows_changed) == (0, 0, 0)
    assert not found.same


values = st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0.5, -0.0, 0.0, None]))
keyed = st.dictionaries(st.one_of(st.integers(0, 9), st.none()), values, max_size=7)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(keyed, keyed)
def test_any_two_keyed_versions_differ_as_dictionaries_do(
    a: dict[int | None, tuple[Any, Any]], b: dict[int | None, tuple[Any, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "lake")
        shelf.write([permit(key, *one) for key, one in a.items()])
        shelf.write([permit(key, *one) for key, one in b.items()], mode="replace")
        found = compared(shelf)
        shelf.catalog.close()
    common = a.keys() & b.keys()
    assert found.rows_added == len(b.keys() - a.keys())
    assert found.rows_removed == len(a.keys() - b.keys())
    assert found.rows_changed == sum(a[key] != b[key] for key in common)
    assert {(cell.key[0], cell.column, cell.before, cell.after) for cell in found.cells} == {
        (key, column, before, after)
        for key in common
        for column, before, after in zip(("status", "cost"), a[key], b[key], strict=True)
        if before != after
    }


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(values, max_size=7), st.lists(values, max_size=7))
def test_any_two_keyless_versions_differ_as_multisets_do(a: list[tuple[Any, Any]], b: list[tuple[Any, Any]]) -> None:
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "lake")
        for number, rows in enumerate((a, b)):
            listed = [{**permit(0, *one), "_id": 100 * number + at} for at, one in enumerate(rows)]
            shelf.write(listed, contract=KEYLESS, mode="replace")
        found = compared(shelf)
        shelf.catalog.close()
    before, after = Counter(a), Counter(b)
    assert found.rows_added == (after - before).total()
    assert found.rows_removed == (before - after).total()
