from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cupola import folder
from cupola.contracts import Column, ColumnType, Contract, Duplicates, Tag, Vintage
from cupola.folder import RecordState
from cupola.folder.emitting import to_yaml
from cupola.folder.writing import HEADER
from cupola.periods import parse_day
from cupola.sources import SourceSpec

CITY = {"key": "springfield", "name": "Springfield", "time_zone": "America/Chicago"}
Records = dict[tuple[str, str], RecordState]


def dataset(key: str = "permits", title: str = "Permits", **more: Any) -> dict[str, Any]:
    """Return canonical fields of a dataset."""
    columns = {"ward": {"type": "text"}}
    least = {"key": key, "title": title, "sources": [{"file": f"{key}.csv"}], "columns": columns}
    return folder.parse("dataset", {**least, **more}).fields()


def records(*datasets: dict[str, Any], **state: Any) -> Records:
    """Return the records of a city with datasets; `state` applies to the datasets."""
    made: Records = {("city", "springfield"): RecordState(CITY, applied=CITY)}
    for fields in datasets:
        made["dataset", fields["key"]] = RecordState(fields, **{"applied": fields, **state})
    return made


def applied(states: Records) -> Records:
    """Return the records as they are once a folder with just that was applied."""
    return {identity: RecordState(state.fields, state.fields) for identity, state in states.items()}


def files_of(path: Path) -> dict[str, str]:
    """Return every file below `path`."""
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith(".")]
    return {file.relative_to(path).as_posix(): file.read_text() for file in files}


def test_a_written_folder_applies_to_nothing(tmp_path: Path) -> None:
    states = records(dataset(), dataset("wards"))
    written = folder.write(states, tmp_path / "new" / "city")
    assert [file.as_posix() for file in written.files] == ["city.yaml", "datasets/permits.yaml", "datasets/wards.yaml"]
    plan = folder.plan(folder.read(tmp_path / "new" / "city").documents, applied(states))
    assert (plan.steps, plan.unchanged) == ((), 3)


def test_a_record_reads_well(tmp_path: Path) -> None:
    fields = dataset(
        description="Permits the Department of Buildings issued since 2006, with the kind of work and the place.",
        keywords=["permits", "NO", "2015"],
        columns={"on": {"type": "date", "from": "d", "format": "%Y"}, "s": {"type": "code", "allowed": ["A", "B"]}},
        sources=[{"file": "permits.csv", "vintage": "2015-12"}],
        max_bad_share=0.5,
        select="SELECT d,\n  s\nFROM landed",
    )
    folder.write(records(fields), tmp_path)
    assert (
        (tmp_path / "datasets/permits.yaml").read_text()
        == HEADER
        + """\
kind: dataset
key: permits
title: Permits
description: >-
  Permits the Department of Buildings issued since 2006, with the kind of work and the place.
keywords: [permits, 'NO', '2015']
sources:
  - file: permits.csv
    vintage: 2015-12
columns:
  'on':
    type: date
    from: d
    format: '%Y'
  s:
    type: code
    allowed: [A, B]
max_bad_share: 0.5
select: |-
  SELECT d,
    s
  FROM landed
"""
    )


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    states = records(dataset())
    folder.write(states, tmp_path)
    handmade = "# mine\nkey: permits   # own order\nkind: dataset\ntitle: Permits\ncolumns: {ward: {type: text}}\n"
    (tmp_path / "datasets/permits.yaml").write_text(handmade + "sources: [{file: permits.csv}]\n")
    before = files_of(tmp_path)
    assert folder.write(states, tmp_path).files == []
    assert files_of(tmp_path) == before


