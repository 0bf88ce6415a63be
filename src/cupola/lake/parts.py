"""A part of a version: the columns and rows that one circle of staff may read, as a serving copy of its own.

What is not in the copy cannot be reached by any filter, order, group, search or error. A cache, like every serving
copy: swept with the others and built again when someone asks.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from sqlglot import exp

from cupola.contracts import VINTAGE, ColumnType, Contract
from cupola.lake import sqltext
from cupola.lake.columns import SYSTEM
from cupola.lake.profile import Profile
from cupola.lake.profiling import measure
from cupola.lake.reading import Engine, Input, scan_sql
from cupola.lake.registry import Release
from cupola.lake.serving import ROWS, build_copy, opened, point_columns
from cupola.lake.tables import Table
from cupola.lake.versions import Version

_HEX = 15  # digits of a hash that fit a 64-bit integer


@dataclass(frozen=True)
class Part:
    """Columns by name, and the condition their rows meet, as SQL over all columns of the version; None for all rows."""

    columns: tuple[str, ...]
    condition: exp.Expr | None = None

    @property
    def where(self) -> str:
        """The condition as text, empty for all rows."""
        return self.condition.sql(dialect="duckdb") if self.condition is not None else ""

    def key(self, version: Version) -> str:
        """Return a hash that differs for every other part of any version."""
        facts = [version.dataset, version.number, version.snapshot_id, self.columns, self.where]
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:_HEX]


def part_path(root: Path, version: Version, part: Part) -> Path:
    """Return where the copy of a part is, or would be."""
    return root / "serving" / version.dataset / f"part-{version.number}-{part.key(version)}.duckdb"


def build_part(table: Table, version: Version, part: Part, *, engine: Engine) -> Path:
    """Build the copy of a part unless it is there, and return its path. Raises DiskFull, ReadOnlyHome."""
    root, fields = table.catalog.root, table.fields(version)
    path = part_path(root, version, part)
    if path.exists():
        return path
    kept = [field.name for field in fields if field.name in part.columns or field.name in SYSTEM]
    points = [column.name for column in table.contract(version).columns if column.type is ColumnType.POINT]
    halves = {one.name: one.sql for point in points for one in point_columns(point)}
    shown = [*kept, *(one.name for point in points if point in part.columns for one in point_columns(point))]
    scan = scan_sql([file.path for file in table.files(version)], fields)
    made = ", ".join(["*", *(f"{sql} AS {sqltext.name(name)}" for name, sql in halves.items())])
    names, where = ", ".join(map(sqltext.name, shown)), f" WHERE {part.where}" if part.where else ""
    build_copy(path, f"SELECT {names} FROM (SELECT {made} FROM {scan}) AS {ROWS}{where}", root=root, engine=engine)
    return path


def part_release(draft: Release, version: Version, part: Part, *, path: Path, engine: Engine) -> Release:
    """Return a part as a release that is entered nowhere. `draft`: the whole version; `path`: the copy of the part."""
    with opened(path, engine=engine) as connection:
        found = connection.execute(f"SELECT count(*) FROM {ROWS}").fetchone()
    columns = draft.metadata.get("columns") or ()
    return replace(
        draft,
        # whatever is kept in memory is kept under this number, so no two parts ever share an answer
        snapshot_id=int(part.key(version), 16),
        rows=int(found[0]) if found else 0,
        files=(),
        fields=tuple(one for one in draft.fields if one.name in part.columns or one.name in SYSTEM),
        contract=part_contract(draft.contract, part),
        metadata={"columns": [{**one, "sensitive": False} for one in columns if one["name"] in part.columns]},
        aliases={},
        serving=str(path.relative_to(path.parents[2])),
    )


def part_contract(contract: Contract, part: Part) -> Contract:
    """Return the contract of what a part holds."""
    shown = set(part.columns)
    return replace(
        contract,
        columns=tuple(replace(one, sensitive=False) for one in contract.columns if one.name in shown),
        tags=tuple(tag for tag in contract.tags if tag.column in shown),
        key=contract.key if shown.issuperset(contract.key) else (),
        time_column=contract.time_column if contract.time_column in {*shown, VINTAGE} else "",
        restricted=False,
    )


def part_profile(whole: Input, version: Version, part: Part, *, contract: Contract, engine: Engine) -> Profile:
    """Measure the columns of a part over its own rows. `whole`: what a query reads of the version."""
    conditions = [f"({one})" for one in (whole.where, part.where) if one]
    given = replace(whole, where=" AND ".join(conditions))
    contract = part_contract(contract, part)
    return measure(given, contract, dataset=version.dataset, version=version.number, engine=engine)
