"""Delimited text in, rows and rejects out."""

import gzip
from pathlib import Path

import pytest
import zstandard

from cupola.contracts import Landing
from cupola.sources.delimited import open_delimited
from cupola.sources.dialect import DialectOverrides
from cupola.sources.encoding import TextUnreadable


def opened(folder: Path, content: str | bytes, overrides: DialectOverrides | None = None) -> Landing:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_delimited(path, source="file.csv", overrides=overrides, scratch=folder)


def rows_of(landing: Landing) -> list[tuple[str, ...]]:
    return [
        row
        for batch in landing.batches()
        for row in zip(*(column.to_pylist() for column in batch.columns[:-1]), strict=True)
    ]


def numbers_of(landing: Landing) -> list[int]:
    return [number for batch in landing.batches() for number in batch.column("_row").to_pylist()]


def reasons(landing: Landing) -> list[tuple[int, str]]:
    rows_of(landing)
    return [(reject.row, reject.reason) for reject in landing.rejects]


def test_values_keep_their_spaces_and_empty_is_empty_text(tmp_path: Path) -> None:
    assert rows_of(opened(tmp_path, 'id,name\n1, Ann \n2,""\n3,\n')) == [("1", " Ann "), ("2", ""), ("3", "")]


def test_a_quoted_value_may_span_lines(tmp_path: Path) -> None:
    landing = opened(tmp_path, 'id,note\n1,"two\nlines"\n2,one\n')
    assert rows_of(landing) == [("1", "two\nlines"), ("2", "one")]
    assert numbers_of(landing) == [1, 2]


@pytest.mark.parametrize(("end", "name"), [("\n", "\\n"), ("\r\n", "\\r\\n"), ("\r", "\\r")])
def test_every_line_end_is_read(tmp_path: Path, end: str, name: str) -> None:
    landing = opened(tmp_path, end.join(["id,n", "1,2", "3,4", ""]))
    assert rows_of(landing) == [("1", "2"), ("3", "4")]
    assert f"line end {name}," in landing.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "cp1252"])
def test_every_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = "name,city\nJosé,Málaga\n" + "Ann,Chicago\n" * 40
    landing = opened(tmp_path, text.encode(encoding))
    assert landing.columns == ("name", "city")
    assert rows_of(landing)[0] == ("José", "Málaga")


def test_single_windows_bytes_amid_utf8_are_read_and_noted(tmp_path: Path) -> None:
    landing = opened(tmp_path, "a,b\n1,ééé\n2,öö\n".encode() + b"3,caf\xe9\n")
    assert rows_of(landing)[2] == ("3", "café")
    assert "1 bytes that are not UTF-8 (first on line 4) were read as Windows-1252." in landing.notes


def test_control_codes_that_hide_windows_characters_are_restored(tmp_path: Path) -> None:
    landing = opened(tmp_path, "a,b\n1,x \u0096 y\n")
    assert rows_of(landing) == [("1", "x \u2013 y")]
    assert landing.csv is None


def test_a_byte_no_encoding_explains_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextUnreadable, match=r"file.csv, line 3: byte 0x81 is neither.* `encoding:`") as caught:
        opened(tmp_path, b"a,b\n1,2\n3,\x81\n")
    assert caught.value.line == 3


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    landing = opened(tmp_path, b"a,b\n1,2\n3,\x81\n", DialectOverrides(encoding="cp850"))
    assert rows_of(landing)[1] == ("3", "ü")


def test_a_wrongly_named_encoding_names_the_line(tmp_path: Path) -> None:
    landing = opened(tmp_path, "a,b\n1,2\n3,é\n".encode(), DialectOverrides(encoding="ascii"))
    with pytest.raises(TextUnreadable, match="line 3: the bytes are not ascii"):
        rows_of(landing)


@pytest.mark.slow
def test_a_wrongly_named_encoding_of_a_large_file_names_the_line(tmp_path: Path) -> None:
    content = "a,b\n" + "1,some longer text to make the file large enough\n" * 200_000 + "3,\u00e9\n"
    landing = opened(tmp_path, content, DialectOverrides(encoding="ascii"))
    with pytest.raises(TextUnreadable, match="line 200002: the bytes are not ascii"):
        rows_of(landing)


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextUnreadable, match="encoding 'klingon' is unknown"):
        opened(tmp_path, "a,b\n", DialectOverrides(encoding="klingon"))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(TextUnreadable, match="line 1: the file is empty"):
        opened(tmp_path, content)


