"""Which version answers, what is hidden, and what happens when the registry changes under a running service."""

from datetime import timedelta
from pathlib import Path

import pytest
from rows_world import CONTRACT, DAYS, EMPTY, FULL, METADATA, NAMES, QUOTED, World
from tests.unit.lake.load_world import column, landing, year

from cupola.contracts import Contract
from cupola.lake import Limits, PublicFacts
from cupola.soql import Request

pytestmark = pytest.mark.slow
COUNT = "/resource/permits.json?$select=count(*)"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("editions"))


@pytest.mark.parametrize(
    ("edition", "rows"),
    [
        ("", "3"),
        ("&version=1", "2"),
        ("&version=2", "3"),
        (f"&as_of={DAYS[0].date()}", "2"),
        (f"&as_of={(DAYS[1] - timedelta(seconds=1)).isoformat()}", "2"),
        ("&as_of=2026-03-21T00:00:00Z", "3"),
    ],
)
def test_the_edition_asked_for_answers(world: World, edition: str, rows: str) -> None:
    assert world.json(COUNT + edition) == [{"count": rows}]


def test_every_address_knows_editions(world: World) -> None:
    assert world.json("/api/views/permits.json?version=1")["metadata"]["rowCount"] == 2
    assert world.client.get("/api/views/permits/rows.csv?version=1").text.count("\n") == 3
    assert world.code("/resource/permits/P-3.json?version=1") == (404, "row.not-found")
    assert world.json("/api/id/perm-0001.json?version=1&$select=count(*)") == [{"count": "2"}]


@pytest.mark.parametrize(
    ("edition", "code"),
    [
        ("version=9", (404, "query.dataset.does-not-exist")),
        ("as_of=2020-01-01", (404, "query.dataset.does-not-exist")),
        ("version=x", (400, "query.parameter.invalid")),
        ("version=99999999999999999999", (400, "query.parameter.invalid")),
        ("as_of=yesterday", (400, "query.parameter.invalid")),
        ("vintage=x", (400, "query.parameter.invalid")),
        ("vintage=2020-01-01", (404, "query.dataset.does-not-exist")),
    ],
)
def test_an_edition_there_is_not(world: World, edition: str, code: tuple[int, str]) -> None:
    assert world.code(f"/resource/permits.json?{edition}") == code


def test_a_sensitive_column_does_not_exist(world: World) -> None:
    assert "555-" not in world.client.get("/resource/permits.json?$limit=100").text
    for clause in ("$select=phone", "$where=phone='555-1'", "$order=phone", "phone=555-1", "$q=555-1", "$group=phone"):
        answer = world.client.get(f"/resource/permits.json?{clause}")
        assert "555-2" not in answer.text
        if clause != "$q=555-1":
            assert answer.json()["code"] == "query.soql.no-such-column", clause
        else:
            assert answer.json() == []
    names = [one["fieldName"] for one in world.json("/api/views/permits/columns.json")]
    assert names == NAMES[:-1]


def test_a_column_hidden_later_is_hidden_in_old_versions_too(tmp_path: Path) -> None:
    world = World(tmp_path, public=False)
    metadata = {**METADATA, "columns": [{"name": "page", "sensitive": True}]}
    world.publish([FULL], at=DAYS[0], metadata=metadata)
    assert world.code("/resource/permits.json?$select=page") == (400, "query.soql.no-such-column")
    assert "x.example" not in world.client.get("/api/views/permits/rows.csv").text


def test_what_is_private_answers_like_what_does_not_exist(world: World, tmp_path: Path) -> None:
    private = World(tmp_path, public=False)
    private.harbour.load(CONTRACT, landing(NAMES, [FULL]))
    for address in ("/resource/permits.json", "/api/views/permits.json", "/d/permits", "/resource/permits/P-1.json"):
        there, nowhere = private.client.get(address), private.client.get(address.replace("permits", "nothing"))
        assert (there.status_code, there.content) == (404, nowhere.content)


def test_a_new_version_answers_at_once_and_a_withdrawn_one_never_again(tmp_path: Path) -> None:
    world = World(tmp_path, public=False)
    assert world.code(COUNT) == (404, "query.dataset.does-not-exist")
    world.publish([FULL], at=DAYS[0])
    assert world.json(COUNT) == [{"count": "1"}]
    world.publish([FULL, QUOTED], at=DAYS[1])
    assert world.json(COUNT) == [{"count": "2"}]
    world.lake.registry.withdraw("permits", version=2, at=DAYS[1])
    assert world.json(COUNT) == [{"count": "1"}]
    world.lake.registry.withdraw("permits", at=DAYS[1])
    assert world.code(COUNT) == (404, "query.dataset.does-not-exist")


