"""Recalled rows leave the backups: a new backup is made without them, and older ones are purged.

Only files that nothing but recalled versions names can go. Rows of a recalled version that is still the newest of its
dataset stay until a later one stands, for the next load is compared with them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cupola.errors import Conflict
from cupola.lake.catalog import LakeCatalog
from cupola.lake.fileio import size_and_hash, sync_folder
from cupola.lake.manifests import stored_files
from cupola.lake.registry import Registry
from cupola.lake.versions import NUMBER, State

CONTENTS = "backup.json"


class OfAnotherLake(Conflict):
    """The backup was made of another lake, whose recalls are not known here."""

    def __init__(self, path: Path, *, root: str) -> None:
        self.path, self.root = path, root
        super().__init__(f"{path}: a backup of {root}, not of this home. Name the home it was made of with --home.")


@dataclass(frozen=True)
class Purged:
    """What was taken out of one backup. `versions`: as `permits 2`."""

    files: int
    bytes: int
    versions: tuple[str, ...]


def erased_versions(registry: Registry, state: State) -> frozenset[int]:
    """Return the recalled versions of a dataset whose rows no backup keeps: all but its newest version."""
    numbers = [version.number for version in state.versions()]
    return frozenset(one.version for one in registry.recalls(state.dataset)) - set(numbers[-1:])


def erased_files(registry: Registry, state: State) -> set[Path]:
    """Return the data files and attachments of one table that only erased versions name."""
    erased = erased_versions(registry, state)
    if not erased:
        return set()
    gone: set[Path] = set()
    kept: set[Path] = set()
    for snapshot in state.snapshots():
        number = int(state.summary(snapshot).get(NUMBER, 0))
        files = {file.path for file in stored_files(state.manifest_list(snapshot))}
        gone, kept = (gone | files, kept) if number in erased else (gone, kept | files)
    for version in state.versions():
        attached = set(version.attachments.values())
        gone, kept = (gone | attached, kept) if version.number in erased else (gone, kept | attached)
    return gone - kept


def purge(root: Path, backup: Path) -> Purged:
    """Take out of a backup of the lake at `root` what was recalled since, and mark it recalled there too.

    What is restored from it then neither holds those rows nor makes the version public again. Raises OfAnotherLake.
    """
    facts = json.loads((backup / CONTENTS).read_text())
    if Path(facts["root"]) != root:
        raise OfAnotherLake(backup, root=facts["root"])
    live = Registry(root / "registry.db")
    catalog = LakeCatalog(root)
    contents: dict[str, list[object]] = facts["files"]
    files = size = 0
    versions: list[str] = []
    try:
        for name in catalog.names():
            location = catalog.location(name)
            if location is None:
                continue
            state = State(name, location)
            for path in sorted(erased_files(live, state)):
                taken = _take(backup, str(path.relative_to(root)), contents)
                files, size = files + (taken is not None), size + (taken or 0)
            versions += _mark(live, Registry(backup / "registry.db"), name)
    finally:
        catalog.close()
    if files or versions:
        _write(backup, facts)
    return Purged(files, size, tuple(versions))


def _take(backup: Path, name: str, contents: dict[str, list[object]]) -> int | None:
    if contents.pop(name, None) is None:
        return None
    path = backup / name
    size = path.stat().st_size if path.exists() else 0
    path.unlink(missing_ok=True)
    return size


def _mark(live: Registry, copied: Registry, dataset: str) -> list[str]:
    """Recall in the backup's registry what is recalled here; return what was not yet."""
    known = {one.version for one in copied.recalls(dataset)}
    public = {row[0] for row in copied.rows("SELECT version FROM release WHERE dataset = ?", (dataset,))}
    marked = [one for one in live.recalls(dataset) if one.version in public - known]
    for one in marked:
        copied.recall(dataset, one.version, reason=one.reason, at=one.at)
    return [f"{dataset} {one.version}" for one in marked]


def _write(backup: Path, facts: Mapping[str, object]) -> None:
    contents = facts["files"]
    assert isinstance(contents, dict)
    registry = backup / "registry.db"
    if registry.exists():
        contents["registry.db"] = size_and_hash(registry)
    staged = backup / f".{CONTENTS}"
    staged.write_text(json.dumps(facts, indent=1))
    staged.rename(backup / CONTENTS)
    sync_folder(backup)
