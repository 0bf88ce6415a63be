"""Find the contract's columns in a source, and offer the source to the engine as one relation of texts.

Inside SQL the source's columns are called c0, c1, ...: published names may differ in case only, or be anything.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from cupola.contracts import ROW, Column, Contract, CsvFile, Landing
from cupola.contracts.dialect_sql import duckdb_table
from cupola.lake.loaderrors import MissingColumn
from cupola.lake.loadreport import LoadFinding


@dataclass(frozen=True)
class Matched:
    """Where each contract column comes from: a position in the source, or None when it is optional and missing."""

    positions: dict[str, int | None]
    findings: tuple[LoadFinding, ...]


def match(landing_columns: tuple[str, ...], contract: Contract, *, source: str) -> Matched:
    """Find the contract's columns among `landing_columns`. Raises MissingColumn."""
    computed = {tag.column for tag in contract.tags}
    exact = {name: position for position, name in reversed(list(enumerate(landing_columns)))}
    folded = {_fold(name): position for position, name in reversed(list(enumerate(landing_columns)))}
    positions: dict[str, int | None] = {}
    for column in contract.columns:
        if column.name in computed:
            continue
        position = _find(column, exact, folded)
        if position is None and not column.optional:
            raise MissingColumn(
                source=source, column=column.name, present=landing_columns, nearest=_nearest(column, landing_columns)
            )
        positions[column.name] = position
    return Matched(positions=positions, findings=_extra(landing_columns, positions, source=source))


def _find(column: Column, exact: dict[str, int], folded: dict[str, int]) -> int | None:
    wanted = [name for name in (*column.origins, column.name, column.title) if name]
    for name in wanted:
        if name in exact:
            return exact[name]
    for name in wanted:
        if _fold(name) in folded:
            return folded[_fold(name)]
    return None


def _fold(name: str) -> str:
    return re.sub(r"[\s_]+", "", name).casefold()


def _nearest(column: Column, present: tuple[str, ...]) -> str:
    by_fold = {_fold(name): name for name in present}
    for wanted in (*column.origins, column.name, column.title):
        close = difflib.get_close_matches(_fold(wanted), list(by_fold), n=1)
        if close:
            return by_fold[close[0]]
    return ""


def _extra(columns: tuple[str, ...], positions: dict[str, int | None], *, source: str) -> tuple[LoadFinding, ...]:
    used = set(positions.values())
    extra = [name for position, name in enumerate(columns) if position not in used]
    if not extra:
        return ()
    message = f"{source}: {len(extra)} columns are not in the contract and were not loaded: {', '.join(extra)}"
    return (LoadFinding("extra_columns", "note", "", message, len(extra)),)


def csv_relation(file: CsvFile, columns: int) -> str:
    """Return SQL that reads `file` with its dialect as columns c0, c1, ... of text; the engine guesses nothing."""
    return duckdb_table(file, [f"c{position}" for position in range(columns)])


class BatchRelation:
    """A landing read batch by batch, registered on a connection under `name` as c0, c1, ... and `_row`.

    An error of the source comes back as itself (`error`), not as the engine's wording of it.
    """

    def __init__(self, landing: Landing, *, name: str) -> None:
        self.name = name
        self.error: Exception | None = None
        self._landing = landing
        self._schema = pa.schema(
            [
                *((f"c{position}", pa.string()) for position in range(len(landing.columns))),
                (ROW, pa.int64()),
            ]
        )

    def register(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Start a fresh read on `connection`."""
        connection.register(self.name, pa.RecordBatchReader.from_batches(self._schema, self._batches()))

    def _batches(self) -> Iterator[pa.RecordBatch]:
        names = [*self._landing.columns, ROW]
        try:
            for batch in self._landing.batches():
                arrays = [batch.column(name).cast(field.type) for name, field in zip(names, self._schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        except Exception as error:
            self.error = error
            raise
