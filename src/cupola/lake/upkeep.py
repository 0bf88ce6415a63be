"""Looking after tables: sweeping what no snapshot names, and joining small files. Versions are never expired."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cupola.lake.catalog import LakeCatalog
from cupola.lake.downloads import FOLDER as DOWNLOADS
from cupola.lake.downloads import DownloadList
from cupola.lake.faults import disk_errors
from cupola.lake.fileio import DurableFileIO, path_of
from cupola.lake.lock import BeingWritten
from cupola.lake.manifests import StoredFile, manifests_of
from cupola.lake.merging import vintage_of
from cupola.lake.parquet import write_file
from cupola.lake.reading import Engine, scan_sql, working
from cupola.lake.registry import Registry
from cupola.lake.rowfiles import FOLDER as ROW_FILES
from cupola.lake.rowfiles import kept_row_files
from cupola.lake.tables import Table
from cupola.lake.tiles import FOLDER as TILES
from cupola.lake.tiles import tiles_path
from cupola.lake.versions import ATTACHMENT, State, StoredField, Version
from cupola.lake.writing import Writer

SMALL_BYTES = 16 * 1024 * 1024
TARGET_BYTES = 32 * 1024 * 1024
_CACHES = ("serving", ROW_FILES, TILES, DOWNLOADS, "temporary")
_ABANDONED_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Swept:
    """What a sweep removed. `busy`: datasets left alone because someone was writing them."""

    files: int = 0
    bytes: int = 0
    busy: tuple[str, ...] = ()

    def __add__(self, other: "Swept") -> "Swept":
        """Return both together."""
        return Swept(self.files + other.files, self.bytes + other.bytes, (*self.busy, *other.busy))


def named_files(state: State) -> set[Path]:
    """Return every file that some version of the table needs, metadata included."""
    named = {state.path}
    seen: set[str] = set()
    io = DurableFileIO()
    for snapshot in state.snapshots():
        manifest_list = state.manifest_list(snapshot)
        named.add(manifest_list)
        attached = {key: value for key, value in state.summary(snapshot).items() if key.startswith(ATTACHMENT)}
        named |= {state.folder / value for value in attached.values()}
        for manifest in manifests_of(manifest_list):
            if manifest.manifest_path in seen:
                continue
            seen.add(manifest.manifest_path)
            named.add(path_of(manifest.manifest_path))
            named |= {path_of(entry.data_file.file_path) for entry in manifest.fetch_manifest_entry(io)}
    return named


def sweep(table: Table, *, now: datetime) -> Swept:
    """Remove what killed or failed writes left behind in a table's folder. Does nothing while someone writes it."""
    try:
        with table.writing("sweep", now=now) as writer:
            state = table.state()
            keep = named_files(state) | state.metadata_files() if state is not None else set()
            return _remove(_orphans(table.folder, keep, own=writer.folder))
    except BeingWritten:
        return Swept(busy=(table.name,))


def _orphans(folder: Path, keep: set[Path], *, own: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in keep and own not in path.parents:
            yield path


def _remove(paths: Iterator[Path] | Sequence[Path]) -> Swept:
    files = size = 0
    for path in paths:
        size += path.stat().st_size
        files += 1
        path.unlink()
        if path.parent.name != "data" and not any(path.parent.iterdir()):
            shutil.rmtree(path.parent, ignore_errors=True)
    return Swept(files=files, bytes=size)


def sweep_lake(catalog: LakeCatalog, registry: Registry, *, now: datetime) -> Swept:
    """Sweep every table, then what caches left: copies of versions that are not public, spills of dead processes."""
    folder = catalog.root / "tables"
    names = sorted({*catalog.names(), *(path.name for path in folder.glob("*") if path.is_dir())})
    swept = sum((sweep(Table(catalog, name), now=now) for name in names), Swept())
    public = [one for newest in registry.releases() for one in registry.releases(newest.dataset)]
    keep = {catalog.root / release.serving for release in public}
    keep |= kept_row_files(catalog.root, public)
    keep |= {path for one in public if (path := tiles_path(catalog.root, one, one.contract)) is not None}
    downloads = DownloadList(registry)
    downloads.forget_private()
    keep |= {catalog.root / path for path in downloads.paths()}
    cached = [path for name in _CACHES for path in sorted((catalog.root / name).rglob("*")) if path.is_file()]
    # Another process may be at work in there; what it has not touched for a day is nobody's any more.
    before = (now - _ABANDONED_AFTER).timestamp()
    old = [path for path in cached if path not in keep and path.stat().st_mtime < before]
    with disk_errors(catalog.root):
        return swept + _remove(old)


def compact(table: Table, *, now: datetime, engine: Engine) -> Version | None:
    """Join runs of small files into files of about 32 MB; rows, their order and their times stay.

    The version keeps its number. Return it, or None when there was nothing to join. Raises BeingWritten.
    """
    with table.writing("compact", now=now) as writer:
        current = writer.current
        if current is None:
            return None
        contract = writer.contract_of(current)
        runs = list(small_runs(writer.current_files(), writer.fields(contract)))
        if not runs:
            return None
        add = [_join(writer, run, engine=engine) for run in runs]
        return writer.commit_same_rows(add=add, drop=[file.path for run in runs for file in run])


def small_runs(files: Sequence[StoredFile], fields: Sequence[StoredField]) -> Iterator[list[StoredFile]]:
    """Yield runs of at least two neighbouring small files of one vintage that make a handy file together."""
    run: list[StoredFile] = []
    for file in files:
        fits = (
            run
            and sum(one.size for one in run) + file.size <= 2 * TARGET_BYTES
            and vintage_of(file, fields) == vintage_of(run[0], fields)
        )
        if file.size < SMALL_BYTES and fits:
            run.append(file)
            continue
        if len(run) > 1:
            yield run
        run = [file] if file.size < SMALL_BYTES else []
    if len(run) > 1:
        yield run


def _join(writer: Writer, run: Sequence[StoredFile], *, engine: Engine) -> Path:
    assert writer.current is not None
    contract = writer.contract_of(writer.current)
    path = writer.new_file(like=run[0].path)
    scan = scan_sql([file.path for file in run], writer.fields(contract))
    with working(replace(engine, temporary=writer.folder)) as connection:
        write_file(connection, f"SELECT * FROM {scan}", path=path, field_ids=writer.field_ids(contract))
    return path
