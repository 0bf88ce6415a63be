"""What a fresh process visits before it says it is ready."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.servers import Server

from cupola.lake import Lake
from cupola.serving import Site
from cupola.web import warming

pytestmark = [pytest.mark.slow]


class Pages:
    """An application that keeps what it was asked. Its explore page leads to a chart and to two maps."""

    LINKS = (
        '<a href="?show=table">t</a><a href="?group=a.month&amp;show=chart">c</a><a href="?group=b&amp;show=map">m</a>'
    )

    def __init__(self, *, seconds: float = 0) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self._seconds = seconds

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        self.asked.append(scope)
        time.sleep(self._seconds)
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.LINKS.encode()})


def warmed(pages: Pages, home: Path | None, *, hosts: tuple[str, ...] = ("localhost",)) -> list[str]:
    releases = Lake(home / "lake").registry.releases() if home else ()
    return asyncio.run(warming.warm(pages, site=Site(allowed_hosts=hosts), releases=releases))


def test_each_kind_of_page_is_visited_once(public_server: tuple[Server, Path]) -> None:
    pages = Pages()
    assert warmed(pages, public_server[1]) == [
        "/",
        "/data/",
        "/data/permits/",
        "/data/permits/explore/",
        "/data/permits/explore/?group=a.month&show=chart",
        "/data/permits/explore/?group=b&show=map",
        "/resource/permits.json?$limit=1",
        "/status/",
        "/performance/",
        "/performance/places/",
    ]
    assert pages.asked[4]["query_string"] == b"group=a.month&show=chart"
    assert {scope[warming.WARMING] for scope in pages.asked} == {True}


def test_a_home_without_data_and_any_name_of_the_site_will_do() -> None:
    pages = Pages()
    assert warmed(pages, None, hosts=("*", ".data.example.gov")) == ["/", "/data/"]
    assert pages.asked[0]["headers"][0] == (b"host", b"data.example.gov")


def test_slow_pages_do_not_hold_the_start(monkeypatch: pytest.MonkeyPatch, public_server: tuple[Server, Path]) -> None:
    monkeypatch.setattr(warming, "MOST_SECONDS", 0.05)
    assert warmed(Pages(seconds=0.1), public_server[1]) == ["/"]
