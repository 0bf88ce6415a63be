"""A consistent copy of a lake while it serves and loads, and a lake again from that copy, at any path.

The catalogue is copied first; every file its versions name never changes afterwards, so the rest can take its time.
"""

import hashlib
import itertools
import json
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from cupola.errors import Conflict, InvalidInput, NotFound
from cupola.lake import formats
from cupola.lake.avrofiles import move_manifest, move_manifest_list
from cupola.lake.catalog import LakeCatalog, reading
from cupola.lake.faults import disk_errors
from cupola.lake.fileio import location_of, path_of, size_and_hash, sync_folder
from cupola.lake.manifests import manifests_of
from cupola.lake.purging import CONTENTS, erased_files
from cupola.lake.registry import Registry
from cupola.lake.upkeep import named_files
from cupola.lake.versions import State

DATABASES = ("catalog.db", "registry.db")
_LOOSE = ("stopped",)  # folders that are copied as they are
_ATTEMPTS = 5
_PIECE = 1024 * 1024


class NotABackup(NotFound):
    """The folder was not written by `backup`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path}: no {CONTENTS} here, so this is not a backup of a lake. Name the folder a backup made."
        )


class DamagedBackup(InvalidInput):
    """A file of the backup is missing or is not what was written."""

    def __init__(self, *, path: Path, problem: str) -> None:
        self.path = path
        super().__init__(f"{path}: {problem}. Nothing was restored. Use another backup.")


class Occupied(Conflict):
    """There is something already where the copy should go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path}: not empty. Name a new or an empty folder.")


@dataclass(frozen=True)
class Copied:
    """How much a backup or a restore copied."""

    files: int
    bytes: int


def backup(root: Path, to: Path) -> Copied:
    """Copy the lake at `root` into the new folder `to`. Loads may go on; what they commit meanwhile is not in it.

    Rows that only recalled versions hold are left out (see `purging`).
    """
    _check_free(to)
    with disk_errors(to):
        to.mkdir(parents=True, exist_ok=True)
        states = _copy_databases(root, to)
        registry = Registry(to / "registry.db")
        wanted = {
            path.relative_to(root) for state in states for path in named_files(state) - erased_files(registry, state)
        }
        wanted |= {
            path.relative_to(root) for name in _LOOSE for path in sorted((root / name).rglob("*")) if path.is_file()
        }
        contents = {str(name): _copy(root / name, to / name) for name in sorted(wanted)}
        for name in DATABASES:
            if (to / name).exists():
                contents[name] = size_and_hash(to / name)
        facts = {"format": formats.FORMAT, "root": str(root), "files": contents}
        (to / CONTENTS).write_text(json.dumps(facts, indent=1))
        sync_folder(to)
    return Copied(files=len(contents), bytes=sum(size for size, _ in contents.values()))


def _check_free(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Occupied(folder)


def _copy_databases(root: Path, to: Path) -> list[State]:
    """Copy the databases; return each table's state as the copied catalogue names it."""
    for attempt in itertools.count(1):
        for name in DATABASES:
            if (root / name).exists():
                with reading(root / name) as source, closing(sqlite3.connect(to / name)) as target:
                    source.backup(target)
        try:
            return list(_states(LakeCatalog(to)))
        except FileNotFoundError:
            # Twenty commits passed in between, and the metadata file was tidied away. Start again from now.
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError


def _states(catalog: LakeCatalog) -> Iterator[State]:
    for name in catalog.names():
        location = catalog.location(name)
        if location is not None:
            yield State(name, location)


def _copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy one file; return its size and SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("wb") as writer:
        while piece := reader.read(_PIECE):
            digest.update(piece)
            writer.write(piece)
            size += len(piece)
    return size, digest.hexdigest()


def restore(source: Path, to: Path) -> Copied:
    """Make a lake at `to` from a backup. Versions and snapshots keep their numbers; every file is checked on the way.

    Raises NotABackup, DamagedBackup, Occupied, formats.LakeTooNew, DiskFull, ReadOnlyHome.
    """
    if not (source / CONTENTS).exists():
        raise NotABackup(source)
    formats.check_root(to)
    _check_free(to)
    facts = json.loads((source / CONTENTS).read_text())
    formats.check_format(source, int(facts["format"]))
    with disk_errors(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        staging = to.with_name(f".{to.name}-{uuid.uuid4().hex}.restoring")
        try:
            _copy_checked(source, staging, facts["files"])
            _Move(staging, old=Path(facts["root"]), new=to).all()
            if to.exists():
                to.rmdir()
            staging.rename(to)
            formats.mark(to)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Copied(files=len(facts["files"]), bytes=sum(size for size, _ in facts["files"].values()))


def _copy_checked(source: Path, target: Path, files: Mapping[str, tuple[int, str]]) -> None:
    for name, (size, digest) in files.items():
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise DamagedBackup(path=source / name, problem="lies outside the backup")
        if not (source / name).exists():
            raise DamagedBackup(path=source / name, problem="missing")
        if _copy(source / name, target / name) != (size, digest):
            raise DamagedBackup(path=source / name, problem="differs from what was backed up")


class _Move:
    """Rewrites the addresses in a copied lake: metadata, manifest lists, manifests, catalogue."""

    def __init__(self, folder: Path, *, old: Path, new: Path) -> None:
        self._folder, self._old, self._new = folder, location_of(old), location_of(new)

    def _moved(self, location: str) -> str:
        prefix = f"{self._old}/"
        return f"{self._new}/{location.removeprefix(prefix)}" if location.startswith(prefix) else location

    def _here(self, location: str) -> Path:
        """Return where the file with this (old or new) address lies now."""
        return self._folder / path_of(self._moved(location)).relative_to(path_of(self._new))

    def all(self) -> None:
        """Rewrite every table."""
        database = self._folder / "catalog.db"
        if not database.exists():
            return
        with closing(sqlite3.connect(database)) as connection, connection:
            rows = connection.execute("SELECT rowid, metadata_location FROM iceberg_tables").fetchall()
            for number, location in rows:
                self._table(self._here(location))
                connection.execute(
                    "UPDATE iceberg_tables SET metadata_location = ?, previous_metadata_location = NULL"
                    " WHERE rowid = ?",
                    (self._moved(location), number),
                )

    def _table(self, metadata: Path) -> None:
        facts = orjson.loads(metadata.read_bytes())
        lists = [self._here(snapshot["manifest-list"]) for snapshot in facts.get("snapshots", [])]
        manifests = {self._here(one.manifest_path) for path in lists for one in manifests_of(path)}
        for path in sorted(manifests):
            move_manifest(path, self._moved)
        for path in lists:
            move_manifest_list(path, self._moved, size_of=lambda location: self._here(location).stat().st_size)
        moved = self._everywhere(facts)
        moved["metadata-log"] = []  # older metadata files are not part of a backup
        metadata.write_bytes(orjson.dumps(moved))

    def _everywhere(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._new if value == self._old else self._moved(value)
        if isinstance(value, list):
            return [self._everywhere(one) for one in value]
        if isinstance(value, dict):
            return {key: self._everywhere(one) for key, one in value.items()}
        return value
