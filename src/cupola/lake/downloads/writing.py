"""One file on demand, of any kind, as people at the keyboard ask for it."""

import shutil
import uuid
from dataclasses import replace
from pathlib import Path

from cupola.errors import InvalidInput
from cupola.lake.downloads.preparing import scratch, write_all
from cupola.lake.downloads.taken import Taken
from cupola.lake.downloads.workbook import About
from cupola.lake.faults import disk_errors
from cupola.lake.reading import Engine, Input

KINDS = ("csv", "csv.gz", "parquet", "geojson", "xlsx")


class UnknownKind(InvalidInput):
    """There is no download of that kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"'{kind}' is not a kind of download. Choose one of: {', '.join(KINDS)}.")


class NoPlaces(InvalidInput):
    """No column says where a row is."""

    def __init__(self) -> None:
        super().__init__("No column says where a row is, so there is no GeoJSON of it. Choose another kind.")


def write_download(given: Input, what: Taken, *, to: Path, kind: str, root: Path, engine: Engine) -> Path:
    """Write the rows of `given` to the file `to`, whole or not at all.

    Raises UnknownKind, NoPlaces, SheetFull, DiskFull, ReadOnlyHome.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)
    if kind == "geojson" and what.where is None:
        raise NoPlaces()
    with disk_errors(root), scratch(root) as place:
        made = place / to.name
        about = About(facts=(), columns=tuple((name, "", "") for name in what.names))
        write_all(given, what, made={kind: made}, engine=replace(engine, temporary=place), about=about)
        copy_whole(made, to)
    return to


def copy_whole(source: Path, to: Path) -> None:
    """Copy a file so that `to` is there whole or not at all. Raises DiskFull, ReadOnlyHome."""
    unfinished = to.with_name(f".{to.name}-{uuid.uuid4().hex}")  # beside it, so that the last step is a rename
    with disk_errors(to.parent):
        try:
            shutil.copyfile(source, unfinished)
            unfinished.rename(to)
        finally:
            unfinished.unlink(missing_ok=True)
