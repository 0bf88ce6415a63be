"""What a database engine reads directly equals what the careful reader reads, or is not offered."""

import csv
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cupola.contracts import Landing
from cupola.contracts.dialect_sql import duckdb_table
from cupola.sources.delimited import open_delimited
from cupola.sources.dialect import DialectOverrides

Rows = list[tuple[str, ...]]


def opened(folder: Path, content: bytes, overrides: DialectOverrides | None = None) -> Landing:
    path = folder / "file.csv"
    path.write_bytes(content)
    return open_delimited(path, source="file.csv", overrides=overrides)


def carefully(landing: Landing) -> Rows:
    return [
        row
        for batch in landing.batches()
        for row in zip(*(column.to_pylist() for column in batch.columns[:-1]), strict=True)
    ]


def directly(landing: Landing) -> Rows:
    assert landing.csv is not None
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM {duckdb_table(landing.csv, landing.columns)}").fetchall()


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,4\n",
        b"a,b\r\n1,2\r\n3,4\r\n",
        b"a,b\n1,2\n3,4",
        b"a,b\n1,2\n3,4\n\n\n",
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b'a,b\n1,"x, ""y"" z"\n3,\n',
        b'a,b\n1,"two\nlines"\n3,"\r\n"\n4,5\n',
        b'a,b\r\n1,"two\r\nlines"\r\n3,"\n"\r\n',
        b'a,b\n"",1\n,2\nNULL,\\N\n',
        b"a,b,c\n1,2,3\n,,\n",
        b"Title of it\n\na,b,c\n1,2,3\n2,3,4\n",
        b"a;b\n1,5;2,5\n3,5;4,5\n",
        b"a,b\n 1 ,\t2\n#3,4\n",
        "a,b\n1,José\n2,\u2028\n".encode(),
    ],
)
def test_a_regular_file_is_offered_and_read_alike(tmp_path: Path, content: bytes) -> None:
    landing = opened(tmp_path, content)
    rows = carefully(landing)
    assert landing.csv is not None
    assert landing.csv.rows == len(rows)
    assert directly(landing) == rows


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a,b\n1,2\n3,4,\n5,6\n", id="an empty value too many, which the engine drops"),
        pytest.param(b"a,b\n1,2\n3\n5,6\n", id="a value too few"),
        pytest.param(b'a,b\n1,2\n3, "4"\n5,6\n', id="a blank before a quote, which the engine trims"),
        pytest.param(b'a,b\n1,2\n3,"4" \n5,6\n', id="a blank after a quote, which the engine trims"),
        pytest.param(b"a,b\r\n1,2\n3,4\n5,6\n7,8\n", id="another line end after the header"),
        pytest.param(b"a,b\n1,2\r\n3,4\n5,6\n", id="mixed line ends"),
        pytest.param(b"a,b\n1,2\n\n3,4\n", id="a blank line inside"),
        pytest.param(b"a,b\n1,2\n3,x\0\n5,6\n", id="a NUL byte"),
        pytest.param(b"a,b\n1,2\n3,\xe9\n5,6\n", id="Windows-1252"),
        pytest.param(b'a,"b\r"\n1,2\n3,4\n', id="a carriage return inside the header"),
        pytest.param(b'a,"b\nc"\n1,2\n3,4\n', id="a line end inside the header"),
        pytest.param(b"a,b\n1,2\na,b\n3,4\n", id="the header again"),
        pytest.param(b'a,b\n1,2\n3,"4\n5,6\n', id="a quote that never closes"),
        pytest.param(b"a,b\r1,2\r3,4\r", id="old Macintosh line ends"),
        pytest.param(b"a\n1\n2\n", id="one column, where the engine and we differ on blank lines"),
    ],
)
def test_an_irregular_file_is_not_offered(tmp_path: Path, content: bytes) -> None:
    assert opened(tmp_path, content).csv is None


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_large_file_in_another_encoding_is_copied_for_the_engine(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(("id,city\r\n" + "1,M\u00e1laga and a good deal of other text\r\n" * 220_000).encode(encoding))
    landing = open_delimited(path, source="file.csv", scratch=tmp_path)
    assert landing.csv is not None
    assert landing.csv.rows == 220_000
    assert next(landing.batches()).column("city")[0].as_py() == "M\u00e1laga and a good deal of other text"


@pytest.mark.slow
def test_chunks_are_counted_across_their_borders(tmp_path: Path) -> None:
    body = "".join(f'{number},"line one\nline, two {number}"\n' for number in range(250_000))
    landing = opened(tmp_path, b"id,note\n" + body.encode())
    assert landing.csv is not None
    assert landing.csv.rows == 250_000
    irregular = opened(tmp_path, b"id,note\n" + body.encode() + b"1,2,\n")
    assert irregular.csv is None


value = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cc", "Cs"]), max_size=8)
awkward = st.sampled_from(["", "a,b", "x;y", 'say "no"', "two\nlines", "tab\there", " pad ", "1", "it's", "-", "\\"])
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(value | awkward, min_size=width, max_size=width), min_size=1, max_size=12)
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
@given(table=tables, delimiter=st.sampled_from(",;|\t"), end=st.sampled_from(["\n", "\r\n"]), every=st.booleans())
def test_what_is_written_is_read_back(
    tmp_path: Path, table: list[list[str]], delimiter: str, end: str, every: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    )
    names = [f"name {place}" for place in range(len(table[0]))]
    writer.writerows([names, *table])
    given = DialectOverrides(delimiter=delimiter, quote='"', escape='"', newline=end, skip_lines=0, header_rows=1)
    landing = opened(tmp_path, text.getvalue().encode(), given)
    expected = [tuple(row) for row in table]
    while expected and not any(expected[-1]):
        expected.pop()
    rows = carefully(landing)
    while rows and not any(rows[-1]):
        rows.pop()
    if not landing.notes[-1].startswith("Footnote"):
        assert rows == expected
    if landing.csv is not None:
        assert directly(landing) == carefully(landing)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.slow
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 10**6), st.dates(), st.sampled_from(["Ward 1", "O'Hare, north", 'the "Loop"', ""])),
        min_size=3,
        max_size=30,
    ),
    delimiter=st.sampled_from(",;|\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_the_dialect_of_an_ordinary_table_is_found(
    tmp_path: Path, rows: list[tuple[int, object, str]], delimiter: str, end: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerows([("number", "day", "place"), *rows])
    landing = opened(tmp_path, text.getvalue().encode(encoding))
    assert landing.columns == ("number", "day", "place")
    assert carefully(landing) == [(str(number), str(day), place) for number, day, place in rows]
