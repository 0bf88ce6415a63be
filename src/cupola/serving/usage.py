"""How often each dataset is used, by day, by what was asked and by kind of client: counts, and nothing of who asked.

Counted in memory, written every minute to one SQLite file. What a process that is killed has not written is lost.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

EVERY_SECONDS = 60.0
MOST_HELD = 20_000
KEPT_DAYS = 761  # two years and a month: the same month of two years ago can still be compared
_log = logging.getLogger(__name__)
_TABLE = """CREATE TABLE IF NOT EXISTS used (
  day TEXT NOT NULL, dataset TEXT NOT NULL, what TEXT NOT NULL, client TEXT NOT NULL,
  requests INTEGER NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (day, dataset, what, client)) WITHOUT ROWID"""
_ADD = """INSERT INTO used VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
  requests = requests + excluded.requests, rows = rows + excluded.rows, bytes = bytes + excluded.bytes"""
Key = tuple[str, str, str, str]
Names = Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Used:
    """One line of counts. `what`: page, query, details, map, feed, or `file:` and a format."""

    day: str
    dataset: str
    what: str
    client: str
    requests: int
    rows: int
    bytes: int


@dataclass
class Usage:
    """Counts in a file. `names`: what datasets are called in addresses -> their keys, asked when counts are written.

    `zone`: the name of the city's time zone, whose days are counted.
    """

    path: Path
    names: Names
    zone: Callable[[], str] = lambda: "UTC"
    clock: Callable[[], float] = time.time
    _held: dict[Key, list[int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _writer: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="usage"))
    _day: str = ""
    _day_ends: float = 0.0
    _due: float = 0.0
    _pruned: str = ""

    def count(self, name: str, what: str, client: str, *, rows: int, size: int) -> None:
        """Count one request for what is called `name` in an address."""
        now = self.clock()
        if now >= self._day_ends:
            self._begin_day(now)
        key = (self._day, name, what, client)
        with self._lock:
            line = self._held.get(key)
            if line is None:
                line = self._held[key] = [0, 0, 0]
            line[0] += 1
            line[1] += rows
            line[2] += size
            held = len(self._held)
        if now >= self._due or held > MOST_HELD:
            self._due = now + EVERY_SECONDS
            self._writer.submit(self.flush)

    def flush(self) -> None:
        """Write what was counted. What cannot be written now is kept for the next time, and said in the log."""
        with self._writing:
            with self._lock:
                held, self._held = self._held, {}
            if not held:
                return
            try:
                self._write(held)
            except (sqlite3.Error, OSError):
                _log.exception("what was used could not be written to %s", self.path.name)
                self._take_back(held)

    def close(self) -> None:
        """Write the rest."""
        self._writer.shutdown(wait=True)
        self.flush()

    def _begin_day(self, now: float) -> None:
        zone = ZoneInfo(self.zone())
        here = datetime.fromtimestamp(now, zone)
        following = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        self._day, self._day_ends = here.date().isoformat(), following.timestamp()

    def _take_back(self, held: dict[Key, list[int]]) -> None:
        with self._lock:
            for key, counts in list(held.items())[:MOST_HELD]:
                line = self._held.setdefault(key, [0, 0, 0])
                line[:] = [one + other for one, other in zip(line, counts, strict=True)]

    def _write(self, held: dict[Key, list[int]]) -> None:
        names = self.names()
        known = [
            (day, names[name], what, client, *counts)
            for (day, name, what, client), counts in held.items()
            if name in names
        ]
        with _open(self.path) as connection:
            connection.execute(_TABLE)
            connection.executemany(_ADD, known)
            if self._pruned != self._day:
                oldest = datetime.fromisoformat(self._day) - timedelta(days=KEPT_DAYS)
                connection.execute("DELETE FROM used WHERE day < ?", [oldest.date().isoformat()])
                self._pruned = self._day


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        with connection:
            yield connection
    finally:
        connection.close()


def read_usage(path: Path, *, since: str, until: str, dataset: str = "") -> tuple[Used, ...]:
    """Return the counts of the days from `since` to `until`, both with them, as written so far."""
    if not path.exists():
        return ()
    wanted = "SELECT day, dataset, what, client, requests, rows, bytes FROM used WHERE day BETWEEN ? AND ?"
    given = [since, until]
    if dataset:
        wanted, given = f"{wanted} AND dataset = ?", [*given, dataset]
    with _open(path) as connection:
        connection.execute(_TABLE)
        return tuple(Used(*line) for line in connection.execute(f"{wanted} ORDER BY 1, 2, 3, 4", given))


def first_day(path: Path) -> str:
    """Return the first day there are counts of; empty where there are none."""
    if not path.exists():
        return ""
    with _open(path) as connection:
        connection.execute(_TABLE)
        return str(connection.execute("SELECT coalesce(min(day), '') FROM used").fetchone()[0])


_open_files: dict[Path, Usage] = {}
_open_files_lock = threading.Lock()


def usage(path: Path, *, names: Names, zone: Callable[[], str]) -> Usage:
    """Return the counts of a file, the same object each time in a process."""
    with _open_files_lock:
        if path not in _open_files:
            _open_files[path] = Usage(path, names, zone)
        return _open_files[path]


def flush_usage(path: Path) -> None:
    """Write what this process has counted for a file."""
    with _open_files_lock:
        held = _open_files.get(path)
    if held is not None:
        held.flush()


def close_usage() -> None:
    """Write and forget the counts of every file."""
    with _open_files_lock:
        ended: Iterable[Usage] = [*_open_files.values()]
        _open_files.clear()
    for one in ended:
        one.close()