def test_a_recalled_version_says_why(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.lake.registry.recall("permits", 1, reason="It held telephone numbers.", at=DAYS[1])
    answer = world.client.get(f"{COUNT}&version=1")
    assert (answer.status_code, answer.json()["code"]) == (410, "query.dataset.recalled")
    assert "telephone" in answer.json()["message"]
    assert world.json(COUNT) == [{"count": "3"}]


def test_a_lost_serving_copy_is_read_from_the_files(tmp_path: Path) -> None:
    world = World(tmp_path)
    with_copy = world.json("/resource/permits.json")
    near = "/resource/permits.json?$select=number&$where=within_circle(place, 41.8, -87.6, 100)"
    assert world.json(near) == [{"number": "P-1"}]
    other = World(tmp_path / "moved")
    for copy in (other.root / "serving").rglob("*.duckdb"):
        copy.unlink()
    assert other.json("/resource/permits.json") == with_copy
    assert other.json(near) == [{"number": "P-1"}]
    assert other.json("/resource/permits.json?number=P-1") == with_copy[:1]


def test_a_copy_swept_while_it_is_open_still_answers(tmp_path: Path) -> None:
    world = World(tmp_path)
    batches = world.service.stream(world.service.release("permits"), world.service.compile(
        world.service.release("permits"), Request(limit="100000")
    ))  # fmt: skip
    first = next(batches)
    for copy in (world.root / "serving").rglob("*.duckdb"):
        copy.unlink()
    assert first.num_rows + sum(batch.num_rows for batch in batches) == 3


def test_former_column_names_answer_with_a_warning(tmp_path: Path) -> None:
    world = World(tmp_path, public=False)
    world.publish([FULL], at=DAYS[0], aliases={"permit_no": "number", "tel": "phone"})
    answer = world.client.get("/resource/permits.json?$select=permit_no,ward")
    assert answer.json() == [{"permit_no": "P-1", "ward": "3"}]
    assert answer.headers["deprecation"] == f"@{int(DAYS[0].timestamp())}"
    assert "sunset" not in answer.headers
    assert "permit_no is now number" in answer.headers["x-soda2-warning"]
    assert world.code("/resource/permits.json?$select=tel") == (400, "query.soql.no-such-column")


def test_a_vintaged_dataset_shows_its_latest_vintage_unless_asked(tmp_path: Path) -> None:
    contract = Contract(columns=(column("name", "text"), column("at", "point")), vintaged=True)
    world = World(tmp_path, public=False)
    older = landing(["name", "at"], [["a", "POINT (1 2)"], ["b", None]], vintage=year(2020))
    newer = landing(["name", "at"], [["c", "POINT (3 4)"]], vintage=year(2021))
    world.publish_landings(older, newer, at=DAYS[0], contract=contract, metadata={})
    rows = "/resource/permits.json"
    assert [row["name"] for row in world.json(rows)] == ["c"]
    assert [row["name"] for row in world.json(f"{rows}?vintage=2020-01-01")] == ["a", "b"]
    assert sorted(row["name"] for row in world.json(f"{rows}?vintage=all&$order=name&$limit=2&$offset=1")) == ["b", "c"]
    assert world.json(f"{rows}?vintage=all&$select=name&$where=within_box(at, 5, 0, 0, 2)") == [{"name": "a"}]
    assert world.code(f"{rows}?vintage=1999-01-01") == (404, "query.dataset.does-not-exist")


def test_a_draft_is_read_like_a_release_and_by_no_one_outside(tmp_path: Path) -> None:
    world = World(tmp_path, public=False)
    world.harbour.load(CONTRACT, landing(NAMES, [FULL, EMPTY]))
    draft = world.lake.draft(world.lake.version("permits"), public=PublicFacts("perm-0001"))
    compiled = world.service.compile(draft, Request(select="number,phone"[:6]))
    assert world.service.table(draft, compiled).to_pydict() == {"number": ["P-1", "P-3"]}
    assert world.service.table(draft, compiled, limits=Limits(rows=1)).num_rows == 1
    assert world.code(COUNT)[0] == 404
