"""Announced changes of columns and former names: what the public API answers before the day, and after it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from callers import Client
from tests.unit.lake.load_world import START, Harbour, column, landing

from cupola.contracts import Contract
from cupola.lake import Lake, PublicFacts, RowFileLimits, row_file_path
from cupola.serving import Site, application, close_services, service

DAY = datetime(2027, 2, 1, 6, tzinfo=UTC)  # midnight in Chicago
CONTRACT = Contract(
    columns=(column("number", "text", required=True), column("state", "text", origins=("status",)),
             column("fee", "text"), column("lot", "text")),
    key=("number",), zone="America/Chicago",
)  # fmt: skip
CHANGES = [
    {"column": "status", "becomes": "state", "announced": "2026-11-01", "until": "2027-02-01", "why": "The law."},
    {"column": "fee", "type": "money", "announced": "2026-11-01", "until": "2027-03-01", "why": "It is money."},
    {"column": "lot", "removed": True, "announced": "2026-12-01", "until": "2027-02-01", "why": "Nobody keeps it."},
]
FACTS: dict[str, Any] = {
    "key": "permits",
    "title": "Permits",
    "changes": CHANGES,
    "formerly": ["oldp-0001", "permit-list"],
}
HEADERS = {"deprecation": "@1793509200", "sunset": "Mon, 01 Feb 2027 06:00:00 GMT"}


class World:
    def __init__(self, root: Path) -> None:
        harbour = Harbour(root)
        self.root, self.lake = root, Lake(root, threads=1)
        harbour.load(
            CONTRACT,
            landing(["number", "status", "fee", "lot"], [["P-1", "open", "5", "a"], ["P-2", "done", "7", "b"]]),
        )
        facts = PublicFacts("perm-0001", metadata=FACTS)
        release = self.lake.release(self.lake.version("permits"), at=START, public=facts)
        assert self.lake.keep_row_file(release, limits=RowFileLimits(least_rows=1))
        self.open()

    def open(self) -> None:
        self.client = Client(application(self.root, site=Site(allowed_hosts=("localhost", "testserver"))))
        self.at(DAY - timedelta(seconds=1))

    def at(self, moment: datetime) -> None:
        service(self.root).clock = lambda: moment


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_until_the_day_the_old_name_answers_and_says_so(world: World) -> None:
    answer = world.client.get("/resource/permits.json?$select=status&$where=status='open'")
    assert answer.json() == [{"status": "open"}]
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["link"] == '</data/permits/changes/>; rel="deprecation"; type="text/html"'
    assert world.client.get("/resource/permits.json?status=done&$select=number").json() == [{"number": "P-2"}]
    assert "deprecation" in world.client.get("/resource/permits.json?status=done&$select=number").headers


def test_rows_asked_for_without_names_hold_both(world: World) -> None:
    rows = world.client.get("/resource/permits.json").json()
    assert rows[0] == {"number": "P-1", "state": "open", "fee": "5", "lot": "a", "status": "open"}
    answer = world.client.get("/resource/permits.csv")
    assert answer.text.splitlines()[0] == '"number","state","fee","lot","status"'
    assert answer.headers["sunset"] == HEADERS["sunset"]
    place = world.client.get("/resource/permits.geojson").json()["features"][0]["properties"]
    assert (place["status"], place["state"]) == ("open", "open")


@pytest.mark.parametrize("kept", [True, False])
def test_a_row_found_by_its_key_holds_both_and_warns(world: World, kept: bool) -> None:
    if not kept:
        row_file_path(world.root, world.lake.registry.get("permits")).unlink()
        close_services()
        world.open()
    answer = world.client.get("/resource/permits.json?number=P-2")
    assert answer.json() == [{"number": "P-2", "state": "done", "fee": "7", "lot": "b", "status": "done"}]
    assert answer.headers["sunset"] == HEADERS["sunset"]


def test_the_new_name_alone_is_answered_without_a_warning(world: World) -> None:
    answer = world.client.get("/resource/permits.json?$select=state")
    assert not {"deprecation", "sunset", "x-soda2-warning"} & set(answer.headers)


def test_a_column_that_will_be_retyped_warns_and_keeps_its_values(world: World) -> None:
    answer = world.client.get("/resource/permits.json?$select=fee")
    assert answer.json()[0] == {"fee": "5"}
    assert answer.headers["sunset"] == "Mon, 01 Mar 2027 06:00:00 GMT"


def test_the_view_and_ckan_flag_it(world: World) -> None:
    columns = {one["fieldName"]: one for one in world.client.get("/api/views/perm-0001.json").json()["columns"]}
    assert (columns["status"]["flags"], columns["status"]["deprecation"]["becomes"]) == (["deprecated"], "state")
    assert "flags" not in columns["state"]
    answer = world.client.get(
        '/api/3/action/datastore_search?resource_id=perm-0001&filters={"status":"open"}&sort=status desc'
    )
    result = answer.json()["result"]
    assert [(row["number"], row["status"]) for row in result["records"]] == [("P-1", "open")]
    assert answer.headers["deprecation"] == HEADERS["deprecation"]
    assert next(f for f in result["fields"] if f["id"] == "status")["info"]["deprecated_until"] == "2027-02-01"
    sql = world.client.get('/api/3/action/datastore_search_sql?sql=SELECT "status" FROM "perm-0001" ORDER BY number')
    assert sql.json()["result"]["records"] == [{"status": "open"}, {"status": "done"}]
    assert sql.headers["sunset"] == HEADERS["sunset"]


def test_from_the_day_on_the_error_names_the_new_one(world: World) -> None:
    asked = "/resource/permits.json?$select=status"
    assert world.client.get(asked).status_code == 200
    world.at(DAY)
    answer = world.client.get(asked)
    assert answer.status_code == 400
    said = orjson.loads(answer.content)
    assert said["code"] == "query.soql.no-such-column"
    assert "It was renamed on 2027-02-01: ask for `state`." in said["message"]
    assert "It was taken away on 2027-02-01" in world.client.get("/resource/permits.json?$select=lot").json()["message"]
    rows = world.client.get("/resource/permits.json")
    assert rows.json()[0] == {"number": "P-1", "state": "open", "fee": "5"}
    assert rows.headers["sunset"] == "Mon, 01 Mar 2027 06:00:00 GMT"
    assert [one["fieldName"] for one in world.client.get("/api/views/permits.json").json()["columns"]] == [
        "number",
        "state",
        "fee",
    ]
    assert world.client.get("/api/3/action/datastore_search?resource_id=perm-0001&fields=status").status_code == 409


def test_a_former_id_or_name_leads_to_the_present_one(world: World) -> None:
    answer = world.client.get("/resource/oldp-0001.csv?$limit=1")
    assert (answer.status_code, answer.headers["location"]) == (308, "/resource/perm-0001.csv?$limit=1")
    answer = world.client.get("/api/views/permit-list/rows.json")
    assert (answer.status_code, answer.headers["location"]) == (308, "/api/views/permits/rows.json")
    assert world.client.get("/d/oldp-0001").headers["location"] == "/data/permits/"
    package = world.client.get("/api/3/action/package_show?id=permit-list").json()
    assert package["result"]["name"] == "permits"


def test_what_nobody_was_called_is_unknown_as_what_is_hidden(world: World) -> None:
    world.lake.registry.withdraw("permits", at=START)
    hidden = world.client.get("/resource/oldp-0001.json")
    assert (hidden.status_code, hidden.content) == (404, world.client.get("/resource/none-0001.json").content)
