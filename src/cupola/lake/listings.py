"""What the registry says beside releases: the city's own facts, and released datasets of which no row is public.

A listing makes a dataset known that holds no public rows here: it is hosted elsewhere, not loaded yet, or restricted.
Where a dataset has a release, its listing is withdrawn.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from cupola.lake.registry import Registry

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS listing (
      dataset TEXT NOT NULL, public_id TEXT NOT NULL, listed_at TEXT NOT NULL, withdrawn_at TEXT,
      metadata TEXT NOT NULL, PRIMARY KEY (dataset, listed_at)
    ) STRICT
    """,
    "CREATE TABLE IF NOT EXISTS site (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)
_COLUMNS = "dataset, public_id, listed_at, withdrawn_at, metadata"
# what was made private since stays private, whatever day is asked for
_STILL_PUBLIC = (
    "dataset IN (SELECT dataset FROM listing WHERE withdrawn_at IS NULL"
    " UNION SELECT dataset FROM release WHERE withdrawn_at IS NULL)"
)


@dataclass(frozen=True)
class Listing:
    """A dataset the public may know of although none of its rows is public here. `metadata`: as of a release."""

    dataset: str
    public_id: str
    listed_at: datetime
    metadata: Mapping[str, Any] = field(default_factory=dict)
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class City:
    """What a catalogue says about its publisher. `contact`: an e-mail address; `license`: of what names none."""

    key: str = ""
    name: str = ""
    website: str = ""
    contact: str = ""
    license: str = ""
    languages: tuple[str, ...] = ("en",)
    time_zone: str = "UTC"
    currency: str = "USD"


class Listings:
    """The listings and the city of one registry; read by any number of processes while one writes."""

    def __init__(self, root: Path) -> None:
        self.registry = Registry(root / "registry.db")

    def put(self, listing: Listing) -> bool:
        """Make a dataset known, or change what is said about it; return whether anything changed."""
        now = self.get(listing.dataset)
        if now is not None and (now.public_id, now.metadata) == (listing.public_id, listing.metadata):
            return False
        at = listing.listed_at.isoformat()
        row = (listing.dataset, listing.public_id, at, None, json.dumps(listing.metadata))
        with self._writing() as connection:
            _end(connection, listing.dataset, at=at)
            connection.execute(f"INSERT OR REPLACE INTO listing ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", row)
        return True

    def withdraw(self, dataset: str, *, at: datetime) -> bool:
        """Take a dataset's listing back; return whether it had one."""
        if self.get(dataset) is None:
            return False
        with self._writing() as connection:
            _end(connection, dataset, at=at.isoformat())
        return True

    def get(self, asked: str, *, as_of: datetime | None = None) -> Listing | None:
        """Return the listing of a dataset, by key or public id, as it stands or stood; None when it has none."""
        found = [one for one in self.all(as_of=as_of) if asked in {one.dataset, one.public_id}]
        return found[0] if found else None

    def all(self, *, as_of: datetime | None = None) -> tuple[Listing, ...]:
        """Return every listing by key, as they stand or stood."""
        query = f"SELECT {_COLUMNS} FROM listing WHERE {_STILL_PUBLIC} ORDER BY dataset, listed_at"
        found = [_listing(row) for row in self._rows(query)]
        if as_of is None:
            return tuple(one for one in found if one.withdrawn_at is None)
        return tuple(
            one for one in found if one.listed_at <= as_of and (one.withdrawn_at is None or one.withdrawn_at > as_of)
        )

    def since(self) -> dict[str, datetime]:
        """Return when each dataset was first listed, by key."""
        rows = self._rows("SELECT dataset, min(listed_at) FROM listing GROUP BY dataset")
        return {dataset: datetime.fromisoformat(at) for dataset, at in rows}

    def city(self) -> City:
        """Return the city; one without a name where it was never written."""
        facts = {name: json.loads(value) for name, value in self._rows("SELECT name, value FROM site")}
        known = {name: value for name, value in facts.items() if name in City.__dataclass_fields__}
        return City(**{**known, "languages": tuple(known.get("languages", City.languages))})

    def put_city(self, city: City) -> bool:
        """Write the city's facts; return whether anything changed."""
        if self.city() == city:
            return False
        with self._writing() as connection:
            connection.execute("DELETE FROM site")
            facts = [(name, json.dumps(getattr(city, name))) for name in City.__dataclass_fields__]
            connection.executemany("INSERT INTO site (name, value) VALUES (?, ?)", facts)
        return True

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        known = self.registry.rows("SELECT name FROM sqlite_master WHERE name = 'listing'", ())
        return self.registry.rows(query, ()) if known else []

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self.registry.writing() as connection:
            for table in _TABLES:
                connection.execute(table)
            yield connection


def _end(connection: Connection, dataset: str, *, at: str) -> None:
    connection.execute("UPDATE listing SET withdrawn_at = ? WHERE dataset = ? AND withdrawn_at IS NULL", (at, dataset))


def _listing(row: tuple[Any, ...]) -> Listing:
    dataset, public_id, listed_at, withdrawn_at, metadata = row
    ended = datetime.fromisoformat(withdrawn_at) if withdrawn_at else None
    return Listing(dataset, public_id, datetime.fromisoformat(listed_at), json.loads(metadata), ended)
