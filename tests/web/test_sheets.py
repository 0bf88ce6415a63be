"""The inventory, the dictionary and the duties as sheets: taken, filled in and given back, with nothing lost."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import NOON, make_city, make_dataset, make_editor, make_staff

from cupola.sources import read_sheets
from cupola.web.accounts.models import Event
from cupola.web.data import queries
from cupola.web.data.actions import SheetConflict, SheetInvalid, apply_sheets, plan_sheets
from cupola.web.data.models import Dataset, Department
from cupola.web.data.queries import sheets

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

Cells = dict[str, list[list[str]]]


def taken() -> Cells:
    """Return every sheet as rows of cells, the headers first."""
    tables = queries.sheets_of(now=NOON)
    return {table.name: [list(table.headers), *(list(table.cells(row)) for row in table.rows)] for table in tables}


def write(cells: Cells, path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    for name, rows in cells.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write(number, column, text)
    book.close()
    return path


def put(cells: Cells, sheet: str, row: int, /, **words: str) -> None:
    headers = cells[sheet][0]
    for header, text in words.items():
        cells[sheet][row][headers.index(header.replace("_", " "))] = text


def plan(cells: Cells, path: Path, by: Any = "tests") -> Any:
    return plan_sheets(read_sheets(write(cells, path / "back.xlsx")), at=NOON, by=by)


def give(cells: Cells, path: Path) -> int:
    return apply_sheets(plan(cells, path), reason="From the stewards.", at=NOON, by="tests")


def definition(key: str = "permits") -> dict[str, Any]:
    return dict(Dataset.objects.get(key=key).definition)


@pytest.fixture
def permits(home: Path) -> Dataset:
    make_city()
    return make_dataset(
        keywords=["a;b", "c"],
        description="=1+1 is no formula.\nSecond line.",
        duties=[{"duty": "steward", "who": "Permit steward", "since": "2024-01-01"}],
        translations={"es": {"title": "Permisos"}},
    )


def test_a_workbook_given_back_as_it_is_changes_nothing(permits: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "inventory.xlsx"
    file.write_bytes(sheets.write_workbook(queries.sheets_of(now=NOON), about=queries.SHEET_ADVICE))
    found = plan_sheets(read_sheets(file), at=NOON, by="tests")
    assert (found.changes, found.problems, found.conflicts, found.unread) == ([], [], [], [])
    assert found.same == 1 + 3 + 1  # a dataset, its columns, its duty


def test_words_written_in_a_sheet_reach_the_record_with_a_reason(permits: Dataset, tmp_path: Path) -> None:
    cells = taken()
    put(cells, "Datasets", 1, topic="Buildings", keywords="one\ntwo")
    put(cells, "Columns", 3, meaning="Where it stands.")
    assert give(cells, tmp_path) == 1
    after = definition()
    assert (after["topic"], after["keywords"]) == ("Buildings", ["one", "two"])
    assert after["columns"][2]["meaning"] == "Where it stands."
    assert after["description"] == permits.definition["description"]
    assert after["translations"] == {"es": {"title": "Permisos"}}
    assert Event.objects.get(action="data.dataset_changed").reason == "From the stewards."


def test_csv_goes_out_and_comes_back_too(permits: Dataset, tmp_path: Path) -> None:
    tables = {table.name: table for table in queries.sheets_of(now=NOON)}
    text = sheets.write_csv(tables["Datasets"])
    assert "'=1+1 is no formula." in text
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][rows[0].index("topic")] = "Buildings"
    file = tmp_path / "filled.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        csv.writer(out, delimiter=";").writerows(rows)
    found = plan_sheets(read_sheets(file), at=NOON, by="tests")
    assert [(one.sheet, one.row, one.column, one.after) for one in found.changes] == [
        ("Datasets", 2, "topic", "Buildings")
    ]


def test_a_row_that_changed_only_here_stays_as_it_is_here(permits: Dataset, tmp_path: Path) -> None:
    cells = taken()
    apply_sheets(_with_topic(tmp_path, "Buildings"), reason="Meanwhile.", at=NOON, by="tests")
    put(cells, "Columns", 1, meaning="Its number.")
    found = plan(cells, tmp_path)
    assert (found.kept, found.conflicts) == (1, [])
    apply_sheets(found, reason="Later.", at=NOON, by="tests")
    after = definition()
    assert (after["topic"], after["columns"][0]["meaning"]) == ("Buildings", "Its number.")


def test_a_row_that_changed_on_both_sides_stops_everything(permits: Dataset, tmp_path: Path) -> None:
    cells = taken()
    apply_sheets(_with_topic(tmp_path, "Buildings"), reason="Meanwhile.", at=NOON, by="tests")
    put(cells, "Datasets", 1, topic="Houses")
    put(cells, "Columns", 1, meaning="Its number.")
    with pytest.raises(
        SheetConflict, match="Datasets, row 2, topic: here it says 'Buildings' now, and the sheet says 'Houses'"
    ):
        give(cells, tmp_path)
    assert "meaning" not in definition()["columns"][0]


def _with_topic(path: Path, topic: str) -> Any:
    cells = taken()
    put(cells, "Datasets", 1, topic=topic)
    return plan(cells, path)


def test_mistakes_name_sheet_row_column_value_and_what_to_write(permits: Dataset, tmp_path: Path) -> None:
    cells = taken()
    put(cells, "Datasets", 1, title="")
    put(cells, "Columns", 1, column="permit_numbr")
    put(cells, "Duties", 1, until="2023-13-01")
    found = plan(cells, tmp_path)
    told = [(one.sheet, one.row, one.column, one.value) for one in found.problems]
    assert sorted(told) == [
        ("Columns", 2, "column", "permits permit_numbr"),
        ("Datasets", 2, "title", ""),
        ("Duties", 2, "until", "2023-13-01"),
    ]
    said = " ".join(str(one) for one in found.problems)
    assert "did you mean 'permits permit_number'?" in said
    assert "write 'title: Building permits'" in said
    with pytest.raises(SheetInvalid):
        apply_sheets(found, reason="x", at=NOON, by="tests")


def test_the_meaning_of_a_global_field_goes_to_every_column_without_one(permits: Dataset, tmp_path: Path) -> None:
    make_dataset("wells")
    cells = taken()
    assert [row[:2] for row in cells["Global fields"][1:]] == [
        ["issued_on", "2"],
        ["permit_number", "2"],
        ["status", "2"],
    ]
    assert cells["Columns"][1][2:6] == ["text", "no", "permit_number", "wells"]
    put(cells, "Global fields", 3, meaning_for_those_without_one="Where it stands.")
    put(cells, "Columns", 3, meaning="My own words.")
    assert give(cells, tmp_path) == 2
    meanings = [definition(key)["columns"][2]["meaning"] for key in ("permits", "wells")]
    assert meanings == ["My own words.", "Where it stands."]


def test_duties_are_handed_over_in_a_sheet(permits: Dataset, tmp_path: Path) -> None:
    department = Department(key="buildings")
    department.take_definition({"key": "buildings", "name": "Buildings"})
    department.save()
    cells = taken()
    put(cells, "Duties", 1, until="2026-12-01")
    for of, key, duty, who in (
        ("dataset", "permits", "steward", "New steward"),
        ("department", "buildings", "reviewer", "Legal"),
    ):
        cells["Duties"].append([of, key, "", duty, who, "", "", "2026-12-01" if of == "dataset" else "", "", ""])
    assert give(cells, tmp_path) == 2
    assert [(one["who"], one.get("since"), one.get("until")) for one in definition()["duties"]] == [
        ("Permit steward", "2024-01-01", "2026-12-01"),
        ("New steward", "2026-12-01", None),
    ]
    assert Department.objects.get().definition["duties"] == [{"duty": "reviewer", "who": "Legal"}]


def test_the_page_shows_first_and_changes_then(permits: Dataset, client: Client, tmp_path: Path) -> None:
    client.force_login(make_editor())
    cells = taken()
    put(cells, "Datasets", 1, topic="Buildings")
    body = write(cells, tmp_path / "back.xlsx").read_bytes()

    def send(**more: str) -> Any:
        return client.post("/staff/inventory/sheet/", {"sheet": SimpleUploadedFile("back.xlsx", body), **more})

    assert "Buildings" in send(show="").content.decode()
    assert "topic" not in definition()
    assert send(apply="", reason="From the stewards.").status_code == 302
    assert definition()["topic"] == "Buildings"
    assert send(apply="", reason="Again.").status_code == 302


def test_who_may_not_change_a_dataset_may_not_by_a_sheet(permits: Dataset, client: Client, tmp_path: Path) -> None:
    cells = taken()
    put(cells, "Datasets", 1, topic="Buildings")
    found = plan(cells, tmp_path, by=make_staff())
    assert [str(one) for one in found.problems] == [
        "Datasets, row 2, dataset: you may not change permits; take the change back, or ask its steward"
    ]
    client.force_login(make_staff("eve"))
    broken = SimpleUploadedFile("x.xlsx", b"PK no workbook")
    bad = client.post("/staff/inventory/sheet/", {"sheet": broken, "apply": ""})
    assert bad.status_code == 400
