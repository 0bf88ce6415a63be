"""Counts each request for a dataset as it is answered: pages and the public API, by the address alone."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cupola.errors import CupolaError
from cupola.serving.agents import kind_of
from cupola.serving.usage import Usage

ROWS = "cupola.rows"  # in a message, or in a scope: how many rows of a dataset go with it
ASKED = "cupola.asked"  # in a scope: the dataset, where the address does not name it
NOT_COUNTED = "cupola.warming"  # in a scope: the server asks itself
_SESSION = b"sessionid="  # staff who are signed in are not the public
_METHODS = frozenset({"GET", "POST"})
_PAGE = re.compile(r"(?:/[a-z]{2})?/data/([a-z0-9-]+)/(?:[a-z]*/)?(?:explore\.svg|feed\.atom)?")
_QUERY = re.compile(r"/(?:resource|api/id)/([^/.]+)(?:\.\w+)?(?:/[^/]*)?")
_VIEW = re.compile(r"/api/views/([^/.]+)(?:\.json|/columns(?:\.json)?)?")
_ALL = re.compile(r"/api/views/([^/.]+)/rows\.(\w{1,8})")
_FILE = re.compile(r"/downloads/([^/]+)/[^/]+/[^/.]+\.([A-Za-z0-9.]{1,20})")
_MAP = re.compile(r"/tiles/([^/]+)/[^/]+")
_ACTION = re.compile(r"/api(?:/3)?/action/(datastore_search|datastore_search_sql|datastore_info|package_show)")


@lru_cache(maxsize=8192)
def place_of(path: str) -> tuple[str, str] | None:
    """Return the dataset an address names and what is asked of it; None where nothing is counted.

    The dataset is empty where the parameters name it.
    """
    if found := _QUERY.fullmatch(path):
        return found[1], "query"
    if found := _PAGE.fullmatch(path):
        return found[1], "feed" if path.endswith(".atom") else "page"
    if found := _FILE.fullmatch(path) or _ALL.fullmatch(path):
        return found[1], f"file:{found[2].lower()}"
    if found := _VIEW.fullmatch(path):
        return found[1], "details"
    if found := _MAP.fullmatch(path):
        return found[1], "map"
    if found := _ACTION.fullmatch(path):
        return "", "query" if found[1].startswith("datastore_search") else "details"
    return None


class Counted:
    """An application whose answers are counted. `usage`: where, asked at each request."""

    def __init__(self, inner: ASGIApp, usage: Callable[[], Usage]) -> None:
        self._inner, self._usage = inner, usage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and count it where it was answered."""
        place = place_of(scope["path"]) if scope["type"] == "http" and scope["method"] in _METHODS else None
        client = _client(scope) if place is not None and NOT_COUNTED not in scope else None
        if place is None or client is None:
            await self._inner(scope, receive, send)
            return
        tally = Tally(send)
        await self._inner(scope, receive, tally)
        if tally.answered:
            name, what = place
            rows = tally.rows or scope.get(ROWS, 0)
            with suppress(CupolaError, sqlite3.Error):  # a lake that cannot be opened is not a reason to fail
                self._usage().count(name or scope.get(ASKED, ""), what, client, rows=rows, size=tally.size)


class Tally:
    """Passes messages on and adds up what they carry."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = self.rows = self.size = 0

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
        elif kind == "http.response.body":
            self.size += len(message.get("body", b""))
        self.rows += message.pop(ROWS, 0)
        await self._send(message)

    @property
    def answered(self) -> bool:
        """Whether the client got what it asked for, or has it already."""
        return 200 <= self.status < 300 or self.status == 304


def _client(scope: Scope) -> str | None:
    """Return the kind of client, None for one that is not counted."""
    agent, token = b"", False
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = value
        elif name == b"x-app-token":
            token = True
        elif name == b"cookie" and _SESSION in value:
            return None
    return kind_of(agent, token=token)
