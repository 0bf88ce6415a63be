"""What upsert and replace share: the columns to compare, the files in question, and rows written with their times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from pyiceberg.types import DateType

from cupola.contracts import VINTAGE, Contract
from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.manifests import StoredFile
from cupola.lake.parquet import write_files
from cupola.lake.reading import scan_sql
from cupola.lake.versions import StoredField
from cupola.lake.writing import Retyped, Writer


@dataclass(frozen=True)
class Merged:
    """Which files to commit, and what that changes: `writer.commit(add=merged.add, drop=merged.drop)`."""

    add: tuple[Path, ...]
    drop: tuple[Path, ...]
    rows_added: int
    rows_changed: int
    rows_removed: int


class Merge:
    """One merge of new rows (a relation of `connection` with every stored column) into the current version."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, relation: str, *, writer: Writer, contract: Contract
    ) -> None:
        self.connection, self.writer = connection, writer
        self.relation = sqltext.name(relation)
        self.fields = writer.fields(contract)
        self.ids = writer.field_ids(contract)
        self.values = [one.name for one in self.fields if one.name not in {ID, CREATED, UPDATED}]
        self.vintaged = contract.vintaged
        self.retyped = writer.evolution(contract).retyped
        self.stamp = f"TIMESTAMPTZ '{writer.stamp.isoformat()}'"

    def check_readable(self) -> None:
        """Check that rows of the files that stay can be read under the new contract. Raises Retyped."""
        if self.retyped and self.writer.current_files():
            raise Retyped(dataset=self.writer.name, columns=self.retyped)

    def scan(self, files: Sequence[StoredFile]) -> str:
        """Return the table expression over `files`, read as the new version will be."""
        return scan_sql([file.path for file in files], self.fields)

    def row_hash(self) -> str:
        """Return SQL for 64 bits that tell two contents of a row apart."""
        return f"hash({', '.join(sqltext.name(name) for name in self.values)})"

    def number(self, query: str) -> int:
        """Return the one number `query` yields."""
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return int(row[0] or 0)

    def vintages(self) -> list[date]:
        """Return the vintages among the new rows."""
        rows = self.connection.execute(f"SELECT DISTINCT {VINTAGE} FROM {self.relation} ORDER BY 1").fetchall()
        return [row[0] for row in rows]

    def write(self, query: str) -> list[Path]:
        """Write rows, those of each vintage into files of their own."""
        queries = [query]
        if self.vintaged:
            queries = [f"SELECT * FROM ({query}) WHERE {VINTAGE} = DATE '{on}'" for on in self.vintages()]
        folder, ids = self.writer.folder, self.ids
        return [path for one in queries for path in write_files(self.connection, one, folder=folder, field_ids=ids)]

    def select(self, alias: str, *, created: str, updated: str) -> str:
        """Return the SELECT list of whole rows of `alias` with the given times."""
        listed = [f"{alias}.{sqltext.name(name)}" for name in self.values]
        by_name = dict(zip(self.values, listed, strict=True))
        by_name |= {ID: f"{alias}.{ID}", CREATED: f"{created} AS {CREATED}", UPDATED: f"{updated} AS {UPDATED}"}
        return ", ".join(by_name[one.name] for one in self.fields)


def vintage_of(file: StoredFile, fields: Sequence[StoredField]) -> date | None:
    """Return the one vintage a file holds, None when the table has no vintages."""
    number = next((one.id for one in fields if one.name == VINTAGE), None)
    bounds = file.bounds(number, DateType()) if number is not None else None
    if bounds is None:
        return None
    return date.fromordinal(_EPOCH + bounds[0]) if isinstance(bounds[0], int) else bounds[0]


_EPOCH = date(1970, 1, 1).toordinal()
