"""A folder with thirty planted mistakes: every one is reported at once, with its place and what to write instead."""

from pathlib import Path
from typing import NamedTuple

import pytest

from cupola import folder


class Mistake(NamedTuple):
    """What is planted and what the report must say. `remedy`: a part of it."""

    what: str
    file: str
    line: int
    field: str
    value: str
    remedy: str


CITY = """\
kind: city
key: Springfield
name: Springfield
elections: [2023-02-30, 2023-11-07]
inaugurations: [2023-01-05]
time_zone: America/Chicgo
fiscal_year_start: "13-01"
currency: DOLLAR
languages: [en, english]
population:
  value: 114,394
  on: 2020-04-01
"""

PERMITS = """\
kind: dataset
key: permits
titel: Building permits
description: Permits the city issued.
row: one permit
classification: pubic
released: yes
refresh: montly
sources:
  - url: https://data.example.gov/permits.csv
    sheet: Permits
  - vintage: 2018-03
columns:
  number: {type: text, from: n, required: true}
  issued_on:
    type: datum
    from: d
  closed_on: {type: date, format: "%Y-%m-%Q"}
  status: {type: code}
  ward: {type: integer, from: n}
  _note: {type: text}
row_key: [numbr]
time_column: ward
max_bad_share: 5
select: SELECT n, d FROM permits
place_tags:
  - {column: ward_2023, point: [longitude, latitude], places: ward, take: ward}
"""

PAYROLL = """\
# a comment above
kind: dataset
key: wards
title: Pay
payroll: true
classification: public
id: pay-1
sources:
  - file: ../payroll.csv
columns:
  title: {type: text}
"""

WARDS = """\
kind: dataset
key: wards
title: Wards
sources:
  - file: wards.geojson
columns:
  ward: {type: text}
  ward: {type: integer}
---
kind: datset
key: parks
"""

BROKEN = """\
kind: dataset
key: broken
title: "never closed
"""

FILES = {
    "city.yaml": CITY,
    "datasets/broken.yaml": BROKEN,
    "datasets/payroll.yaml": PAYROLL,
    "datasets/permits.yaml": PERMITS,
    "datasets/wards.yml": WARDS,
}

