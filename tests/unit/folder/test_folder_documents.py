import pytest

from cupola.folder.documents import Scalar, parse_yaml


def values(text: str) -> list[object]:
    """Read a flow list and return what each plain scalar would be as a value."""
    documents, problem = parse_yaml(f"list: {text}")
    assert problem is None
    return [item.value if isinstance(item, Scalar) else item for item in documents[0].data["list"]]


def test_words_of_yaml_1_1_are_text() -> None:
    assert values("[no, yes, on, off, NO, y, n]") == ["no", "yes", "on", "off", "NO", "y", "n"]


def test_dates_times_and_odd_numbers_are_text() -> None:
    assert values("[2015-12-31, 12:30:00, 010, 0x1F, 1_000, 0o7, .inf]") == [
        "2015-12-31", "12:30:00", "010", "0x1F", "1_000", "0o7", ".inf",
    ]  # fmt: skip


def test_numbers_truth_and_nothing_are_read() -> None:
    assert values("[0, -7, 1.50, 1e3, .5, true, False, ~, null]") == [0, -7, 1.5, 1000.0, 0.5, True, False, None, None]


def test_quoted_scalars_stay_text() -> None:
    assert values("['5', \"true\", '']") == ["5", "true", ""]


def test_a_plain_scalar_keeps_its_text() -> None:
    documents, _ = parse_yaml("code: 1.10")
    assert documents[0].data["code"] == "1.10"


def test_every_key_and_item_knows_its_line() -> None:
    documents, _ = parse_yaml("a: 1\nlist:\n  - x\n  -\n    deep: 2\nfolded: >-\n  one\n  two\nlast: 3\n")
    line = documents[0].line
    assert [line(("a",)), line(("list",)), line(("list", 0)), line(("list", 1, "deep")), line(("last",))] == [
        1,
        2,
        3,
        5,
        9,
    ]


def test_a_path_that_is_not_written_has_the_line_of_its_nearest_part() -> None:
    documents, _ = parse_yaml("first: 1\ncolumns:\n  ward: {type: text}\n")
    assert documents[0].line(("columns", "ward", "title")) == 3
    assert documents[0].line(("missing",)) == 1


def test_several_documents_count_lines_through() -> None:
    documents, _ = parse_yaml("kind: a\n---\nkind: b\n---\n# nothing\n---\nkind: c\n")
    assert [(document.data["kind"], document.span[0]) for document in documents] == [("a", 1), ("b", 3), ("c", 7)]


def test_documents_before_a_syntax_error_are_kept() -> None:
    documents, problem = parse_yaml("kind: a\n---\nkind: [b\n")
    assert len(documents) == 1
    assert problem is not None
    assert problem.line == 4


def test_a_tab_is_named() -> None:
    _, problem = parse_yaml("a:\n\tb: 1\n")
    assert problem is not None
    assert (problem.line, problem.remedy) == (2, "indent with spaces")


def test_a_control_character_is_named_with_its_line() -> None:
    _, problem = parse_yaml("a: 1\nb: \x07\n")
    assert problem is not None
    assert problem.message == "a character that may not stand in YAML"


def test_a_key_written_twice_keeps_the_first_and_says_so() -> None:
    documents, _ = parse_yaml("a: 1\nb: 2\na: 3\n")
    ((line, finding),) = documents[0].findings
    assert documents[0].data["a"] == "1"
    assert (line, finding.remedy) == (3, "it first stands on line 1; keep one of the two")


def test_anchors_and_merges_are_read() -> None:
    documents, _ = parse_yaml("base: &b {x: 1, y: 2}\nmore: &m {z: 5}\none:\n  <<: [*b, *m]\n  y: 3\nagain: *b\n")
    assert documents[0].findings == []
    assert documents[0].data["one"] == {"x": "1", "y": "3", "z": "5"}
    assert documents[0].data["again"] == {"x": "1", "y": "2"}


def test_merging_something_without_fields_is_a_mistake() -> None:
    documents, _ = parse_yaml("a:\n  <<: 5\n")
    assert [finding.remedy for _, finding in documents[0].findings] == ["merge a mapping"]


def test_an_anchor_that_holds_itself_is_a_mistake() -> None:
    documents, _ = parse_yaml("a: &x [*x]\n")
    assert documents[0].findings[0][1].message == "an alias repeats itself, or repeats others, without end"


@pytest.mark.slow
def test_a_small_file_cannot_grow_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    documents, _ = parse_yaml("\n".join(lines))
    assert len(documents[0].findings) == 1


def test_tags_are_refused() -> None:
    documents, _ = parse_yaml("a: !!python/name:os.system x\nb: !mine {c: 1}\n")
    assert [line for line, _ in documents[0].findings] == [1, 2]


def test_a_list_as_a_name_is_a_mistake() -> None:
    documents, _ = parse_yaml("? [a, b]\n: 1\n")
    assert documents[0].findings[0][1].remedy == "write a name"


@pytest.mark.slow
def test_deep_nesting_is_a_mistake_and_no_crash() -> None:
    _, problem = parse_yaml("[" * 5000 + "]" * 5000)
    assert problem is not None
    assert "nested too deeply" in problem.message


@pytest.mark.parametrize("word", ["e2", "E10", "-e5", ".", "+", ".e1"])
def test_a_word_that_only_ends_like_a_number_is_a_word(word: str) -> None:
    assert Scalar(word).value == word
