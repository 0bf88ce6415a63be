"""Whoever asks a protected table again and again for little is seen by staff, without being known tomorrow."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.test import Client
from tests.factories import make_city, make_grant, make_staff
from tests.web.test_aggregates import counted, make_roster, make_table, roster

from cupola import serving
from cupola.serving.narrow import NarrowLog, read_narrow
from cupola.web.asgi import application
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOON = 1_795_435_200.0


def ask(addresses: list[str], client: str) -> list[int]:
    async def asking() -> list[int]:
        transport = httpx.ASGITransport(app=application, client=(client, 4000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as session:
            return [(await session.get(address)).status_code for address in addresses]

    return asyncio.run(asking())


def test_narrow_queries_are_counted_by_client_and_told_to_staff(
    load: Callable[..., Dataset], home: Path, client: Client
) -> None:
    make_city()
    load(make_roster(), roster(1, 900))
    counted(make_table())
    narrow = [f"/resource/headcount.json?department=D{at % 7}&title=T{at % 8}" for at in range(24)]
    wide = [f"/resource/headcount.json?$limit={at}" for at in range(200, 230)]
    assert set(ask([*narrow, *wide, *narrow[:9]], "203.0.113.9")) == {200}
    assert set(
        ask([f"/api/3/action/datastore_search?resource_id=headcount&q=D{at}" for at in range(3)], "198.51.100.7")
    )
    serving.flush_narrow(home / "narrow.db")
    (line,) = read_narrow(home / "narrow.db")
    assert (line.dataset, line.queries) == ("headcount", 24)
    everything = read_narrow(home / "narrow.db", least=1)
    assert len({one.client for one in everything}) == len(everything)
    kept = str(list(sqlite3.connect(home / "narrow.db").execute("SELECT * FROM narrow")))
    assert "203.0.113" not in kept
    assert "198.51" not in kept

    assert client.get("/staff/narrow/").status_code == 302
    client.force_login(make_grant(make_staff("rita"), "reviewer").person)
    page = client.get("/staff/narrow/")
    assert [(one.dataset, one.queries) for one in page.context["lines"]] == [("headcount", 24)]


def test_the_chance_value_of_a_day_is_thrown_away(tmp_path: Path) -> None:
    now = [NOON]
    log = NarrowLog(tmp_path / "narrow.db", lambda: now[0])
    for day in range(4):
        now[0] = NOON + day * 86_400
        log.count("headcount", "203.0.113.9", "?a=1")
        log.flush()
    log.close()
    lines = read_narrow(log.path, least=1)
    assert len({one.client for one in lines}) == 4
    salts = list(sqlite3.connect(log.path).execute("SELECT day FROM salt ORDER BY 1"))
    assert salts == [("2026-11-25",), ("2026-11-26",)]
