"""What was public once and is no more: catalogues of a day leave it out, CKAN says that it is gone and why."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from catalogue_world import World
from ckanapi import NotFound
from ckanapi.common import reverse_apicontroller_action

from cupola.lake import Tombstone, Tombstones
from cupola.serving import close_services

pytestmark = pytest.mark.slow


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "lake")
    yield made
    made.lake.close()
    close_services()


def listed(world: World, day: str) -> list[str]:
    return [one["resource"]["id"] for one in world.json(f"/api/catalog/v1?as_of={day}")["results"]]


def test_a_day_whose_version_was_recalled_since_lists_it_no_more(world: World) -> None:
    first, second = ((day + timedelta(days=1)).isoformat()[:10] for day in world.days)
    world.lake.recall("permits", 2, reason="It named people.", at=world.days[1] + timedelta(days=9))
    assert world.client.get(f"/resource/permits.json?as_of={second}").status_code == 410
    assert (listed(world, first), listed(world, second)) == (["perm-0001"], ["tree-0001"])
    assert world.act("package_show", id="permits")["name"] == "permits"
    status, error = world.refused("package_show", id="permits", as_of=second)
    assert (status, error["__type"]) == (410, "Not Found Error")
    assert "It named people." in error["message"]


def ask(world: World, **given: Any) -> Any:
    answer = world.client.ask("POST", "/api/action/package_show", json=given)
    return answer.status_code, reverse_apicontroller_action("/api/action/package_show", answer.status_code, answer.text)


def test_a_retired_dataset_is_gone_with_its_reason_and_what_never_was_is_not_found(world: World) -> None:
    world.lake.registry.withdraw("permits", at=world.days[1])
    stone = Tombstone("permits", "perm-0001", "Permits", date(2026, 11, 22), "Replaced.", "licences")
    Tombstones(world.lake.root).put(stone)
    for name in ("permits", "perm-0001"):
        status, error = world.refused("datastore_search", resource_id=name)
        assert (status, error["message"]) == (
            410, "Not found: Permits was retired on 2026-11-22: Replaced. In its place: licences.",
        )  # fmt: skip
        with pytest.raises(NotFound, match="Permits was retired on 2026-11-22"):
            ask(world, id=name)
    assert world.refused("package_show", id="permitz") == (
        404, {"__type": "Not Found Error", "message": "Not found: permitz"},
    )  # fmt: skip
    assert json.loads(world.client.get("/api/action/package_list").text)["result"] == ["trees"]