def test_a_changed_record_is_written_where_it_stands(tmp_path: Path) -> None:
    folder.write(records(), tmp_path)
    first, second = to_yaml({"kind": "dataset", **dataset("a")}), to_yaml({"kind": "dataset", **dataset("b")})
    (tmp_path / "all.yaml").write_text(f"# all of them\n{first}---\n# the second\n{second}")
    states = records(dataset("a"), dataset("b"))
    states["dataset", "b"] = RecordState(dataset("b", title="New"), applied=dataset("b"))
    states["dataset", "c"] = RecordState(dataset("c"))
    written = folder.write(states, tmp_path)
    assert [file.as_posix() for file in written.files] == ["datasets/c.yaml", "all.yaml"]
    text = (tmp_path / "all.yaml").read_text()
    assert text.startswith(f"# all of them\n{first}---\n# the second\nkind: dataset\nkey: b\ntitle: New\n")
    assert folder.plan(folder.read(tmp_path).documents, applied(states)).steps == ()


def test_documents_before_and_after_a_changed_one_stay_word_for_word(tmp_path: Path) -> None:
    folder.write(records(), tmp_path)
    texts = [to_yaml({"kind": "dataset", **dataset(key)}) for key in "abc"]
    (tmp_path / "all.yaml").write_text("---\n".join([texts[0], texts[1], "# third\n" + texts[2]]))
    states = records(*(dataset(key) for key in "abc"))
    states["dataset", "b"] = RecordState(dataset("b", title="New"), applied=dataset("b"))
    folder.write(states, tmp_path)
    text = (tmp_path / "all.yaml").read_text()
    assert text.startswith(texts[0] + "---\nkind: dataset\nkey: b\ntitle: New\n")
    assert text.endswith("---\n# third\n" + texts[2])


def test_a_document_in_one_line_after_its_marker_is_replaced(tmp_path: Path) -> None:
    folder.write(records(), tmp_path)
    one_line = "{kind: dataset, key: a, title: A, sources: [{file: a.csv}], columns: {ward: {type: text}}}\n"
    (tmp_path / "a.yaml").write_text(f"--- {one_line}--- {one_line.replace('key: a', 'key: b')}")
    states = records(dataset("a", "A", sources=[{"file": "a.csv"}]), dataset("b", "A", sources=[{"file": "a.csv"}]))
    for key in "ab":
        old = states["dataset", key].fields
        states["dataset", key] = RecordState({**old, "title": "New"}, applied=old)
    folder.write(states, tmp_path)
    assert folder.plan(folder.read(tmp_path).documents, applied(states)).steps == ()


def test_line_ends_of_a_file_are_kept(tmp_path: Path) -> None:
    folder.write(records(dataset()), tmp_path)
    path = tmp_path / "datasets/permits.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    states = records(dataset())
    states["dataset", "permits"] = RecordState(dataset(title="New"), applied=dataset())
    folder.write(states, tmp_path)
    assert b"key: permits\r\ntitle: New\r\n" in path.read_bytes()
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_a_file_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    folder.write(records(), tmp_path)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets/permits.yaml").write_text(to_yaml({"kind": "dataset", **dataset("other")}))
    written = folder.write(records(dataset()), tmp_path)
    assert [file.as_posix() for file in written.files] == ["datasets/permits-2.yaml"]
    assert len(folder.read(tmp_path).documents) == 3


def test_edits_of_the_folder_that_were_never_applied_are_not_overwritten(tmp_path: Path) -> None:
    folder.write(records(dataset()), tmp_path)
    path = tmp_path / "datasets/permits.yaml"
    path.write_text(path.read_text().replace("title: Permits", "title: Edited in the folder"))
    before = files_of(tmp_path)
    states = records(dataset())
    states["dataset", "permits"] = RecordState(dataset(title="Edited by staff"), applied=dataset())
    states["dataset", "new"] = RecordState(dataset("new"))
    with pytest.raises(folder.FolderEdited, match=r"permits.yaml:2: dataset permits\n    title: 'Permits' -> 'Edited"):
        folder.write(states, tmp_path)
    assert files_of(tmp_path) == before
    folder.write(states, tmp_path, take_records=True)
    assert "title: Edited by staff" in path.read_text()


def test_a_second_export_does_not_take_the_first_for_an_edit(tmp_path: Path) -> None:
    states = records(dataset())
    folder.write(states, tmp_path)
    for title in ("Edited by staff", "Edited again"):
        states["dataset", "permits"] = RecordState(dataset(title=title), applied=dataset())
        folder.write(states, tmp_path)
        assert f"title: {title}" in (tmp_path / "datasets/permits.yaml").read_text()


