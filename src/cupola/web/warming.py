"""What a fresh process does before it says it is ready: it visits each kind of page once.

A first visit imports code, compiles templates, opens the lake and draws outlines: up to a second a page, which no
visitor should wait. Pages are asked inside the process, so no visit is counted and no log written.
"""

import asyncio
import gc
import re
import time
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from cupola.lake import Release
from cupola.serving import Site

MOST_SECONDS = 2.0  # no page is begun after; a start that takes longer is worse than a slow first visit
_VIEWS = ("chart", "map")
_MEASURES = ("/performance/", "/performance/places/")
WARMING = "cupola.warming"  # a key of the scope of these visits


async def warm(application: Any, *, site: Site, releases: Iterable[Release]) -> list[str]:
    """Visit the pages people come to first, and return the addresses that were visited.

    releases: what is public; the page of the one that shows most stands for all.
    """
    until = time.monotonic() + MOST_SECONDS
    waiting, visited = _paths(tuple(releases)), []
    while waiting and time.monotonic() < until:
        path = waiting.pop(0)
        page = await _visit(application, path, host=_host(site))
        visited.append(path)
        if path.endswith("/explore/"):
            waiting = [*_views(path, page), *waiting]
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again in the middle of a request
    return visited


def _paths(releases: tuple[Release, ...]) -> list[str]:
    if not releases:
        return ["/", "/data/"]
    richest = max(releases, key=lambda one: (bool(one.contract.tags), bool(one.contract.time_column), one.rows))
    page = f"/data/{richest.dataset}/"
    return [
        "/",
        "/data/",
        page,
        f"{page}explore/",
        f"/resource/{richest.dataset}.json?$limit=1",
        "/status/",
        *_MEASURES,
    ]


def _views(path: str, page: str) -> list[str]:
    """Return the first chart and the first map that an explore page leads to."""
    links = [unescape(link) for link in re.findall(r'href="(\?[^"]+)"', page)]
    found = (next((link for link in links if f"show={view}" in link), None) for view in _VIEWS)
    return [f"{path}{link}" for link in found if link]


def _host(site: Site) -> str:
    name = next((name for name in site.allowed_hosts if name != "*"), "localhost")
    return name.lstrip(".")


async def _visit(application: Any, target: str, *, host: str) -> str:
    """Ask for a page as a browser of this machine would, and return what it says."""
    path, _, query = target.partition("?")
    scope: Mapping[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", host.encode()), (b"accept", b"text/html")],
        "client": ("127.0.0.1", 0),
        "server": (host, 80),
        WARMING: True,
    }
    parts: list[bytes] = []
    waiting = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Mapping[str, Any]:
        return waiting.pop() if waiting else await asyncio.get_running_loop().create_future()  # it stays connected

    async def send(message: Mapping[str, Any]) -> None:
        parts.append(message.get("body", b""))

    await application(scope, receive, send)
    return b"".join(parts).decode("utf-8", "replace")
