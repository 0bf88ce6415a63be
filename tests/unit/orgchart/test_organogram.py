"""UK government organograms: every rule by a change of one cell, and real files judged by an independent script."""

import csv
import io
import os
from datetime import date
from pathlib import Path

import pytest

from cupola.orgchart import Moment
from cupola.orgchart.standards.organogram import Organogram, history_of, read_organogram, write_organogram
from cupola.orgchart.standards.organogramrules import JUNIOR, SENIOR

FILES = Path(os.environ.get("CUPOLA_TEST_DATA", "/nowhere")) / "structure" / "uk_organograms"
with_files = pytest.mark.skipif(not FILES.is_dir(), reason="the organograms are not on this machine")

CHIEF = {
    "Post Unique Reference": "CEO",
    "Name": "A. Person",
    "Grade (or equivalent)": "SCS2",
    "Job Title": "Chief Executive",
    "Job/Team Function": "Leads the agency",
    "Parent Department": "Department",
    "Organisation": "Agency",
    "Unit": "Head office",
    "Contact Phone": "000",
    "Contact E-mail": "chief@example.gov",
    "Reports to Senior Post": "XX",
    "Salary Cost of Reports (£)": "100",
    "FTE": "1.00",
    "Actual Pay Floor (£)": "120000",
    "Actual Pay Ceiling (£)": "124999",
    "Total Pay (£)": "N/A",
    "Professional/Occupational Group": "Policy",
    "Notes": "",
    "Valid?": "1",
}
DEPUTY = {**CHIEF, "Post Unique Reference": "D-1", "Job Title": "Deputy", "Reports to Senior Post": "CEO"}
AWAY = {
    **DEPUTY,
    "Post Unique Reference": "0",
    "Name": "N/D",
    "Job Title": "Not in post",
    "Job/Team Function": "N/A",
    "Unit": "N/A",
    "Contact Phone": "N/A",
    "Contact E-mail": "N/A",
}
EMPTY = {**DEPUTY, "Name": "Vacant", "Contact Phone": "N/A", "Contact E-mail": "N/A"}
GROUP = dict(
    zip(
        JUNIOR,
        ["Department", "Agency", "Head office", "D-1", "Band A", "13564", "17594", "Assistant", "1.50", "Policy"],
        strict=True,
    )
)

