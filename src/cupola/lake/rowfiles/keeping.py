"""Which versions have a row file, and where: the newest public one of a dataset, unless it is very short or long.

A cache beside the serving copy: whoever finds none asks the copy, and the next run makes what is missing.
"""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from cupola.errors import Unsolvable
from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.faults import disk_errors
from cupola.lake.fileio import sync_file, sync_folder
from cupola.lake.reading import Engine, working
from cupola.lake.registry import Release
from cupola.lake.rowfiles.layout import kind_of
from cupola.lake.rowfiles.writing import TooLarge, Written, write_rows
from cupola.lake.versions import StoredField, Version

FOLDER = "rowfiles"
LEAST_ROWS = 10_000  # of fewer the serving copy gives a page as fast as anyone notices
MOST_ROWS = 25_000_000  # of more it takes half a gigabyte of memory to put them in order
MOST_BYTES = 4_000_000_000
# What the writer cannot take. The message may quote a value, so it is not passed on.
_REFUSALS = (pa.ArrowException, duckdb.ConversionException, duckdb.OutOfMemoryException, ArithmeticError, ValueError)
_EDITION = 1  # of what is in the file; another one makes all of them again


class RowFileFailed(Unsolvable):
    """A version's rows cannot be written into a row file."""

    def __init__(self, release: Release, problem: str) -> None:
        self.dataset, self.version = release.dataset, release.version
        super().__init__(
            f"{release.dataset} version {release.version}: its row file could not be made ({problem})."
            " Queries are answered without it, pages of rows a little slower."
        )


def row_file_path(root: Path, release: Release) -> Path:
    """Return where the row file of a version is, or would be.

    Another content never has the same name: when a column becomes sensitive, the file with it is no longer found.
    """
    facts = [_EDITION, release.contract.time_column, *((one.name, one.type) for one in held_fields(release))]
    content = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:8]
    return root / FOLDER / release.dataset / f"{_stem(release)}-{content}.rows"


def _stem(version: Version | Release) -> str:
    number = version.number if isinstance(version, Version) else version.version
    return f"{number}-{version.snapshot_id}"


def held_fields(release: Release) -> tuple[StoredField, ...]:
    """Return the columns a row file has: none that are sensitive, no shapes, and what the lake keeps of every row."""
    hidden = {column.name for column in release.contract.columns if column.sensitive}
    system = {ID, CREATED, UPDATED}
    known = {column.name for column in release.contract.columns} | {tag.column for tag in release.contract.tags}
    shown = (known - hidden) | system
    return tuple(one for one in release.fields if one.name in shown and kind_of(one.type) is not None)


@dataclass(frozen=True)
class RowFileLimits:
    """Which versions get a row file. `most_bytes`: of one file; 0 for none at all."""

    least_rows: int = LEAST_ROWS
    most_bytes: int = MOST_BYTES

    def allow(self, release: Release) -> bool:
        """Whether a version may have one. Of vintages only the latest is asked for, which the serving copy knows."""
        fits = self.least_rows <= release.rows <= MOST_ROWS
        return fits and self.most_bytes > 0 and not release.contract.vintaged


def build_row_file(root: Path, release: Release, *, engine: Engine, limits: RowFileLimits) -> bool:
    """Make the row file of a released version unless it stands; say whether that had to be done.

    The files of the dataset's other versions go. Raises RowFileFailed, DiskFull, ReadOnlyHome.
    """
    path = row_file_path(root, release)
    wanted = limits.allow(release) and (root / release.serving).is_file()
    lacking = wanted and not path.exists()
    with disk_errors(root):
        if lacking:
            try:
                _build(path, root / release.serving, release, engine=engine, most_bytes=limits.most_bytes)
            except TooLarge as error:
                limit = f"it would take more than {limits.most_bytes / 1e9:g} GB, which CUPOLA_ROW_FILE_GB allows"
                raise RowFileFailed(release, limit) from error
            except _REFUSALS as error:
                raise RowFileFailed(release, type(error).__name__) from error
        for other in path.parent.glob("*.rows"):
            if other != path or not wanted:
                other.unlink(missing_ok=True)
    return lacking


def _build(path: Path, copy: Path, release: Release, *, engine: Engine, most_bytes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f"{path.stem}-{uuid.uuid4().hex}.building")
    spilling = replace(engine, threads=1, temporary=path.parent / f"{building.name}.spill")
    try:
        with working(spilling) as connection, building.open("wb") as target:
            connection.execute(f"ATTACH {sqltext.text(str(copy))} AS copy (READ_ONLY)")
            what = Written(held_fields(release), time=release.contract.time_column, most_bytes=most_bytes)
            write_rows(connection, what, target=target)
        sync_file(building)
        building.rename(path)
        sync_folder(path.parent)
    finally:
        building.unlink(missing_ok=True)


def forget_row_file(root: Path, version: Version | Release) -> None:
    """Remove every row file of a version at once, whatever was sensitive when it was made."""
    for path in (root / FOLDER / version.dataset).glob(f"{_stem(version)}-*"):
        path.unlink(missing_ok=True)


def kept_row_files(root: Path, releases: Sequence[Release]) -> set[Path]:
    """Return the row files of these versions, there or not."""
    return {row_file_path(root, one) for one in releases}
