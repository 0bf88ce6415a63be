"""Restricted data answers only counts and averages over fixed dimensions; attacked over HTTP with every query."""

import asyncio
import csv
import gzip
import io
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest
from django.test import Client
from starlette.types import ASGIApp
from tests.attacker import Attacker, Cell, Published, covers
from tests.factories import NOON, make_dataset

from cupola import serving
from cupola.web.data.actions import Refresh, recall, refresh
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ROSTER = [
    {"name": "department", "type": "text"},
    {"name": "title", "type": "text"},
    {"name": "salary", "type": "money"},
]
TABLE = [
    {"name": "department", "type": "text"},
    {"name": "title", "type": "text"},
    {"name": "employees", "type": "integer"},
    {"name": "average_salary", "type": "money"},
    {"name": "suppression", "type": "text"},
]
BLOCK: dict[str, Any] = {
    "of": "roster",
    "dimensions": [{"name": "department"}, {"name": "title"}],
    "count": "employees",
    "averages": [{"name": "average_salary", "column": "salary", "round": 1000}],
}


def roster(seed: int, people: int) -> str:
    chance = random.Random(seed)
    lines = ["department,title,salary"]
    for _ in range(people):
        department = f"D{min(int(chance.expovariate(0.5)), 6)}"
        title = f"T{min(int(chance.expovariate(0.5)), 7)}"
        lines.append(f"{department},{title},{chance.randrange(30_000, 180_000)}.{chance.randrange(100):02d}")
    return "\n".join(lines) + "\n"


def make_roster(**fields: Any) -> Dataset:
    facts = {"columns": ROSTER, "classification": "restricted", "payroll": True, "duplicates": "keyless", **fields}
    return make_dataset("roster", **facts)


def make_table(key: str = "headcount", **block: Any) -> Dataset:
    facts = {"columns": TABLE, "classification": "public", "row_key": ["department", "title"]}
    return make_dataset(key, **facts, aggregates={**BLOCK, **block})


def counted(dataset: Dataset) -> Any:
    return refresh(dataset, Refresh(sources_folder=None, now=NOON, by="tests"))


def test_a_table_is_loaded_from_rows_nobody_may_see(load: Callable[..., Dataset]) -> None:
    load(make_roster(), roster(1, 900))
    table = make_table()
    done = counted(table)
    assert (done.outcome, done.version, done.rows_quarantined, done.error) == ("loaded", 1, 0, "")
    assert counted(table).outcome == "unchanged"


def get(app: ASGIApp, address: str, **given: Any) -> httpx.Response:
    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(address, **given)

    return asyncio.run(asking())


def published(app: ASGIApp, **given: str) -> list[dict[str, str]]:
    answer = get(app, "/resource/headcount.csv", params={"$limit": "50000", **given})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def inner_counts(text: str, rows: list[dict[str, str]]) -> dict[Cell, int]:
    """Return the true counts of the table's inner cells."""
    listed = [{row[name] for row in rows} for name in ("department", "title")]
    found: dict[Cell, int] = {}
    for one in csv.DictReader(io.StringIO(text)):
        key = (one["department"], one["title"])
        cell = tuple(value if value in values else "Other" for value, values in zip(key, listed, strict=True))
        found[cell] = found.get(cell, 0) + 1
    return found


def shown_counts(rows: list[dict[str, str]]) -> dict[Cell, int | None]:
    return {
        tuple(None if row[name] == "All" else row[name] for name in ("department", "title")): int(row["employees"])
        if row["employees"]
        else None
        for row in rows
    }


