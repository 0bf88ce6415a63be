"""Datasets that are hosted elsewhere: known here, never loaded."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cupola import folder
from cupola.folder.documents import parse_yaml

CITY = (
    "kind: city\nkey: springfield\nname: Springfield\ntime_zone: America/Chicago\ncontact: data@springfield.example\n"
)
TREES = """\
kind: dataset
key: trees
title: Street trees
description: Every tree on a street.
released: true
landing_page: https://data.example.gov/d/tree-0001
catalogue:
  identifier: https://data.example.gov/api/views/tree-0001
  publisher: [Parks, City of Springfield]
  issued: 2011-09-30
  distributions:
    - title: All trees
      format: CSV
      url: https://data.example.gov/trees.csv
      said: {byteSize: 17, "checked": true, issued: 2011-09-30, "text": "17"}
"""


def read(tmp_path: Path, text: str) -> folder.DatasetRecord:
    (tmp_path / "city.yaml").write_text(CITY)
    (tmp_path / "trees.yaml").write_text(text)
    return folder.read(tmp_path).datasets[0]


def test_a_dataset_hosted_elsewhere_needs_no_sources_columns_or_row(tmp_path: Path) -> None:
    record = read(tmp_path, TREES)
    assert record.hosted_elsewhere
    assert record.catalogue is not None
    assert record.catalogue.publisher == ("Parks", "City of Springfield")


def test_what_a_catalogue_said_keeps_its_kinds_of_value(tmp_path: Path) -> None:
    record = read(tmp_path, TREES)
    assert record.catalogue is not None
    said = record.catalogue.distributions[0].said
    assert said == {"byteSize": 17, "checked": True, "issued": "2011-09-30", "text": "17"}


JSON = st.recursive(
    st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=8,
)


@example({"a": "1e5", "b": "17", "c": "no", "d": "2011-09-30", "e": ["0x1F", ".5", "~", ""]})
@given(st.dictionaries(st.text(min_size=1), JSON, max_size=4))
@settings(max_examples=60, deadline=None)
def test_whatever_a_catalogue_said_survives_a_file(said: dict[str, Any]) -> None:
    fields = {"key": "trees", "title": "Trees", "landing_page": "https://x.example", "catalogue": {"said": said}}
    record = folder.parse("dataset", {name: part for name, part in fields.items() if name != "catalogue" or said})
    documents, problem = parse_yaml(folder.inventoried(record, source="https://x.example"))
    assert problem is None
    assert isinstance(documents[0].data, dict)
    again = folder.parse("dataset", {name: part for name, part in documents[0].data.items() if name != "kind"})
    assert again.fields() == record.fields()


def test_it_survives_the_records_and_an_export(tmp_path: Path) -> None:
    record = read(tmp_path, TREES)
    fields = record.fields()
    assert "columns" not in fields
    assert folder.parse("dataset", fields).fields() == fields
    states = {
        ("city", "springfield"): folder.RecordState(folder.read(tmp_path).city.fields()),
        ("dataset", "trees"): folder.RecordState(fields),
    }
    exported = tmp_path / "exported"
    exported.mkdir()
    folder.write(states, exported)
    assert folder.read(exported).datasets[0].fields() == fields


@pytest.mark.parametrize(
    ("missing", "message"),
    [("catalogue", "sources: it is missing"), ("sources", "sources: it is missing"), ("columns", "columns")],
)
def test_a_dataset_that_is_nowhere_is_a_mistake(missing: str, message: str) -> None:
    fields: dict[str, Any] = {"key": "trees", "title": "Trees", "sources": [{"file": "trees.csv"}]}
    fields["columns"] = {"name": {"type": "text"}}
    if missing == "catalogue":
        del fields["columns"], fields["sources"]
    else:
        del fields[missing]
    with pytest.raises(folder.FolderInvalid, match=message):
        folder.parse("dataset", fields)


def test_a_city_says_where_questions_go(tmp_path: Path) -> None:
    read(tmp_path, TREES)
    assert folder.read(tmp_path).city.contact == "data@springfield.example"