def test_a_workbook_under_the_wrong_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextUnreadable, match="this is a zip archive or a workbook"):
        opened(tmp_path, b"PK\x03\x04rest")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2,x,y", "line 3: 3 values where 2 are expected"),
        ("2", "line 3: 1 value where 2 are expected"),
        ('2,"x"y', "line 3: text follows a closing quote"),
        ("2,x\ry", "line 3: a carriage return inside a value that is not quoted"),
        ("2,x\0", "line 3: a NUL byte"),
        ("id,name", "line 3: the header again"),
    ],
)
def test_a_damaged_row_is_rejected_with_its_line(tmp_path: Path, line: str, reason: str) -> None:
    landing = opened(tmp_path, f"id,name\n1,a\n{line}\n3,c\n4,d\n5,e\n")
    assert reasons(landing) == [(2, reason)]
    assert landing.rejects[0].value == line
    assert rows_of(landing) == [("1", "a"), ("3", "c"), ("4", "d"), ("5", "e")]
    assert numbers_of(landing) == [1, 3, 4, 5]


def test_a_quote_that_never_closes_costs_its_own_line_only(tmp_path: Path) -> None:
    landing = opened(tmp_path, 'id,name\n1,a\n2,"b\n3,c\n4,d\n')
    assert reasons(landing) == [(2, "line 3: a quoted value is never closed")]
    assert [row[0] for row in rows_of(landing)] == ["1", "3", "4"]


def test_reading_again_starts_afresh(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,name\n1,a\n2\n3,c\n")
    assert reasons(landing) == reasons(landing) == [(2, "line 3: 1 value where 2 are expected")]


def test_one_blank_row_stays_a_row(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,name,pay\n1,a,2\n2,b,3\n,,\n")
    assert rows_of(landing) == [("1", "a", "2"), ("2", "b", "3"), ("", "", "")]
    assert landing.csv is not None


def test_a_run_of_blank_rows_at_the_end_is_left_out_and_noted(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,name,pay\n1,a,2\n2,b,3\n,,\n,,\n,,\n")
    assert len(rows_of(landing)) == 2
    assert "3 blank rows at the end were left out." in landing.notes
    assert landing.csv is None


def test_a_footnote_is_noted_not_read(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,name,pay\n1,a,2\n2,b,3\n\nSource: the finance department\n")
    assert len(rows_of(landing)) == 2
    assert landing.rejects == []
    assert "Footnote below the table: Source: the finance department" in landing.notes


def test_a_cut_last_line_is_no_footnote(tmp_path: Path) -> None:
    assert reasons(opened(tmp_path, "id,name,pay\n1,a,2\n2,b,3\n3,c,4\n4,")) == [
        (4, "line 5: 2 values where 3 are expected")
    ]


def test_a_second_table_below_a_repeated_header_is_read_on(tmp_path: Path) -> None:
    landing = opened(tmp_path, "name,sum\na,1\nb,2\n,\nTravel,\nname,sum\nc,3\n")
    assert rows_of(landing) == [("a", "1"), ("b", "2"), ("c", "3")]
    assert [reject.row for reject in landing.rejects] == [3, 4, 5]


def test_a_line_of_blanks_is_a_blank_line(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,name\n1,a\n   \n\n2,b\n")
    assert rows_of(landing) == [("1", "a"), ("2", "b")]
    assert landing.rejects == []


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_compressed_text_is_read(tmp_path: Path, suffix: str) -> None:
    content = b"id,name\n1,a\n2,b\n"
    path = tmp_path / f"file.csv{suffix}"
    path.write_bytes(gzip.compress(content) if suffix == ".gz" else zstandard.compress(content))
    landing = open_delimited(path, source="file")
    assert rows_of(landing) == [("1", "a"), ("2", "b")]
    assert landing.csv is not None
    assert landing.csv.rows == 2


def test_a_value_longer_than_the_csv_modules_limit_is_read(tmp_path: Path) -> None:
    landing = opened(tmp_path, f'id,shape\n1,"{"x" * 200_000}"\n')
    assert len(rows_of(landing)[0][1]) == 200_000


@pytest.mark.slow
def test_too_many_damaged_rows_stop_the_read(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,name\n" + "1,a\n" * 5_000 + "1,2,3\n" * 100_001)
    with pytest.raises(TextUnreadable, match=r"line 105002: more than 100,000 rows are damaged"):
        rows_of(landing)
