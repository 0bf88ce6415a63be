"""Making the files of a released version: one pass over its rows, each file whole or not there at all.

A cache: what is missing is made again, and what decides the content of a file is kept beside it as its recipe.
"""

import hashlib
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import shapely
from xlsxwriter.exceptions import XlsxWriterException

from cupola.errors import Unsolvable
from cupola.lake.downloads import package
from cupola.lake.downloads.geojson import GeoJsonFile
from cupola.lake.downloads.listed import Download, DownloadList
from cupola.lake.downloads.tables import CsvFile, ParquetFile, Writer
from cupola.lake.downloads.taken import Taken, batches, taken
from cupola.lake.downloads.workbook import About, WorkbookFile
from cupola.lake.faults import disk_errors
from cupola.lake.fileio import sync_file, sync_folder
from cupola.lake.reading import Engine, Input
from cupola.lake.registry import Registry, Release
from cupola.lake.versions import Version

FOLDER = "downloads"
# Measured on one core with 828,461 permits of 17 columns: Parquet and CSV 3.8 s, 52 MB; GeoJSON 2.4 s, 417 MB
# more; 50,000 of them as XLSX 2.7 s, 4 MB. What opens these two whole gives up on more.
GEOJSON_ROWS = 250_000  # about 125 MB
XLSX_ROWS = 100_000  # about 10 MB and 6 s; a sheet could hold 1,048,575
MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv.gz": "application/gzip",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What the writers raise for a value they cannot take. The message may quote it, so it is not passed on.
_REFUSALS = (
    pa.ArrowException,
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfMemoryException,
    shapely.errors.ShapelyError,
    XlsxWriterException,
    ArithmeticError,
    ValueError,
)
_EDITION = 1  # of the way these files are written; another number makes all of them again


class DownloadsFailed(Unsolvable):
    """A value cannot be written into one of the files people take away."""

    def __init__(self, *, dataset: str, version: int, error: Exception) -> None:
        self.dataset, self.version = dataset, version
        super().__init__(
            f"{dataset} version {version}: its downloads could not be made ({type(error).__name__}). Pages and queries"
            " work without them. Look at the values of the columns, or report it."
        )


def kinds_of(release: Release) -> tuple[str, ...]:
    """Return the kinds of file a version has: all, without GeoJSON where no column places a row or beyond a limit."""
    has_place = taken(release.fields, release.contract).where is not None
    fits = {"geojson": has_place and release.rows <= GEOJSON_ROWS, "xlsx": release.rows <= XLSX_ROWS}
    return tuple(kind for kind in MEDIA_TYPES if fits.get(kind, True))


def too_long_for(release: Release) -> Mapping[str, int]:
    """Return the kinds of file a version has too many rows for, each with its limit."""
    has_place = taken(release.fields, release.contract).where is not None
    limits = {"geojson": GEOJSON_ROWS if has_place else release.rows, "xlsx": XLSX_ROWS}
    return {kind: limit for kind, limit in limits.items() if release.rows > limit}


def lacking(root: Path, registry: Registry, dataset: str) -> tuple[Release, ...]:
    """Return the public versions of a dataset some of whose files are not there, newest first."""
    listed = DownloadList(registry).all_of(dataset)

    def whole(release: Release) -> bool:
        files = current(release, listed.get(release.version, ()))
        return len(files) > len(kinds_of(release)) and all((root / one.path).exists() for one in files)

    return tuple(one for one in registry.releases(dataset) if not whole(one))


def forget(root: Path, registry: Registry, *, version: Version) -> None:
    """Remove the files of a version at once, listed or not."""
    DownloadList(registry).forget(version.dataset, version.number)
    shutil.rmtree(_folder(root, version.dataset, f"{version.number}-{version.snapshot_id}"), ignore_errors=True)


def current(release: Release, files: Sequence[Download]) -> tuple[Download, ...]:
    """Return those of a version's files that hold what may be seen of it today; no other may be handed out."""
    recipe = recipe_of(release)
    return tuple(one for one in files if one.recipe == recipe)


def recipe_of(release: Release) -> str:
    """Return what decides the content of a version's files beside its rows."""
    return f"{_EDITION}: {taken(release.fields, release.contract).recipe()}"