def test_without_its_note_an_export_is_careful(tmp_path: Path) -> None:
    folder.write(records(dataset(title="Old")), tmp_path)
    (tmp_path / ".cupola-export.json").write_text("no JSON")
    with pytest.raises(folder.FolderEdited):
        folder.write(records(dataset()), tmp_path)


def test_a_document_with_mistakes_counts_as_edited(tmp_path: Path) -> None:
    folder.write(records(dataset()), tmp_path)
    path = tmp_path / "datasets/permits.yaml"
    path.write_text(path.read_text().replace("title:", "titel:"))
    with pytest.raises(folder.FolderEdited, match="it has 2 mistakes"):
        folder.write(records(dataset()), tmp_path)


def test_a_folder_that_is_no_yaml_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: [")
    with pytest.raises(folder.FolderInvalid):
        folder.write(records(dataset()), tmp_path)
    assert list(files_of(tmp_path)) == ["x.yaml"]


def test_an_exported_file_goes_when_its_record_is_retired(tmp_path: Path) -> None:
    folder.write(records(dataset()), tmp_path)
    written = folder.write(records(dataset(), retired=True), tmp_path)
    assert [file.as_posix() for file in written.deleted] == ["datasets/permits.yaml"]
    assert list(files_of(tmp_path)) == ["city.yaml"]


def test_a_file_with_anything_of_a_person_is_set_aside(tmp_path: Path) -> None:
    folder.write(records(dataset()), tmp_path)
    path = tmp_path / "datasets/permits.yaml"
    mine = path.read_text() + "# why we have this\n"
    for name in ("datasets/permits.yaml.retired", "datasets/permits.yaml.retired-2"):
        path.write_text(mine)
        written = folder.write(records(dataset(), retired=True), tmp_path)
        assert [file.as_posix() for file in written.set_aside] == [name]
        assert (tmp_path / name).read_text() == mine
        assert not path.exists()
    assert len(folder.read(tmp_path).documents) == 1


def test_a_retired_document_among_others_is_taken_out(tmp_path: Path) -> None:
    folder.write(records(), tmp_path)
    texts = [to_yaml({"kind": "dataset", **dataset(key)}) for key in "ab"]
    (tmp_path / "all.yaml").write_text(f"{texts[0]}# on a\n---\n{texts[1]}")
    states = records(dataset("a"), dataset("b"))
    states["dataset", "a"] = RecordState(dataset("a"), applied=dataset("a"), retired=True)
    written = folder.write(states, tmp_path)
    assert [file.as_posix() for file in written.set_aside] == ["all.yaml.retired"]
    assert (tmp_path / "all.yaml.retired").read_text() == texts[0] + "# on a\n"
    assert [found.key for found in folder.read(tmp_path).datasets] == ["b"]


def test_a_retired_record_without_a_file_is_not_written(tmp_path: Path) -> None:
    folder.write(records(dataset(), retired=True), tmp_path)
    assert list(files_of(tmp_path)) == ["city.yaml"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "datasets").write_text("a file where a directory should be")
    with pytest.raises(folder.FolderNotWritable, match=r"datasets/permits.yaml: .*Make the directory writable"):
        folder.write(records(dataset()), tmp_path)


text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\n \t#:-'\"|>&*!%@{}[],?")
)
filled = text.map(lambda value: f"x{value}")
names = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True).filter(lambda name: name != "vintage")


