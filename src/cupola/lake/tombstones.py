"""Datasets that ended: what the public is told who still asks for their rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cupola.lake.registry import NotReleased, Registry

_TABLE = """
    CREATE TABLE IF NOT EXISTS tombstone (
      dataset TEXT PRIMARY KEY, public_id TEXT NOT NULL, title TEXT NOT NULL, ended_on TEXT NOT NULL,
      reason TEXT NOT NULL, successor TEXT NOT NULL
    ) STRICT
"""
_COLUMNS = "dataset, public_id, title, ended_on, reason, successor"


@dataclass(frozen=True)
class Tombstone:
    """A dataset that was public and ended. `successor`: key or address of what takes its place, empty for nothing."""

    dataset: str
    public_id: str
    title: str
    ended_on: date
    reason: str = ""
    successor: str = ""


class Retired(NotReleased):
    """The dataset was public and ended. The reason is public, and so is what takes its place."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(tombstone.dataset)
        self.tombstone = tombstone
        why = f": {tombstone.reason}" if tombstone.reason else "."
        then = f" In its place: {tombstone.successor}." if tombstone.successor else ""
        self.args = (f"{tombstone.title} was retired on {tombstone.ended_on:%Y-%m-%d}{why}{then}",)


class Tombstones:
    """The tombstones of one registry; read by any number of processes while one writes."""

    def __init__(self, root: Path) -> None:
        self.registry = Registry(root / "registry.db")

    def put(self, tombstone: Tombstone) -> bool:
        """Set a tombstone up or change what it says; return whether anything changed."""
        if self.get(tombstone.dataset) == tombstone:
            return False
        row = (
            *(getattr(tombstone, name) for name in ("dataset", "public_id", "title")),
            tombstone.ended_on.isoformat(),
        )
        with self._writing() as connection:
            values = (*row, tombstone.reason, tombstone.successor)
            connection.execute(f"INSERT OR REPLACE INTO tombstone ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", values)
        return True

    def lift(self, dataset: str) -> bool:
        """Take a tombstone away, of a dataset that came back; return whether it had one."""
        if self.get(dataset) is None:
            return False
        with self._writing() as connection:
            connection.execute("DELETE FROM tombstone WHERE dataset = ?", (dataset,))
        return True

    def get(self, asked: str) -> Tombstone | None:
        """Return the tombstone of a dataset, by key or public id; None where it has none."""
        if not self.registry.rows("SELECT name FROM sqlite_master WHERE name = 'tombstone'", ()):
            return None
        query = f"SELECT {_COLUMNS} FROM tombstone WHERE dataset = ? OR public_id = ?"
        for dataset, public_id, title, ended_on, reason, successor in self.registry.rows(query, (asked, asked)):
            return Tombstone(dataset, public_id, title, date.fromisoformat(ended_on), reason, successor)
        return None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self.registry.writing() as connection:
            connection.execute(_TABLE)
            yield connection
