"""A second city reads the first one's catalogue, and tells of its datasets everything the first one told."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.factories import NOON
from tests.servers import Server
from typer.testing import CliRunner

from cupola import folder as folders
from cupola.cli.data import app
from cupola.cli.taking import Asked, take_inventory
from cupola.lake import City
from cupola.serving.catalogld import catalog_jsonld
from cupola.serving.datajson import data_json
from cupola.serving.entries import Shelf
from cupola.serving.places import Places
from cupola.web.accounts.actions import apply_folder, export_folder
from cupola.web.data.actions import Refresh, refresh_all

SECOND = "kind: city\nkey: second\nname: Second City\ntime_zone: UTC\nlicense: CC BY 4.0\n"
WRITERS = {"data.json": data_json, "catalog.jsonld": catalog_jsonld}

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "second"
    made.mkdir()
    (made / "city.yaml").write_text(SECOND)
    return made


def run(folder: Path) -> None:
    """Bring the second city's home in line with its folder."""
    apply_folder(folders.read(folder), by="tests")
    refresh_all(Refresh(sources_folder=None, now=NOON, by="tests"))


def first_says(server: Server, name: str) -> dict[str, Any]:
    return {one["title"]: one for one in json.loads(server.get(f"/{name}").body)["dataset"]}


def second_says(home: Path, name: str) -> dict[str, Any]:
    shelf = Shelf(home / "lake", lambda: 1, lambda: NOON)
    document = WRITERS[name](shelf.entries(), shelf.city(), Places("https://second.example"))
    return {one["title"]: one for one in json.loads(json.dumps(document))["dataset"]}


@pytest.mark.parametrize("name", list(WRITERS))
def test_nothing_is_lost_on_the_way(public_server: tuple[Server, Path], folder: Path, home: Path, name: str) -> None:
    server, _ = public_server
    taken = take_inventory(f"http://{server.host}/{name}", folder=folder, asked=Asked(released=True, on=NOON.date()))
    assert (sorted(taken.written), taken.problems) == (["blocks", "permits"], [])
    run(folder)
    assert second_says(home, name) == first_says(server, name)


def test_what_was_harvested_survives_an_export(
    public_server: tuple[Server, Path], folder: Path, home: Path, tmp_path: Path
) -> None:
    server, _ = public_server
    take_inventory(f"http://{server.host}/catalog.jsonld", folder=folder, asked=Asked(released=True, on=NOON.date()))
    run(folder)
    exported = tmp_path / "exported"
    exported.mkdir()
    export_folder(exported)
    before, after = (folders.read(path) for path in (folder, exported))
    assert [one.fields() for one in after.datasets] == [one.fields() for one in before.datasets]


def test_columns_and_their_meanings_come_along(public_server: tuple[Server, Path], folder: Path) -> None:
    server, _ = public_server
    take_inventory(f"http://{server.host}", folder=folder, asked=Asked())
    (permits,) = [one for one in folders.read(folder).datasets if one.key == "permits"]
    assert [str(column.type) for column in permits.columns.values()][:4] == ["text", "text", "money", "float"]
    assert "owner_phone" not in permits.columns
    assert (permits.id, permits.released, permits.hosted_elsewhere) == ("perm-2222", False, True)


@pytest.mark.parametrize("kind", ["ckan", "socrata"])
def test_the_other_catalogues_are_read_too(public_server: tuple[Server, Path], folder: Path, kind: str) -> None:
    server, _ = public_server
    asked = Asked(kind=kind, released=True, on=NOON.date())
    taken = take_inventory(f"http://{server.host}", folder=folder, asked=asked)
    assert sorted(taken.written) == ["blocks", "permits"]
    titles = {one.title: one.description for one in folders.read(folder).datasets}
    assert titles == {"Permits": "Permits the building office issued.", "Blocks": "Blocks of the city."}


def test_a_second_inventory_leaves_what_is_there_alone(public_server: tuple[Server, Path], folder: Path) -> None:
    server, _ = public_server
    address = f"http://{server.host}/data.json"
    take_inventory(address, folder=folder, asked=Asked(released=True, on=NOON.date()))
    written = folder / "datasets" / "permits.yaml"
    written.write_text(written.read_text().replace("title: Permits", "title: Permits of ours"))
    again = take_inventory(address, folder=folder, asked=Asked(released=True, on=NOON.date()))
    assert (again.written, sorted(again.known)) == ([], ["blocks", "permits"])
    assert "Permits of ours" in written.read_text()


def test_the_command_says_what_it_wrote(public_server: tuple[Server, Path], folder: Path) -> None:
    server, _ = public_server
    given = ["inventory", f"http://{server.host}/data.json", "--folder", str(folder), "--released"]
    said = CliRunner().invoke(app, given)
    assert (said.exit_code, "Wrote 2 datasets" in said.output) == (1, True), said.output
    again = json.loads(CliRunner().invoke(app, [*given, "--json"]).output)
    assert (again["written"], again["kind"], sorted(again["known"])) == ([], "dcat-us-1.1", ["blocks", "permits"])


def test_what_is_hidden_in_the_first_city_is_not_even_named(public_server: tuple[Server, Path], folder: Path) -> None:
    server, _ = public_server
    take_inventory(f"http://{server.host}", folder=folder, asked=Asked(released=True, on=NOON.date()))
    assert "CANARY" not in "".join(path.read_text() for path in (folder / "datasets").iterdir())


def test_the_second_city_is_its_own(folder: Path, home: Path) -> None:
    run(folder)
    city = City(key="second", name="Second City", license="CC BY 4.0", languages=("en",))
    assert Shelf(home / "lake", lambda: 1, lambda: NOON).city() == city