@st.composite
def datasets(draw: st.DrawFn) -> dict[str, Any]:
    """Return any dataset that passes."""
    column = st.one_of(
        st.fixed_dictionaries({"type": st.just("text")}, optional={"title": text, "required": st.booleans()}),
        st.fixed_dictionaries({"type": st.just("code"), "allowed": st.dictionaries(text, text, min_size=1)}),
        st.fixed_dictionaries({"type": st.just("decimal"), "null_tokens": st.lists(text, max_size=3)}),
    )
    columns = draw(st.dictionaries(names, column, min_size=1, max_size=3))
    optional = {
        "description": text,
        "notes": st.lists(filled, max_size=3),
        "keywords": st.lists(filled, max_size=3),
        "null_tokens": st.lists(text, max_size=3),
        "max_bad_rows": st.integers(0, 10**12),
        "max_bad_share": st.floats(0, 1),
        "payroll": st.booleans(),
        "row_key": st.permutations(list(columns)),
    }
    least = {"key": "permits", "title": draw(filled), "sources": [{"file": "a.csv"}], "columns": columns}
    return folder.parse("dataset", {**least, **draw(st.fixed_dictionaries({}, optional=optional))}).fields()


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields=datasets(), other=datasets())
def test_any_record_survives_being_written_and_rewritten(tmp_path: Path, fields: Any, other: Any) -> None:
    path = tmp_path / "city"
    for now, before in ((fields, None), (other, fields)):
        states = records()
        states["dataset", "permits"] = RecordState(now, applied=before)
        folder.write(states, path, take_records=True)
        assert folder.plan(folder.read(path).documents, applied(states)).steps == ()


def test_a_proposal_reads_back_to_the_contract_it_was_made_of(tmp_path: Path) -> None:
    contract = Contract(
        columns=(
            Column("number", ColumnType.TEXT, origins=("Permit #",), required=True, title="Number"),
            Column("on", ColumnType.DATE, formats=("%m/%d/%Y",), meaning="Day.", null_tokens=("", "-")),
            Column("size", ColumnType.DECIMAL, scale=1, unit="tons", optional=True),
            Column("state", ColumnType.CODE, allowed=(("A", "open"), ("B", "")), sensitive=True),
            Column("at", ColumnType.POINT),
        ),
        key=("number",),
        duplicates=Duplicates.QUARANTINE,
        time_column="on",
        null_tokens=("", "NA"),
        select="SELECT * FROM landed",
        tags=(Tag("ward", ("at",), "wards", "ward"),),
        zone="America/Chicago",
        max_bad_rows=7,
        max_bad_share=0.25,
        vintaged=True,
        restricted=True,  # until somebody classifies it
    )
    source = SourceSpec(file="permits.csv", delimiter=";", vintage=Vintage(parse_day("2018-03-01"), "month"))
    notes = {
        "": ["60,001 rows in permits.csv"],
        "number": ["60,001 values are whole numbers", "none is empty"],
    }
    text = folder.proposal("building-permits", contract, notes=notes, source=source)
    (tmp_path / "permits.yaml").write_text(text)
    (tmp_path / "city.yaml").write_text(to_yaml({"kind": "city", **CITY}))
    (tmp_path / "wards.yaml").write_text(to_yaml({"kind": "dataset", **dataset("wards")}))
    found = {record.key: record for record in folder.read(tmp_path).datasets}["building-permits"]
    assert found.title == "Building permits"
    assert found.contract("America/Chicago") == contract
    assert found.source_specs() == (source,)
    assert "# 60,001 rows in permits.csv\ncolumns:\n" in text
    assert "columns:\n  # 60,001 values are whole numbers\n  # none is empty\n  number:\n    type: text\n" in text


def test_a_long_note_is_wrapped() -> None:
    contract = Contract(columns=(Column("a", ColumnType.TEXT),))
    text = folder.proposal("a", contract, notes={"a": ["word " * 40, ""]}, source=[SourceSpec(file="a.csv")])
    assert max(len(line) for line in text.splitlines()) < 120
    assert text.count("  # word") == 2


def test_the_reference_names_every_kind_and_field() -> None:
    page = folder.reference()
    assert "## `kind: city`" in page
    assert "### `columns.*`" in page
    assert "### `sources[]`" in page
    for kind in folder.KINDS.values():
        for name, field in kind.model.model_fields.items():
            assert f"| `{field.alias or name}` |" in page
            assert field.description
    assert "| `from` | list of text |  | Name under which the source publishes it" in page
    assert (
        "| `max_bad_share` | number 0-1 | `0.01` | A larger share of bad rows than this stops the load. | `0.01` |"
        in page
    )
    assert "| value |" not in page
