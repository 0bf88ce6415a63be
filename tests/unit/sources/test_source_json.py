"""JSON, NDJSON and GeoJSON: every field, exact numbers, and paths that explain themselves."""

import json
from pathlib import Path

import pytest
from source_world import Taker

from cupola.errors import InvalidInput
from cupola.sources import ndjson

BUDGET = """{
  "metadata": {"year": 2026, "label": "FY26", "tags": ["a"]},
  "appropriations": {
    "currency": "USD",
    "by_department": [
      {"code": "99", "name": "Finance", "head": {"title": "CFO"}, "funds": [
        {"id": "f1", "amount": 1.10, "parts": [1, 2.50]},
        {"id": "f2", "amount": 12345678901234567890.123456789}]},
      {"code": "03", "name": "Fire", "funds": [{"id": "f1", "amount": -0.0, "note": null}]},
      {"code": "04", "name": "None", "funds": []}
    ]
  },
  "version": "1.0"
}"""


def landed(taker: Taker, base: Path, text: str, name: str = "a.json", **spec: object) -> list[dict[str, object]]:
    (base / name).write_text(text)
    return taker.rows(taker.fetch(base, file=name, **spec))


def test_a_path_gives_one_row_per_innermost_element_with_its_ancestors(taker: Taker, base: Path) -> None:
    (base / "a.json").write_text(BUDGET)
    landing = taker.land(taker.fetch(base, file="a.json", records="appropriations.by_department[].funds[]"))
    assert landing.columns == (
        "id",
        "amount",
        "parts",
        "note",
        "metadata.year",
        "metadata.label",
        "appropriations.currency",
        "version",
        "appropriations.by_department.code",
        "appropriations.by_department.name",
        "appropriations.by_department.head.title",
    )
    rows = [row for batch in landing.batches() for row in batch.to_pylist()]
    assert [tuple(row.values()) for row in rows] == [
        ("f1", "1.10", "[1,2.50]", None, "2026", "FY26", "USD", "1.0", "99", "Finance", "CFO", 1),
        ("f2", "12345678901234567890.123456789", None, None, "2026", "FY26", "USD", "1.0", "99", "Finance", "CFO", 2),
        ("f1", "-0.0", None, None, "2026", "FY26", "USD", "1.0", "03", "Fire", None, 3),
    ]


