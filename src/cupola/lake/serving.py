"""Serving copies: one immutable DuckDB file per version, so that points and deep pages answer in milliseconds.

A cache: whatever is missing is built again from the files of the version.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from cupola.contracts import ColumnType, Contract
from cupola.lake import sqltext
from cupola.lake.columns import ID
from cupola.lake.faults import disk_errors
from cupola.lake.fileio import sync_file, sync_folder
from cupola.lake.reading import Engine, scan_sql, set_up, working
from cupola.lake.tables import Table
from cupola.lake.versions import Version

ROWS = "rows"  # the one table of a serving copy
_BUILDING = ".building"


@dataclass(frozen=True)
class PointColumn:
    """Half of a point as a number, so that queries on places need not read it from text. `sql`: how it is made."""

    name: str
    sql: str


def point_columns(point: str) -> tuple[PointColumn, PointColumn]:
    """Return longitude and latitude of a column of points, `p:lon` and `p:lat` of `p`."""
    inside = f"substr({sqltext.name(point)}, 8)"  # what follows 'POINT ('
    return (
        PointColumn(f"{point}:lon", f"TRY_CAST(split_part({inside}, ' ', 1) AS DOUBLE)"),
        PointColumn(f"{point}:lat", f"TRY_CAST(rtrim(split_part({inside}, ' ', 2), ')') AS DOUBLE)"),
    )


def serving_path(root: Path, version: Version) -> Path:
    """Return where the serving copy of a version is, or would be. Another content never has the same name."""
    return root / "serving" / version.dataset / f"{version.number}-{version.snapshot_id}.duckdb"


def build_serving(table: Table, version: Version, *, engine: Engine) -> Path:
    """Build the serving copy of `version` unless it is there, and return its path. Raises DiskFull, ReadOnlyHome.

    Readers of older copies are not disturbed: this one stands beside them and appears whole, by a rename.
    """
    root = table.catalog.root
    path = serving_path(root, version)
    if path.exists():
        return path
    files = [file.path for file in table.files(version)]
    scan = scan_sql(files, table.fields(version))
    build_copy(path, _with_halves(scan, table.contract(version)), root=root, engine=engine)
    return path


def build_copy(path: Path, query: str, *, root: Path, engine: Engine) -> None:
    """Write what a query gives as a serving copy, which appears whole, by a rename. Raises DiskFull, ReadOnlyHome."""
    with disk_errors(root):
        path.parent.mkdir(parents=True, exist_ok=True)
        building = path.with_name(f"{path.stem}-{uuid.uuid4().hex}{_BUILDING}")
        try:
            spilling = replace(engine, temporary=path.parent / f"{building.name}.spill")
            _fill(building, query, engine=spilling)
            sync_file(building)
            building.rename(path)
            sync_folder(path.parent)
        finally:
            building.unlink(missing_ok=True)
            building.with_name(f"{building.name}.wal").unlink(missing_ok=True)


def _with_halves(scan: str, contract: Contract) -> str:
    points = [column.name for column in contract.columns if column.type is ColumnType.POINT]
    halves = [f"{one.sql} AS {sqltext.name(one.name)}" for point in points for one in point_columns(point)]
    return f"SELECT {', '.join(['*', *halves])} FROM {scan}"


def _fill(path: Path, query: str, *, engine: Engine) -> None:
    # Two threads take as long, twice the CPU and twice the space: what each writes is packed again at the end.
    with working(replace(engine, threads=1)) as connection:
        connection.execute(f"ATTACH {sqltext.text(str(path))} AS copy")
        connection.execute(f"CREATE TABLE copy.{ROWS} AS {query}")
        connection.execute(f"CREATE INDEX rows_by_id ON copy.{ROWS} ({ID})")
        connection.execute("CHECKPOINT copy")
        connection.execute("DETACH copy")


@contextmanager
def opened(path: Path, *, engine: Engine) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a serving copy for reading, with nothing else reachable. Its rows are the table `rows`."""
    connection = duckdb.connect(":memory:")
    try:
        set_up(connection, engine)
        connection.execute(f"ATTACH {sqltext.text(str(path))} AS copy (READ_ONLY)")
        connection.execute("USE copy")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()
