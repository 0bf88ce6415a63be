"""A dataset as search engines read it, safe inside a page."""

import json
from collections.abc import Iterator

import pytest
from catalogue_world import World

from cupola.lake import Listing
from cupola.serving import close_services, service
from cupola.serving.schemaorg import schemaorg_text


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("schemaorg") / "lake")
    yield made
    made.lake.close()
    close_services()


def text(world: World, key: str) -> str:
    return schemaorg_text(service(world.lake.root), key, base="https://data.springfield.example")


def test_a_loaded_dataset_tells_its_columns_and_files(world: World) -> None:
    said = json.loads(text(world, "permits"))
    assert (said["@type"], said["name"], said["version"]) == ("Dataset", "Building permits", "2")
    assert said["creator"]["parentOrganization"]["name"] == "City of Springfield"
    assert [one["name"] for one in said["variableMeasured"]][:3] == ["number", "kind", "ward"]
    assert said["distribution"][0]["contentUrl"] == (
        "https://data.springfield.example/api/views/perm-0001/rows.csv?accessType=DOWNLOAD"
    )
    assert "phone" not in json.dumps(said)


def test_a_dataset_hosted_elsewhere_names_its_own_page(world: World) -> None:
    said = json.loads(text(world, "trees"))
    assert (said["sameAs"], said["distribution"][0]["contentUrl"]) == (
        "https://parks.example/d/tree-0001", "https://parks.example/t.csv",
    )  # fmt: skip


def test_what_is_not_public_has_none(world: World) -> None:
    assert text(world, "nothing") == ""


def test_no_title_can_end_the_block_it_stands_in(world: World) -> None:
    title = "</script><script>alert(1)</script> & <!--"
    world.listings.put(Listing("odd", "oddd-0001", world.days[1], {"title": title}))
    written = text(world, "odd")
    assert json.loads(written)["name"] == title
    assert not {"<", ">", "&"} & set(written)