# what a valid row is, which cell is changed to what, and which rule that breaks; "" for none
SENIOR_EDITS = [
    (DEPUTY, {}, ""),
    (AWAY, {}, ""),
    (EMPTY, {}, ""),
    (DEPUTY, {"Post Unique Reference": "RP$FD"}, "reference-symbol"),
    (DEPUTY, {"Post Unique Reference": "R1-FD"}, ""),
    (DEPUTY, {"Post Unique Reference": "AXXB"}, "reference-xx"),
    (DEPUTY, {"Post Unique Reference": "A B"}, "reference-space"),
    (DEPUTY, {"Post Unique Reference": ""}, "reference-missing"),
    (AWAY, {"Name": "Bob"}, "name-not-in-post"),
    (AWAY, {"Name": ""}, "name-not-in-post"),
    (DEPUTY, {"Name": ""}, "name-missing"),
    (DEPUTY, {"Name": "N/A"}, "name-na"),
    (DEPUTY, {"Name": "N/A", "Total Pay (£)": "0"}, ""),
    (DEPUTY, {"Name": "N/A", "Total Pay (£)": "1"}, "name-na"),
    (DEPUTY, {"Name": "N/D"}, ""),
    (DEPUTY, {"Name": "N/D", "Total Pay (£)": "0"}, ""),
    (DEPUTY, {"Name": "N/D", "Total Pay (£)": "1"}, "name-nd"),
    (DEPUTY, {"Grade (or equivalent)": ""}, "grade-missing"),
    (DEPUTY, {"Grade (or equivalent)": "SCS1"}, ""),
    (DEPUTY, {"Grade (or equivalent)": "King"}, "grade-unknown"),
    (DEPUTY, {"Job Title": ""}, "title-missing"),
    (DEPUTY, {"Job Title": "Not in post"}, "title-in-post"),
    (AWAY, {"Job Title": "Director"}, "title-not-in-post"),
    (DEPUTY, {"Job/Team Function": ""}, "function-missing"),
    (DEPUTY, {"Job/Team Function": "N/A"}, "function-in-post"),
    (AWAY, {"Job/Team Function": "Director"}, "function-not-in-post"),
    (DEPUTY, {"Organisation": ""}, "organisation-disclosed"),
    (DEPUTY, {"Organisation": "N/D"}, "organisation-disclosed"),
    (DEPUTY, {"Unit": ""}, "unit-disclosed"),
    (DEPUTY, {"Unit": "N/D"}, "unit-disclosed"),
    (DEPUTY, {"Unit": "N/A"}, "unit-in-post"),
    (AWAY, {"Unit": "Head office"}, "unit-not-in-post"),
    (DEPUTY, {"Contact Phone": ""}, "phone-missing"),
    (DEPUTY, {"Contact Phone": "N/A"}, "phone-of-somebody"),
    (AWAY, {"Contact Phone": "000"}, "phone-of-nobody"),
    (EMPTY, {"Contact Phone": "000"}, "phone-of-nobody"),
    (DEPUTY, {"Contact E-mail": ""}, "mail-missing"),
    (DEPUTY, {"Contact E-mail": "N/A"}, "mail-of-somebody"),
    (EMPTY, {"Contact E-mail": "a@example.gov"}, "mail-of-nobody"),
    (AWAY, {"Contact E-mail": "a@example.gov"}, "mail-of-nobody"),
    (DEPUTY, {"Reports to Senior Post": ""}, "boss-missing"),
    (DEPUTY, {"Reports to Senior Post": "XX"}, ""),
    (DEPUTY, {"Reports to Senior Post": "nobody"}, "boss-unknown"),
    (DEPUTY, {"Reports to Senior Post": "ceo"}, "boss-unknown"),
    (DEPUTY, {"Reports to Senior Post": "D-1"}, "boss-self"),
    (DEPUTY, {"Actual Pay Floor (£)": "much"}, "pay-whole"),
    (DEPUTY, {"Actual Pay Floor (£)": "N/D"}, ""),
    (DEPUTY, {"Salary Cost of Reports (£)": "99.6"}, ""),
    (DEPUTY, {"Professional/Occupational Group": "Wizardry"}, "profession-unknown"),
    (DEPUTY, {"Professional/Occupational Group": "operational delivery"}, ""),
]
JUNIOR_EDITS = [
    ({}, ""),
    ({"Reporting Senior Post": ""}, "boss-missing"),
    ({"Reporting Senior Post": "nobody"}, "boss-unknown"),
    ({"Reporting Senior Post": "GONE"}, "boss-eliminated"),
    ({"Number of Posts in FTE": "0"}, "fte-positive"),
    ({"Number of Posts in FTE": "-1"}, "fte-positive"),
    ({"Number of Posts in FTE": "0.125"}, "fte-positive"),
    ({"Number of Posts in FTE": "some"}, "fte-positive"),
    ({"Number of Posts in FTE": "2"}, ""),
    ({"Payscale Minimum (£)": "about 20"}, "pay-whole"),
    ({"Payscale Minimum (£)": "N/A"}, ""),
    ({"Payscale Maximum (£)": "17594.4"}, ""),
    ({"Professional/Occupational Group": "Wizardry"}, "profession-unknown"),
]


