"""What did not fit: collected in the same pass that loads the rest, and kept as a file of its own in the lake."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from cupola.contracts import Contract, Reject
from cupola.lake import sqltext
from cupola.lake.casts import Cast
from cupola.lake.loadreport import LoadFinding

BLANK = "blank row"
NOTE_FUNCTION = "note_bad_row"
SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
_NOTED = pa.schema([("n", pa.int64()), ("cells", pa.list_(pa.string()))])


class BadRows:
    """The rows of one pass that do not fit, written to disk as they are met.

    The engine calls `note` only for the few vectors that hold such a row, so a clean load never leaves SQL.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._writer: Any = None
        self.count = 0

    def note(self, numbers: Any, cells: Any) -> pa.Array:
        """Keep the rows and answer False for each: they are not loaded."""
        batch = pa.table({"n": _flat(numbers), "cells": _flat(cells)}, schema=_NOTED)
        with self._lock:
            if self._writer is None:
                self._writer = pa.ipc.new_stream(str(self._path), _NOTED)
            self._writer.write_table(batch)
            self.count += len(batch)
        return pa.array([False] * len(batch))

    def read(self) -> pa.Table:
        """Return all noted rows (`n`, `cells`) and remove the file."""
        if self._writer is None:
            return _NOTED.empty_table()
        self._writer.close()
        self._writer = None
        with pa.ipc.open_stream(str(self._path)) as reader:
            table = reader.read_all()
        self.discard()
        return table

    def discard(self) -> None:
        """Forget what was noted, as before a second attempt."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._path.unlink(missing_ok=True)
        self.count = 0


def _flat(values: Any) -> Any:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


@dataclass(frozen=True)
class Read:
    """How one pass reads its columns: contract column name to SQL name of the text and its cast."""

    casts: dict[str, tuple[str, Cast]]

    def blank(self) -> str:
        """Return the condition for a row without any value, over the computed values v0, v1, ..."""
        nulls = [f"v{number} IS NULL" for number in range(len(self.casts))]
        # A bad value is null too: its text tells it from a missing one, and is looked at last.
        texts = [f"({cast.is_null})" for _, cast in self.casts.values() if not cast.always_fits]
        return " AND ".join([*nulls, *texts])

    def bad(self) -> str:
        """Return the condition for a row that is not loaded, over the computed values v0, v1, ..."""
        conditions = [cast.bad(f"v{number}") for number, (_, cast) in enumerate(self.casts.values())]
        return " OR ".join([*(one for one in conditions if one != "false"), f"({self.blank()})"])

    def values(self) -> str:
        """Return the SELECT list of the computed values v0, v1, ..."""
        return ", ".join(f"{cast.value} AS v{number}" for number, (_, cast) in enumerate(self.casts.values()))

    def cells(self) -> str:
        """Return the texts of a row as one SQL list."""
        return f"[{', '.join(source for source, _ in self.casts.values())}]"


def explain(connection: duckdb.DuckDBPyConnection, noted: pa.Table, read: Read) -> pa.Table:
    """Return one line per bad value (`row`, `column`, `value`, `reason`) of the noted rows."""
    if not len(noted):
        return pa.schema([SCHEMA.field(name) for name in ("row", "column", "value", "reason")]).empty_table()
    connection.register("noted", noted)
    texts = ", ".join(
        f"cells[{number + 1}] AS {source}"
        for number, (source, _) in enumerate(read.casts.values())
        if source.startswith("c")
    )
    inner = f"SELECT n{', ' + texts if texts else ''} FROM noted"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS SELECT *, {read.values()} FROM ({inner})")
    connection.unregister("noted")
    lines = [
        f"SELECT n AS row, {sqltext.text(name)} AS \"column\", coalesce({source}, '') AS value, {cast.reason} AS reason"
        f" FROM judged WHERE {cast.bad(f'v{number}')} AND NOT ({read.blank()})"
        for number, (name, (source, cast)) in enumerate(read.casts.items())
    ]
    lines.append(f"SELECT n, '', '', {sqltext.text(BLANK)} FROM judged WHERE {read.blank()}")
    table = connection.execute(f"SELECT * FROM ({' UNION ALL '.join(lines)}) ORDER BY row").to_arrow_table()
    connection.execute("DROP TABLE judged")
    return table


class Quarantine:
    """All lines of one load, and how many rows they speak of."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._tables: list[pa.Table] = []
        self.rows = 0

    def add(self, lines: pa.Table, *, source: str) -> None:
        """Add lines (`row`, `column`, `value`, `reason`) of `source`."""
        if not len(lines):
            return
        sources = pa.array([source] * len(lines), pa.string())
        self._tables.append(lines.add_column(0, "source", sources).cast(SCHEMA))
        self.rows += len(lines.column("row").unique())

    def add_traced(self, lines: pa.Table, origins: Mapping[int, tuple[str, int]]) -> None:
        """Add lines whose `row` is a position that `origins` leads back to source and row."""
        facts = [
            {**line, "source": origins[line["row"]][0], "row": origins[line["row"]][1]} for line in lines.to_pylist()
        ]
        self._tables.append(pa.Table.from_pylist(facts, schema=SCHEMA))
        self.rows += len(lines.column("row").unique())

    def add_rejects(self, rejects: Iterable[Reject]) -> None:
        """Add rows whose shape was damaged in the source."""
        facts = [(one.source, one.row, one.column, one.value, one.reason) for one in rejects]
        if not facts:
            return
        arrays = [pa.array(values, field.type) for values, field in zip(zip(*facts, strict=True), SCHEMA, strict=True)]
        self._tables.append(pa.Table.from_arrays(arrays, schema=SCHEMA))
        self.rows += len({(source, row) for source, row, *_ in facts})

    def table(self) -> pa.Table:
        """Return every line, in order of source and row."""
        return pa.concat_tables(self._tables) if self._tables else SCHEMA.empty_table()

    def examples(self, limit: int = 3) -> str:
        """Return the first lines in words. Values of a restricted dataset or a sensitive column are left out."""
        hidden = {column.name for column in self._contract.columns if column.sensitive}
        words = []
        for line in self.table().slice(0, limit).to_pylist():
            place = f"{line['source']} row {line['row']}"
            secret = self._contract.restricted or line["column"] in hidden
            shown = "" if secret or not line["column"] or not line["value"] else f" '{line['value'][:60]}'"
            words.append(f"{place}: {line['column']}{shown} {line['reason']}".replace(":  ", ": "))
        return "; ".join(words)

    def findings(self) -> list[LoadFinding]:
        """Say what was set aside, by column and reason, most frequent first; values are never part of it."""
        if not self.rows:
            return []
        lines = self.table().select(["column", "reason"]).to_pylist()
        counts = Counter((line["column"], line["reason"]) for line in lines)
        reasons = [
            f"{f'{column}: ' if column else ''}{reason} ({count:,})"
            for (column, reason), count in counts.most_common(3)
        ]
        more = f", and {len(counts) - 3} other reasons" if len(counts) > 3 else ""
        rows = "1 row was set aside" if self.rows == 1 else f"{self.rows:,} rows were set aside"
        return [LoadFinding("quarantined", "warning", "", f"{rows}: {'; '.join(reasons)}{more}", self.rows)]
