"""SQL queries: read-only, exact text, and the same rows have the same fingerprint in any order."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from source_world import Taker

from cupola.errors import InvalidInput
from cupola.sources import SourceUnreachable, postgres


@pytest.fixture
def city(base: Path) -> Path:
    path = base / "city.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE permit (id INTEGER, fee REAL, name TEXT, photo BLOB);"
            "INSERT INTO permit VALUES (1, 12.0, 'é', x'ff00'), (9007199254740993, 1e20, NULL, NULL);"
        )
    connection.close()
    return path


def test_a_sqlite_query_gives_its_rows_as_text(taker: Taker, base: Path, city: Path) -> None:
    fetched = taker.fetch(base, url="sqlite:///city.db", query="SELECT id, fee, name, photo, id AS ID FROM permit")
    assert (fetched.source, fetched.format) == ("city.db", "rows")
    assert taker.rows(fetched) == [
        {"id": "1", "fee": "12.0", "name": "é", "photo": "\\xff00", "ID_2": "1", "_row": 1},
        {
            "id": "9007199254740993",
            "fee": "100000000000000000000",
            "name": None,
            "photo": None,
            "ID_2": "9007199254740993",
            "_row": 2,
        },
    ]


@pytest.mark.parametrize("spec", [{"file": "city.db"}, {"file": "city.db", "format": "sql"}])
def test_a_sqlite_file_may_be_given_as_a_file(taker: Taker, base: Path, city: Path, spec: dict[str, str]) -> None:
    assert taker.rows(taker.fetch(base, query="SELECT count(*) AS n FROM permit", **spec)) == [{"n": "2", "_row": 1}]


def test_an_absolute_sqlite_address_needs_no_base(taker: Taker, city: Path) -> None:
    fetched = taker.fetch(url=f"sqlite:///{city}", query="SELECT 1 AS one")
    assert taker.rows(fetched) == [{"one": "1", "_row": 1}]


def test_the_same_rows_in_another_order_are_unchanged(taker: Taker, base: Path, city: Path) -> None:
    query = "SELECT id, name FROM permit"
    first = taker.fetch(base, file="city.db", query=query)
    with sqlite3.connect(city) as connection:
        connection.executescript(
            "CREATE TABLE other AS SELECT * FROM permit ORDER BY id DESC; DROP TABLE permit;"
            "ALTER TABLE other RENAME TO permit;"
        )
    connection.close()
    second = taker.fetch(base, file="city.db", query=query, state=first.state)
    assert second.unchanged
    with sqlite3.connect(city) as connection:
        connection.execute("UPDATE permit SET name = 'x' WHERE id = 1")
    connection.close()
    assert not taker.fetch(base, file="city.db", query=query, state=first.state).unchanged


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM permits", "no such table: permits"),
        ("DELETE FROM permit", "not authorized"),
        ("SELECT 1; DELETE FROM permit", "one statement"),
        ("ATTACH 'other.db' AS other", "not authorized"),
        ("PRAGMA user_version = 7", "not authorized"),
        ("", "query: is missing"),
    ],
)
def test_a_query_that_is_wrong_or_writes_is_refused(
    taker: Taker, base: Path, city: Path, query: str, said: str
) -> None:
    before = city.read_bytes()
    with pytest.raises(InvalidInput, match=said):
        taker.fetch(base, file="city.db", query=query)
    assert city.read_bytes() == before
    assert not (base / "other.db").exists()


def test_a_file_that_is_no_database_is_refused(taker: Taker, base: Path) -> None:
    (base / "a.db").write_text("not a database at all, but long enough to look like one" * 20)
    with pytest.raises(InvalidInput, match="file is not a database"):
        taker.fetch(base, file="a.db", query="SELECT * FROM permit")


def test_a_database_that_is_not_there_is_unreachable(taker: Taker, base: Path) -> None:
    with pytest.raises(SourceUnreachable, match=r"none\.db: there is no such file"):
        taker.fetch(base, url="sqlite:///none.db", query="SELECT 1")


def test_a_query_that_takes_too_long_is_stopped(taker: Taker, base: Path, city: Path) -> None:
    def later() -> float:
        taker.waits.now += 100.0
        return taker.waits.now

    pace = taker.limits.pace
    object.__setattr__(pace, "clock", later)
    taker.limit(seconds=300.0)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(SourceUnreachable, match="took longer than 300 s"):
        taker.fetch(base, file="city.db", query=endless)


@pytest.fixture
def table(postgres_url: str) -> Iterator[str]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS cupola_source_test")
        connection.execute(
            "CREATE TABLE cupola_source_test (id bigserial, fee numeric(9,2), ok boolean, at timestamptz, day date,"
            " doc jsonb, tags text[], raw bytea, share double precision, note text)"
        )
        connection.execute(
            "INSERT INTO cupola_source_test VALUES (1, 1.10, true, '2024-01-02 03:04:05-06', '2024-01-02',"
            """ '{"a": 1.50}', '{x,"y z"}', '\\xff00', 0.1, 'é'), (2, 'NaN', false, 'infinity', '0044-03-15 BC',"""
            " NULL, NULL, NULL, NULL, NULL)"
        )
        yield "cupola_source_test"
        connection.execute("DROP TABLE cupola_source_test")


@pytest.mark.postgres
def test_a_postgresql_query_gives_its_rows_as_text(taker: Taker, postgres_url: str, table: str) -> None:
    fetched = taker.fetch(url=postgres_url, format="sql", query=f"SELECT *, id AS id FROM {table} ORDER BY id")
    assert fetched.source.startswith("127.0.0.1 ")
    rows = [tuple(row.values()) for row in taker.rows(fetched)]
    assert rows == [
        (
            *("1", "1.10", "true", "2024-01-02 09:04:05+00", "2024-01-02"),
            *('{"a": 1.50}', '{x,"y z"}', "\\xff00", "0.1", "é", "1", 1),
        ),
        ("2", "NaN", "false", "infinity", "0044-03-15 BC", None, None, None, None, None, "2", 2),
    ]
    again = taker.fetch(
        url=postgres_url, format="sql", query=f"SELECT *, id AS id FROM {table} ORDER BY id", state=fetched.state
    )
    assert again.unchanged


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM no_such_table_here", 'relation "no_such_table_here" does not exist'),
        ("DELETE FROM cupola_source_test RETURNING id", "syntax error"),
        ("SELECT 1; DROP TABLE cupola_source_test", "cannot insert multiple commands|syntax error"),
        ("SELECT nextval('cupola_source_test_id_seq')", "read-only transaction"),
    ],
)
def test_a_postgresql_query_that_is_wrong_or_writes_is_refused(
    taker: Taker, postgres_url: str, table: str, query: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        taker.fetch(url=postgres_url, format="sql", query=query)
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (2,)


@pytest.mark.postgres
@pytest.mark.slow
def test_a_postgresql_query_that_takes_too_long_is_stopped(taker: Taker, postgres_url: str) -> None:
    taker.limit(seconds=0.3)
    with pytest.raises(SourceUnreachable, match="took longer"):
        taker.fetch(url=postgres_url, format="sql", query="SELECT pg_sleep(20)")


def test_a_postgresql_that_does_not_answer_is_unreachable_and_keeps_its_password(taker: Taker) -> None:
    with pytest.raises(SourceUnreachable) as caught:
        taker.fetch(url="postgresql://me:s3cret@127.0.0.1:1/city", format="sql", query="SELECT 1")
    assert str(caught.value).startswith("postgresql://127.0.0.1:1/city: ")
    assert "s3cret" not in str(caught.value)
    assert caught.value.attempts == 4


def test_without_its_library_postgresql_says_what_to_install(taker: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "psycopg", None)
    with pytest.raises(InvalidInput, match=r"pip install 'cupola\[postgres\]'"):
        taker.fetch(url="postgresql://127.0.0.1/city", format="sql", query="SELECT 1")