def text(rows: list[dict[str, str]], columns: tuple[str, ...]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def judged(rows: list[dict[str, str]], juniors: list[dict[str, str]] | None = None) -> list[str]:
    found = read_organogram(text(rows, SENIOR), None if juniors is None else text(juniors, JUNIOR))
    return [fault.rule for fault in found.faults]


@pytest.mark.parametrize(("row", "edit", "rule"), SENIOR_EDITS, ids=lambda value: str(value)[:40])
def test_a_changed_cell_of_a_senior_post(row: dict[str, str], edit: dict[str, str], rule: str) -> None:
    assert judged([CHIEF, {**row, **edit}]) == ([rule] if rule else [])


@pytest.mark.parametrize(("edit", "rule"), JUNIOR_EDITS, ids=lambda value: str(value)[:40])
def test_a_changed_cell_of_junior_posts(edit: dict[str, str], rule: str) -> None:
    gone = {**EMPTY, "Post Unique Reference": "GONE", "Name": "Eliminated"}
    assert judged([CHIEF, DEPUTY, gone], [{**GROUP, **edit}]) == ([rule] if rule else [])


def test_no_top_post_is_one_fault_of_the_whole() -> None:
    assert judged([{**CHIEF, "Reports to Senior Post": "D-1"}, DEPUTY]) == ["top-missing", "boss-loop", "boss-loop"]


def test_two_holders_of_one_post_are_a_job_share_and_two_posts_of_one_reference_are_not() -> None:
    assert judged([CHIEF, DEPUTY, {**DEPUTY, "Name": "B. Person", "FTE": "0.50", "Notes": "share"}]) == []
    assert judged([CHIEF, DEPUTY, {**DEPUTY, "Job Title": "Another"}]) == ["reference-twice"]


def test_an_eliminated_post_is_ignored_and_nobody_may_report_to_it() -> None:
    gone = {**EMPTY, "Post Unique Reference": "GONE", "Name": "Eliminated", "Reports to Senior Post": "nobody"}
    assert judged([CHIEF, gone]) == []
    assert judged([CHIEF, gone, {**DEPUTY, "Reports to Senior Post": "GONE"}]) == ["boss-unknown"]


def test_people_are_not_taken_over_and_not_written_unless_asked_for() -> None:
    found = read_organogram(text([CHIEF, DEPUTY], SENIOR), text([GROUP], JUNIOR))
    history = history_of(found, since=Moment.parse("2016-09-30"), source="file")
    assert "Person" not in repr(history.facts)
    assert "Person" not in write_organogram(found)[0]
    assert "A. Person" in write_organogram(found, personal=True)[0]


def test_the_chart_of_an_import_has_its_posts_lines_and_units() -> None:
    found = read_organogram(text([CHIEF, DEPUTY], SENIOR), text([GROUP], JUNIOR))
    chart = history_of(found, since=Moment.parse("2016-09-30"), source="file").on(date(2016, 10, 1))
    assert chart.chain("junior-1")[:2] == ("post-d-1", "post-ceo")
    assert chart.value("junior-1", "fte") == 1.5
    assert [str(chart.value(key, "name")) for key in chart.offices] == ["Department", "Agency", "Head office"]


def independent(path: Path) -> set[str]:
    """Say what is wrong with a senior file in thirty lines of their own: no top, unknown bosses, own bosses, loops."""
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    reference, boss, name = (rows[0].index(one) for one in ("Post Unique Reference", "Reports to Senior Post", "Name"))
    live = [(row[reference].strip(), row[boss].strip()) for row in rows[1:] if row[name].strip() != "Eliminated"]
    above = dict(reversed(live))
    wrong = set()
    if not any(to.upper() == "XX" for to in above.values()):
        wrong.add("top-missing")
    for own, to in live:
        if to.upper() != "XX" and to not in above:
            wrong.add(f"boss-unknown {own}")
        if own == to and own != "0":
            wrong.add(f"boss-self {own}")
        here, steps = to, 0
        while here in above and here != own and steps < 200:
            here, steps = above[here], steps + 1
        if here == own and own != to:
            wrong.add(f"boss-loop {own}")
    return wrong


def real() -> list[Path]:
    return sorted(FILES.glob("*-senior.csv"))


def opened(path: Path) -> Organogram:
    junior = path.with_name(path.name.replace("-senior", "-junior"))
    return read_organogram(path.read_text("utf-8"), junior.read_text("utf-8") if junior.exists() else None)


@with_files
@pytest.mark.parametrize("path", real(), ids=lambda path: path.name[:30])
def test_real_files_are_judged_as_an_independent_script_does(path: Path) -> None:
    found = opened(path)
    rows = dict(found.senior)
    ours = {
        fault.rule if fault.rule == "top-missing" else f"{fault.rule} {rows[fault.line]['Post Unique Reference']}"
        for fault in found.faults
        if fault.file == "senior" and fault.rule in {"top-missing", "boss-unknown", "boss-self", "boss-loop"}
    }
    assert ours == independent(path)
    assert found.sound is not bool(independent(path))
    assert "[withheld]" not in " ".join(fault.value for fault in found.faults)


@with_files
def test_which_real_files_hang_together() -> None:
    broken = [path.name for path in real() if not opened(path).sound]
    assert len(real()) == 6
    assert broken == ["300913-HMRC-Organogram-Final-senior.csv"]  # four posts report to eliminated ones


@with_files
@pytest.mark.parametrize("path", real(), ids=lambda path: path.name[:30])
def test_an_export_of_an_import_is_the_same_file_normalised(path: Path) -> None:
    found = opened(path)
    again = read_organogram(*write_organogram(found, personal=True))
    kept = [column for column in SENIOR if column != "Total Pay (£)"]
    assert [[row[name] for name in kept] for _, row in again.senior] == [
        [row[name] for name in kept] for _, row in found.senior
    ]
    assert [row for _, row in again.junior] == [row for _, row in found.junior]
    assert write_organogram(again, personal=True) == write_organogram(found, personal=True)
