"""Which table's metadata is current: one row per table in SQLite. Changing that row is the commit."""

import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable

from cupola.errors import Conflict, InvalidInput
from cupola.lake import formats
from cupola.lake.fileio import DurableFileIO, location_of, path_of

NAMESPACE = "lake"
CATALOG = "cupola"
TIMEOUT_SECONDS = 20
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

# Snapshots are the versions and are never expired. Old metadata files are not: each names every snapshot again.
TABLE_PROPERTIES = {
    "format-version": "2",
    "commit.retry.num-retries": "40",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "10",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    "write.parquet.compression-codec": "zstd",
}


class BadName(InvalidInput):
    """The name cannot be a table's."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"'{name}' cannot name a dataset in the lake. Use small letters, digits, - and _,"
            " starting with a letter or a digit."
        )


class LakeMoved(Conflict):
    """The folder was moved by hand; its files still say where it stood."""

    def __init__(self, *, root: Path, stood: Path) -> None:
        self.root, self.stood = root, stood
        super().__init__(
            f"{root}: this lake stood at {stood} and was moved by hand. Move it back, make a backup there, and restore"
            " that here."
        )


class LakeCatalog:
    """The catalogue of one lake. Reads go to SQLite directly: a version is found in a millisecond."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / "catalog.db"
        self._iceberg: SqlCatalog | None = None

    def folder(self, name: str) -> Path:
        """Return the folder of a table. Raises BadName."""
        if not _NAME.fullmatch(name):
            raise BadName(name)
        return self.root / "tables" / name

    def names(self) -> tuple[str, ...]:
        """Return the names of all tables, sorted."""
        query = "SELECT table_name FROM iceberg_tables WHERE table_namespace = ? ORDER BY 1"
        return tuple(row[0] for row in self._rows(query, (NAMESPACE,)))

    def location(self, name: str) -> Path | None:
        """Return the current metadata file of a table, None when it was never committed."""
        query = "SELECT metadata_location FROM iceberg_tables WHERE table_namespace = ? AND table_name = ?"
        rows = self._rows(query, (NAMESPACE, name))
        if not rows:
            return None
        path = path_of(rows[0][0])
        if self.root not in path.parents and not path.exists():
            raise LakeMoved(root=self.root, stood=path.parents[3])
        return path

    def _rows(self, query: str, values: tuple[str, ...]) -> list[tuple[str, ...]]:
        if not self.path.exists():
            return []
        with reading(self.path) as connection:
            return connection.execute(query, values).fetchall()

    def iceberg(self) -> SqlCatalog:
        """Return the catalogue for writing, made on first use."""
        if self._iceberg is None:
            formats.mark(self.root)
            with closing(sqlite3.connect(self.path, timeout=TIMEOUT_SECONDS)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            implementation = f"{DurableFileIO.__module__}.{DurableFileIO.__qualname__}"
            self._iceberg = SqlCatalog(
                CATALOG,
                **{
                    "uri": f"sqlite:///{self.path}?timeout={TIMEOUT_SECONDS}",
                    "warehouse": location_of(self.root / "tables"),
                    "py-io-impl": implementation,
                },
            )
            self._iceberg.create_namespace_if_not_exists(NAMESPACE)
        return self._iceberg

    def load(self, name: str) -> IcebergTable:
        """Return the table for committing."""
        return self.iceberg().load_table((NAMESPACE, name))

    def create(self, name: str, schema: Schema) -> IcebergTable:
        """Make a table without any version."""
        return self.iceberg().create_table(
            (NAMESPACE, name), schema, location=location_of(self.folder(name)), properties=TABLE_PROPERTIES
        )

    def close(self) -> None:
        """Let go of the database."""
        if self._iceberg is not None:
            self._iceberg.close()
            self._iceberg.engine.dispose()
            self._iceberg = None


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a SQLite file for reading only, also where nothing may be written beside it."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=TIMEOUT_SECONDS)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        # A database in WAL mode wants an index file of 32 kB, even to be read: a full disk or a read-only home
        # has no room for it. Then nobody writes the database either.
        if not any(words in str(error) for words in ("unable to open", "readonly", "disk I/O error")):
            raise
        with _reading_as_it_stands(path) as standing:
            yield standing
        return
    with closing(connection):
        yield connection


@contextmanager
def _reading_as_it_stands(path: Path) -> Iterator[sqlite3.Connection]:
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            yield connection
        return
    # The last commits are still in the log, which only a database that may be written can read.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        shutil.copy(log, folder)
        with closing(sqlite3.connect(copy)) as connection:
            yield connection
