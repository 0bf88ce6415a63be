"""Which files of which version there are, as the registry lists them; whoever serves them reads only this."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime
from sqlite3 import Connection
from typing import Any

from cupola.lake.registry import Registry

_TABLE = """
CREATE TABLE IF NOT EXISTS download (
  dataset TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, rows INTEGER NOT NULL, made_at TEXT NOT NULL, recipe TEXT NOT NULL,
  PRIMARY KEY (dataset, version, name)
) STRICT
"""
_COLUMNS = "name, path, media_type, bytes, sha256, rows, made_at, recipe"


@dataclass(frozen=True)
class Download:
    """One file to take away. `path` is relative to the lake's root; `recipe` says what went into it.

    `rows`: how many rows of the dataset it holds, all vintages; 0 for one that describes.
    """

    name: str
    path: str
    media_type: str
    bytes: int
    sha256: str
    rows: int
    made_at: datetime
    recipe: str = ""


class DownloadList:
    """The downloads that a registry knows, by version."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def of(self, dataset: str, version: int) -> tuple[Download, ...]:
        """Return the files of one version by name, none where they were not made (yet)."""
        query = f"SELECT {_COLUMNS} FROM download WHERE dataset = ? AND version = ? ORDER BY name"
        return tuple(_download(row) for row in self._rows(query, (dataset, version)))

    def all_of(self, dataset: str) -> dict[int, list[Download]]:
        """Return the files of every version of a dataset that has some."""
        found: dict[int, list[Download]] = {}
        query = f"SELECT version, {_COLUMNS} FROM download WHERE dataset = ? ORDER BY version DESC, name"
        for version, *row in self._rows(query, (dataset,)):
            found.setdefault(version, []).append(_download(row))
        return found

    def paths(self) -> frozenset[str]:
        """Return every file that is listed."""
        return frozenset(row[0] for row in self._rows("SELECT path FROM download", ()))

    def put(self, dataset: str, version: int, downloads: Sequence[Download]) -> None:
        """Let `downloads` be the files of that version, instead of what was listed before."""
        rows = [(dataset, version, *astuple(one)[:6], one.made_at.isoformat(), one.recipe) for one in downloads]
        with self._writing() as connection:
            _forget(connection, dataset, version=version)
            connection.executemany(f"INSERT INTO download (dataset, version, {_COLUMNS}) VALUES ({_MARKS})", rows)

    def forget(self, dataset: str, version: int) -> tuple[Download, ...]:
        """List no file of that version any more; return those that were."""
        known = self.of(dataset, version)
        if known:
            with self._writing() as connection:
                _forget(connection, dataset, version=version)
        return known

    def forget_private(self) -> None:
        """List no file of a version that is not public (any more)."""
        private = "(dataset, version) NOT IN (SELECT dataset, version FROM release WHERE withdrawn_at IS NULL)"
        if self._rows(f"SELECT 1 FROM download WHERE {private} LIMIT 1", ()):
            with self._writing() as connection:
                connection.execute(f"DELETE FROM download WHERE {private}")

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        known = self._registry.rows("SELECT 1 FROM sqlite_master WHERE name = 'download'", ())
        return self._registry.rows(query, values) if known else []

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._registry.writing() as connection:
            connection.execute(_TABLE)
            yield connection


_MARKS = ", ".join("?" * 10)


def _forget(connection: Connection, dataset: str, *, version: int) -> None:
    connection.execute("DELETE FROM download WHERE dataset = ? AND version = ?", (dataset, version))


def _download(row: Sequence[Any]) -> Download:
    name, path, media_type, size, sha256, rows, made_at, recipe = row
    return Download(name, path, media_type, size, sha256, rows, datetime.fromisoformat(made_at), recipe)