def test_batches_can_be_read_again(taker: Taker, base: Path) -> None:
    (base / "a.json").write_text('[{"a":1},{"b":2}]')
    landing = taker.land(taker.fetch(base, file="a.json"))
    reads = [[row for batch in landing.batches() for row in batch.to_pylist()] for _ in range(2)]
    assert reads[0] == reads[1] == [{"a": "1", "b": None, "_row": 1}, {"a": None, "b": "2", "_row": 2}]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (
            "appropriation.by_department[]",
            r"there is no 'appropriation' in the document\. Did you mean 'appropriations'\?",
        ),
        ("appropriations.departments[]", r"no 'departments' in appropriations\..* There is: currency, by_department"),
        (
            "appropriations.by_department[].fund[]",
            r"no 'fund\[\]' in appropriations\.by_department\. Did you mean 'funds'",
        ),
        ("appropriations.by_department", r"is a list\. Did you mean 'appropriations\.by_department\[\]'"),
        ("appropriations.by_department[].funds", r"'funds' is a list\. Did you mean 'funds\[\]'"),
        ("appropriations[]", r"'appropriations' is an object, not a list"),
        ("version[]", r"'version' is a single value, not a list"),
        ("appropriations.by_department[].code[]", r"'code' is text, not a list"),
        ("[]", r"'the document' is an object, not a list"),
        ("a[b]", r"'a\[b\]' is not a path to records"),
        ("a..b", r"'a\.\.b' is not a path to records"),
    ],
)
def test_a_wrong_path_says_where_it_breaks_and_what_is_there(taker: Taker, base: Path, records: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        landed(taker, base, BUDGET, records=records)


def test_an_object_without_brackets_is_one_row(taker: Taker, base: Path) -> None:
    rows = landed(taker, base, BUDGET, records="metadata")
    assert rows == [
        {
            "year": "2026",
            "label": "FY26",
            "tags": '["a"]',
            "version": "1.0",
            "appropriations.currency": "USD",
            "_row": 1,
        }
    ]


def test_the_only_list_of_a_document_is_found(taker: Taker, base: Path) -> None:
    (base / "a.json").write_text('{"grants": [{"id": 1}], "publisher": {"name": "x"}}')
    landing = taker.land(taker.fetch(base, file="a.json"))
    assert (landing.columns, landing.notes) == (("id", "publisher.name"), ("records read from grants[]",))


def test_several_lists_are_a_question(taker: Taker, base: Path) -> None:
    with pytest.raises(InvalidInput, match=r"There is: a\[\], b\[\]"):
        landed(taker, base, '{"a": [], "b": []}')


def test_an_empty_list_has_no_rows_and_is_no_error(taker: Taker, base: Path) -> None:
    assert landed(taker, base, '{"a": {"b": []}}', records="a.b[]") == []
    assert landed(taker, base, "[]") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_a_key_first_seen_late_is_not_lost(taker: Taker, base: Path, name: str) -> None:
    records = [{"a": n} for n in range(60_000)] + [{"late": "x"}]
    lines = list(map(json.dumps, records))
    text = "\n".join(lines) if name == "a.ndjson" else f"[{','.join(lines)}]"
    rows = landed(taker, base, text, name)
    assert (len(rows), rows[-1], rows[0]) == (
        60_001,
        {"a": None, "late": "x", "_row": 60_001},
        {"a": "0", "late": None, "_row": 1},
    )


@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_values_become_text_that_loses_nothing(taker: Taker, base: Path, name: str) -> None:
    record = (
        '{"t":"é, \\"q\\"","yes":true,"no":false,"nil":null,"deep":{"x":{"y":7}},"none":{},"list":[{"k":1.50},"é"]}'
    )
    rows = landed(taker, base, f"[{record}]" if name == "a.json" else record, name)
    assert rows == [
        {
            "t": 'é, "q"',
            "yes": "true",
            "no": "false",
            "nil": None,
            "deep.x.y": "7",
            "none": None,
            "list": '[{"k":1.50},"é"]',
            "_row": 1,
        }
    ]


def test_a_point_inside_a_record_stays_one_value(taker: Taker, base: Path) -> None:
    rows = landed(taker, base, '[{"at":{"type":"Point","coordinates":[-87.60,41.80]}}]')
    assert rows == [{"at": '{"type":"Point","coordinates":[-87.60,41.80]}', "_row": 1}]


def test_names_that_differ_only_in_case_are_kept_apart(taker: Taker, base: Path) -> None:
    rows = landed(taker, base, '[{"Name":"a","name":"b","_row":"c"}]')
    assert rows == [{"Name": "a", "name_2": "b", "_row_2": "c", "_row": 1}]


def test_lists_and_bare_values_are_records_too(taker: Taker, base: Path) -> None:
    assert landed(taker, base, '[[1,"a"],[2]]') == [
        {"column_1": "1", "column_2": "a", "_row": 1},
        {"column_1": "2", "column_2": None, "_row": 2},
    ]
    assert landed(taker, base, '["a","b"]') == [{"value": "a", "_row": 1}, {"value": "b", "_row": 2}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_any_unicode_encoding_with_a_mark_is_read(taker: Taker, base: Path, name: str, encoding: str) -> None:
    text = '[{"a":"Ñandú"}]' if name == "a.json" else '{"a":"Ñandú"}\n'
    (base / name).write_bytes(text.encode(encoding))
    assert taker.rows(taker.fetch(base, file=name)) == [{"a": "Ñandú", "_row": 1}]


@pytest.mark.parametrize("text", ['[{"a":1},{"a"', '[{"a":NaN}]', '[{"a":1}] tail', '[{"a":1}', ""])
def test_a_broken_document_is_refused_whole(taker: Taker, base: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^a\.json: it is not (valid JSON|a JSON document)"):
        landed(taker, base, text)


def test_records_that_lack_a_level_are_counted(taker: Taker, base: Path) -> None:
    (base / "a.json").write_text('[{"f":[{"x":1}]},{},{"f":null}]')
    landing = taker.land(taker.fetch(base, file="a.json", records="[].f[]"))
    assert landing.notes == ("2 of 3 records have no f[]",)


def test_keys_used_as_data_are_refused_with_advice(taker: Taker, base: Path) -> None:
    text = json.dumps([{f"k{n}": n for n in range(5000)}])
    with pytest.raises(InvalidInput, match="more than 4,000 different fields"):
        landed(taker, base, text)


def test_a_bad_line_is_set_aside_with_its_number(taker: Taker, base: Path) -> None:
    (base / "a.ndjson").write_text('{"a":1}\n\n{"a":\n[2]\n{"a":"\\ud800"}\n{"a":3}')
    landing = taker.land(taker.fetch(base, file="a.ndjson"))
    for _ in range(2):  # reading again does not double the rejects
        rows = [row for batch in landing.batches() for row in batch.to_pylist()]
    assert rows == [{"a": "1", "_row": 1}, {"a": "3", "_row": 5}]
    assert [(r.source, r.row, r.column, r.value) for r in landing.rejects] == [
        ("a.ndjson", 2, "", '{"a":'),
        ("a.ndjson", 3, "", "[2]"),
        ("a.ndjson", 4, "", '{"a":"\\ud800"}'),
    ]
    assert landing.rejects[0].reason.startswith("line 3 is not a JSON record: ")


def test_ndjson_without_one_good_line_is_refused(taker: Taker, base: Path) -> None:
    with pytest.raises(InvalidInput, match="no line is a JSON record"):
        landed(taker, base, "[\n{\n", "a.ndjson")


def test_one_document_on_one_endless_line_is_refused(taker: Taker, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "_LONGEST_LINE", 1000)
    with pytest.raises(InvalidInput, match=r"line 2 is longer than 1,000 bytes\. If it is one JSON document"):
        landed(taker, base, '{"a":1}\n{"a":"' + "x" * 2000, "a.ndjson")


@pytest.mark.parametrize("name", ["a.json", "a.ndjson"])
def test_keys_that_would_meet_when_dotted_are_kept_apart(taker: Taker, base: Path, name: str) -> None:
    record = '{"a":{"b":1},"a.b":2}'
    rows = landed(taker, base, f"[{record}]" if name == "a.json" else record, name)
    assert rows == [{"a.b": "1", "a.b_": "2", "_row": 1}]


def test_a_property_called_geometry_keeps_its_value(taker: Taker, base: Path) -> None:
    text = '{"type":"Feature","properties":{"geometry":"flat"},"geometry":{"type":"Point","coordinates":[1,2]}}'
    assert landed(taker, base, text, "a.geojson") == [
        {"properties.geometry": "flat", "geometry": '{"type":"Point","coordinates":[1,2]}', "_row": 1}
    ]


def test_half_a_character_in_a_document_does_no_harm(taker: Taker, base: Path) -> None:
    rows = landed(taker, base, '[{"a":"x\\ud800y"}]')
    assert [str(row["a"])[0] + str(row["a"])[-1] for row in rows] == ["xy"]


def test_a_path_works_within_each_line(taker: Taker, base: Path) -> None:
    text = '{"id":1,"funds":[{"x":1},{"x":2}]}\n{"id":2,"funds":[{"x":3}]}\n'
    assert landed(taker, base, text, "a.ndjson", records="funds[]") == [
        {"x": "1", "id": "1", "_row": 1},
        {"x": "2", "id": "1", "_row": 2},
        {"x": "3", "id": "2", "_row": 3},
    ]


FEATURES = """{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"w1","properties":{"ward":1,"meta":{"k":"v"}},"geometry":{"type":"Point","coordinates":[-87.10,41.0]}},
 {"type":"Feature","properties":null,"geometry":null}]}"""


@pytest.mark.parametrize("name", ["a.geojson", "a.json"])
def test_features_give_properties_and_geometry(taker: Taker, base: Path, name: str) -> None:
    assert landed(taker, base, FEATURES, name) == [
        {
            "ward": "1",
            "meta.k": "v",
            "id": "w1",
            "geometry": '{"type":"Point","coordinates":[-87.10,41.0]}',
            "_row": 1,
        },
        {"ward": None, "meta.k": None, "id": None, "geometry": None, "_row": 2},
    ]


def test_features_on_lines_give_the_same(taker: Taker, base: Path) -> None:
    text = '\x1e{"type":"Feature","properties":{"ward":1},"geometry":{"type":"Point","coordinates":[1,2]}}\n'
    assert landed(taker, base, text, "a.ndjson") == [
        {"ward": "1", "geometry": '{"type":"Point","coordinates":[1,2]}', "_row": 1}
    ]


def test_coordinates_in_feet_are_refused(taker: Taker, base: Path) -> None:
    crs = '{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3435"}},'
    with pytest.raises(InvalidInput, match="coordinates are in urn:ogc:def:crs:EPSG::3435"):
        landed(taker, base, crs + FEATURES[1:], "a.geojson")


def test_what_is_no_geojson_says_its_type(taker: Taker, base: Path) -> None:
    with pytest.raises(InvalidInput, match="it is not GeoJSON: its type is 'Topology'"):
        landed(taker, base, '{"type":"Topology"}', "a.geojson")
