"""A table to write to, and rows in and out of it as plain Python values."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from cupola.contracts import Column, ColumnType, Contract
from cupola.lake.catalog import LakeCatalog
from cupola.lake.columns import CREATED, ID, UPDATED, stored_columns
from cupola.lake.merging import Merged
from cupola.lake.parquet import write_files
from cupola.lake.reading import Engine, scan_sql, working
from cupola.lake.replace import replace
from cupola.lake.tables import Table
from cupola.lake.upsert import upsert
from cupola.lake.versions import Version
from cupola.lake.writing import Facts

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", "UTC"),
}
PERMITS = Contract(
    columns=(
        Column("permit", ColumnType.INTEGER),
        Column("status", ColumnType.TEXT),
        Column("cost", ColumnType.FLOAT),
    ),
    key=("permit",),
)
Row = Mapping[str, Any]


class Shelf:
    """One table, written and read with lists of dictionaries. The clock moves a day with every write."""

    def __init__(self, root: Path, name: str = "permits") -> None:
        self.catalog = LakeCatalog(root)
        self.table = Table(self.catalog, name)
        self.days = 0

    def now(self) -> datetime:
        self.days += 1
        return START + timedelta(days=self.days)

    def write(self, rows: Iterable[Row], **choices: Any) -> Version:
        return self.merge(rows, **choices)[0]

    def merge(
        self, rows: Iterable[Row], *, contract: Contract = PERMITS, mode: str = "append", **facts: Any
    ) -> tuple[Version, Merged]:
        with (
            self.table.writing("test", now=self.now()) as writer,
            working(Engine(threads=1)) as connection,
        ):
            arrow = arrow_rows(rows, contract, stamp=writer.stamp)
            connection.register("fresh", arrow)
            if mode == "append":
                ids = writer.field_ids(contract)
                merged = Merged(
                    tuple(write_files(connection, "SELECT * FROM fresh", folder=writer.folder, field_ids=ids)),
                    (), len(arrow), 0, 0,
                )  # fmt: skip
            else:
                merged = {"upsert": upsert, "replace": replace}[mode](
                    connection, "fresh", writer=writer, contract=contract
                )
            version = writer.commit(add=merged.add, drop=merged.drop, facts=Facts(**facts))
        return version, merged

    def read(self, version: Version | None = None, *, system: bool = False) -> list[dict[str, Any]]:
        version = version or self.table.version()
        files = [file.path for file in self.table.files(version)]
        with working(Engine(threads=1)) as connection:
            table = connection.execute(f"SELECT * FROM {scan_sql(files, self.table.fields(version))}").to_arrow_table()
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows if system else [{k: v for k, v in row.items() if not k.startswith("_")} for row in rows]


def arrow_rows(rows: Iterable[Row], contract: Contract, *, stamp: datetime) -> pa.Table:
    """Return rows as the loader hands them over: cast, with an id and times."""
    columns = stored_columns(contract)
    schema = pa.schema([(column.name, ARROW[column.duckdb]) for column in columns])
    full = [{ID: row_id(row, contract), CREATED: stamp, UPDATED: stamp, **row} for row in rows]
    return pa.Table.from_pylist(full, schema=schema)


def row_id(row: Row, contract: Contract) -> int:
    identifying = [row.get(name) for name in (contract.key or [one.name for one in contract.columns])]
    text = repr((identifying, row.get("vintage"))).encode()
    return int.from_bytes(hashlib.md5(text, usedforsecurity=False).digest()[:8], "big") >> 1
