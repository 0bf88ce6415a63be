"""What is public right now: the registry, asked again only when it has changed."""

import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cupola.lake import NotReleased, Recalled, Registry, Release, Retired, Tombstones

_KEPT = 1024
_FRESH_SECONDS = 0.001

Generation = tuple[int, ...]
SEEN = "cupola.generation"  # in a scope: the generation whoever passed it on has just looked up


class Releases:
    """The public releases of one lake. Any thread may ask."""

    def __init__(self, root: Path) -> None:
        self.registry = Registry(root / "registry.db")
        self._file = str(self.registry.path)
        self._tombstones = Tombstones(root)
        self._lock = threading.Lock()
        self._watch: sqlite3.Connection | None = None
        self._inode = 0
        self._known: Generation = ()
        self._looked_at = 0.0
        self._found: OrderedDict[tuple[str, str, int], Release | NotReleased | Recalled] = OrderedDict()
        self._newest: tuple[Release, ...] | None = None
        self._formerly: Mapping[str, str] | None = None

    def generation(self) -> Generation:
        """Return a value that differs whenever the registry has been written since; costs some microseconds."""
        with self._lock:
            return self._generation()

    def _generation(self) -> Generation:
        try:
            stat = os.stat(self._file)
        except FileNotFoundError:
            return self._turn(())
        if self._watch is None or stat.st_ino != self._inode:
            self._open(stat.st_ino)
        assert self._watch is not None
        try:
            seen = self._watch.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            self._watch = None  # no index file can be made beside it: then nobody writes it by way of the log either
            seen = 0
        return self._turn((stat.st_ino, seen, stat.st_mtime_ns if not seen else 0))

    def _recent(self) -> Generation:
        # Whoever answers a request has just asked; the file need not be looked at twice within a millisecond.
        return self._known if time.monotonic() - self._looked_at < _FRESH_SECONDS else self._generation()

    def _open(self, inode: int) -> None:
        if self._watch is not None:
            self._watch.close()
        address = f"{self.registry.path.as_uri()}?mode=ro"
        self._watch = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
        self._inode = inode

    def _turn(self, generation: Generation) -> Generation:
        self._looked_at = time.monotonic()
        if generation != self._known:
            self._known, self._newest, self._formerly = generation, None, None
            self._found.clear()
        return generation

    def get(self, asked: str, *, version: int | None = None, as_of: datetime | None = None) -> Release:
        """Return the release that answers, by key or public id. Raises NotReleased, Retired, Recalled."""
        key = (asked, as_of.isoformat() if as_of else "", version if version is not None else -1)
        with self._lock:
            generation = self._recent()
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
        if found is None:
            try:
                found = self.registry.get(asked, version=version, as_of=as_of)
            except (NotReleased, Recalled) as error:
                tombstone = self._tombstones.get(asked) if isinstance(error, NotReleased) else None
                found = Retired(tombstone) if tombstone else error.with_traceback(None)
            self._keep(key, found, generation)
        if isinstance(found, Release):
            return found
        raise found.with_traceback(None)

    def _keep(self, key: tuple[str, str, int], found: Release | NotReleased | Recalled, generation: Generation) -> None:
        with self._lock:
            if generation != self._known or len(key[0]) > 200:
                return
            # The same release asked for by another name is the same object, so that what hangs on it is found again.
            self._found[key] = found
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)

    def newest(self) -> tuple[Release, ...]:
        """Return the newest public release of every dataset."""
        with self._lock:
            generation, newest = self._generation(), self._newest
        if newest is None:
            newest = self.registry.releases()
            with self._lock:
                if generation == self._known:
                    self._newest = newest
        return newest

    def formerly(self) -> Mapping[str, str]:
        """Return what public datasets were called before, with what they are called now."""
        with self._lock:
            generation, formerly = self._generation(), self._formerly
        if formerly is None:
            formerly = self.registry.formerly()
            with self._lock:
                if generation == self._known:
                    self._formerly = formerly
        return formerly

    def close(self) -> None:
        """Let go of the registry."""
        with self._lock, suppress(sqlite3.Error):
            if self._watch is not None:
                self._watch.close()
            self._watch = None
