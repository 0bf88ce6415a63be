"""SQL over a resource: what is answered, and all that is not."""

from collections.abc import Iterator

import pytest
from catalogue_world import World

from cupola.serving import close_services


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("sql") / "lake")
    yield made
    made.lake.close()
    close_services()


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ('SELECT count(*) FROM "perm-0001"', [{"count": 3}]),
        ('SELECT ward, count(*) AS n FROM "permits" GROUP BY ward ORDER BY n DESC', [
            {"ward": 2, "n": 2}, {"ward": 1, "n": 1}]),
        ('SELECT p."number" FROM "perm-0001-csv" p WHERE p.ward = 1', [{"number": "P-1"}]),
        ("WITH w AS (SELECT ward, sum(cost) AS c FROM \"permits\" GROUP BY 1) SELECT max(c) AS m FROM w", [
            {"m": 1000.5}]),
        ('SELECT kind FROM permits WHERE ward = 1 UNION SELECT kind FROM permits WHERE ward = 2 ORDER BY 1', [
            {"kind": "NEW"}, {"kind": "SIGN"}]),
        ("SELECT extract(month FROM issued_on) AS m FROM permits WHERE number = 'P-2'", [{"m": 2}]),
        ("SELECT max(ward), max(ward), ward::text, CASE WHEN 1 = 1 THEN 1 END, 2 + 2 FROM permits GROUP BY 3 LIMIT 1", [
            {"max": 1, "max_1": 1, "ward": "1", "case": 1, "?column?": 4}]),
        ("SELECT a.number FROM permits a JOIN permits b ON a.ward = b.ward AND a.number < b.number", [
            {"number": "P-2"}]),
        ("WITH t AS (SELECT sum(cost) AS c FROM permits) SELECT count(*) FROM permits p, t WHERE p.cost < t.c", [
            {"count": 2}]),
        ("SELECT count(*) FROM permits a, permits b, permits c WHERE a.ward = b.ward AND (a.kind = upper(c.kind))", [
            {"count": 9}]),
        ("SELECT count(*) FROM permits JOIN (SELECT ward AS w FROM permits) b ON ward = w", [{"count": 5}]),
        ("SELECT count(*) FROM permits a JOIN permits b USING (number)", [{"count": 3}]),
        ("SELECT upper(left(kind, 2)) AS k, row_number() OVER (ORDER BY number) AS r FROM permits LIMIT 1", [
            {"k": "NE", "r": 1}]),
        ("SELECT 'it''s; -- no' AS t FROM permits LIMIT 1", [{"t": "it's; -- no"}]),
    ],
)  # fmt: skip
def test_a_select_is_answered(world: World, sql: str, rows: list[dict[str, object]]) -> None:
    found = world.act("datastore_search_sql", sql=sql)
    assert found["records"] == rows
    assert [field["id"] for field in found["fields"]] == list(rows[0])


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT",
        "DROP TABLE permits",
        "SELECT 1 FROM permits; SELECT 2 FROM permits",
        "INSERT INTO permits SELECT * FROM permits",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        'SELECT * FROM "/etc/passwd"',
        "SELECT read_text('/etc/passwd') FROM permits",
        "SELECT getenv('HOME') FROM permits",
        "SELECT current_setting('home_directory') FROM permits",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM memory.main.rows",
        "SELECT * FROM rows",
        "WITH rows AS (SELECT * FROM permits) SELECT * FROM rows",
        "WITH RECURSIVE r AS (SELECT 1 AS n FROM permits UNION ALL SELECT n + 1 FROM r) SELECT n FROM r",
        "SELECT phone FROM permits",
        "SELECT * FROM permits WHERE phone LIKE '555%'",
        "SELECT * FROM generate_series(1, 1000000000)",
        "SELECT repeat('a', 1000000000) FROM permits",
        "SELECT sleep(10) FROM permits",
        "SELECT * FROM permits LIMIT (SELECT 5)",
        "SELECT * INTO x FROM permits",
        "SELECT * FROM permits FOR UPDATE",
        "SELECT * FROM permits TABLESAMPLE SYSTEM (10)",
        "SELECT * FROM trees",
        "SELECT * FROM nothing",
        "SELECT regexp_replace(number, '(a+)+$', '') FROM permits",
        "COPY permits TO '/srv/x'",
        "SELECT " + "(" * 3000 + "1" + ")" * 3000 + " FROM permits",
        "SELECT 1 FROM permits WHERE " + " OR ".join(["ward = 1"] * 3000),
    ],
)
def test_everything_else_is_refused(world: World, sql: str) -> None:
    status, error = world.refused("datastore_search_sql", sql=sql)
    assert status in {404, 409}
    assert "rows_" not in str(error)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM permits a, permits b",
        "SELECT count(*) FROM permits a CROSS JOIN permits b",
        "SELECT count(*) FROM permits a JOIN permits b ON true",
        "SELECT count(*) FROM permits a JOIN permits b ON a.ward < b.ward",
        "SELECT count(*) FROM permits a JOIN permits b ON a.ward = a.ward",
        "SELECT count(*) FROM permits a JOIN permits b ON a.ward = 1 AND b.ward = 1",
        "SELECT count(*) FROM permits a JOIN permits b ON a.ward = b.ward OR true",
        "SELECT count(*) FROM permits a JOIN permits b ON NOT a.ward = b.ward",
        "SELECT count(*) FROM permits a, permits b, permits c WHERE a.ward = b.ward",
        "WITH w AS (SELECT ward FROM permits) SELECT count(*) FROM w a, w b",
        "SELECT 1 FROM permits WHERE EXISTS (SELECT 1 FROM permits a, permits b)",
        "SELECT 1 FROM permits a, (SELECT ward, sum(cost) FROM permits GROUP BY 1) b",
        "SELECT 1 FROM permits a, (SELECT sum(cost) OVER () FROM permits) b",
    ],
)
def test_rows_meet_rows_by_an_equality_only(world: World, sql: str) -> None:
    status, error = world.refused("datastore_search_sql", sql=sql)
    assert status == 409
    assert "without an equality of their columns" in error["message"]


def test_a_record_of_the_table_does_not_give_hidden_columns_away(world: World) -> None:
    for sql in ("SELECT * FROM permits", "SELECT p FROM permits p", "SELECT p.* FROM permits p"):
        assert "555" not in str(world.act("datastore_search_sql", sql=sql))
