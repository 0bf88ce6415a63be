"""What every request passes: hosts, sizes, methods, shares; and answers that are kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from callers import Client
from rows_world import DAYS, FULL, NAMES, World

from cupola.serving import Allowance, Site, Sizes, answers, application
from cupola.serving.front import MOST_BODY, MOST_HEADERS

pytestmark = pytest.mark.slow
ROWS = "/resource/permits.json"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("front"))


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("data.example.org", True),
        ("DATA.example.org:8000", True),
        ("data.example.org.", True),
        ("a.city.example", True),
        ("city.example", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("evilcity.example", False),
        ("example.org", False),
        ("", False),
        ("data.example.org.evil.example", False),
    ],
)
def test_only_names_of_the_site_are_answered(host: str, allowed: bool) -> None:
    assert Site(allowed_hosts=("data.example.org", ".city.example", "[::1]")).allows(host) is allowed


def test_another_host_is_refused(world: World) -> None:
    answer = world.client.get(ROWS, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "host.not-allowed")


def test_what_is_too_large_is_refused(world: World) -> None:
    assert world.client.get(ROWS, headers={"X-Big": "a" * MOST_HEADERS}).status_code == 431
    assert world.client.ask("POST", "/api/action/package_list", content=b" " * (MOST_BODY + 1)).status_code == 413


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_rows_cannot_be_written(world: World, method: str) -> None:
    answer = world.client.ask(method, ROWS)
    assert (answer.status_code, answer.json()["error"]) == (405, True)


@pytest.mark.parametrize("path", ["/resource/", "/resource/permits.exe", "/api/nothing", "/resource/a/b/c.json", "/d/"])
def test_other_addresses_say_so_in_json(world: World, path: str) -> None:
    answer = world.client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, True)


def test_pages_and_the_api_share_the_site() -> None:
    public = ("/resource/x.json", "/api/views/x", "/data.json", "/catalog.jsonld", "/d/abcd-1234", "/cite/abc.json")
    pages = ("/", "/data/", "/data/x/", "/es/data/", "/cite/abc/", "/static/cupola.css", "/dataset", "/status/")
    assert [answers(path) for path in public] == [True] * len(public)
    assert [answers(path) for path in pages] == [False] * len(pages)


def test_a_repeated_question_is_answered_from_memory_until_something_is_published(tmp_path: Path) -> None:
    world = World(tmp_path)
    first, again = world.client.get(ROWS), world.client.get(ROWS)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert world.service.addresses.get((ROWS, b"")) is not None
    world.publish([FULL], at=DAYS[1] + timedelta(days=1))
    assert len(world.json(ROWS)) == 1


def test_errors_are_not_kept(world: World) -> None:
    assert world.code(f"{ROWS}?$where=nope") == (400, "query.soql.no-such-column")
    assert world.service.addresses.get((ROWS, b"$where=nope")) is None


def test_a_client_over_its_share_is_told_when_to_come_back_and_still_gets_what_is_kept(tmp_path: Path) -> None:
    world = World(tmp_path, sizes=Sizes(client=Allowance(burst=0.0001, refill=0.0001)))
    greedy, other = Client(world.app, address="203.0.113.1"), Client(world.app, address="203.0.113.2")
    assert greedy.get(ROWS).status_code == 200
    refused = greedy.get(f"{ROWS}?$limit=2")
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert int(refused.headers["retry-after"]) >= 1
    assert greedy.get(ROWS).status_code == 200
    assert other.get(f"{ROWS}?$limit=2").status_code == 200


def test_a_query_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    world = World(tmp_path, sizes=Sizes(seconds=0.02), public=False)
    world.publish([[f"P-{number}", "1", *[None] * 10] for number in range(20_000)], at=DAYS[0])
    slow = "$select=count(*)&$where=" + " or ".join(f"replace(number,'{one}','x')='y{one}'" for one in range(150))
    assert world.code(f"{ROWS}?{slow}") == (400, "query.execution.timeout")
    assert world.json(f"{ROWS}?$select=count(*)") == [{"count": "20000"}]


def test_a_query_that_needs_too_much_is_stopped_and_names_no_file(tmp_path: Path) -> None:
    world = World(tmp_path, sizes=Sizes(memory="8MB"), public=False)
    world.publish([[f"P-{number}" * 20, "1", *[None] * 10] for number in range(20_000)], at=DAYS[0])
    answer = world.client.get(f"{ROWS}?$select=number || '{'x' * 200}' as a,count(*)&$group=a&$limit=9999")
    assert (answer.status_code, answer.json()["code"]) == (400, "query.execution.too-big")
    assert str(tmp_path) not in answer.text


def test_large_sorts_have_a_folder_to_spill_to(world: World) -> None:
    assert world.client.get(ROWS).status_code == 200
    assert (world.root / "temporary" / "queries").is_dir()


def test_enormous_offsets_and_limits_are_just_empty(world: World) -> None:
    for clause in ("$offset=9007199254740993", "$offset=2147483647&$limit=2147483647", "$limit=0"):
        assert world.json(f"{ROWS}?{clause}") == [], clause


def test_an_empty_home_answers_that_nothing_is_there(tmp_path: Path) -> None:
    client = Client(application(tmp_path / "lake", site=Site()))
    answer = client.get("/resource/x.json")
    assert (answer.status_code, answer.json()["code"]) == (404, "query.dataset.does-not-exist")
    assert not (tmp_path / "lake").exists()


def test_a_view_tells_columns_types_and_when_rows_changed(world: World) -> None:
    view = world.json("/api/views/perm-0001.json")
    assert (view["id"], view["name"], view["viewType"]) == ("perm-0001", "Permits", "tabular")
    assert view["metadata"]["attachments"] == []
    assert view["rowsUpdatedAt"] == int(world.service.release("permits").committed_at.timestamp())
    types = {one["fieldName"]: one["dataTypeName"] for one in view["columns"]}
    assert types == {
        "number": "text", "ward": "number", "cost": "number", "share": "number", "open": "checkbox",
        "issued_on": "calendar_date", "seen_at": "calendar_date", "sent_at": "fixed_timestamp", "place": "point",
        "block": "polygon", "page": "url",
    }  # fmt: skip
    assert view["columns"][0]["description"] == "Its number."
    assert view["rowIdentifierColumnId"] == 1


def test_a_view_summarises_what_was_measured(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.lake.build_profile(world.lake.version("permits"))
    columns = {one["fieldName"]: one for one in world.json("/api/views/permits/columns.json")}
    summary = columns["ward"]["cachedContents"]
    assert (summary["non_null"], summary["null"], summary["smallest"], summary["largest"]) == ("2", "1", "3", "4")
    assert columns["issued_on"]["cachedContents"]["largest"] == "2014-10-13T00:00:00.000"
    assert set(columns) == set(NAMES) - {"phone"}


def test_links_of_other_portals_lead_to_the_page(world: World) -> None:
    for address in ("/d/perm-0001", "/dataset/Permits/perm-0001", "/dataset/x/perm-0001/data", "/d/perm-0001/about"):
        answer = world.client.get(address)
        assert (answer.status_code, answer.headers["location"]) == (302, "/data/permits/")
