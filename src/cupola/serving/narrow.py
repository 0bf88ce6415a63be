"""Who asks a protected table again and again for little: counts of narrow queries, by day, dataset and client.

A query is narrow when it has a condition and few rows answer it. Nothing recovers what the table does not hold
(decision 0021), but whoever tries is worth a look. A client is kept as a hash of its address with a chance value of
the day; the value is thrown away when the day is over, so no client is known again tomorrow. Counted in memory,
written every minute to one SQLite file; a request to any other dataset costs one look into a set.
"""

import hashlib
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cupola.serving.counting import ASKED, ROWS, place_of
from cupola.serving.front import Site
from cupola.serving.limits import client_address
from cupola.serving.releases import SEEN, Generation
from cupola.serving.service import Service

FEW_ROWS = 10
REPEATED = 20  # different narrow queries of one client on one day, from which staff see them
EVERY_SECONDS = 60.0
KEPT_DAYS = 90
_MOST_HELD = 50_000
_CONDITIONS = frozenset({"$where", "$having", "$q", "$query", "q", "sql", "query", "filters"})
_NO_FILTERS = frozenset(
    {"as_of", "version", "vintage", "limit", "offset", "page", "sort", "group", "show", "resource_id"}
)
_TABLES = (
    "CREATE TABLE IF NOT EXISTS narrow (day TEXT, dataset TEXT, client TEXT, query TEXT, at TEXT,"
    " PRIMARY KEY (day, dataset, client, query)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS salt (day TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
_log = logging.getLogger(__name__)
Line = tuple[str, str, str, str, str]  # day, dataset, client, query, at


@dataclass(frozen=True)
class Narrow:
    """What one client asked of one dataset on one day: how many different narrow queries, and when the last one."""

    day: str
    dataset: str
    client: str
    queries: int
    last_at: datetime


@dataclass
class NarrowLog:
    """The counts of one file."""

    path: Path
    clock: Callable[[], float] = time.time
    _held: set[Line] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="narrow"))
    _due: float = 0.0

    def count(self, dataset: str, address: str, query: str) -> None:
        """Count one narrow query of the client at `address`; its address leaves this process only as a hash."""
        now = self.clock()
        with self._lock:
            if len(self._held) < _MOST_HELD:
                at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
                asked = hashlib.sha256(query.encode()).hexdigest()[:16]
                self._held.add((at[:10], dataset, address, asked, at))
        if now >= self._due:
            self._due = now + EVERY_SECONDS
            self._writer.submit(self.flush)

    def flush(self) -> None:
        """Write what was counted."""
        with self._lock:
            held, self._held = self._held, set()
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
                self._write(connection, held)
        except sqlite3.Error:
            _log.exception("narrow queries could not be written to %s", self.path.name)

    def _write(self, connection: sqlite3.Connection, held: set[Line]) -> None:
        for table in _TABLES:
            connection.execute(table)
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
        connection.execute("DELETE FROM salt WHERE day < ?", [(today - timedelta(days=1)).isoformat()])
        connection.execute("DELETE FROM narrow WHERE day < ?", [oldest])
        for day in {line[0] for line in held}:
            connection.execute("INSERT OR IGNORE INTO salt VALUES (?, ?)", [day, secrets.token_hex(32)])
        salts = dict(connection.execute("SELECT day, value FROM salt"))
        lines = [(day, name, _hashed(salts[day], client), asked, at) for day, name, client, asked, at in held]
        connection.executemany(
            "INSERT INTO narrow VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at", lines
        )

    def close(self) -> None:
        """Write the rest."""
        self._writer.shutdown(wait=True)
        self.flush()


def _hashed(salt: str, client: str) -> str:
    return hashlib.sha256(f"{salt} {client}".encode()).hexdigest()[:16]


def read_narrow(path: Path, *, least: int = REPEATED) -> tuple[Narrow, ...]:
    """Return who asked for little at least so often, the newest day first."""
    if not path.exists():
        return ()
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        for table in _TABLES:
            connection.execute(table)
        rows = connection.execute(
            "SELECT day, dataset, client, count(*), max(at) FROM narrow GROUP BY 1, 2, 3 HAVING count(*) >= ?"
            " ORDER BY 1 DESC, 4 DESC",
            [least],
        )
        return tuple(Narrow(day, name, client, n, datetime.fromisoformat(at)) for day, name, client, n, at in rows)


class Watched:
    """An application whose answers of protected tables are looked at. `log`: where narrow queries are counted."""

    def __init__(
        self, inner: ASGIApp, *, service: Callable[[], Service], log: Callable[[], NarrowLog], site: Site
    ) -> None:
        self._inner, self._service, self._log, self._site = inner, service, log, site
        self._seen: Generation | None = None
        self._names: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        place = place_of(scope["path"]) if scope["type"] == "http" else None
        names = self._protected(scope) if place is not None and place[1] in {"query", "page"} else {}
        if place is None or not names or (place[0] and place[0] not in names) or not has_condition(scope, place[0]):
            await self._inner(scope, receive, send)
            return
        rows = status = 0

        async def sending(message: Message) -> None:
            nonlocal rows, status
            status = message.get("status", status)
            rows += message.get(ROWS, 0)
            await send(message)

        await self._inner(scope, receive, sending)
        dataset = names.get(place[0] or scope.get(ASKED, ""))
        if dataset is not None and status == 200 and rows <= FEW_ROWS:
            query = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
            self._log().count(dataset, self._client(scope), query)

    def _protected(self, scope: Scope) -> dict[str, str]:
        """Return what protected tables are called in addresses, with their keys."""
        service = self._service()
        generation = scope[SEEN] = service.generation()
        if generation != self._seen:
            tables = [one for one in service.releases() if one.metadata.get("aggregates")]
            self._names = {name: one.dataset for one in tables for name in (one.dataset, one.public_id)}
            self._seen = generation
        return self._names

    def _client(self, scope: Scope) -> str:
        forwarded = dict(reversed(scope["headers"])).get(b"x-forwarded-for", b"").decode("latin-1")
        return client_address((scope.get("client") or ("", 0))[0], forwarded, behind_proxy=self._site.https)


def has_condition(scope: Scope, named: str) -> bool:
    """Whether a request asks for some rows only. What a body asks is not looked at: it counts."""
    if scope["method"] == "POST":
        return True
    names = [name.lower() for name, _ in parse_qsl(scope["query_string"].decode("latin-1"))]
    if any(name in _CONDITIONS or name.startswith("where.") for name in names):
        return True
    asked = scope["path"].startswith(("/resource/", "/api/id/")) and bool(named)
    filters = any(not name.startswith("$") and name not in _NO_FILTERS for name in names)
    return asked and (filters or scope["path"].count("/") > 2 + scope["path"].startswith("/api/"))


_logs: dict[Path, NarrowLog] = {}
_logs_lock = threading.Lock()


def narrow_log(path: Path) -> NarrowLog:
    """Return the counts of a file, the same object each time in a process."""
    with _logs_lock:
        if path not in _logs:
            _logs[path] = NarrowLog(path)
        return _logs[path]


def flush_narrow(path: Path) -> None:
    """Write what this process has counted for a file."""
    with _logs_lock:
        held = _logs.get(path)
    if held is not None:
        held.flush()


def close_narrow() -> None:
    """Write and forget the counts of every file."""
    with _logs_lock:
        ended = [*_logs.values()]
        _logs.clear()
    for one in ended:
        one.close()
