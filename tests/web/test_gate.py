"""What is planted in a refresh stops its release with a message of its own; the public API keeps the version before."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.factories import make_publisher, make_staff

from cupola import folder as folders
from cupola.web.accounts.actions import apply_folder
from cupola.web.accounts.models import Event
from cupola.web.asgi import application
from cupola.web.data import actions, queries
from cupola.web.data.actions import Refresh, refresh_all
from cupola.web.data.models import Dataset, GateCheck

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CITY = "kind: city\nkey: springfield\nname: Springfield\ntime_zone: America/Chicago\n"
VISITS = """kind: dataset
key: visits
id: vist-2222
title: Visits
description: Visits to the clinics.
row: one visit
classification: public
released: true
approval: {by: Ada, on: 2026-11-01}
sources: [{file: visits.csv}]
columns:
  number: {type: text, required: true}
  seen_on: {type: date}
  age: {type: integer}
  ward: {type: text}
  note: {type: text}
row_key: [number]
time_column: seen_on
privacy:
  quasi_identifiers: [age, ward]
"""
HEADER = ["number", "seen_on", "age", "ward", "note"]
Rows = list[list[Any]]


def visits() -> Rows:
    """Return 60 visits, fifteen of each age and ward."""
    first = date(2024, 1, 1)
    return [
        [f"V-{n:03}", first + timedelta(days=5 * n), (31, 47)[n % 2], f"{n // 2 % 2 + 1}", "seen"] for n in range(60)
    ]


@dataclass
class World:
    """A city folder and the main job on it."""

    folder: Path

    def write(self, text: str = VISITS, rows: Rows | None = None, header: list[str] | None = None) -> None:
        lines = [header or HEADER, *(visits() if rows is None else rows)]
        (self.folder / "visits.csv").write_text("".join(",".join(map(str, line)) + "\n" for line in lines))
        (self.folder / "visits.yaml").write_text(text)

    def run(self, at: datetime = NOW) -> None:
        """Do what `cupola run` does."""
        apply_folder(folders.read(self.folder), by="tests")
        refresh_all(Refresh(sources_folder=self.folder, now=at, by="tests", force=True))

    def stops(self) -> dict[str, str]:
        """Return what stops the newest version: kind -> message of the open finding."""
        rows = Dataset.objects.get(key="visits").findings.filter(closed_at=None, kind__startswith="gate.")
        return {row.kind.removeprefix("gate."): row.message for row in rows}


def get(address: str) -> httpx.Response:
    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(address)

    return asyncio.run(asking())


def api() -> Any:
    """Return what the public API answers: rows and columns."""
    answer = get("/resource/vist-2222.json?$order=number&$limit=5000")
    return answer.json() if answer.status_code == 200 else answer.status_code


@pytest.fixture
def world(home: Path, tmp_path: Path) -> World:
    """A city whose first version is public."""
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "city.yaml").write_text(CITY)
    found = World(folder)
    found.write()
    found.run()
    assert (found.stops(), len(api())) == ({}, 60)
    return found


def with_column(text: str) -> str:
    return VISITS.replace("row_key", f"  {text}\nrow_key")


def plant_number(world: World) -> None:
    world.write(rows=[[*row[:4], "219-09-9999"] if at == 7 else row for at, row in enumerate(visits())])


def plant_number_column(world: World) -> None:
    rows = [[*row, f"{200 + at}-45-67{at:02}"] for at, row in enumerate(visits())]
    world.write(with_column("tax_id: {type: text}"), rows, [*HEADER, "tax_id"])


def plant_single_person(world: World) -> None:
    world.write(rows=[*visits(), ["V-900", "2024-05-05", 97, "2", "seen"]])


def plant_free_text(world: World) -> None:
    said = "the patient came in the evening with her son and said that it hurt"
    world.write(with_column("remarks: {type: text}"), [[*row, said] for row in visits()], [*HEADER, "remarks"])


def plant_rename(world: World) -> None:
    text = VISITS.replace("  ward: {type: text}", "  district: {type: text, from: ward}").replace("ward]", "district]")
    world.write(text)


def plant_shift(world: World) -> None:
    world.write(rows=[[row[0], row[1] + timedelta(days=365), *row[2:]] for row in visits()])


def plant_source_column(world: World) -> None:
    more = [*visits(), ["V-900", "2024-05-05", 31, "2", "seen"]]
    world.write(rows=[[*row, "219-09-9999"] for row in more], header=[*HEADER, "ssn"])


def plant_loss(world: World) -> None:
    world.write(rows=visits()[::2][:24] + visits()[1::2][:12])


def plant_retype(world: World) -> None:
    world.write(VISITS.replace("age: {type: integer}", "age: {type: text}"))


def plant_future(world: World) -> None:
    world.write(rows=[*visits(), ["V-900", "2031-05-05", 31, "2", "seen"]])


PLANTED: list[tuple[Callable[[World], None], str, str]] = [
    (plant_number, "social_security", "note holds social security numbers: 1 of 2 different values (50 %), 1 rows, as"),
    (
        plant_number_column,
        "new_column",
        "tax_id (text) is new: version 1 does not have it. The scan found in it: social",
    ),
    (
        plant_single_person,
        "small_groups",
        "1 combinations of age, ward are shared by fewer than 11 rows (1 of 61 rows)",
    ),
    (plant_free_text, "new_column", "remarks (text) is new: version 1 does not have it. The scan found in it: free"),
    (plant_rename, "renamed_column", "ward of version 1 is called district now."),
    (
        plant_shift,
        "shifted_dates",
        "seen_on is another in 60 of 60 rows that both versions have (100 %), in the median",
    ),
    (
        plant_source_column,
        "new_source_column",
        "The source has a new column, ssn, which the contract does not know and",
    ),
    (plant_loss, "row_count", "There are 36 rows; version 1 has 60 (-40 %)."),
    (plant_retype, "retyped_column", "age has another type, other than in version 1."),
    (plant_future, "future_dates", "seen_on lies in the future in 1 row, the latest on 2031-05-05."),
]


@pytest.mark.parametrize(("plant", "kind", "message"), PLANTED, ids=[plant.__name__ for plant, _kind, _text in PLANTED])
def test_what_is_planted_stops_the_release_with_its_own_message(
    world: World, plant: Callable[[World], None], kind: str, message: str
) -> None:
    before, page = api(), get("/data/visits/").status_code
    plant(world)
    world.run()
    told = world.stops()
    assert kind in told
    assert told[kind].startswith(f"Version 2 is not public. {message}")
    assert (api(), page, get("/data/visits/").status_code) == (before, 200, 200)
    assert queries.lake().registry.get("visits").version == 1
    assert not any(
        message[:25] in get(address).text for address in ("/data/visits/", "/status/")
    )  # staff alone read it
    assert Event.objects.filter(action="data.gate_stopped").count() == 1
    world.run(NOW + timedelta(days=1))  # after a restart, too
    assert api() == before


def test_a_remedy_is_measured_before_it_is_applied(world: World) -> None:
    plant_single_person(world)
    world.run()
    assert "With age banded by 10 k would be 1 (1 rows in small groups)." in world.stops()["small_groups"]
    assert "Without age k would be 30, which is enough (no row in a small group)." in world.stops()["small_groups"]


def test_what_the_folder_accepts_is_released_by_the_next_run(world: World) -> None:
    plant_free_text(world)
    world.run()
    assert set(world.stops()) == {"new_column", "free_text"}
    scanned = GateCheck.objects.get(version__number=2).at
    looked = "reason: Looked at., by: Ada, on: 2026-11-22"
    kinds = "".join(f"    - {{column: remarks, kind: {kind}, {looked}}}\n" for kind in ("new_column", "free_text"))
    text = with_column("remarks: {type: text}") + f"  accepted:\n{kinds}"
    (world.folder / "visits.yaml").write_text(text)
    world.run(NOW + timedelta(hours=1))
    assert (world.stops(), "remarks" in api()[0]) == ({}, True)
    assert GateCheck.objects.get(version__number=2).at == scanned  # judged again, not measured again


def test_a_person_who_may_releases_a_version_with_a_reason(world: World) -> None:
    plant_shift(world)
    world.run()
    with pytest.raises(actions.MayNotDecide):
        actions.approve("visits", version=2, reason="Right.", at=NOW, by=make_staff())
    with pytest.raises(actions.DecisionUnclear, match="needs a reason"):
        actions.approve("visits", version=2, reason=" ", at=NOW, by=make_publisher())
    actions.approve("visits", version=2, reason="The clinic corrected the year.", at=NOW, by=make_publisher())
    assert queries.lake().registry.get("visits").version == 2
    assert api()[0]["seen_on"].startswith("2024-12-31")
    event = Event.objects.get(action="data.version_approved")
    assert (event.reason, event.detail) == ("The clinic corrected the year.", {"version": 2})


def test_nothing_is_public_one_second_before_the_moment(world: World) -> None:
    moment = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)  # 08:30 in Chicago
    fresh = VISITS.replace("key: visits\nid: vist-2222", "key: news\nid: news-2222")
    fresh = fresh.replace("released: true", "released: true\nrelease_on: 2026-12-01T08:30")
    (world.folder / "news.yaml").write_text(fresh)
    world.run(moment - timedelta(seconds=1))
    assert get("/resource/news-2222.json").status_code == 404
    assert get("/data/news/").status_code == 404
    assert "news" not in json.dumps(get("/data.json").json())
    waits = {one.key: one for one in queries.withheld(at=moment - timedelta(seconds=1))}
    assert waits["news"].sentences[0].startswith("news: What is new waits under embargo until 2026-12-01T08:30:00.")
    assert not waits["news"].needs_person
    world.run(moment)
    assert len(get("/resource/news-2222.json").json()) == 60
    assert get("/data/news/").status_code == 200


def test_an_embargo_on_what_is_public_holds_back_only_what_is_new(world: World) -> None:
    moment = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
    text = VISITS.replace("released: true", "released: true\nrelease_on: 2026-12-01T08:30")
    world.write(text, [*visits(), ["V-900", "2024-05-05", 31, "2", "seen"]])
    world.run(moment - timedelta(seconds=1))
    assert (len(api()), world.stops()) == (60, {})
    world.run(moment)
    assert len(api()) == 61


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("classification: public", "classification: Write 'classification: public', or internal"),
        ("approval: {by: Ada, on: 2026-11-01}", "approval: Write 'approval: {by: WHO, on: 2026-11-22}', or approve"),
    ],
)
def test_without_classification_or_approval_nothing_is_public(world: World, line: str, remedy: str) -> None:
    world.write(VISITS.replace(f"{line}\n", ""))
    world.run()
    assert (api(), get("/data/visits/").status_code) == (404, 404)
    missing = queries.withheld(at=NOW)[0].obstacles[0]
    assert f"{missing.field}: {missing.remedy}".startswith(remedy)
    if line.startswith("approval"):
        actions.approve("visits", reason="Counts of visits.", at=NOW, by=make_publisher())
        assert len(api()) == 60


def test_an_agreement_that_ended_takes_the_dataset_back_and_says_so(world: World) -> None:
    world.write(VISITS.replace("sources:", "agreement: {with: Clinic Trust, until: 2026-11-30}\nsources:"))
    world.run()
    assert len(api()) == 60
    world.run(datetime(2026, 12, 2, tzinfo=UTC))
    assert api() == 404
    told = queries.withheld(at=datetime(2026, 12, 2, tzinfo=UTC))[0].sentences[0]
    assert told.startswith("visits: It is not public: the agreement with Clinic Trust ended on 2026-11-30.")
    assert Event.objects.filter(action="data.closed").count() == 1


def test_the_gate_page_shows_what_stops_and_takes_decisions(world: World, client: Any) -> None:
    plant_free_text(world)
    world.run()
    publisher, viewer = make_publisher(), make_staff()
    assert client.get("/data/visits/gate/").status_code == 302
    client.force_login(viewer)
    page = client.get("/data/visits/gate/").content.decode()
    assert "What stops version 2" in page
    assert "remarks (text) is new" in page
    assert '<form method="post"' not in page.partition("<main")[2]
    spanish = client.get("/es/data/visits/gate/").content.decode().partition("<main")[2]
    assert "remarks (text) es nueva: la versión 1 no la tiene. El examen halló en ella: texto libre" in spanish
    assert 'lang="en"' not in spanish
    decision = {"decision": "accept", "seen": 2, "stop": 0, "reason": "Looked at, no person in it."}
    assert client.post("/data/visits/gate/", decision).status_code == 403
    client.force_login(publisher)
    assert client.post("/data/visits/gate/", {**decision, "reason": ""}).status_code == 400
    assert client.post("/data/visits/gate/", {**decision, "seen": 1}).status_code == 409
    assert client.post("/data/visits/gate/", decision).status_code == 302
    assert len(world.stops()) == 1
    assert client.post("/data/visits/gate/", {**decision, "decision": "version"}).status_code == 302
    assert (world.stops(), "remarks" in api()[0]) == ({}, True)
    assert "Looked at, no person in it." in client.get("/es/data/visits/gate/").content.decode()


def test_the_command_says_what_was_measured(world: World) -> None:
    plant_single_person(world)
    world.run()
    told = queries.gate_of(Dataset.objects.get(key="visits"), at=NOW).as_json()
    assert (told["public_version"], told["version"], told["verdict"]) == (1, 2, "stopped")
    assert (told["measured"]["anonymity"]["k"], told["measured"]["rows"]) == (1, 61)
    assert [(one["kind"], one["accept"]) for one in told["stops"]] == [
        ("small_groups", {"kind": "small_groups", "at_least": 1})
    ]
