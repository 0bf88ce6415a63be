"""One dataset's table: its versions for any number of readers, and its one writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cupola.contracts import Contract
from cupola.lake.catalog import LakeCatalog
from cupola.lake.faults import disk_errors
from cupola.lake.lock import Holder, exclusive
from cupola.lake.manifests import StoredFile, stored_files
from cupola.lake.versions import State, StoredField, Version, pick
from cupola.lake.writing import Writer

_ATTEMPTS = 5


class Table:
    """The table of one dataset. It exists once something was committed to it."""

    def __init__(self, catalog: LakeCatalog, name: str) -> None:
        self.catalog, self.name = catalog, name
        self.folder = catalog.folder(name)

    def state(self) -> State | None:
        """Return the metadata as it stands now, None when nothing was ever committed."""
        for _ in range(_ATTEMPTS):
            location = self.catalog.location(self.name)
            if location is None:
                return None
            try:
                return _state(self.name, location)
            except FileNotFoundError:
                # More than twenty commits passed since the catalogue was asked, and this file was tidied away.
                continue
        raise FileNotFoundError(f"{location}: named by the catalogue and not there")

    def versions(self) -> tuple[Version, ...]:
        """Return every version, oldest first."""
        state = self.state()
        return state.versions() if state is not None else ()

    def version(self, *, number: int | None = None, as_of: datetime | None = None) -> Version:
        """Return one version: by number, as of a moment, or the newest. Raises NoSuchVersion."""
        return pick(self.name, self.versions(), number=number, as_of=as_of)

    def files(self, version: Version) -> tuple[StoredFile, ...]:
        """Return exactly the files that hold the rows of `version`."""
        return _files(self._held(version).manifest_list(version.layout_id))

    def fields(self, version: Version) -> tuple[StoredField, ...]:
        """Return the columns of `version` as stored."""
        return self._held(version).fields(version.schema_id)

    def contract(self, version: Version) -> Contract:
        """Return the contract `version` was loaded by."""
        return self._held(version).contract(version)

    def _held(self, version: Version) -> State:
        state = self.state()
        if state is None:
            pick(self.name, (), number=version.number)
        assert state is not None
        return state

    @contextmanager
    def writing(self, holder: str, *, now: datetime) -> Iterator[Writer]:
        """Be the only writer of this table while the block runs.

        `holder`: what is being run, for the error another writer gets. Raises BeingWritten, DiskFull, ReadOnlyHome.
        """
        lock = self.catalog.root / "locks" / f"{self.name}.lock"
        with (
            disk_errors(self.catalog.root),
            exclusive(lock, dataset=self.name, holder=Holder(command=holder, since=now)),
            Writer(self.catalog, self.name, state=self.state(), stamp=self._stamp(now)) as writer,
        ):
            yield writer

    def _stamp(self, now: datetime) -> datetime:
        """Return `now`, or a microsecond after the last commit: the time of versions only moves forward."""
        held = self.versions()
        return max(now, held[-1].committed_at + timedelta(microseconds=1)) if held else now


@lru_cache(maxsize=32)
def _state(name: str, location: Path) -> State:
    return State(name, location)


@lru_cache(maxsize=128)
def _files(manifest_list: Path) -> tuple[StoredFile, ...]:
    return stored_files(manifest_list)