MISTAKES = (
    Mistake("key with a capital", "city.yaml", 2, "key", "Springfield", "'springfield'"),
    Mistake("a day that does not exist", "city.yaml", 4, "elections[0]", "2023-02-30", "as 2015-12-31"),
    Mistake("sworn in before any election", "city.yaml", 5, "inaugurations[0]", "2023-01-05", "list the election"),
    Mistake("time zone misspelt", "city.yaml", 6, "time_zone", "America/Chicgo", "did you mean 'America/Chicago'?"),
    Mistake("month 13", "city.yaml", 7, "fiscal_year_start", "13-01", "as 07-01"),
    Mistake("no such currency", "city.yaml", 8, "currency", "DOLLAR", "ISO 4217, as USD"),
    Mistake("language by its name", "city.yaml", 9, "languages[1]", "english", "did you mean 'en'?"),
    Mistake("number with a comma", "city.yaml", 11, "population.value", "114,394", "digits only"),
    Mistake("required field left out", "city.yaml", 10, "population.source", "", "(who counted or"),
    Mistake("quotation mark never closed", "datasets/broken.yaml", 4, "", "", "quotes"),
    Mistake("key taken by another file", "datasets/wards.yml", 2, "key", "wards", "choose another key"),
    Mistake("payroll made public", "datasets/payroll.yaml", 6, "classification", "public", "restricted"),
    Mistake("id that is no 4x4", "datasets/payroll.yaml", 7, "id", "pay-1", "as 'ydr8-5enu'"),
    Mistake(
        "file outside of the folder",
        "datasets/payroll.yaml",
        9,
        "sources[0].file",
        "../payroll.csv",
        "inside the folder",
    ),
    Mistake("field misspelt", "datasets/permits.yaml", 3, "titel", "titel", "did you mean 'title'?"),
    Mistake("title left out by that", "datasets/permits.yaml", 1, "title", "", "'title: Building permits'"),
    Mistake("classification misspelt", "datasets/permits.yaml", 6, "classification", "pubic", "did you mean 'public'?"),
    Mistake("yes for true", "datasets/permits.yaml", 7, "released", "yes", "write true"),
    Mistake("refresh misspelt", "datasets/permits.yaml", 8, "refresh", "montly", "did you mean 'monthly'?"),
    Mistake("sheet of a CSV", "datasets/permits.yaml", 11, "sources[0].sheet", "Permits", "format: xlsx"),
    Mistake("vintage on one source only", "datasets/permits.yaml", 10, "sources[0].vintage", "", "vintage: 2018-03"),
    Mistake("neither url nor file", "datasets/permits.yaml", 12, "sources[1]", "", "where the rows come from"),
    Mistake("unknown type", "datasets/permits.yaml", 16, "columns.issued_on.type", "datum", "did you mean 'date'?"),
    Mistake("unknown part of a date", "datasets/permits.yaml", 18, "columns.closed_on.format[0]", "%Y-%m-%Q", "%d day"),
    Mistake("code without values", "datasets/permits.yaml", 19, "columns.status.type", "code", "under 'allowed:'"),
    Mistake("source column read twice", "datasets/permits.yaml", 20, "columns.ward.from", "n", "another source column"),
    Mistake("reserved column name", "datasets/permits.yaml", 21, "columns._note", "_note", "choose another, as 'note'"),
    Mistake("key column misspelt", "datasets/permits.yaml", 22, "row_key[0]", "numbr", "did you mean 'number'?"),
    Mistake("time column without time", "datasets/permits.yaml", 23, "time_column", "ward", "date or timestamp column"),
    Mistake("percent for a share", "datasets/permits.yaml", 24, "max_bad_share", "5", "5 % is 0.05"),
    Mistake("select of another table", "datasets/permits.yaml", 25, "select", "SELECT n, d FROM permits", "landed"),
    Mistake("no such longitude", "datasets/permits.yaml", 27, "place_tags[0].point[0]", "longitude", "the columns are"),
    Mistake("no such latitude", "datasets/permits.yaml", 27, "place_tags[0].point[1]", "latitude", "the columns are"),
    Mistake("no such dataset", "datasets/permits.yaml", 27, "place_tags[0].places", "ward", "did you mean 'wards'?"),
    Mistake("column written twice", "datasets/wards.yml", 8, "columns.ward", "ward", "first stands on line 7"),
    Mistake("kind misspelt", "datasets/wards.yml", 10, "kind", "datset", "did you mean 'dataset'?"),
)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """Write the folder with every mistake."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def problems(planted: Path) -> tuple[folder.Problem, ...]:
    """Read it and return everything that is reported."""
    with pytest.raises(folder.FolderInvalid) as caught:
        folder.read(planted)
    return caught.value.problems


def test_at_least_thirty_mistakes_are_planted() -> None:
    assert len(MISTAKES) >= 30


def test_every_mistake_is_reported_with_file_line_field_value_and_remedy(
    problems: tuple[folder.Problem, ...],
) -> None:
    places = {(problem.file, problem.line, problem.field): problem for problem in problems}
    missing = []
    for mistake in MISTAKES:
        problem = places.get((mistake.file, mistake.line, mistake.field))
        if problem is None or problem.value != mistake.value or mistake.remedy not in problem.remedy:
            missing.append((mistake, problem))
    assert missing == []


def test_nothing_else_is_reported(problems: tuple[folder.Problem, ...]) -> None:
    planted = {(mistake.file, mistake.line, mistake.field) for mistake in MISTAKES}
    assert [str(problem) for problem in problems if (problem.file, problem.line, problem.field) not in planted] == []
    assert len(problems) == len(MISTAKES)


def test_a_mistake_reads_as_file_line_field_and_remedy(problems: tuple[folder.Problem, ...]) -> None:
    assert "datasets/permits.yaml:16: columns.issued_on.type: 'datum' is not a type; did you mean 'date'?" in [
        str(problem) for problem in problems
    ]


def test_reading_changes_nothing(planted: Path) -> None:
    before = {file: file.read_bytes() for file in planted.rglob("*") if file.is_file()}
    with pytest.raises(folder.FolderInvalid, match="36 mistakes; nothing was changed"):
        folder.read(planted)
    assert {file: file.read_bytes() for file in planted.rglob("*") if file.is_file()} == before
