"""What is public: one row per released version, and nothing else. Whoever serves the public reads only this."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cupola.contracts import Contract, announcements, contract_from_json, contract_to_json
from cupola.errors import Conflict, NotAllowed, NotFound
from cupola.lake.catalog import TIMEOUT_SECONDS, reading
from cupola.lake.versions import StoredField

FORMAT = 2
_ID = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}", re.ASCII)
_TABLE = """
CREATE TABLE IF NOT EXISTS release (
  dataset TEXT NOT NULL, version INTEGER NOT NULL, public_id TEXT NOT NULL, snapshot_id INTEGER NOT NULL,
  rows INTEGER NOT NULL, committed_at TEXT NOT NULL, released_at TEXT NOT NULL, withdrawn_at TEXT,
  files TEXT NOT NULL, fields TEXT NOT NULL, contract TEXT NOT NULL, metadata TEXT NOT NULL, aliases TEXT NOT NULL,
  serving TEXT NOT NULL, PRIMARY KEY (dataset, version)
) STRICT
"""
_RECALLS = """
CREATE TABLE IF NOT EXISTS recall (
  dataset TEXT NOT NULL, version INTEGER NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (dataset, version)
) STRICT
"""
_COLUMNS = (
    "dataset, version, public_id, snapshot_id, rows, committed_at, released_at, withdrawn_at,"
    " files, fields, contract, metadata, aliases, serving"
)


class NotReleased(NotFound):
    """Nothing by that name is public. Says the same whether it is private or does not exist."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        super().__init__(f"No public dataset is called {asked}. The catalogue lists all that are public.")


class Recalled(NotFound):
    """The version was public and was taken back for good. The reason is public; its rows no longer are."""

    def __init__(self, *, dataset: str, version: int, reason: str, at: datetime) -> None:
        self.dataset, self.version, self.reason, self.at = dataset, version, reason, at
        super().__init__(f"Version {version} of {dataset} was recalled on {at:%Y-%m-%d}: {reason}")


class PublicIdTaken(Conflict):
    """Another dataset already answers under that id."""

    def __init__(self, *, public_id: str, dataset: str, holder: str) -> None:
        self.public_id, self.dataset, self.holder = public_id, dataset, holder
        super().__init__(
            f"{dataset}: the public id {public_id} already belongs to {holder}. Give one of them another id."
        )


class RestrictedRows(NotAllowed):
    """Rows of a restricted dataset are never public."""

    def __init__(self, *, dataset: str) -> None:
        self.dataset = dataset
        super().__init__(f"{dataset} is restricted: no row of it may be public. Release an aggregated dataset instead.")


class RegistryTooNew(Conflict):
    """A newer Cupola wrote the registry."""

    def __init__(self, *, path: Path, found: int) -> None:
        self.path, self.found = path, found
        super().__init__(f"{path}: written by a newer Cupola (format {found}, this one knows {FORMAT}). Update Cupola.")


@dataclass(frozen=True)
class Release:
    """One released version. `files` and `serving` are relative to the lake's root; `serving` may be empty.

    `metadata`: what the public reads about it, as JSON values. `aliases`: former column names and the present ones.
    """

    dataset: str
    version: int
    public_id: str
    snapshot_id: int
    rows: int
    committed_at: datetime
    released_at: datetime
    files: tuple[str, ...]
    fields: tuple[StoredField, ...]
    contract: Contract
    metadata: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    serving: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class PublicFacts:
    """What is said in public about a release: the 4x4 id, metadata as JSON values, former column names.

    `sensitive`: the columns no one outside may see, None for those of the contract the version was loaded by.
    `restricted`: whether no row of it may be seen, None for what that contract says.
    """

    public_id: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    sensitive: frozenset[str] | None = None
    restricted: bool | None = None


