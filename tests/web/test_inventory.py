"""Everything a city knows of: taken from a portal in one command, watched there, with states, duties and progress."""

import http.server
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset, make_finding, make_staff, make_version
from typer.testing import CliRunner

from cupola import folder as folders
from cupola.cli.data import app
from cupola.cli.taking import Asked, take_inventory
from cupola.sources import Limits
from cupola.sources.catalogues import names_here, read_catalogue_file
from cupola.web.accounts.actions import apply_folder
from cupola.web.data import queries
from cupola.web.data.actions import Watch, accept_columns, watch_due
from cupola.web.data.models import Dataset, Finding, Portal

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CITY = "kind: city\nkey: second\nname: Second City\ntime_zone: UTC\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "city"
    made.mkdir()
    (made / "city.yaml").write_text(CITY)
    return made


class World:
    """A portal on this machine: `pages` by path; a list is answered by page of a search."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        self.url = ""


@pytest.fixture
def portal() -> Iterator[World]:
    world = World()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            found = world.pages.get(path)
            body = json.dumps(found(self.path) if callable(found) else found).encode()
            self.send_response(200 if found is not None else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield world
    server.shutdown()
    thread.join()
    server.server_close()


def entry(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "title": name.capitalize(),
        "description": f"All {name} of the city, one row each, since 2006.",
        "identifier": name,
        "publisher": {"name": "Parks"},
        "contactPoint": {"fn": "Parks office", "hasEmail": "mailto:parks@example.gov"},
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "modified": "2026-11-20",
        "accrualPeriodicity": "R/P1M",
        "keyword": [name],
        "accessLevel": "public",
        "distribution": [{"downloadURL": f"https://x.example/{name}.csv", "format": "CSV"}],
        **fields,
    }


def told() -> set[tuple[str, str, str]]:
    """Return the open findings about portals: dataset, kind, field."""
    rows = Finding.objects.filter(closed_at=None, kind__startswith="catalogue.")
    return {(row.dataset.key, row.kind.removeprefix("catalogue."), row.column) for row in rows}


def look(at: datetime = NOON, **given: Any) -> Any:
    limits = Limits(attempts=1, timeout=5.0, seconds=20.0)
    (done,) = watch_due(Watch(at=at, limits=limits, **given))
    return done


@pytest.mark.real
def test_philadelphia_is_inventoried_in_one_command_with_its_faults_as_findings(
    real_data: Path, folder: Path, home: Path
) -> None:
    file = real_data / "catalogues" / "philadelphia_data.json.gz"
    given = ["inventory", str(file), "--folder", str(folder), "--home", str(home), "--json"]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 1, done.output
    said = json.loads(done.output)
    assert (len(said["written"]), said["known"], said["problems"]) == (402, [], [])
    assert {name: said["entries_by_fault"][name] for name in ("no_modified", "license_says_nothing")} == {
        "no_modified": 391,
        "license_says_nothing": 104,
    }
    kept = Counter(Finding.objects.filter(closed_at=None).values_list("kind", flat=True))
    assert kept["catalogue.no_modified"] == 391
    assert sum(kept.values()) == len(said["faults"]) == 1249
    bad = Finding.objects.get(kind="catalogue.address_malformed")
    assert (bad.dataset.key, bad.column) == ("archived-philadelphia-food-access", "distribution[8].accessURL")
    assert bad.message.startswith("Hhttps://services.arcgis.com")
    lines = queries.inventory_lines(now=NOON)
    assert {line.standing.stage for line in lines} == {queries.Stage.INVENTORIED}
    assert all(line.standing.elsewhere for line in lines)
    known = names_here({line.dataset.key: line.dataset.definition for line in lines})
    assert set(known) == {one.name for one in read_catalogue_file(file).entries}


def test_a_portal_is_watched_for_what_came_went_and_is_late(portal: World, folder: Path, home: Path) -> None:
    portal.pages["/data.json"] = {"dataset": [entry("trees"), entry("benches"), entry("permits", license=None)]}
    take_inventory(f"{portal.url}/data.json", folder=folder, asked=Asked(on=NOON.date()))
    apply_folder(folders.read(folder), by="tests")
    assert look().opened == 1
    assert told() == {("permits", "no_license", "license")}
    portal.pages["/data.json"] = {
        "dataset": [entry("trees", modified="2026-06-01"), entry("permits"), entry("wells", identifier=None)]
    }
    done = look(NOON + timedelta(days=1))
    assert told() == {("trees", "late_elsewhere", "modified"), ("benches", "vanished", "catalogue.identifier")}
    assert (done.closed, done.needs_person) == (1, True)
    assert [one["title"] for one in Portal.objects.get().appeared] == ["Wells"]
    late = Finding.objects.get(kind="catalogue.late_elsewhere")
    assert "175 days ago; a change is promised every 31 days" in late.message
    assert watch_due(Watch(at=NOON + timedelta(days=1, hours=3))) == []


def test_a_portal_that_does_not_answer_is_told_and_changes_nothing(portal: World, folder: Path, home: Path) -> None:
    portal.pages["/data.json"] = {"dataset": [entry("trees", license="other")]}
    take_inventory(f"{portal.url}/data.json", folder=folder, asked=Asked(on=NOON.date()))
    apply_folder(folders.read(folder), by="tests")
    look()
    del portal.pages["/data.json"]
    done = look(NOON + timedelta(days=1))
    assert "404" in done.problem
    assert told() == {("trees", "license_says_nothing", "license")}
    assert (Portal.objects.get().looked_at, "404" in Portal.objects.get().problem) == (NOON, True)


def test_columns_that_change_at_a_socrata_portal_are_found_until_someone_accepts_them(
    portal: World, folder: Path, home: Path
) -> None:
    def results(*columns: tuple[str, str]) -> dict[str, Any]:
        resource = {
            "id": "tree-0001", "name": "Trees", "description": "All trees of the city, since 2006.", "type": "dataset",
            "columns_field_name": [name for name, _ in columns], "columns_datatype": [kind for _, kind in columns],
            "data_updated_at": "2026-11-20T00:00:00Z", "attribution": "Parks", "contact_email": "p@example.gov",
        }  # fmt: skip
        one = {"resource": resource, "classification": {"domain_tags": ["trees"]}, "metadata": {"license": "CC0"}}
        return {"results": [{**one, "permalink": f"{portal.url}/d/tree-0001"}], "resultSetSize": 1}

    portal.pages["/api/catalog/v1"] = results(("id", "Text"), ("ward", "Number"))
    take_inventory(portal.url, folder=folder, asked=Asked(kind="socrata", on=NOON.date()))
    apply_folder(folders.read(folder), by="tests")
    look()
    assert told() == set()
    portal.pages["/api/catalog/v1"] = results(("id", "Text"), ("ward", "Text"), ("planted_on", "Calendar date"))
    look(NOON + timedelta(days=1))
    assert told() == {("trees", "column_retyped", "ward"), ("trees", "column_added", "planted_on")}
    assert accept_columns("trees", at=NOON + timedelta(days=1), by="tests") == 3
    look(NOON + timedelta(days=2))
    assert told() == set()


def test_a_ckan_datastore_is_asked_for_its_columns(portal: World, folder: Path, home: Path) -> None:
    fields = [{"id": "_id", "type": "int"}, {"id": "ward", "type": "text"}, {"id": "height", "type": "numeric"}]
    resource = {"id": "r1", "name": "All", "format": "CSV", "url": "https://x.example/a.csv", "datastore_active": True}
    package = {
        "id": "p1", "name": "trees", "title": "Trees", "notes": "All trees of the city, one row each.",
        "organization": {"title": "Parks"}, "maintainer": "Parks office", "maintainer_email": "p@example.gov",
        "license_url": "https://x.example/cc0", "metadata_modified": "2026-11-20", "tags": [{"name": "trees"}],
        "resources": [resource],
    }  # fmt: skip
    portal.pages["/api/3/action/package_search"] = {"success": True, "result": {"count": 1, "results": [package]}}
    portal.pages["/api/3/action/datastore_search"] = {"success": True, "result": {"fields": fields}}
    take_inventory(portal.url, folder=folder, asked=Asked(kind="ckan", on=NOON.date()))
    apply_folder(folders.read(folder), by="tests")
    look()
    assert Dataset.objects.get().sighting.columns == [["ward", "text"], ["height", "numeric"]]
    fields.pop()
    look(NOON + timedelta(days=1))
    assert told() == {("trees", "column_removed", "height")}


def test_a_catalogue_kept_as_a_file_is_watched_where_it_lies(folder: Path, home: Path) -> None:
    file = folder / "portal.json"
    file.write_text(json.dumps({"dataset": [entry("trees"), entry("benches")]}))
    taken = take_inventory(str(file), folder=folder, asked=Asked(on=NOON.date()))
    assert (sorted(taken.written), taken.address) == (["benches", "trees"], "portal.json")
    apply_folder(folders.read(folder), by="tests")
    look(places=(folder,))
    file.write_text(json.dumps({"dataset": [entry("trees")]}))
    look(NOON + timedelta(days=1), places=(folder,), online=False)
    assert told() == {("benches", "vanished", "catalogue.identifier")}
    file.unlink()
    assert watch_due(Watch(at=NOON + timedelta(days=9), places=(folder,))) == []


def test_each_state_follows_from_what_was_done(load: Callable[..., Dataset]) -> None:
    def stage(dataset: Dataset) -> str:
        return queries.stage(Dataset.objects.get(pk=dataset.pk), now=NOON).stage.value

    known = make_dataset("known", released=False)
    loaded = make_dataset("loaded", released=False)
    make_version(loaded)
    make_finding(loaded, severity="error")
    checked = make_dataset("checked", released=False)
    del checked.definition["approval"]
    checked.save()
    make_version(checked)
    approved = make_dataset("approved", released=False)
    make_version(approved)
    released = load(make_dataset("released"))
    ended = make_dataset("ended")
    ended.retired_on = NOON.date()
    ended.save()
    datasets = (known, loaded, checked, approved, released, ended)
    assert [stage(one) for one in datasets] == [
        "inventoried", "loaded", "checked", "approved", "released", "retired",
    ]  # fmt: skip
    together = queries.stages(datasets, now=NOON)
    assert [together[one.pk].stage.value for one in datasets] == [stage(one) for one in datasets]


def test_the_list_is_narrowed_by_its_address_and_taken_away(client: Client) -> None:
    make_city()
    make_dataset("trees", department="Parks", steward="Tree steward", topic="Green", license="CC0", contact="p@x.gov")
    make_dataset("permits", department="Buildings")
    client.force_login(make_staff())
    found = client.get("/staff/inventory/?department=Parks&state=inventoried").context["inventory"]
    assert ([line.dataset.key for line in found.lines], found.total) == (["trees"], 2)
    lacking = client.get("/staff/inventory/datasets.json?lacks=steward").json()["datasets"]
    assert [(one["key"], one["steward"]) for one in lacking] == [("permits", "")]
    assert lacking[0]["missing"] == ["topic", "steward", "contact", "license"]
    csv = client.get("/staff/inventory/datasets.csv?q=tree").content.decode()
    assert csv.splitlines()[0].startswith("key,id,title,state,since,elsewhere,department,coordinator,steward")
    assert "trees" in csv
    assert "permits" not in csv


def test_progress_counts_words_and_columns_per_steward_and_a_reminder_says_what_is_due(client: Client) -> None:
    make_city()
    make_dataset("trees", steward="Tree steward", contact="trees@x.gov")
    client.force_login(make_staff())
    (one,) = client.get("/staff/inventory/progress/?format=json").json()["progress"]
    assert (one["who"], one["columns"], one["documented"], one["complete_words"]) == ("Tree steward", 3, 1, 0)
    mail = client.get("/staff/inventory/reminder/?steward=Tree%20steward").context["reminder"]
    assert (mail.to, mail.datasets) == ("trees@x.gov", 1)
    assert "- Trees: Department, Topic, License; the meaning of 2 of 3 columns" in mail.text


def test_only_staff_see_the_inventory(client: Client) -> None:
    make_dataset()
    for path in ("", "datasets.json", "progress/", "reminder/", "portals/", "sheet/", "inventory.xlsx"):
        assert client.get(f"/staff/inventory/{path}").status_code == 302, path
    assert client.get("/data/permits/duties/").status_code == 302


def test_faults_of_a_portal_are_shown_to_staff_and_not_in_public(client: Client) -> None:
    dataset = make_dataset("trees", sources=[], landing_page="https://x.example/trees")
    make_finding(dataset, kind="catalogue.no_license", message="It names no terms of use.", column="license")
    page = "/data/trees/"
    assert "It names no terms of use." not in client.get(page).content.decode()
    client.force_login(make_staff())
    assert "It names no terms of use." in client.get(page).content.decode()
