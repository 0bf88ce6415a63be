"""A web server that misbehaves as asked, and a fetch that does not really wait."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cupola.contracts import Landing
from cupola.sources import Fetched, Limits, Pace, SourceSpec, fetch, land


@dataclass
class Asked:
    """One request as the server saw it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Reply:
    """`cut`: break the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Site:
    """Answers by path: a list is used up one by one (its last stays), a function is called with the request."""

    url: str = ""
    replies: dict[str, list[Reply] | Callable[[Asked], Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        found = self.replies.get(asked.path)
        if found is None:
            return Reply(404, b"nothing here")
        if callable(found):
            return found(asked)
        return found.pop(0) if len(found) > 1 else found[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        reply = self.site.answer(Asked(parts.path, query, {k.lower(): v for k, v in self.headers.items()}))
        self.send_response(reply.status)
        headers = {"Content-Length": str(len(reply.body))} | reply.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.cut])
        if reply.cut is not None:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are part of these tests."""


@dataclass
class Waits:
    """A clock that only moves when someone sleeps; `pauses` are the sleeps. Files look two minutes old to it."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(sleep=self.sleep, clock=lambda: self.now, jitter=lambda: 1.0)


@dataclass
class Taker:
    """Fetches and lands into one temporary folder."""

    folder: Path
    waits: Waits
    limits: Limits

    def fetch(self, base: Any = None, state: Any = None, **spec: Any) -> Fetched:
        return fetch(
            SourceSpec(**spec),
            base=base,
            cache=self.folder / "cache",
            state=state or {},
            limits=self.limits,
            progress=lambda text, share: None,
        )

    def limit(self, **limits: object) -> None:
        self.limits = replace(self.limits, **limits)  # type: ignore[arg-type]

    def land(self, fetched: Fetched) -> Landing:
        return land(fetched, scratch=self.folder / "scratch")

    def rows(self, fetched: Fetched) -> list[dict[str, object]]:
        return [row for batch in self.land(fetched).batches() for row in batch.to_pylist()]
