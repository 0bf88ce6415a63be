"""How a file is written, found from the file alone."""

from pathlib import Path

import pytest

from cupola.contracts import Landing
from cupola.sources.delimited import open_delimited
from cupola.sources.dialect import DialectOverrides
from cupola.sources.encoding import TextUnreadable


def opened(folder: Path, text: str, overrides: DialectOverrides | None = None) -> Landing:
    path = folder / "file.csv"
    path.write_bytes(text.encode())
    return open_delimited(path, source="file.csv", overrides=overrides)


def rows_of(landing: Landing) -> list[tuple[str, ...]]:
    return [
        row
        for batch in landing.batches()
        for row in zip(*(column.to_pylist() for column in batch.columns[:-1]), strict=True)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x1f"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = ["name;pay;since", "Ann;1200;2020-01-31", "Bob;1300;2021-02-28"]
    landing = opened(tmp_path, "\n".join(line.replace(";", delimiter) for line in lines))
    assert landing.columns == ("name", "pay", "since")
    assert rows_of(landing)[1] == ("Bob", "1300", "2021-02-28")


def test_decimal_commas_do_not_make_a_comma_file(tmp_path: Path) -> None:
    landing = opened(tmp_path, "name;pay\nAnn;1200,50\nBob;1300,75\n")
    assert rows_of(landing) == [("Ann", "1200,50"), ("Bob", "1300,75")]


def test_a_time_of_day_does_not_make_a_colon_file(tmp_path: Path) -> None:
    landing = opened(tmp_path, "at,n\n2020-01-01 00:15:00,5\n2020-01-01 00:30:00,6\n")
    assert landing.columns == ("at", "n")


def test_the_first_quoted_value_may_come_late(tmp_path: Path) -> None:
    text = "title,pay\n" + "CLERK,100\n" * 30_000 + '"COMMISSIONER, ASSETS",200\n'
    landing = opened(tmp_path, text)
    assert rows_of(landing)[-1] == ("COMMISSIONER, ASSETS", "200")
    assert landing.csv is not None


def test_apostrophes_quote_where_they_pair(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,title\n1,'Clerk, senior'\n2,'Clerk, junior'\n3,'Mayor''s aide'\n")
    assert rows_of(landing) == [("1", "Clerk, senior"), ("2", "Clerk, junior"), ("3", "Mayor's aide")]


def test_apostrophes_in_words_do_not_quote(tmp_path: Path) -> None:
    landing = opened(tmp_path, "id,title\n1,Mayor's office\n2,Clerk's office\n")
    assert rows_of(landing) == [("1", "Mayor's office"), ("2", "Clerk's office")]


def test_backslash_escapes_are_found(tmp_path: Path) -> None:
    landing = opened(tmp_path, 'id,size\n1,"8\\" pipe, long"\n2,"9\\" pipe, short"\n')
    assert rows_of(landing) == [("1", '8" pipe, long'), ("2", '9" pipe, short')]
    assert landing.csv is None


def test_a_blank_after_every_delimiter_belongs_to_it(tmp_path: Path) -> None:
    landing = opened(tmp_path, "x, y\n1.5, 2\n2.5, 3\n")
    assert landing.columns == ("x", "y")
    assert rows_of(landing) == [("1.5", "2"), ("2.5", "3")]


def test_an_excel_separator_line_is_obeyed(tmp_path: Path) -> None:
    assert opened(tmp_path, "sep=;\na;b\n1,5;2,5\n").columns == ("a", "b")


def test_one_column_is_a_table(tmp_path: Path) -> None:
    landing = opened(tmp_path, "ward\n1\n2\n3\n")
    assert landing.columns == ("ward",)
    assert rows_of(landing) == [("1",), ("2",), ("3",)]


def test_titles_before_the_header_are_noted(tmp_path: Path) -> None:
    landing = opened(tmp_path, "City spending\nPeriod: 2020, first half\n\nname,pay,year\nAnn,1,2020\nBob,2,2020\n")
    assert landing.columns == ("name", "pay", "year")
    assert landing.notes[1:] == (
        "Line 1 comes before the table: City spending",
        "Line 2 comes before the table: Period: 2020, first half",
    )


def test_titles_padded_with_delimiters_are_titles(tmp_path: Path) -> None:
    assert opened(tmp_path, "City spending,,\n,,\nname,pay,year\nAnn,1,2020\n").columns == ("name", "pay", "year")


def test_a_table_without_header_is_numbered(tmp_path: Path) -> None:
    landing = opened(tmp_path, "1,2020-01-31,12.5\n2,2020-02-28,13.5\n")
    assert landing.columns == ("column_1", "column_2", "column_3")
    assert len(rows_of(landing)) == 2


def test_a_header_over_text_is_a_header(tmp_path: Path) -> None:
    assert opened(tmp_path, "name,city\nAnn,Boston\nBob,Chicago\n").columns == ("name", "city")


def test_a_header_alone_gives_no_rows(tmp_path: Path) -> None:
    landing = opened(tmp_path, "name,city\n")
    assert landing.columns == ("name", "city")
    assert rows_of(landing) == []


def test_two_header_rows_read_as_one(tmp_path: Path) -> None:
    text = "Date,Travel,,Total\n,Air,Rail,\n2020-01-31,5.00,6.00,11.00\n2020-02-28,7.00,8.00,15.00\n"
    landing = opened(tmp_path, text)
    assert landing.columns == ("Date", "Travel Air", "Travel Rail", "Total")
    assert len(rows_of(landing)) == 2


def test_names_are_made_unique(tmp_path: Path) -> None:
    assert opened(tmp_path, "Name,name,\nAnn,1,2\n").columns == ("Name", "name_2", "column_3")


def test_a_header_short_of_names_is_noted(tmp_path: Path) -> None:
    landing = opened(tmp_path, "name,pay\nAnn,1,\nBob,2,\nEve,3,\n")
    assert landing.columns == ("name", "pay", "column_3")
    assert "The header has 2 names for 3 columns; the last ones were numbered." in landing.notes


def test_a_damaged_header_is_still_read(tmp_path: Path) -> None:
    landing = opened(tmp_path, '"name,"city",pay\nAnn,"Rome, Italy",1\nBob,"Paris, Texas",2\n')
    assert landing.columns == ('"name', "city", "pay")
    assert "The header on line 1 was read in spite of damage: text follows a closing quote." in landing.notes
    assert len(rows_of(landing)) == 2


def test_lines_that_do_not_agree_are_refused(tmp_path: Path) -> None:
    text = "a,b,c\n1,2\n1,2,3,4\n1,2,3,4,5\n1\n1,2,3,4,5,6\n1,2,3,4,5,6,7\n"
    with pytest.raises(TextUnreadable, match=r"line \d: the lines do not agree .* `skip_lines:`"):
        opened(tmp_path, text)


@pytest.mark.parametrize(
    ("overrides", "columns", "rows"),
    [
        (DialectOverrides(delimiter=";"), ("a,b", "c"), [("1,2", "3")]),
        (DialectOverrides(delimiter=";", header_rows=0), ("column_1", "column_2"), [("a,b", "c"), ("1,2", "3")]),
        (DialectOverrides(delimiter=";", skip_lines=1, header_rows=0), ("column_1", "column_2"), [("1,2", "3")]),
    ],
)
def test_what_is_given_is_not_detected(
    tmp_path: Path, overrides: DialectOverrides, columns: tuple[str, ...], rows: list[tuple[str, ...]]
) -> None:
    landing = opened(tmp_path, "a,b;c\n1,2;3\n", overrides)
    assert landing.columns == columns
    assert rows_of(landing) == rows


def test_skipping_every_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TextUnreadable, match="nothing is left after 5 skipped lines"):
        opened(tmp_path, "a,b\n1,2\n", DialectOverrides(skip_lines=5))


def test_no_quote_reads_quotes_as_they_are(tmp_path: Path) -> None:
    landing = opened(tmp_path, 'a\tb\n"x\t1\n"y\t2\n', DialectOverrides(quote=""))
    assert rows_of(landing) == [('"x', "1"), ('"y', "2")]