def prepare(root: Path, registry: Registry, release: Release, *, engine: Engine, at: datetime) -> bool:
    """Make the files of a released version that are not there, and list them; say whether anything had to be done.

    Files made by another recipe (a column became sensitive since) are made anew and removed at once.
    Raises DownloadsFailed, DiskFull, ReadOnlyHome.
    """
    listed = DownloadList(registry)
    known = {one.name: one for one in listed.of(release.dataset, release.version)}
    what = taken(release.fields, release.contract)
    wanted = [f"{release.dataset}.{kind}" for kind in kinds_of(release)]
    recipe = recipe_of(release)
    data = [known[name] for name in wanted if name in known and _stands(root, known[name], recipe=recipe)]
    with disk_errors(root):
        folder = _folder(root, release.dataset, f"{release.version}-{release.snapshot_id}")
        some_lack = len(data) < len(wanted)
        if some_lack:
            data = _make(folder, release, what=what, engine=replace(engine, threads=1), root=root)
        text = package.package_text(release, what, downloads=data)
        described = known.get(package.NAME)
        if described is None or not _stands(root, described, recipe=recipe) or not _says(described, text):
            described = _describe(folder, text, root=root)
        downloads = [one if one.recipe else replace(one, made_at=at, recipe=recipe) for one in (*data, described)]
        if not some_lack and {*downloads} == {*known.values()}:
            return False
        listed.put(release.dataset, release.version, downloads)
        named = {root / one.path for one in downloads}
        for path in folder.iterdir():
            if path not in named:
                path.unlink()
    return True


def _folder(root: Path, dataset: str, name: str) -> Path:
    return root / FOLDER / dataset / name


def _stands(root: Path, download: Download, *, recipe: str) -> bool:
    path = root / download.path
    return download.recipe == recipe and path.exists() and path.stat().st_size == download.bytes


def _says(download: Download, text: str) -> bool:
    return download.sha256 == hashlib.sha256(text.encode()).hexdigest()


def _make(folder: Path, release: Release, *, what: Taken, engine: Engine, root: Path) -> list[Download]:
    """Write every kind of data file of a version below `folder`."""
    given = Input(files=tuple(root / name for name in release.files), fields=release.fields)
    with scratch(root) as place:
        made = {kind: place / f"rows.{kind}" for kind in kinds_of(release)}
        try:
            write_all(given, what, made=made, engine=replace(engine, temporary=place), about=about(release, what))
        except _REFUSALS as error:
            raise DownloadsFailed(dataset=release.dataset, version=release.version, error=error) from error
        return [
            _keep(path, folder, root=root, name=f"{release.dataset}.{kind}", rows=release.rows)
            for kind, path in made.items()
        ]


def write_all(given: Input, what: Taken, *, made: Mapping[str, Path], engine: Engine, about: About) -> None:
    """Write the rows of `given` into one file of each kind asked for, in one pass."""
    with batches(given, what, geojson="geojson" in made, engine=engine) as reader, ExitStack() as closing:
        writers = [_writer(kind, path, what=what, schema=reader.schema, about=about) for kind, path in made.items()]
        for writer in writers:
            closing.callback(writer.close)
        for batch in reader:
            for writer in writers:
                writer.write(batch)


def _writer(kind: str, path: Path, *, what: Taken, schema: pa.Schema, about: About) -> Writer:
    match kind:
        case "parquet":
            return ParquetFile(path, what, schema=schema)
        case "geojson":
            return GeoJsonFile(path, what)
        case "xlsx":
            return WorkbookFile(path, what, about=about, scratch=path.parent)
        case _:
            return CsvFile(path, what, schema=schema, compressed=kind == "csv.gz")


def about(release: Release, what: Taken) -> About:
    """Return what a workbook says of the version it holds."""
    said = package.schema(release, what)["fields"]
    facts = (
        ("Dataset", str(release.metadata.get("title", release.dataset))),
        ("Key", release.dataset),
        ("Version", str(release.version)),
        ("Made", release.committed_at.isoformat(timespec="seconds")),
        ("Rows", f"{release.rows:,}"),
        ("Licence", str(release.metadata.get("license", "")) or "Not stated"),
    )
    columns = tuple((one["name"], one.get("title", ""), one.get("description", "")) for one in said)
    return About(facts=facts, columns=columns, made=release.committed_at)


def _describe(folder: Path, text: str, *, root: Path) -> Download:
    with scratch(root) as place:
        path = place / package.NAME
        path.write_text(text, encoding="utf-8")
        return _keep(path, folder, root=root, name=package.NAME, rows=0)


def _keep(path: Path, folder: Path, *, root: Path, name: str, rows: int) -> Download:
    """Move a finished file to where it is served from, under its hash: another content never has the same name."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kind = name.partition(".")[2]
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{digest[:16]}.{kind}"
    sync_file(path)
    path.rename(kept)
    sync_folder(folder)
    return Download(
        name=name,
        path=str(kept.relative_to(root)),
        media_type=MEDIA_TYPES.get(kind, package.MEDIA_TYPE),
        bytes=kept.stat().st_size,
        sha256=digest,
        rows=rows,
        made_at=datetime.min,  # noqa: DTZ901 - the caller says when
    )


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Give a folder of the lake's own for files in the making; what a crash leaves in it is swept."""
    folder = root / "temporary" / f"downloads-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