def asked_at_random(chance: random.Random) -> str:
    """Return a query in words that mean the same to SoQL and to SQL."""
    measure = chance.choice(["employees", "average_salary"])
    conditions = [
        f"department {chance.choice(['=', '!=', '<', '>'])} 'D{chance.randrange(7)}'",
        f"title in ('T{chance.randrange(8)}', 'All')",
        "title != 'All'",
        "department = 'All'",
        f"employees {chance.choice(['>', '<='])} {chance.randrange(0, 90)}",
        "suppression = 'suppressed'",
        "employees is null",
        f"average_salary > {chance.randrange(60_000, 140_000)}",
    ]
    where = f" {chance.choice(['and', 'or'])} ".join(chance.sample(conditions, chance.randrange(1, 4)))
    having = f" HAVING sum({measure}) > {chance.randrange(0, 300)}" if chance.random() < 0.5 else ""
    by = chance.choice(["department", "title", "suppression"])
    return (
        f"SELECT {by}, count(*) AS n, sum({measure}) AS s, min({measure}) AS low, max({measure}) AS high"
        f" WHERE {where} GROUP BY {by}{having} ORDER BY {by} LIMIT 1000"
    )


def check_that_rows_stay_closed(app: ASGIApp, hidden: Dataset) -> None:
    for address in (
        *(f"/resource/roster{tail}" for tail in (".json", ".csv", "/1.json", ".json?$select=count(*)")),
        *("/resource/roster.json?version=1", "/resource/roster.json?$where=salary > 90000"),
        *("/api/views/roster/rows.csv", "/downloads/roster/latest/roster.csv.gz", "/downloads/roster/1/roster.parquet"),
        *("/api/3/action/datastore_search?resource_id=roster", f"/resource/{hidden.public_id}.json"),
    ):
        assert get(app, address).status_code in {403, 404, 409}, address


def check_that_answers_combine_shown_cells(app: ASGIApp, rows: list[dict[str, str]]) -> None:
    """Compare the API with the same queries over nothing but the rows of the table."""
    names = ["department", "title", "employees", "average_salary", "suppression"]
    oracle = duckdb.connect()
    oracle.execute(
        "CREATE TABLE t (department TEXT, title TEXT, employees BIGINT, average_salary DECIMAL(18,2), suppression TEXT)"
    )
    lines = [[row[name] or None for name in names] for row in rows]
    oracle.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", lines)
    chance = random.Random(7)
    for _ in range(60):
        query = asked_at_random(chance)
        answer = get(app, "/resource/headcount.csv", params={"$query": query})
        assert answer.status_code == 200, (query, answer.text)
        wanted = oracle.execute(query.replace(" WHERE", " FROM t WHERE", 1)).fetchall()
        got = list(csv.reader(io.StringIO(answer.text)))[1:]
        assert [[row[0], *(float(v) if v else None for v in row[1:])] for row in got] == [
            [row[0], *(None if v is None else float(v) for v in row[1:])] for row in wanted
        ], query


def check_that_citations_say_no_more(app: ASGIApp, client: Client, rows: list[list[dict[str, str]]]) -> None:
    """Cite whole versions, sums over them and the hidden rows; compare what the citations give with what is shown."""
    for number, shown in enumerate(rows, start=1):
        whole = cited(app, client, {"version": str(number), "query": "$limit=50000"})
        assert sorted(whole, key=str) == sorted(shown, key=str)
        sums = {
            "version": str(number),
            "query": "SELECT department, sum(employees) AS n WHERE title != 'All' GROUP BY department",
        }
        known = {line["department"]: line["n"] for line in cited(app, client, sums)}
        for name in {row["department"] for row in shown}:
            parts = [row for row in shown if row["department"] == name and row["title"] != "All" and row["employees"]]
            assert float(known[name] or 0) == sum(int(row["employees"]) for row in parts), name
    tried = ({"dataset": "roster"}, {"dataset": "roster", "version": "1"}, {"query": "$select=salary"})
    for given in tried:
        assert client.post("/cite/", {"dataset": "headcount", **given}).status_code in {400, 404}, given


