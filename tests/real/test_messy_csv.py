"""Public corpora of messy CSV, read by detection alone. What becomes of each file is in messy_csv_outcomes.tsv.

Outcomes: `exact` (names and every cell equal to the clean file; quarantined rows are none of the clean file's),
`quarantined N` (as the clean file but for N damaged rows, which are quarantined), `refused` (an error names line and
reason) and `differs` (the last column says why). The corpora's own `parameters` are never read.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from cupola.contracts import Landing
from cupola.sources.delimited import open_delimited
from cupola.sources.encoding import TextUnreadable
from cupola.sources.names import unique_names

pytestmark = [pytest.mark.real, pytest.mark.slow]
Rows = list[tuple[str, ...]]


def _table() -> list[list[str]]:
    text = Path(__file__).with_name("messy_csv_outcomes.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


TABLE = _table()
PATHS = {"csv_spectrum": "csvs", "pollock_survey": "csv", "pollock_polluted": "csv", "qsv": "", "univocity": ""}


def read(path: Path) -> tuple[Landing, Rows]:
    landing = open_delimited(path, source=path.name)
    rows: Rows = []
    for batch in landing.batches():
        rows += zip(*(column.to_pylist() for column in batch.columns[:-1]), strict=True)
    return landing, rows


def read_clean(path: Path) -> Rows:
    with io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="") as text:
        return [tuple(record) for record in csv.reader(text) if record]


def compare(landing: Landing, rows: Rows, clean: Rows) -> str:
    """Return the outcome of a file against its clean version, whose header may be made up (`col_0`) or missing."""
    numbered = tuple(f"column_{place}" for place in range(1, len(landing.columns) + 1))
    if landing.columns == numbered:
        body = clean[1:] if clean and clean[0][0].startswith("col_0") else clean
    else:
        names = [" ".join(name.split()) for name in clean[0]]
        if unique_names(names + [""] * (len(landing.columns) - len(names))) != landing.columns:
            return "differs"
        body = clean[1:]
    if rows == body:
        return "exact"
    lost = Counter(body) - Counter(rows)
    if not Counter(rows) - Counter(body) and sum(lost.values()) == len(landing.rejects):
        return f"quarantined {len(landing.rejects)}"
    return "differs"


@pytest.mark.parametrize(
    ("folder", "name", "outcome"), [row[:3] for row in TABLE if row[0].startswith("pollock")], ids=lambda value: value
)
def test_a_pollock_file_turns_out_as_the_table_says(real_data: Path, folder: str, name: str, outcome: str) -> None:
    path = real_data / "messy_csv" / folder / "csv" / name
    if outcome == "refused":
        with pytest.raises(TextUnreadable, match=r"line \d+: .+\. .+"):
            open_delimited(path, source=name)
        return
    landing, rows = read(path)
    assert compare(landing, rows, read_clean(real_data / "messy_csv" / folder / "clean" / name)) == outcome


@pytest.mark.parametrize(("name"), [row[1] for row in TABLE if row[0] == "csv_spectrum"])
def test_csv_spectrum_equals_its_json(real_data: Path, name: str) -> None:
    landing, rows = read(real_data / "messy_csv" / "csv_spectrum" / "csvs" / name)
    expected = json.loads((real_data / "messy_csv/csv_spectrum/json" / name).with_suffix(".json").read_text())
    assert [dict(zip(landing.columns, row, strict=True)) for row in rows] == expected


@pytest.mark.parametrize(
    ("folder", "name", "outcome", "shape"), [row[:4] for row in TABLE if row[0] in ("qsv", "univocity")]
)
def test_other_files_equal_a_careful_reading(real_data: Path, folder: str, name: str, outcome: str, shape: str) -> None:
    path = real_data / "messy_csv" / folder / name
    if outcome == "refused":
        with pytest.raises(TextUnreadable, match=r"line \d+: "):
            open_delimited(path, source=name)
        return
    landing, rows = read(path)
    delimiter = landing.notes[0].split(",")[0].removeprefix("Delimiter ").strip("'") or ","
    headers = landing.notes[0][-2]
    found = f"{len(rows)} x {len(landing.columns)}, {len(landing.rejects)} quarantined, {delimiter}, header {headers}"
    assert found == shape
    if folder == "qsv":  # these are plain: any CSV reader is a careful one
        plain = read_clean(path)
        assert rows == plain[int(headers) :]


EUROPEAN = [
    ("1997", "Ford", "E350", "ac; abs; moon", "3000,00"),
    ("1999", "Chevy", 'Venture "Extended Edition"', "", "4900,00"),
    ("1996", "Jeep", "Grand Cherokee", "MUST SELL!\nair; moon roof; loaded", "4799,00"),
    ("1999", "Chevy", 'Venture "Extended Edition; Very Large"', "", "5000,00"),
    ("", "", 'Venture "Extended Edition"', "", "4900,00"),
]
ESSENTIAL = [
    ("1997", "Ford", "E350", "ac, abs, moon", "3000.00"),
    ("1999", "Chevy", 'Venture "Extended Edition"', "", "4900.00"),
    ("1996", "Jeep", "Grand Cherokee", "MUST SELL!\nair, moon roof, loaded", "4799.00"),
    ("1999", "Chevy", 'Venture "Extended Edition, Very Large"', "", "5000.00"),
]


@pytest.mark.parametrize(("name", "expected"), [("european", EUROPEAN), ("essential", ESSENTIAL)])
def test_univocity_values_are_right(real_data: Path, name: str, expected: Rows) -> None:
    prefix = "examples__" if name == "european" else "csv__"
    _, rows = read(real_data / "messy_csv" / "univocity" / f"{prefix}{name}.csv")
    assert rows[: len(expected)] == expected


def test_the_table_names_every_file(real_data: Path) -> None:
    found = {
        (folder, path.name)
        for folder, below in PATHS.items()
        for path in (real_data / "messy_csv" / folder / below).iterdir()
        if path.is_file()
    }
    assert {(row[0], row[1]) for row in TABLE} == found


def test_the_totals_are_as_promised() -> None:
    totals = Counter((row[0], row[2].split()[0]) for row in TABLE)
    assert totals["csv_spectrum", "exact"] == 4
    assert totals["pollock_survey", "exact"] >= 47
    assert totals["pollock_polluted", "exact"] + totals["pollock_polluted", "quarantined"] >= 36
    assert sum(count for (_, outcome), count in totals.items() if outcome == "refused") <= 5
    assert not any(outcome == "differs" for (folder, outcome) in totals if folder in ("qsv", "univocity"))


@pytest.mark.parametrize(("folder", "name"), [row[:2] for row in TABLE if row[2] != "refused"], ids=lambda value: value)
def test_no_line_is_lost(real_data: Path, folder: str, name: str) -> None:
    path = real_data / "messy_csv" / folder / PATHS[folder] / name
    landing, rows = read(path)
    raw = path.read_bytes()
    end = b"\n" if b"\n" in raw else b"\r"
    lines = [line.decode("utf-8", "replace") for line in raw.split(end)]
    kept = sum(_lines_of(row, end.decode()) for row in rows)
    before = int(next((note.split()[1] for note in reversed(landing.notes) if " before the table" in note), 0))
    footnotes = sum(note.startswith("Footnote") for note in landing.notes)
    header = int(landing.notes[0][-2])
    blank = sum(not line.strip(" \t\r,;") for line in lines)
    assert len(lines) - blank <= kept + len(landing.rejects) + before + footnotes + header


def _lines_of(row: Sequence[str], end: str) -> int:
    return 1 + sum(value.count(end) for value in row)
