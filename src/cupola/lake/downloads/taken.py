"""Which columns leave with a download, and the SELECT that reads them once for every kind of file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pyarrow as pa

from cupola.contracts import VINTAGE, ColumnType, Contract
from cupola.lake import sqltext
from cupola.lake.columns import VINTAGE_PRECISION
from cupola.lake.located import Located, located
from cupola.lake.reading import Engine, Input, working
from cupola.lake.versions import StoredField

PROPERTIES = ":properties"  # a feature's properties as JSON; no column can be called so
SPOT = ":spot"  # a row's point as GeoJSON
_BATCH_ROWS = 20_480
_LAKES_OWN = {VINTAGE: ColumnType.DATE, VINTAGE_PRECISION: ColumnType.TEXT}


@dataclass(frozen=True)
class Taken:
    """What is taken away of a version: its columns in order, each with its type, and what places a row."""

    columns: tuple[tuple[str, ColumnType], ...]
    where: Located | None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(name for name, _ in self.columns)

    def recipe(self) -> str:
        """Return what decides the content of the files beside the rows: the same recipe, the same files."""
        parts = [f"{name} {kind}" for name, kind in self.columns]
        return "; ".join([*parts, f"at {', '.join(self.where.columns)}" if self.where else "nowhere"])


def taken(fields: Sequence[StoredField], contract: Contract) -> Taken:
    """Return what leaves of a version: all columns of the contract but those that are sensitive, and its vintages."""
    shown = {one.name: one.type for one in contract.columns if not one.sensitive}
    hidden = {one.name for one in contract.columns} - set(shown)
    tags = {tag.column: ColumnType.TEXT for tag in contract.tags if tag.column not in {*shown, *hidden}}
    known = {**shown, **tags, **_LAKES_OWN}
    columns = tuple((one.name, known[one.name]) for one in fields if one.name in known)
    return Taken(columns=columns, where=located(contract))


@contextmanager
def batches(given: Input, what: Taken, *, geojson: bool, engine: Engine) -> Iterator[pa.RecordBatchReader]:
    """Read the rows of `given` once, in the order of its files, in batches of a handy size."""
    parts = [sqltext.name(name) for name in what.names]
    if geojson and what.where is not None:
        parts += [f"{properties(what)} AS {sqltext.name(PROPERTIES)}"]
        parts += [] if what.where.is_shape else [f"{_spot(what.where)} AS {sqltext.name(SPOT)}"]
    with working(replace(engine, threads=1)) as connection:
        yield connection.execute(f"SELECT {', '.join(parts)} FROM ({given.sql()})").to_arrow_reader(_BATCH_ROWS)


def properties(what: Taken) -> str:
    """Return the SQL of a feature's properties: every column but the one that is its geometry, nulls included."""
    assert what.where is not None
    own = what.where.columns if len(what.where.columns) == 1 else ()
    listed = ", ".join(f"{sqltext.text(n)}: {_json_value(n, kind)}" for n, kind in what.columns if n not in own)
    return f"to_json({{{listed}}})" if listed else "'{}'"


def _json_value(name: str, kind: ColumnType) -> str:
    quoted = sqltext.name(name)
    match kind:
        case ColumnType.TIMESTAMP:
            return f"replace({quoted}::VARCHAR, ' ', 'T')"
        case ColumnType.INSTANT:
            return f"replace(replace({quoted}::VARCHAR, ' ', 'T'), '+00', 'Z')"
        case ColumnType.FLOAT | ColumnType.DURATION:
            return f"CASE WHEN isfinite({quoted}) THEN {quoted} END"  # JSON knows no infinity
        case ColumnType.GEOMETRY:
            return "NULL"
        case _:
            return quoted


def _spot(where: Located) -> str:
    lon, lat = where.position()
    point = f"""'{{"type":"Point","coordinates":[' || {lon} || ',' || {lat} || ']}}'"""
    return f"CASE WHEN isfinite({lon}) AND isfinite({lat}) THEN {point} END"
