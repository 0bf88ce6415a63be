"""A table whose every row says which load wrote it, so that a mixed version shows. Run as a script: one load."""

import hashlib
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from cupola.contracts import Column, ColumnType, Contract
from cupola.lake.catalog import LakeCatalog
from cupola.lake.loading import load
from cupola.lake.loadreport import LoadReport, LoadRequest
from cupola.lake.reading import Engine, scan_sql, working
from cupola.lake.tables import Table
from cupola.sources.delimited import open_delimited
from cupola.sources.dialect import DialectOverrides

ROWS = 120_000
GROUPS = 100  # an upsert touches one group: one row in a hundred
CONTRACT = Contract(
    columns=(
        Column("number", ColumnType.INTEGER, required=True),
        Column("generation", ColumnType.INTEGER),
        Column("note", ColumnType.TEXT),
    ),
    key=("number",),
)
State = dict[int, int]  # group to the generation that wrote it last


def write_source(path: Path, *, mode: str, generation: int) -> Path:
    """Write the file of one load: all rows, or for an upsert the rows of one group."""
    numbers = range(generation % GROUPS, ROWS, GROUPS) if mode == "upsert" else range(ROWS)
    lines = (f"{number},{generation},row {number} of load {generation}\n" for number in numbers)
    path.write_text("number,generation,note\n" + "".join(lines))
    return path


def load_source(root: Path, path: Path, *, mode: str) -> LoadReport:
    """Load one file into the lake at `root`."""
    landing = open_delimited(
        path, source=path.name, overrides=DialectOverrides(), vintage=None, scratch=root.parent / "scratch"
    )
    request = LoadRequest(
        dataset="generations",
        landings=(landing,),
        contract=CONTRACT,
        mode="upsert" if mode == "upsert" else "replace",
        fingerprint=hashlib.sha256(path.read_bytes()).hexdigest(),
        now=datetime.now(UTC),
    )
    catalog = LakeCatalog(root)
    try:
        return load(Table(catalog, "generations"), request, engine=Engine(threads=1))
    finally:
        catalog.close()


def read_state(root: Path) -> State:
    """Read the newest version whole and return its state. Fails when a row is missing, double or of another load."""
    catalog = LakeCatalog(root)
    table = Table(catalog, "generations")
    try:
        version = table.version()
        files = [file.path for file in table.files(version)]
        with working(Engine(threads=1)) as connection:
            source = scan_sql(files, table.fields(version))
            groups = connection.execute(
                f"SELECT number % {GROUPS}, min(generation), max(generation), count(*), count(DISTINCT number),"
                f" bool_and(note = format('row {{}} of load {{}}', number, generation)) FROM {source} GROUP BY 1"
            ).fetchall()
    finally:
        catalog.close()
    assert len(groups) == GROUPS
    for group, first, last, rows, distinct, fits in groups:
        assert (first, rows, distinct, fits) == (last, ROWS // GROUPS, ROWS // GROUPS, True), f"group {group}"
    assert version.rows == ROWS
    return {group: first for group, first, *_ in groups}


def after(state: State, *, mode: str, generation: int) -> State:
    """Return the state that a load leads to."""
    changed = [generation % GROUPS] if mode == "upsert" else range(GROUPS)
    return {**state, **dict.fromkeys(changed, generation)}


def describe(outcomes: Counter[str]) -> str:
    """Return counts as a sentence."""
    return ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    load_source(Path(sys.argv[1]), Path(sys.argv[2]), mode=sys.argv[3])
