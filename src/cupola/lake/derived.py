"""Tables that are computed here, not loaded: rows put in place of others, in one commit."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from sqlglot import exp

from cupola.contracts import Contract
from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.keys import row_id
from cupola.lake.parquet import write_file, write_files
from cupola.lake.reading import Engine, scan_sql, working
from cupola.lake.tables import Table
from cupola.lake.versions import StoredField, Version
from cupola.lake.writing import Facts, Writer

_ROWS = "derived_rows"


@dataclass(frozen=True)
class Derived:
    """Computed rows. `instead_of`: a condition on the table's columns; the rows it holds for go. `holder`: who writes.

    `rows` has the contract's columns, in its types and order; their key is unique, also beside the rows that stay.
    `soon`: more of them, which the next commit likely replaces: in files of their own, so that the others need not be
    written again.
    """

    contract: Contract
    rows: pa.Table
    instead_of: exp.Expr
    holder: str
    facts: Facts
    soon: pa.Table | None = None


def put(table: Table, derived: Derived, *, engine: Engine, now: datetime) -> Version:
    """Commit one version in which `derived.rows` stand in place of the rows they replace.

    Files in which nothing is replaced stay as they are. Raises BeingWritten, DiskFull, ReadOnlyHome.
    """
    with table.writing(derived.holder, now=now) as writer, working(engine) as connection:
        ids = writer.field_ids(derived.contract)
        fields = writer.fields(derived.contract)
        add: list[Path] = []
        drop: list[Path] = []
        condition = derived.instead_of.sql(dialect="duckdb")
        for path in _touched(connection, writer, fields, condition=condition):
            drop.append(path)
            add += _rest(connection, writer, path, fields=fields, condition=condition)
        query = _stored(derived.contract, fields, stamp=writer.stamp)
        for rows in (derived.rows, derived.soon):
            if rows is not None and len(rows):
                connection.register(_ROWS, rows)
                add += write_files(connection, query, folder=writer.folder, field_ids=ids)
                connection.unregister(_ROWS)
        return writer.commit(add=add, drop=drop, facts=derived.facts)


def _touched(
    connection: duckdb.DuckDBPyConnection, writer: Writer, fields: tuple[StoredField, ...], *, condition: str
) -> list[Path]:
    """Return the current files that hold a row to be replaced."""
    files = [file.path for file in writer.current_files()]
    if not files:
        return []
    scan = scan_sql(files, fields, extra="filename = true")
    found = connection.execute(f"SELECT DISTINCT filename FROM {scan} WHERE {condition}").fetchall()
    touched = {row[0] for row in found}
    return [path for path in files if str(path) in touched]


def _rest(
    connection: duckdb.DuckDBPyConnection,
    writer: Writer,
    path: Path,
    *,
    fields: tuple[StoredField, ...],
    condition: str,
) -> list[Path]:
    """Write the rows of a file that stay; return the new file, none where none stay."""
    kept = writer.new_file(like=path)
    query = f"SELECT * FROM {scan_sql([path], fields)} WHERE ({condition}) IS NOT TRUE"
    if not connection.execute(f"SELECT 1 FROM ({query}) LIMIT 1").fetchall():
        return []
    write_file(connection, query, path=kept, field_ids={one.name: one.id for one in fields})
    return [kept]


def _stored(contract: Contract, fields: tuple[StoredField, ...], *, stamp: datetime) -> str:
    """Return the SELECT of the new rows as they are stored."""
    moment = f"TIMESTAMPTZ '{stamp.isoformat()}'"
    own = {ID: row_id([sqltext.name(name) for name in contract.key]), CREATED: moment, UPDATED: moment}
    listed = ", ".join(
        f"({own.get(one.name, sqltext.name(one.name))})::{one.type} AS {sqltext.name(one.name)}" for one in fields
    )
    order = ", ".join(sqltext.name(name) for name in contract.key)
    return f"SELECT {listed} FROM {_ROWS} ORDER BY {order}"
