"""One pass over a source: cast, set aside what does not fit, tag, name each row, write Parquet.

Nothing is landed in a table first: the engine reads the file as text, and the same pipeline writes the result.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from cupola.contracts import ROW, VINTAGE, Contract, CsvFile, Landing, Vintage
from cupola.lake import sqltext
from cupola.lake.arrowfunctions import register
from cupola.lake.casts import cast
from cupola.lake.columns import CREATED, ID, UPDATED, VINTAGE_PRECISION
from cupola.lake.keys import identity, number_id, own_number, row_id
from cupola.lake.landing import BatchRelation, csv_relation, match
from cupola.lake.loadreport import LoadFinding, SourceReport
from cupola.lake.parquet import rows_of, write_files
from cupola.lake.places import Tagger
from cupola.lake.quarantine import NOTE_FUNCTION, BadRows, Quarantine, Read, explain
from cupola.lake.selects import Selected


@dataclass
class Staged:
    """One source, written. `skipped`: numbers of its rows that were not written, ascending.

    `landed`: rows of the source before a `select` changed their number; without one it is None.
    """

    files: list[Path]
    source: str
    vintage: Vintage | None
    rows_read: int
    rows_loaded: int
    lane: str
    skipped: NDArray[np.int64]
    findings: tuple[LoadFinding, ...]
    notes: tuple[str, ...]
    selected: bool = False
    landed: int | None = None
    rewritten: dict[int, list[Path]] = field(default_factory=dict)

    @property
    def rows_of_source(self) -> int:
        """How many rows the source has, damaged ones included."""
        return self.rows_read if self.landed is None else self.landed

    def settle(self) -> None:
        """Put rewritten files in the place of the ones they replace."""
        self.files = [new for at, path in enumerate(self.files) for new in self.rewritten.get(at, [path])]
        self.rewritten = {}

    def row_number(self, position: int) -> int:
        """Return the number in the source of the row written at `position` (from 0)."""
        # Each skipped row before it moves the row one further; ranks of the kept rows rise with the gaps.
        free = self.skipped - np.arange(len(self.skipped)) - 1
        return position + 1 + int(np.searchsorted(free, position, side="right"))

    def report(self) -> SourceReport:
        """Return what this source gave."""
        return SourceReport(
            source=self.source,
            rows_read=self.rows_of_source,
            rows_loaded=self.rows_loaded,
            rows_quarantined=self.rows_read - self.rows_loaded,
            lane=self.lane,
            vintage=self.vintage.on if self.vintage else None,
            notes=self.notes,
        )


def _staged(
    landing: Landing, done: tuple[str, list[Path], tuple[LoadFinding, ...]], skipped: Collection[int]
) -> Staged:
    lane, files, findings = done
    loaded = sum(rows_of(path) for path in files)
    return Staged(
        files=files,
        source=landing.source,
        vintage=landing.vintage,
        rows_read=loaded + len(skipped),
        rows_loaded=loaded,
        lane=lane,
        skipped=np.array(sorted(skipped), dtype=np.int64),
        findings=findings,
        notes=landing.notes,
    )


class Staging:
    """Stages the sources of one load through one connection into `folder`."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        *,
        field_ids: Mapping[str, int],
        folder: Path,
        taggers: Sequence[Tagger],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._contract = contract
        self._field_ids = field_ids
        self._folder = folder
        self._taggers = taggers
        self._now = now
        self._bad = BadRows(folder / "bad-rows.arrow")
        register(connection, NOTE_FUNCTION, self._bad.note, takes=["BIGINT", "VARCHAR[]"], gives="BOOLEAN", notes=True)

    def stage(self, landing: Landing, quarantine: Quarantine) -> Staged:
        """Read one landing, fast where the engine can and agrees, else row by row."""
        matched = match(landing.columns, self._contract, source=landing.source)
        read = self._read(matched.positions)
        lane, files = self._pass(landing, read)
        noted = self._bad.read()
        quarantine.add(explain(self._connection, noted, read), source=landing.source)
        rejects = landing.rejects if lane == "careful" else []
        quarantine.add_rejects(rejects)
        skipped = {*noted.column("n").to_pylist(), *(one.row for one in rejects)}
        return _staged(landing, (lane, files, matched.findings), skipped)

    def stage_selected(self, selected: Selected, quarantine: Quarantine, *, landing: Landing) -> Staged:
        """Read the result of the contract's select; `landing` says what to call it, and its vintage."""
        matched = match(selected.columns, self._contract, source=f"{landing.source}, after select")
        read = self._read(matched.positions)
        files = self._write(selected.table, "*", (read, landing))
        noted = self._bad.read()
        quarantine.add_traced(explain(self._connection, noted, read), self.origins(noted.column("n").to_pylist()))
        staged = _staged(landing, ("select", files, matched.findings), set(noted.column("n").to_pylist()))
        staged.selected = True
        return staged

    def origins(self, positions: Sequence[int]) -> dict[int, tuple[str, int]]:
        """Return source and row of each of these positions in the result of the select."""
        found = self._connection.execute(
            f"SELECT {ROW}, o_source, o_row FROM selected WHERE list_contains(?, {ROW})", [list(positions)]
        ).fetchall()
        return {int(position): (str(source), int(row)) for position, source, row in found}

    def _pass(self, landing: Landing, read: Read) -> tuple[str, list[Path]]:
        files = self._fast(landing.csv, landing, read) if landing.csv is not None else None
        if files is not None:
            return "fast", files
        relation = BatchRelation(landing, name="landing_batches")
        relation.register(self._connection)
        try:
            return "careful", self._write(relation.name, "*", (read, landing))
        except duckdb.Error as error:
            if relation.error is not None:
                raise relation.error from error
            raise
        finally:
            self._connection.unregister(relation.name)

    def _fast(self, csv: CsvFile, landing: Landing, read: Read) -> list[Path] | None:
        """Let the engine read the file; None when it would not, or met another number of rows than there are."""
        numbered = f"*, row_number() OVER () AS {ROW}"
        try:
            files = self._write(csv_relation(csv, len(landing.columns)), numbered, (read, landing))
        except (duckdb.DataError, duckdb.NotSupportedError, duckdb.InvalidInputException):
            # The engine met a line it would not read; the careful reader says what is wrong with it.
            self._forget()
            return None
        if csv.rows is not None and sum(rows_of(path) for path in files) + self._bad.count != csv.rows:
            self._forget()
            return None
        return files

    def _forget(self) -> None:
        self._bad.discard()
        for tagger in self._taggers:
            tagger.forget()

    def _write(self, relation: str, numbered: str, work: tuple[Read, Landing]) -> list[Path]:
        read, landing = work
        # The window over the computed values keeps the filter above them, so that each is computed once.
        barrier = numbered if "OVER" in numbered else "*, row_number() OVER () AS position"
        return self.write(
            f"SELECT {', '.join(self._stored(read, landing.vintage))} FROM (SELECT {barrier} FROM"
            f" (SELECT *, {read.values()} FROM {relation}))"
            f" WHERE CASE WHEN {read.bad()} THEN {NOTE_FUNCTION}({ROW}, {read.cells()}) ELSE true END"
        )

    def write(self, query: str) -> list[Path]:
        """Run `query` and return its files in the order of its rows."""
        return write_files(self._connection, query, folder=self._folder, field_ids=self._field_ids)

    def _read(self, positions: Mapping[str, int | None]) -> Read:
        casts = {}
        for name, position in positions.items():
            source = "NULL::VARCHAR" if position is None else f"c{position}"
            casts[name] = (source, cast(self._contract.column(name), self._contract, source=source))
        return Read(casts)

    def _stored(self, read: Read, vintage: Vintage | None) -> Iterator[str]:
        values = {name: f"v{number}" for number, name in enumerate(read.casts)}
        for name, value in values.items():
            yield f"{value} AS {sqltext.name(name)}"
        for tagger in self._taggers:
            yield f"{tagger.sql(values)} AS {sqltext.name(tagger.column)}"
        if vintage is not None:
            yield f"DATE '{vintage.on.isoformat()}' AS {VINTAGE}"
            yield f"{sqltext.text(vintage.precision)} AS {VINTAGE_PRECISION}"
        identifying = [values[name] for name in identity(self._contract)] or list(values.values())
        dated = vintage.on.isoformat() if vintage else ""
        chosen = number_id(identifying[0]) if own_number(self._contract) else row_id(identifying, vintage=dated)
        yield f"{chosen} AS {ID}"
        for stamp in (CREATED, UPDATED):
            yield f"TIMESTAMPTZ '{self._now.isoformat()}' AS {stamp}"
