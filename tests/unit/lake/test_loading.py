"""From sources to a version: what is loaded, what is set aside, what stops a load."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from load_world import Harbour, column, csv_landing, landing, year

from cupola.contracts import Contract, Duplicates, Reject
from cupola.lake.loaderrors import ContractUnusable, DuplicateKeys, LoadStopped, MissingColumn, NothingToLoad
from cupola.lake.loadreport import LoadReport
from cupola.lake.selects import SelectRefused

COLUMNS = (column("number", "integer", required=True), column("kind", "text"), column("cost", "money"))
NAMES = ("number", "kind", "cost")
ROWS = (("1", "roof", "$10.00"), ("2", "porch", ""), ("3", " sign ", "(2.50)"))


def permits(**facts: Any) -> Contract:
    return Contract(**{"columns": COLUMNS, "key": ("number",), "max_bad_share": 0.5, **facts})


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path / "lake")


def test_rows_are_cast_and_committed_as_version_1(harbour: Harbour) -> None:
    report = harbour.load(permits(), landing(NAMES, ROWS))
    assert (report.outcome, report.version, report.rows_read, report.rows_loaded) == ("loaded", 1, 3, 3)
    shown = [(number, kind, str(cost)) for number, kind, cost in harbour.rows(*NAMES)]
    assert shown == [(1, "roof", "10.00"), (2, "porch", "None"), (3, " sign ", "-2.50")]


@pytest.mark.parametrize("lane", ["fast", "careful"])
def test_both_lanes_set_the_same_values_aside(harbour: Harbour, tmp_path: Path, lane: str) -> None:
    rows = (*ROWS, ("4.5", "deck", "x"), ("", "", " "), ("6", "shed", "1"))
    source = csv_landing(tmp_path / "file.csv", NAMES, rows) if lane == "fast" else landing(NAMES, rows)
    report = harbour.load(permits(), source)
    assert [one.lane for one in report.sources] == [lane]
    assert (report.rows_read, report.rows_loaded, report.rows_quarantined) == (6, 4, 2)
    assert harbour.quarantine() == [
        ("file.csv", 4, "number", "4.5", "not a whole number"),
        ("file.csv", 4, "cost", "x", "not an amount of money"),
        ("file.csv", 5, "", "", "blank row"),
    ]


def test_a_file_the_engine_cannot_read_is_read_row_by_row(harbour: Harbour, tmp_path: Path) -> None:
    source = csv_landing(tmp_path / "file.csv", NAMES, ROWS)
    (tmp_path / "file.csv").write_text("number,kind,cost\n1,roof,2,3,4\n2\n")
    report = harbour.load(permits(), source)
    assert [(one.lane, one.rows_loaded) for one in report.sources] == [("careful", 3)]


def test_damaged_rows_of_the_source_are_set_aside(harbour: Harbour) -> None:
    rejects = [Reject("file.csv", 2, "", "a,b,c,d", "4 cells instead of 3")]
    report = harbour.load(permits(), landing(NAMES, ROWS, rejects=rejects))
    assert (report.rows_read, report.rows_loaded, report.rows_quarantined) == (4, 3, 1)
    assert harbour.quarantine() == [("file.csv", 2, "", "a,b,c,d", "4 cells instead of 3")]


def test_an_unchanged_source_makes_no_new_version(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS), fingerprint="same")
    report = harbour.load(permits(), landing(NAMES, ROWS), fingerprint="same")
    assert (report.outcome, report.version) == ("unchanged", 1)


def test_the_same_rows_in_other_bytes_make_no_new_version(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS))
    report = harbour.load(permits(), landing(NAMES, ROWS))
    assert (report.outcome, report.version) == ("unchanged", 1)


def test_another_contract_makes_a_new_version_of_an_unchanged_source(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS), fingerprint="same")
    report = harbour.load(permits(null_tokens=("", "porch")), landing(NAMES, ROWS), fingerprint="same")
    assert (report.outcome, report.version) == ("loaded", 2)


def test_replace_counts_what_changed_and_keeps_when_a_row_was_made(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS))
    report = harbour.load(permits(), landing(NAMES, [("1", "roof", "10"), ("2", "porch", "7"), ("4", "wall", "")]))
    assert (report.rows_added, report.rows_changed, report.rows_removed) == (1, 1, 1)
    days = {row[0]: (row[1].day, row[2].day) for row in harbour.rows("number", "_created_at", "_updated_at")}
    assert days == {1: (2, 2), 2: (2, 3), 4: (3, 3)}


def test_append_adds_and_upsert_changes(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS))
    added = harbour.load(permits(), landing(NAMES, [("4", "wall", "")]), mode="append")
    changed = harbour.load(permits(), landing(NAMES, [("4", "gate", ""), ("5", "door", "")]), mode="upsert")
    assert (added.rows_added, changed.rows_added, changed.rows_changed) == (1, 1, 1)
    assert sorted(harbour.rows("number", "kind"))[3:] == [(4, "gate"), (5, "door")]


def test_columns_are_found_under_the_names_a_source_publishes(harbour: Harbour) -> None:
    named = (
        column("number", "integer", origins=("permit_no", "Number")),
        column("kind", "text", title="Kind of Work"),
        column("cost", "money"),
    )
    report = harbour.load(
        permits(columns=named), landing(("Number", "KIND_OF_WORK", "Cost", "note"), [("1", "a", "2", "b")])
    )
    assert harbour.rows("number", "kind") == [(1, "a")]
    assert [(one.kind, one.message, one.count) for one in report.findings] == [
        ("extra_columns", "file.csv: 1 columns are not in the contract and were not loaded: note", 1)
    ]


def test_a_missing_column_is_named_with_the_nearest(harbour: Harbour) -> None:
    with pytest.raises(MissingColumn) as caught:
        harbour.load(permits(), landing(("number", "kinds", "cost"), [("1", "a", "2")], source="2024.csv"))
    assert str(caught.value) == (
        "2024.csv: no column for 'kind'. The columns are: number, kinds, cost. The nearest is 'kinds'."
        " Add the published name to `from` of 'kind', or say `optional: true`."
    )


def test_a_missing_optional_column_is_null(harbour: Harbour) -> None:
    columns = (*COLUMNS[:2], column("cost", "money", optional=True))
    harbour.load(permits(columns=columns), landing(("number", "kind"), [("1", "a")]))
    assert harbour.rows("number", "cost") == [(1, None)]


def test_too_many_bad_rows_stop_the_load_and_the_version_stays(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS))
    with pytest.raises(LoadStopped) as caught:
        harbour.load(permits(max_bad_rows=1), landing(NAMES, [("x", "", ""), ("y", "", ""), *ROWS]))
    report = caught.value.report
    assert (report.outcome, report.version, report.rows_quarantined) == ("stopped", 1, 2)
    assert "2 of 5 rows do not fit, and the contract lets 1 rows (max_bad_rows) pass. Version 1 stays." in str(
        caught.value
    )
    assert "file.csv row 1: number 'x' not a whole number" in str(caught.value)
    assert [line[3] for line in harbour.stopped()] == ["x", "y"]
    assert len(harbour.rows("number")) == 3


def test_a_restricted_dataset_shows_no_values_in_its_messages(harbour: Harbour) -> None:
    with pytest.raises(LoadStopped) as caught:
        harbour.load(permits(max_bad_rows=0, restricted=True), landing(NAMES, [("secret", "", "")]))
    assert "secret" not in str(caught.value)
    assert "file.csv row 1: number not a whole number" in str(caught.value)
    with pytest.raises(DuplicateKeys) as twice:
        harbour.load(permits(restricted=True), landing(NAMES, [("417", "", ""), ("417", "a", "")]))
    assert "417" not in str(twice.value)


def test_shared_keys_stop_the_load_and_are_named(harbour: Harbour) -> None:
    with pytest.raises(DuplicateKeys) as caught:
        harbour.load(permits(), landing(NAMES, [*ROWS, ("2", "again", ""), ("2", "and again", "")]))
    assert "1 keys (number) are shared by 2 rows too many, such as 2. Nothing was loaded." in str(caught.value)


@pytest.mark.parametrize("lane", ["fast", "careful"])
def test_of_rows_with_one_key_the_first_can_be_kept(harbour: Harbour, tmp_path: Path, lane: str) -> None:
    rows = [ROWS[0], ("x", "bad", ""), ROWS[1], ("1", "again", ""), ROWS[2]]
    source = csv_landing(tmp_path / "file.csv", NAMES, rows) if lane == "fast" else landing(NAMES, rows)
    report = harbour.load(permits(duplicates=Duplicates.QUARANTINE), source)
    assert (report.rows_loaded, report.rows_quarantined) == (3, 2)
    assert harbour.rows("number", "kind") == [(1, "roof"), (2, "porch"), (3, " sign ")]
    assert harbour.quarantine()[1] == ("file.csv", 4, "number", "1", "an earlier row has the same key")


def test_appended_rows_may_not_share_a_key_with_rows_already_there(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS))
    with pytest.raises(DuplicateKeys, match=r"such as 3\. Version 1 stays"):
        harbour.load(permits(), landing(NAMES, [("3", "new", "")]), mode="append")


def test_equal_rows_without_a_key_get_ids_that_last(harbour: Harbour) -> None:
    keyless = permits(key=(), duplicates=Duplicates.KEYLESS)
    harbour.load(keyless, landing(NAMES, [ROWS[0], ROWS[1], ROWS[0]]))
    first = [row[0] for row in harbour.rows("_id")]
    assert len(set(first)) == 3
    report = harbour.load(keyless, landing(NAMES, [ROWS[0], ROWS[0], ROWS[0], ROWS[1]]))
    assert (report.rows_added, report.rows_changed, report.rows_removed) == (1, 0, 0)
    assert set(first) <= {row[0] for row in harbour.rows("_id")}
    harbour.load(keyless, landing(NAMES, [ROWS[0]]), mode="append")
    assert len(set(harbour.rows("_id"))) == 5


def test_the_parts_of_a_key_are_told_apart(harbour: Harbour) -> None:
    columns = (column("a", "text"), column("b", "text"))
    contract = permits(columns=columns, key=("a", "b"))
    harbour.load(contract, landing(("a", "b"), [("ab", "c"), ("a", "bc"), ("a", ""), ("", "a")]))
    assert len(set(harbour.rows("_id"))) == 4


def test_each_vintage_is_replaced_alone(harbour: Harbour) -> None:
    contract = permits(vintaged=True)
    old = landing(NAMES, ROWS, source="2023.csv", vintage=year(2023))
    harbour.load(contract, old, landing(NAMES, ROWS[:1], source="2024.csv", vintage=year(2024)))
    report = harbour.load(contract, landing(NAMES, ROWS[1:], source="2024.csv", vintage=year(2024)))
    assert (report.rows_added, report.rows_removed) == (2, 1)
    rows = sorted((on, number) for number, on in harbour.rows("number", "vintage"))
    assert rows == [(date(2023, 1, 1), n) for n in (1, 2, 3)] + [(date(2024, 1, 1), n) for n in (2, 3)]
    assert len(set(harbour.rows("_id"))) == 5


def test_a_source_without_a_vintage_is_refused_in_a_vintaged_dataset(harbour: Harbour) -> None:
    with pytest.raises(ContractUnusable, match=r"file\.csv has no vintage\. Add `vintage:`"):
        harbour.load(permits(vintaged=True), landing(NAMES, ROWS))


def test_a_select_shapes_the_rows_and_says_how_many_it_dropped(harbour: Harbour) -> None:
    contract = permits(select="SELECT number, upper(kind) AS kind, cost FROM landed WHERE kind NOT LIKE 'Total%'")
    rows = [("Total", "Total -", "1"), *ROWS, ("x", "roof", "")]
    report = harbour.load(contract, landing(NAMES, rows))
    assert harbour.rows("kind") == [("ROOF",), ("PORCH",), (" SIGN ",)]
    assert [(one.message, one.count) for one in report.findings] == [
        ("file.csv: the select made 4 rows of 5", 1),
        ("1 row was set aside: number: not a whole number (1)", 1),
    ]
    assert (report.rows_read, report.rows_loaded, report.rows_quarantined) == (5, 3, 1)
    assert harbour.quarantine() == [("file.csv", 5, "number", "x", "not a whole number")]


def test_a_select_reads_several_sources_as_one_table(harbour: Harbour) -> None:
    contract = permits(select="SELECT max(number) AS number, kind, min(cost) AS cost FROM landed GROUP BY kind")
    second = landing(("kind", "number", "cost"), [("roof", "9", "1")], source="b.csv")
    harbour.load(contract, landing(NAMES, ROWS, source="a.csv"), second)
    assert sorted(harbour.rows("number", "kind")) == [(2, "porch"), (3, " sign "), (9, "roof")]


@pytest.mark.parametrize(
    ("select", "problem"),
    [
        ("SELECT * FROM read_csv('secret.csv')", "reads READ_CSV('secret.csv'), and may read only landed"),
        ("SELECT * FROM 'secret.csv'", 'reads "secret.csv", and may read only landed'),
        ("SELECT getenv('HOME') AS number FROM landed", "the function getenv is not allowed"),
        ("SELECT 1; DROP TABLE landed", "is not one SELECT"),
        ("DELETE FROM landed", "is not one SELECT"),
        ("SELECT * FROM duckdb_settings()", "reads DUCKDB_SETTINGS(), and may read only landed"),
        ("SELECT nothing FROM landed", "Referenced column"),
    ],
)
def test_a_select_may_not_reach_past_its_source(harbour: Harbour, select: str, problem: str) -> None:
    with pytest.raises(SelectRefused) as caught:
        harbour.load(permits(select=select), landing(NAMES, ROWS))
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"columns": (*COLUMNS, column("_id", "text"))}, "the column name '_id' belongs to the lake"),
        ({"columns": (*COLUMNS, column("Kind", "text"))}, "columns named twice: Kind, kind"),
        ({"key": ("nr",)}, "row_key names 'nr', which is not a column"),
    ],
)
def test_a_contract_that_contradicts_itself_is_refused(harbour: Harbour, facts: Any, problem: str) -> None:
    with pytest.raises(ContractUnusable) as caught:
        harbour.load(permits(**facts), landing(NAMES, ROWS))
    assert problem in str(caught.value)


def test_a_source_without_rows_leaves_the_version_as_it_was(harbour: Harbour) -> None:
    harbour.load(permits(), landing(NAMES, ROWS))
    with pytest.raises(NothingToLoad, match=r"file\.csv: no rows\. Version 1 stays"):
        harbour.load(permits(), landing(NAMES, []))


def test_a_report_survives_json(harbour: Harbour) -> None:
    report = harbour.load(permits(vintaged=True), landing(NAMES, ROWS, vintage=year(2024), notes=("comma",)))
    assert LoadReport.from_json(report.to_json()) == report
    assert LoadReport.from_json(harbour.table.version().report).rows_loaded == 3