class Registry:
    """The registry of one lake, a SQLite file. Any number of processes read while one writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def publish(self, release: Release) -> None:
        """Make a version public, or change what is said about it.

        Raises PublicIdTaken, RestrictedRows, Recalled: a version taken back stays taken back.
        """
        if release.contract.restricted:
            raise RestrictedRows(dataset=release.dataset)
        with self.writing() as connection:
            holder = connection.execute(
                "SELECT dataset FROM release WHERE public_id = ? AND dataset <> ? AND withdrawn_at IS NULL",
                (release.public_id, release.dataset),
            ).fetchone()
            if holder is not None:
                raise PublicIdTaken(public_id=release.public_id, dataset=release.dataset, holder=holder[0])
            _check_may_return(connection, release)
            marks = ", ".join("?" * len(_row(release)))
            connection.execute(f"INSERT OR REPLACE INTO release ({_COLUMNS}) VALUES ({marks})", _row(release))

    def withdraw(self, dataset: str, *, at: datetime, version: int | None = None) -> int:
        """Make a version, or all of a dataset, private again. Return how many versions that was."""
        query = "UPDATE release SET withdrawn_at = ? WHERE dataset = ? AND withdrawn_at IS NULL"
        values: tuple[Any, ...] = (at.isoformat(), dataset)
        if version is not None:
            query, values = f"{query} AND version = ?", (*values, version)
        with self.writing() as connection:
            return connection.execute(query, values).rowcount

    def recall(self, dataset: str, version: int, *, reason: str, at: datetime) -> None:
        """Take a released version back for good; whoever asks for it is told the reason. Raises NotReleased.

        Recalled again, it keeps its day and takes the new reason.
        """
        with self.writing() as connection:
            done = connection.execute(
                "UPDATE release SET withdrawn_at = coalesce(withdrawn_at, ?) WHERE dataset = ? AND version = ?",
                (at.isoformat(), dataset, version),
            )
            if not done.rowcount:
                raise NotReleased(f"{dataset} version {version}")
            connection.execute(
                "INSERT INTO recall (dataset, version, reason, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (dataset, version) DO UPDATE SET reason = excluded.reason",
                (dataset, version, reason, at.isoformat()),
            )

    def recalls(self, asked: str) -> tuple[Recalled, ...]:
        """Return what was recalled of a dataset, by key or public id, newest version first."""
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'recall'", ()):
            return ()
        rows = self.rows(
            "SELECT dataset, version, reason, recall.at FROM recall JOIN release USING (dataset, version)"
            " WHERE dataset = ?1 OR public_id = ?1 ORDER BY version DESC",
            (asked,),
        )
        return tuple(_recalled(row) for row in rows)

    def check_not_recalled(self, asked: str, version: int) -> None:
        """Check that a version of a dataset was not taken back. Raises Recalled."""
        for one in self.recalls(asked):
            if one.version == version:
                raise one

    def get(self, asked: str, *, version: int | None = None, as_of: datetime | None = None) -> Release:
        """Return the newest public version of a dataset, by key or public id: of those released by `as_of`.

        With `version`, that one. Raises NotReleased, and Recalled where what answered then was taken back since.
        """
        query = f"SELECT {_COLUMNS} FROM release WHERE (dataset = ?1 OR public_id = ?1) AND withdrawn_at IS NULL"
        values: tuple[Any, ...] = (asked,)
        if version is not None:
            query, values = f"{query} AND version = ?2", (*values, version)
        if as_of is not None:
            values = (*values, as_of.astimezone(UTC).isoformat())
            query = f"{query} AND released_at <= ?{len(values)}"
        rows = self.rows(f"{query} ORDER BY version DESC LIMIT 1", values)
        if as_of is not None and version is None:
            self._check_answered(asked, as_of=as_of, now=rows[0][1] if rows else 0)
        if not rows:
            if version is not None:
                self.check_not_recalled(asked, version)
            raise NotReleased(_as_asked(asked, version, as_of))
        return _release(rows[0])

    def _check_answered(self, asked: str, *, as_of: datetime, now: int) -> None:
        """Check that what was public on a day, a version after `now`, was not taken back since. Raises Recalled."""
        if not self.recalls(asked):
            return
        rows = self.rows(
            "SELECT dataset, version, reason, recall.at FROM recall JOIN release USING (dataset, version)"
            " WHERE (dataset = ?1 OR public_id = ?1) AND version > ?2 AND released_at <= ?3 AND recall.at > ?3"
            " ORDER BY version DESC LIMIT 1",
            (asked, now, as_of.astimezone(UTC).isoformat()),
        )
        if rows:
            raise _recalled(rows[0])

    def releases(self, dataset: str | None = None) -> tuple[Release, ...]:
        """Return the newest public version of every dataset; of one `dataset`, all that are public, newest first."""
        where = "withdrawn_at IS NULL"
        if dataset is None:
            newest = f"SELECT dataset, max(version) FROM release WHERE {where} GROUP BY dataset"
            query = f"SELECT {_COLUMNS} FROM release WHERE (dataset, version) IN ({newest}) ORDER BY dataset"
            return tuple(_release(row) for row in self.rows(query, ()))
        query = f"SELECT {_COLUMNS} FROM release WHERE {where} AND dataset = ? ORDER BY version DESC"
        return tuple(_release(row) for row in self.rows(query, (dataset,)))

    def formerly(self) -> dict[str, str]:
        """Return what public datasets were called before: former -> present name, of an id the id."""
        listed = self.rows("SELECT name FROM sqlite_master WHERE name = 'listing'", ())
        found: dict[str, str] = {}
        for table in ("listing", "release") if listed else ("release",):
            query = (
                f"SELECT dataset, public_id, json_extract(metadata, '$.formerly') FROM {table}"
                " WHERE withdrawn_at IS NULL AND json_extract(metadata, '$.formerly') IS NOT NULL"
            )
            for dataset, public_id, names in self.rows(query, ()):
                found |= {name: public_id if _ID.fullmatch(name) else dataset for name in json.loads(names)}
        return found

    def ends(self) -> frozenset[datetime]:
        """Return the moments at which a name that a public version announced to go answers no more."""
        query = (
            "SELECT DISTINCT json_extract(metadata, '$.changes'), json_extract(contract, '$.zone') FROM release"
            " WHERE withdrawn_at IS NULL AND json_extract(metadata, '$.changes') IS NOT NULL"
        )
        said = [(announcements({"changes": json.loads(changes)}), zone) for changes, zone in self.rows(query, ())]
        return frozenset(one.ends_at(zone) for announced, zone in said for one in announced)

    def copies(self) -> tuple[str, ...]:
        """Return the serving copy of every public version, relative to the lake's root."""
        rows = self.rows("SELECT serving FROM release WHERE withdrawn_at IS NULL AND serving <> ''", ())
        return tuple(row[0] for row in rows)

    def rows(self, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Return what a query over the registry gives; nothing where there is no registry yet."""
        if not self.path.exists():
            return []
        with reading(self.path) as connection:
            self._check_format(connection)
            return connection.execute(query, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open the registry for one transaction; its tables are there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=TIMEOUT_SECONDS, isolation_level=None)) as connection:
            self._check_format(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                connection.execute(_TABLE)
                connection.execute(_RECALLS)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
                yield connection

    def _check_format(self, connection: sqlite3.Connection) -> None:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > FORMAT:
            raise RegistryTooNew(path=self.path, found=found)


def _as_asked(asked: str, version: int | None, as_of: datetime | None) -> str:
    words = asked if version is None else f"{asked} version {version}"
    return words if as_of is None else f"{words} as of {as_of.isoformat()}"


def _check_may_return(connection: sqlite3.Connection, release: Release) -> None:
    query = "SELECT dataset, version, reason, at FROM recall WHERE dataset = ? AND version = ?"
    row = connection.execute(query, (release.dataset, release.version)).fetchone()
    if row is not None:
        raise _recalled(row)


def _recalled(row: tuple[Any, ...]) -> Recalled:
    dataset, version, reason, at = row
    return Recalled(dataset=dataset, version=version, reason=reason, at=datetime.fromisoformat(at))


def _row(release: Release) -> tuple[Any, ...]:
    return (
        release.dataset,
        release.version,
        release.public_id,
        release.snapshot_id,
        release.rows,
        release.committed_at.isoformat(),
        release.released_at.isoformat(),
        release.withdrawn_at.isoformat() if release.withdrawn_at else None,
        json.dumps(release.files),
        json.dumps([[one.id, one.name, one.type] for one in release.fields]),
        contract_to_json(release.contract),
        json.dumps(release.metadata, default=str),
        json.dumps(release.aliases),
        release.serving,
    )


def _release(row: tuple[Any, ...]) -> Release:
    facts = dict(zip(_COLUMNS.replace(" ", "").split(","), row, strict=True))
    return Release(
        **{
            **facts,
            "committed_at": datetime.fromisoformat(facts["committed_at"]),
            "released_at": datetime.fromisoformat(facts["released_at"]),
            "withdrawn_at": datetime.fromisoformat(facts["withdrawn_at"]) if facts["withdrawn_at"] else None,
            "files": tuple(json.loads(facts["files"])),
            "fields": tuple(StoredField(*one) for one in json.loads(facts["fields"])),
            "contract": contract_from_json(facts["contract"]),
            "metadata": json.loads(facts["metadata"]),
            "aliases": json.loads(facts["aliases"]),
        }
    )
