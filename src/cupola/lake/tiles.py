"""Map tiles: one PMTiles file per version whose rows are somewhere, so that a map shows all of them.

A cache like the serving copies: whatever is missing is built again from the files of the version.
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import duckdb
import shapely

from cupola.contracts import ColumnType, Contract
from cupola.lake import sqltext
from cupola.lake.faults import disk_errors
from cupola.lake.fileio import sync_file, sync_folder
from cupola.lake.located import Located, located
from cupola.lake.reading import Engine, Input, working
from cupola.lake.registry import Release
from cupola.lake.tiling import Tiler, program
from cupola.lake.versions import Version

FOLDER = "tiles"
FORMAT = 1  # of the content; another one makes all tiles anew
ATTRIBUTES = 6  # so many columns go along besides the key
SPOT_ZOOM = 14  # a step of the grid is half a metre
SHAPE_ZOOM = 13
_SMALL = frozenset({ColumnType.CODE, ColumnType.BOOLEAN, ColumnType.DATE})
_BATCH = 20_000
_SHAPE_BATCH = 500
_SPOTS = (
    f"--maximum-zoom={SPOT_ZOOM}",
    "--drop-densest-as-needed",
    # Twice the usual size: a big city then fits at once, where another zoom would take half as long again.
    "--maximum-tile-bytes=1000000",
    "--extend-zooms-if-still-dropping",
)
_SHAPES = (  # none is dropped or turned into a dot; neighbours are simplified alike, so that no gap opens between them
    f"--maximum-zoom={SHAPE_ZOOM}",
    "--no-tiny-polygon-reduction",
    "--no-simplification-of-shared-nodes",
    "--no-feature-limit",
    "--no-tile-size-limit",
)


def tiles_path(root: Path, version: Version | Release, contract: Contract) -> Path | None:
    """Return where the tiles of a version are, or would be; None where nothing says where a row is.

    Another content never has the same name: when a column becomes sensitive, the tiles with it are no longer found.
    """
    where = located(contract)
    if where is None:
        return None
    shown = [FORMAT, *where.columns, *attributes(contract, where)]
    content = hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:8]
    return root / FOLDER / version.dataset / f"{_stem(version)}-{content}.pmtiles"


def all_tiles(root: Path, version: Version | Release) -> tuple[Path, ...]:
    """Return every file of tiles of a version that is there, whatever was sensitive when it was made."""
    return tuple(sorted((root / FOLDER / version.dataset).glob(f"{_stem(version)}-*.pmtiles")))


def _stem(version: Version | Release) -> str:
    number = version.number if isinstance(version, Version) else version.version
    return f"{number}-{version.snapshot_id}"


def build_tiles(
    root: Path, version: Version, *, contract: Contract, given: Input, engine: Engine, tiler: Tiler | None = None
) -> Path | None:
    """Make the tiles of `version`, whose rows are `given`, unless they are there.

    None where nothing says where a row is, or no row has a place. `contract`: says what is sensitive.
    Raises TilerMissing, TilesFailed, DiskFull, ReadOnlyHome.
    """
    path, where = tiles_path(root, version, contract), located(contract)
    if path is None or where is None or path.exists():
        return path
    tiler = tiler or Tiler(program())
    with disk_errors(root), scratch(root) as folder, working(engine) as connection:
        lines = features(connection, given.sql(), where=where, attributes=attributes(contract, where))
        first = next(lines, None)
        if first is None:
            return None
        building = folder / "built.pmtiles"
        options = _SHAPES if where.is_shape else _SPOTS
        tiler.make(building, lines=chain([first], lines), options=options, label=version.label)
        path.parent.mkdir(parents=True, exist_ok=True)
        sync_file(building)
        building.rename(path)
        sync_folder(path.parent)
    return path


def attributes(contract: Contract, where: Located) -> tuple[str, ...]:
    """Return the columns that go along: the row key, then the few that say most in little room; none sensitive.

    Of shapes, which are few, also texts, for those are their names.
    """
    shown = {one.name: one.type for one in contract.columns if not one.sensitive and one.name not in where.columns}
    tags = tuple(tag.column for tag in contract.tags if tag.column not in {one.name for one in contract.columns})
    small = _SMALL | {ColumnType.TEXT} if where.is_shape else _SMALL
    wanted = [*tags, contract.time_column, *(name for name, kind in shown.items() if kind in small)]
    key = [name for name in contract.key if name in shown]
    useful = [name for name in dict.fromkeys(wanted) if name not in key and (name in shown or name in tags)]
    return (*key, *useful[:ATTRIBUTES])


def features(
    connection: duckdb.DuckDBPyConnection, rows: str, *, where: Located, attributes: Sequence[str]
) -> Iterator[bytes]:
    """Yield every row of the SELECT `rows` that has a place, as pieces of a GeoJSON text sequence."""
    listed = ", ".join(f"{sqltext.text(name)}: {_attribute(name)}" for name in attributes)
    properties = f"to_json({{{listed}}})" if listed else "'{}'"
    if where.is_shape:
        yield from _shapes(connection, rows, column=where.columns[0], properties=properties)
        return
    lon, lat = where.position()
    spot = """'{"type":"Point","coordinates":[' || lon || ',' || lat || ']}'"""
    answer = connection.execute(
        f"""SELECT '{{"type":"Feature","geometry":' || {spot} || ',"properties":' || properties || '}}'"""
        f" FROM (SELECT {lon} AS lon, {lat} AS lat, {properties} AS properties FROM ({rows}))"
        " WHERE isfinite(lon) AND isfinite(lat)"
    )
    for batch in answer.to_arrow_reader(_BATCH):
        if batch.num_rows:
            yield ("\n".join(batch.column(0).to_pylist()) + "\n").encode()


def _attribute(name: str) -> str:
    return f"{sqltext.name(name)}::VARCHAR"


def _shapes(connection: duckdb.DuckDBPyConnection, rows: str, *, column: str, properties: str) -> Iterator[bytes]:
    shape = sqltext.name(column)
    answer = connection.execute(f"SELECT {shape}, {properties} FROM ({rows}) WHERE {shape} IS NOT NULL")
    for batch in answer.to_arrow_reader(_SHAPE_BATCH):
        outlines = shapely.to_geojson(shapely.from_wkb(batch.column(0).to_pylist()))
        pairs = zip(outlines, batch.column(1).to_pylist(), strict=True)
        lines = [f'{{"type":"Feature","geometry":{outline},"properties":{facts}}}' for outline, facts in pairs]
        yield ("\n".join(lines) + "\n").encode()


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Make a folder for temporary files, gone afterwards."""
    folder = root / "temporary" / f"tiles-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
