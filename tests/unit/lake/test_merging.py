"""Upsert and replace, against a dictionary."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelves import PERMITS, Shelf

from cupola.contracts import Column, ColumnType, Contract
from cupola.lake.writing import Retyped

pytestmark = pytest.mark.slow


def permit(number: int, status: str | None = "open", cost: float | None = 1.0) -> dict[str, Any]:
    return {"permit": number, "status": status, "cost": cost}


def by_permit(rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    assert len({row["permit"] for row in rows}) == len(rows)
    return {row["permit"]: row for row in rows}


def test_upsert_changes_known_rows_and_adds_new_ones(shelf: Shelf) -> None:
    shelf.write([permit(1), permit(2), permit(3)])
    _, merged = shelf.merge([permit(2, "closed"), permit(3), permit(4)], mode="upsert")
    assert (merged.rows_added, merged.rows_changed, merged.rows_removed) == (1, 1, 0)
    assert by_permit(shelf.read()) == by_permit([permit(1), permit(2, "closed"), permit(3), permit(4)])


def test_upsert_keeps_when_a_row_came_and_moves_when_it_changed(shelf: Shelf) -> None:
    first = shelf.write([permit(1), permit(2)])
    second = shelf.write([permit(1, "closed"), permit(2)], mode="upsert")
    times = {row["permit"]: (row["_created_at"], row["_updated_at"]) for row in shelf.read(system=True)}
    assert times[1] == (first.committed_at, second.committed_at)
    assert times[2] == (first.committed_at, first.committed_at)


def test_upsert_leaves_files_without_a_changed_row_alone(shelf: Shelf) -> None:
    shelf.write([permit(1), permit(2)])
    before = shelf.table.files(shelf.write([permit(11), permit(12)]))
    _, merged = shelf.merge([permit(1), permit(12, "closed")], mode="upsert")
    assert merged.drop == (before[1].path,)
    assert before[0] in shelf.table.files(shelf.table.version())


def test_upsert_keeps_the_order_of_files(shelf: Shelf) -> None:
    shelf.write([permit(4)])
    shelf.write([permit(9), permit(8)])
    shelf.write([permit(4, "closed"), permit(1)], mode="upsert")
    assert [row["permit"] for row in shelf.read()] == [4, 9, 8, 1]


def test_replace_counts_and_keeps_unchanged_files(shelf: Shelf) -> None:
    shelf.write([permit(1), permit(2)])
    before = shelf.table.files(shelf.write([permit(3), permit(4), permit(5)]))
    _, merged = shelf.merge([permit(5, "closed"), permit(4), permit(2), permit(1), permit(6)], mode="replace")
    assert (merged.rows_added, merged.rows_changed, merged.rows_removed) == (1, 1, 1)
    assert merged.drop == (before[1].path,)
    assert by_permit(shelf.read()) == by_permit([permit(1), permit(2), permit(4), permit(5, "closed"), permit(6)])


def test_replace_without_anything_known_takes_the_staged_files(shelf: Shelf) -> None:
    shelf.write([permit(1), permit(2)])
    version, merged = shelf.merge([permit(3)], mode="replace")
    assert (merged.rows_added, merged.rows_changed, merged.rows_removed) == (1, 0, 2)
    assert version.rows == 1


ROSTER = Contract(columns=PERMITS.columns, key=("permit",), vintaged=True)


def post(number: int, year: int, status: str = "open") -> dict[str, Any]:
    return {
        **permit(number, status),
        "vintage": datetime(year, 12, 31).date(),  # noqa: DTZ001
        "vintage_precision": "day",
    }


def test_a_vintaged_replace_touches_its_own_vintages_only(shelf: Shelf) -> None:
    shelf.write([post(1, 2015), post(2, 2015), post(1, 2016)], mode="replace", contract=ROSTER)
    shelf.write([post(1, 2016, "closed"), post(3, 2016)], mode="replace", contract=ROSTER)
    version, merged = shelf.merge([post(1, 2017)], mode="replace", contract=ROSTER)
    assert (merged.rows_added, merged.rows_removed) == (1, 0)
    assert version.rows == 5
    held = {(row["vintage"].year, row["permit"]): row["status"] for row in shelf.read()}
    assert held == {(2015, 1): "open", (2015, 2): "open", (2016, 1): "closed", (2016, 3): "open", (2017, 1): "open"}


def test_every_file_of_a_vintaged_table_holds_one_vintage(shelf: Shelf) -> None:
    shelf.write([post(1, 2015), post(2, 2016), post(3, 2017)], mode="replace", contract=ROSTER)
    version = shelf.write([post(1, 2015, "closed"), post(9, 2016)], mode="upsert", contract=ROSTER)
    assert sorted(file.rows for file in shelf.table.files(version)) == [1, 1, 1, 1]


def test_an_upsert_across_a_change_of_type_is_refused(shelf: Shelf) -> None:
    shelf.write([permit(1)])
    retyped = Contract(
        columns=(Column("permit", ColumnType.INTEGER), Column("status", ColumnType.INTEGER)), key=("permit",)
    )
    with pytest.raises(Retyped, match="status"):
        shelf.write([{"permit": 2, "status": 3}], mode="upsert", contract=retyped)
    assert shelf.read() == [permit(1)]
    shelf.write([{"permit": 2, "status": 3}], mode="replace", contract=retyped)
    assert shelf.read() == [{"permit": 2, "status": 3}]


rows = st.dictionaries(
    st.integers(0, 12), st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0.5, None])), max_size=8
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["upsert", "replace"]), rows), min_size=2, max_size=4))
def test_any_row_of_merges_equals_a_dictionary(steps: list[tuple[str, dict[int, tuple[Any, Any]]]]) -> None:
    with TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder) / "lake")
        held: dict[int, tuple[Any, Any]] = {}
        times: dict[int, tuple[datetime, datetime]] = {}
        for mode, fresh in steps:
            after = fresh if mode == "replace" else {**held, **fresh}
            version, merged = shelf.merge([permit(k, *v) for k, v in fresh.items()], mode=mode)
            for key, values in after.items():
                created, updated = times.get(key, (version.committed_at, version.committed_at))
                known = key in held
                times[key] = (
                    created if known else version.committed_at,
                    updated if known and held[key] == values else version.committed_at,
                )
            assert merged.rows_added == len(after.keys() - held.keys())
            assert merged.rows_removed == len(held.keys() - after.keys())
            assert merged.rows_changed == sum(held[k] != v for k, v in after.items() if k in held)
            held = after
            stored = {row["permit"]: row for row in shelf.read(system=True)}
            assert {k: (row["status"], row["cost"]) for k, row in stored.items()} == held
            assert {k: (row["_created_at"], row["_updated_at"]) for k, row in stored.items()} == {
                k: times[k] for k in held
            }
        shelf.catalog.close()
