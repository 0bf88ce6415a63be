"""The whole application: public API addresses and pages side by side, over one home."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.factories import make_dataset

from cupola.web.asgi import application
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def get(address: str, **given: Any) -> httpx.Response:
    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(address, **given)

    return asyncio.run(asking())


@pytest.fixture
def permits(load: Callable[..., Dataset]) -> Dataset:
    return load(make_dataset("permits", row_key=["permit_number"]))


def test_a_released_dataset_is_answered_by_slug_and_by_id(permits: Dataset) -> None:
    by_slug, by_id = get("/resource/permits.json"), get(f"/resource/{permits.public_id}.json")
    assert by_slug.json() == by_id.json()
    assert by_slug.json()[0] == {"permit_number": "P-1", "issued_on": "2019-03-01T00:00:00.000", "status": "open"}


def test_the_page_answers_beside_it(permits: Dataset) -> None:
    page = get("/data/permits/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert get(f"/d/{permits.public_id}").headers["location"] == "/data/permits/"


def test_static_files_are_still_served() -> None:
    assert get("/static/cupola/cupola.css").headers["content-type"].startswith("text/css")


def test_a_private_dataset_answers_like_none(load: Callable[..., Dataset]) -> None:
    load(make_dataset("secrets", released=False))
    secret, nothing = get("/resource/secrets.json"), get("/resource/nothing.json")
    assert (secret.status_code, secret.content) == (404, nothing.content)


def test_a_host_that_is_not_ours_is_refused(permits: Dataset) -> None:
    assert get("/resource/permits.json", headers={"Host": "evil.example"}).status_code == 400


def test_the_server_starts_and_stops_in_order_and_can_start_again(permits: Dataset) -> None:
    said: list[str] = []
    asked = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(asked)}

    async def send(message: dict[str, str]) -> None:
        said.append(message["type"])

    assert get("/resource/permits.json").status_code == 200
    asyncio.run(application({"type": "lifespan"}, receive, send))
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert get("/resource/permits.json?$limit=1").status_code == 200
