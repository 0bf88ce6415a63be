from collections.abc import Callable
from pathlib import Path

import pytest

from cupola import folder
from cupola.folder.kinds import KINDS
from cupola.folder.problems import listed

MakeFolder = Callable[..., Path]
KINDS_SAID = listed(KINDS)  # a message names twelve kinds and counts the rest
CITY = "kind: city\nkey: springfield\nname: Springfield\ntime_zone: America/Chicago\n"
DATASET = "kind: dataset\nkey: {key}\ntitle: {title}\nsources:\n  - file: {key}.csv\ncolumns:\n  ward: {{type: text}}\n"


def dataset_yaml(key: str, title: str = "Title") -> str:
    """Return a small dataset document."""
    return DATASET.format(key=key, title=title)


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Write a folder with a city and other files by name."""

    def make(files: dict[str, str] | None = None, *, city: str = CITY) -> Path:
        for name, text in {"city.yaml": city, **(files or {})}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return make


def said(path: Path) -> list[str]:
    """Return what is wrong with the folder."""
    with pytest.raises(folder.FolderInvalid) as caught:
        folder.read(path)
    return [str(problem) for problem in caught.value.problems]


def test_a_folder_is_read_with_places(make_folder: MakeFolder) -> None:
    files = {"datasets/b.yaml": "# note\n" + dataset_yaml("b"), "datasets/a.yml": dataset_yaml("a")}
    found = folder.read(make_folder(files))
    assert [(document.identity, document.file, document.line) for document in found.documents] == [
        (("city", "springfield"), "city.yaml", 1),
        (("dataset", "a"), "datasets/a.yml", 1),
        (("dataset", "b"), "datasets/b.yaml", 2),
    ]
    assert found.city.name == "Springfield"
    assert [dataset.key for dataset in found.datasets] == ["a", "b"]


def test_several_documents_in_a_file_are_several_records(make_folder: MakeFolder) -> None:
    found = folder.read(make_folder({"all.yaml": dataset_yaml("a") + "---\n" + dataset_yaml("b")}))
    assert [(dataset.key) for dataset in found.datasets] == ["a", "b"]


def test_hidden_files_and_other_files_are_not_read(make_folder: MakeFolder) -> None:
    found = folder.read(make_folder({".git/x.yaml": "nonsense: [", ".b.yaml": "x: [", "read.me": "[", "c.yaml~": "["}))
    assert len(found.documents) == 1


def test_a_byte_order_mark_is_passed_over(make_folder: MakeFolder) -> None:
    assert folder.read(make_folder(city="\ufeff" + CITY)).city.key == "springfield"


def test_what_is_no_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(folder.FolderNotFound, match="is not a folder"):
        folder.read(tmp_path / "nowhere")


def test_an_empty_folder_needs_a_city(tmp_path: Path) -> None:
    assert said(tmp_path) == [
        "city.yaml:1: the folder has no document of kind 'city'; "
        "write it with 'kind: city', 'key:' and the other fields"
    ]


def test_the_city_stands_in_its_own_file_and_once(make_folder: MakeFolder) -> None:
    path = make_folder({"more.yaml": CITY.replace("springfield", "shelbyville")})
    assert said(path) == [
        "more.yaml:1: kind: there is already a city in city.yaml, line 1; a folder holds one; take one out"
    ]
    (path / "city.yaml").unlink()
    assert said(path) == ["more.yaml:1: kind: the city stands in another file; move it to city.yaml"]


def test_a_broken_city_file_is_not_also_missing(make_folder: MakeFolder) -> None:
    (problem,) = said(make_folder(city="kind: city\nname: [\n"))
    assert "this is not YAML" in problem


def test_a_public_id_is_used_once(make_folder: MakeFolder) -> None:
    files = {f"{key}.yaml": dataset_yaml(key) + "id: abcd-2345\n" for key in ("a", "b")}
    assert said(make_folder(files)) == [
        "b.yaml:8: id: 'abcd-2345' is already the id of the record in a.yaml, line 8; "
        "choose another id, or take one of the two out"
    ]


def test_a_file_in_another_encoding_is_named_with_its_line(make_folder: MakeFolder) -> None:
    path = make_folder()
    (path / "latin.yaml").write_bytes("kind: dataset\nkey: a\ntitle: Année\n".encode("cp1252"))
    assert said(path) == ["latin.yaml:3: byte 0xe9 is not UTF-8; save the file as UTF-8"]


def test_a_file_that_cannot_be_opened_is_named(make_folder: MakeFolder) -> None:
    path = make_folder()
    (path / "gone.yaml").symlink_to(path / "nowhere.yaml")
    assert said(path) == ["gone.yaml:1: the file cannot be read: No such file or directory; make it readable"]


def test_a_file_of_data_is_refused(make_folder: MakeFolder) -> None:
    path = make_folder()
    with (path / "big.yaml").open("wb") as file:
        file.truncate(20_000_001)
    assert said(path) == ["big.yaml:1: the file is larger than 20 MB; keep data out of the folder, or hide the file"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- a\n- b\n", "x.yaml:1: the document has no fields; begin it with 'kind: dataset' and 'key: ...'"),
        ("key: a\n", "x.yaml:1: kind: it is missing; write what the document is: " + KINDS_SAID),
        (
            "kind: [a]\n",
            "x.yaml:1: kind: '' is not a kind of record; write one of " + KINDS_SAID,
        ),
    ],
)
def test_a_document_says_what_it_is(make_folder: MakeFolder, text: str, problem: str) -> None:
    assert said(make_folder({"x.yaml": text})) == [problem]


def test_a_reference_into_a_broken_file_is_not_called_wrong(make_folder: MakeFolder) -> None:
    tag = "place_tags:\n  - {column: ward_2023, point: p, places: wards, take: ward}\n"
    permits = dataset_yaml("permits").replace("{type: text}", "{type: text}\n  p: {type: point}") + tag
    path = make_folder({"permits.yaml": permits, "wards.yaml": "kind: dataset\nkey: wards\ntitle: [\n"})
    assert [problem.partition(":")[0] for problem in said(path)] == ["wards.yaml"]


def test_a_tag_takes_a_column_that_exists(make_folder: MakeFolder) -> None:
    tag = "place_tags:\n  - {column: ward_2023, point: p, places: wards, take: wrd}\n"
    permits = dataset_yaml("permits").replace("{type: text}", "{type: text}\n  p: {type: point}") + tag
    assert said(make_folder({"permits.yaml": permits, "wards.yaml": dataset_yaml("wards")})) == [
        "permits.yaml:10: place_tags[0].take: 'wrd' is not a column of 'wards'; did you mean 'ward'?"
    ]


def test_plain_values_are_taken_as_written_where_text_is_wanted(make_folder: MakeFolder) -> None:
    text = (
        dataset_yaml("a", title="2015")
        + "null_tokens: [null, NO, 0, '']\nkeywords: [311, true]\n"
        + "notes: one note only\ndepartment: ~\n"
    ).replace("ward: {type: text}", "ward: {type: code, allowed: {01: first, NO: , 1.10: third}}")
    (dataset,) = folder.read(make_folder({"a.yaml": text})).datasets
    assert dataset.title == "2015"
    assert dataset.null_tokens == ("null", "NO", "0", "")
    assert dataset.keywords == ("311", "true")
    assert dataset.notes == ("one note only",)
    assert dataset.department == ""
    assert dataset.columns["ward"].allowed == {"01": "first", "NO": "", "1.10": "third"}


@pytest.mark.slow
def test_the_chicago_example_is_right() -> None:
    found = folder.read(Path(__file__).parents[3] / "examples" / "chicago")
    assert found.city.key == "chicago"
    assert {dataset.key for dataset in found.datasets} >= {"building-permits", "employees", "wards"}
