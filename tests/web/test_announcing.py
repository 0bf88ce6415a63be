"""Staff announce that a column will change; readers see it at once, and programs meet both names."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import NOON, make_city, make_dataset, make_editor, make_grant, make_staff

from cupola.web.accounts.models import Event
from cupola.web.asgi import application
from cupola.web.data.actions import PlannedChange, Refresh, RenameNeedsFolder, announce_change, refresh
from cupola.web.data.actions.announcing import renamed
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGE = "/data/permits/announce/"


def rows(query: str) -> httpx.Response:
    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(f"/resource/0000-0000.json?{query}")

    return asyncio.run(asking())


def rename(**more: Any) -> dict[str, Any]:
    day = (timezone.now() + timedelta(days=60)).date().isoformat()
    said = {"column": "status", "what": "rename", "becomes": "state", "until": day, "why": "The law calls it that now."}
    return {**said, **more}


def test_a_rename_is_announced_in_the_pages_and_comes_with_the_next_load(
    load: Callable[..., Dataset], client: Client, home: Path, tmp_path: Path
) -> None:
    make_city()
    dataset = load(make_dataset(row_key=["permit_number"]))
    client.force_login(make_editor())
    assert "Announce a change" in client.get("/data/permits/").content.decode()
    assert client.post(PAGE, rename(), follow=True).status_code == 200

    assert Client().get("/data/permits/changes.json").json()["announced"][0]["becomes"] == "state"
    assert "the column status will change" in Client().get("/data/permits/feed.atom").content.decode()
    for address in ("/data/permits/", "/data/permits/rows/", "/data/permits/explore/", "/data/permits/changes/"):
        assert Client().get(address).status_code == 200, address  # the rows are still those of before
    answer = rows("$select=status&$where=permit_number='P-1'")
    assert (answer.json(), answer.headers["Deprecation"][0]) == ([{"status": "open"}], "@")

    dataset.refresh_from_db()
    refresh(dataset, Refresh(sources_folder=tmp_path, now=NOON, by="tests", force=True))
    assert rows("$select=state&$where=permit_number='P-1'").json() == [{"state": "open"}]
    assert rows("$select=status&$where=permit_number='P-1'").json() == [{"status": "open"}]
    assert Event.objects.get(action="data.change_announced").reason == "The law calls it that now."


def test_what_is_wrong_is_said_beside_the_field_and_in_spanish(client: Client) -> None:
    make_city()
    make_dataset()
    client.force_login(make_editor())
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    for given, said in (
        (rename(until=yesterday), "Indique un día posterior"),
        (rename(becomes="New Name"), "Escriba letras minúsculas"),
        (rename(becomes="issued_on"), "Ya hay una columna con este nombre."),
        (rename(what="retype"), "Elija el nuevo tipo."),
        (rename(why=""), "Este campo es obligatorio."),
    ):
        answer = client.post(f"/es{PAGE}", given)
        assert (answer.status_code, said in answer.content.decode()) == (400, True), said
    assert "changes" not in Dataset.objects.get().definition


def test_an_end_is_announced_and_only_those_who_may_announce(client: Client) -> None:
    make_city()
    make_dataset()
    client.force_login(make_grant(make_staff("rita"), "reviewer").person)
    assert client.post(PAGE, rename()).status_code == 403
    client.force_login(make_editor())
    assert client.post(PAGE, rename(what="remove")).status_code == 302
    (said,) = Dataset.objects.get().definition["changes"]
    assert (said["removed"], "becomes" in said) == (True, False)
    answer = client.post(PAGE, rename(what="remove"))
    assert (answer.status_code, "already announced" in answer.content.decode()) == (400, True)
    spanish = client.post(f"/es{PAGE}", rename(what="remove")).content.decode()
    assert 'La revisión dijo, en inglés: <span lang="en">1 mistake; nothing was changed.' in spanish


def test_a_column_that_a_query_names_is_renamed_in_the_folder() -> None:
    make_city()
    dataset = make_dataset(privacy={"quasi_identifiers": ["status"]}, row_key=["permit_number"])
    planned = PlannedChange("status", (timezone.now() + timedelta(days=60)).date(), "Law.", becomes="state")
    with pytest.raises(RenameNeedsFolder, match="named under privacy"):
        announce_change("permits", planned, at=timezone.now(), by=make_editor())
    fields = renamed(dataset.definition, "permit_number", "number")
    assert (fields["row_key"], fields["columns"][0]["from"]) == (["number"], ["permit_number"])