def cited(app: ASGIApp, client: Client, given: dict[str, str]) -> list[dict[str, str]]:
    made = client.post("/cite/", {"dataset": "headcount", **given})
    assert made.status_code == 303, made.content.decode()
    answer = get(app, made.headers["Location"].rstrip("/") + ".csv")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def check_that_small_counts_stay_unknown(rows: list[list[dict[str, str]]], texts: list[str]) -> None:
    """Solve all versions as one system, totals too, for someone who knows every number of rows and that one joined."""
    inner = [inner_counts(text, one) for text, one in zip(texts, rows, strict=True)]
    counts = [shown_counts(one) for one in rows]
    cells = sorted({cell for one in inner for cell in one}, key=str)
    attacker = Attacker([(at, cell) for at in (0, 1, "joined") for cell in cells])
    for at, (true, shown) in enumerate(zip(inner, counts, strict=True)):
        assert all(n is None or n % 5 == 0 for n in shown.values())
        off = max(abs(n - truth(true, cell)) for cell, n in shown.items() if n)
        attacker.exists((at, cell) for cell in true)
        attacker.learn([(at, cell) for cell in cells], sum(true.values()), sum(true.values()))
        Published(shown, 5, 11).tell(attacker, version=at, inner=cells, off=off)
    attacker.learn([("joined", cell) for cell in cells], 1, 1)
    for cell in cells:
        attacker.learn({(1, cell): 1, (0, cell): -1, ("joined", cell): -1}, 0, 0)
    small = [(at, cell) for at in (0, 1) for cell in counts[at] if 0 < truth(inner[at], cell) < 11]
    assert len(small) > 10
    for at, cell in small:
        assert counts[at][cell] is None
        least, most = attacker.range([(at, one) for one in cells if covers(cell, one)])
        assert most - least >= 11, (at, cell)
    for cell in cells:
        assert attacker.range([("joined", cell)]) == pytest.approx((0, 1)), f"who joined is known of {cell}"


def truth(inner: dict[Cell, int], cell: Cell) -> int:
    return sum(n for one, n in inner.items() if covers(cell, one))


def test_no_query_recovers_a_count_under_the_threshold(
    load: Callable[..., Dataset], home: Path, client: Client
) -> None:
    """Two versions a person apart; every way to ask; then all of it solved as one system of equations."""
    texts = [roster(5, 900)]
    texts.append(texts[0] + "D4,T5,98765.43\n")
    hidden, table = make_roster(), make_table()
    days = []
    for number, text in enumerate(texts):
        load(hidden, text)
        done = refresh(table, Refresh(sources_folder=home, now=NOON + timedelta(days=number), by="tests"))
        assert done.outcome == "loaded", done.error
        days.append((NOON + timedelta(days=number, minutes=1)).isoformat())
    app = serving.application(home / "lake", site=serving.Site())

    check_that_rows_stay_closed(app, hidden)
    rows = [published(app, version=str(number)) for number in (1, 2)]
    assert rows[1] == published(app)
    assert [published(app, as_of=day) for day in days] == rows
    packed = gzip.decompress(get(app, "/downloads/headcount/2/headcount.csv.gz").content).decode("utf-8-sig")
    assert sorted(row[0] + row[1] + row[2] for row in csv.reader(io.StringIO(packed))) == sorted(
        ["departmenttitleemployees", *(row["department"] + row["title"] + row["employees"] for row in rows[1])]
    )

    check_that_answers_combine_shown_cells(app, rows[1])
    check_that_citations_say_no_more(app, client, rows)
    check_that_small_counts_stay_unknown(rows, texts)
    assert "98765" not in "".join(str(one) for one in rows)


def test_a_table_of_public_rows_is_refused(load: Callable[..., Dataset]) -> None:
    load(make_dataset("roster", columns=ROSTER, duplicates="keyless"), roster(1, 300))
    assert "everybody may see the rows of roster" in counted(make_table()).error


def test_a_second_table_of_the_same_rows_is_refused(load: Callable[..., Dataset]) -> None:
    load(make_roster(), roster(1, 600))
    make_table()
    assert "headcount counts roster already" in counted(make_table("again")).error


def test_other_rules_wait_until_the_public_versions_are_recalled(load: Callable[..., Dataset], home: Path) -> None:
    load(make_roster(), roster(1, 900))
    table = make_table()
    assert counted(table).outcome == "loaded"
    fields = {**table.definition, "aggregates": {**table.definition["aggregates"], "round": 10}}
    table.take_definition(fields, at=NOON)
    table.save()
    assert "Recall those versions" in counted(table).error
    recall(table.key, 1, reason="Counted by other rules from now on.", at=NOON, by="tests")
    assert counted(table).outcome == "loaded"
