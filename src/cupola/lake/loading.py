"""Load sources into a dataset: stage, check, commit; or stop, and leave the version before as it was."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cupola.contracts import Duplicates, Landing
from cupola.lake.castplaces import register_shapes
from cupola.lake.keys import TwinFinder, Twins, identity, scan
from cupola.lake.loadchecks import check_contract, check_sources
from cupola.lake.loaderrors import DuplicateKeys, LoadStopped, NothingToLoad, TooManyBadRows
from cupola.lake.loadreport import LoadFinding, LoadReport, LoadRequest
from cupola.lake.merging import Merged
from cupola.lake.parquet import rows_of
from cupola.lake.places import Tagger, taggers
from cupola.lake.quarantine import Quarantine
from cupola.lake.reading import Engine, scan_sql, working
from cupola.lake.replace import replace as replace_rows
from cupola.lake.selects import check_select, run_select
from cupola.lake.staging import Staged, Staging
from cupola.lake.tables import Table
from cupola.lake.upsert import upsert as upsert_rows
from cupola.lake.writing import Facts, Writer

RELATION = "staged_rows"
QUARANTINE = "quarantine"  # name of the file among a version's attachments


def load(table: Table, request: LoadRequest, *, engine: Engine) -> LoadReport:
    """Load `request` into `table` as one new version, or none when nothing changed.

    Raises LoadStopped (with the report) when too much does not fit; InvalidInput when the contract or a source
    cannot be used at all; BeingWritten when another process writes the dataset.
    """
    check_contract(request)
    check_sources(request)
    started = time.perf_counter()
    inputs = inputs_fingerprint(request)
    with table.writing(f"load {request.dataset}", now=request.now) as writer:
        current = writer.current
        if current is not None and current.source == inputs:
            return LoadReport(request.dataset, "unchanged", current.number, request.mode, request.fingerprint)
        with working(replace(engine, temporary=writer.folder)) as connection:
            register_shapes(connection)
            # Rows are numbered in order, so the pass is serial; a second thread would only spin, at twice the CPU.
            connection.execute("SET threads = 1")
            work = _Load(
                table=table,
                request=request,
                writer=writer,
                connection=connection,
                started=started,
                threads=engine.threads,
            )
            return work.run(inputs)


def inputs_fingerprint(request: LoadRequest) -> str:
    """Return a hash over all that decides what is stored: content, contract, mode, and the versions of places."""
    used = {tag.places for tag in request.contract.tags}
    facts = [
        request.fingerprint,
        request.contract.fingerprint(),
        request.mode,
        sorted((key, ref.version) for key, ref in request.places.items() if key in used),
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def stopped_quarantine(table: Table) -> Path:
    """Return where the quarantine of the last stopped load of this dataset is kept."""
    return table.catalog.root / "stopped" / f"{table.name}.parquet"


@dataclass
class _Load:
    table: Table
    request: LoadRequest
    writer: Writer
    connection: duckdb.DuckDBPyConnection
    started: float
    threads: int
    staged: list[Staged] = field(default_factory=list)
    findings: list[LoadFinding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.contract = self.request.contract
        self.quarantine = Quarantine(self.contract)
        self.taggers: list[Tagger] = taggers(self.contract.tags, self.request.places)
        for tagger in self.taggers:
            tagger.register(self.connection)
        self.staging = Staging(
            self.connection,
            self.contract,
            field_ids=self.writer.field_ids(self.contract),
            folder=self.writer.folder,
            taggers=self.taggers,
            now=self.writer.stamp,
        )

    def run(self, inputs: str) -> LoadReport:
        """Stage, check and commit."""
        self._stage()
        self.request.progress("checking keys", 0.8)
        self._check_keys()
        self._check_limits()
        if self.request.mode == "replace":  # the others touch few files, where a second thread mostly waits
            self.connection.execute(f"SET threads = {self.threads:d}")
        self.request.progress("committing", 0.9)
        merged = self._merge()
        if self._same_as_before(merged):
            return replace(self._report(merged), outcome="unchanged", version=self.writer.next_number - 1)
        self.findings += self.quarantine.findings()
        report = self._report(merged)
        attachments = {QUARANTINE: self._write_quarantine(self.writer.folder / "quarantine.parquet")}
        facts = Facts(
            source=inputs,
            report=report.to_json(),
            attachments=attachments if self.quarantine.rows else {},
        )
        self.writer.commit(add=merged.add, drop=merged.drop, facts=facts)
        stopped_quarantine(self.table).unlink(missing_ok=True)
        self.request.progress("done", 1.0)
        return report

    def _same_as_before(self, merged: Merged) -> bool:
        """Say whether the source holds the same rows as before, although its bytes differ."""
        current = self.writer.current
        if current is None or merged.add or merged.drop or current.contract != self.contract.fingerprint():
            return False
        return current.report.get("rows_quarantined") == self.quarantine.rows

    def _stage(self) -> None:
        landings = self.request.landings
        groups = [landings] if self.contract.select and not self.contract.vintaged else [(one,) for one in landings]
        for number, group in enumerate(groups):
            self.request.progress(f"reading {group[0].source}", 0.8 * number / len(groups))
            self.staged.append(self._stage_group(group))
            self.findings += self.staged[-1].findings
        self.findings += [tagger.finding() for tagger in self.taggers]

    def _stage_group(self, group: Sequence[Landing]) -> Staged:
        if not self.contract.select:
            return self.staging.stage(group[0], self.quarantine)
        tree = check_select(self.contract.select, dataset=self.request.dataset)
        selected = run_select(self.connection, tree, group, dataset=self.request.dataset)
        for landing in group:
            self.quarantine.add_rejects(landing.rejects)
        sources = _named(group)
        message = f"{sources}: the select made {selected.kept:,} rows of {selected.landed:,}"
        if selected.kept != selected.landed:
            dropped = max(selected.landed - selected.kept, 0)
            self.findings.append(LoadFinding("select_rows", "note", "", message, dropped))
        staged = self.staging.stage_selected(
            selected, self.quarantine, landing=replace(group[0], source=sources, notes=_notes(group))
        )
        staged.landed = selected.landed + sum(len(landing.rejects) for landing in group)
        return staged

    def _check_keys(self) -> None:
        files = [path for one in self.staged for path in one.files]
        staying = [one.path for one in self.writer.current_files()] if self.request.mode == "append" else []
        key = identity(self.contract)
        finder = TwinFinder(self.connection, files, key=key)
        twins = finder.find(staying)
        if twins is None or not twins.rows:
            return
        if key and self.contract.duplicates is Duplicates.STOP:
            self._stop_for(twins)
        number = 0
        for one in self.staged:
            before = 0
            for position, path in enumerate(list(one.files)):
                rows = rows_of(path)
                self._settle(finder, number, (one, position), before=before)
                number, before = number + 1, before + rows
            one.settle()

    def _settle(self, finder: TwinFinder, number: int, place: tuple[Staged, int], *, before: int) -> None:
        """Give the later twins in one file ids of their own, or set them aside."""
        one, position = place
        later = finder.later(number)
        if not later:
            return
        if not identity(self.contract):
            one.rewritten[position] = self.staging.write(finder.renumbered(number))
            return
        one.rewritten[position] = self.staging.write(finder.without_later(number))
        one.rows_loaded -= len(later)
        numbers = [one.row_number(before + row) for row, _ in later]
        origins = self.staging.origins(numbers) if one.selected else {row: (one.source, row) for row in numbers}
        lines = pa.table(
            {
                "row": pa.array(numbers, pa.int64()),
                "column": pa.array([", ".join(self.contract.key)] * len(later), pa.string()),
                "value": pa.array([label for _, label in later], pa.string()),
                "reason": pa.array(["an earlier row has the same key"] * len(later), pa.string()),
            }
        )
        self.quarantine.add_traced(lines, origins)

    def _stop_for(self, twins: Twins) -> None:
        hidden = self.contract.restricted or any(self.contract.column(name).sensitive for name in self.contract.key)
        shown = "" if hidden else f", such as {'; '.join(twins.keys)}"
        message = (
            f"{self.request.dataset}: {twins.groups:,} keys ({', '.join(self.contract.key)}) are shared by"
            f" {twins.rows:,} rows too many{shown}. {self._stays()} Correct the source or `row_key`, or say what to"
            " do with them: `duplicates: quarantine` or `duplicates: keyless`."
        )
        self._stop(DuplicateKeys, message)

    def _check_limits(self) -> None:
        read, bad = sum(one.rows_of_source for one in self.staged), self.quarantine.rows
        most, share = self.contract.max_bad_rows, self.contract.max_bad_share
        if most is not None and bad > most:
            limit = f"{most:,} rows (max_bad_rows)"
        elif bad > share * read:
            limit = f"a share of {share:g} (max_bad_share)"
        else:
            limit = ""
        if limit:
            message = (
                f"{self.request.dataset}: {bad:,} of {read:,} rows do not fit, and the contract lets {limit} pass."
                f" {self._stays()} First: {self.quarantine.examples()}. Correct the contract's columns or the source."
            )
            self._stop(TooManyBadRows, message)
        if read == 0:
            sources = ", ".join(one.source for one in self.staged)
            self._stop(NothingToLoad, f"{sources}: no rows. {self._stays()} Check that the source is complete.")

    def _stays(self) -> str:
        current = self.writer.current
        return f"Version {current.number} stays." if current is not None else "Nothing was loaded."

    def _stop(self, kind: type[LoadStopped], message: str) -> None:
        path = stopped_quarantine(self.table)
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.quarantine.rows:
            self._write_quarantine(path)
        finding = LoadFinding("stopped", "error", "", message, self.quarantine.rows)
        report = replace(self._report(None), findings=(finding, *self.findings))
        raise kind(message, report=report)

    def _merge(self) -> Merged:
        files = [path for one in self.staged for path in one.files]
        rows = sum(one.rows_loaded for one in self.staged)
        if self.request.mode == "append" or self.writer.current is None:
            return Merged(add=tuple(files), drop=(), rows_added=rows, rows_changed=0, rows_removed=0)
        empty = scan_sql((), self.writer.fields(self.contract))
        self.connection.execute(f"CREATE TEMP VIEW {RELATION} AS SELECT * FROM {scan(files) if files else empty}")
        if self.request.mode == "upsert":
            return upsert_rows(self.connection, RELATION, writer=self.writer, contract=self.contract)
        return replace_rows(self.connection, RELATION, writer=self.writer, contract=self.contract, staged=files)

    def _write_quarantine(self, path: Path) -> Path:
        pq.write_table(self.quarantine.table(), path, compression="zstd")
        return path

    def _report(self, merged: Merged | None) -> LoadReport:
        current = self.writer.current
        return LoadReport(
            dataset=self.request.dataset,
            outcome="loaded" if merged else "stopped",
            version=self.writer.next_number if merged else current.number if current else None,
            mode=self.request.mode,
            fingerprint=self.request.fingerprint,
            rows_read=sum(one.rows_of_source for one in self.staged),
            rows_loaded=sum(one.rows_loaded for one in self.staged),
            rows_quarantined=self.quarantine.rows,
            rows_added=merged.rows_added if merged else 0,
            rows_removed=merged.rows_removed if merged else 0,
            rows_changed=merged.rows_changed if merged else 0,
            seconds=round(time.perf_counter() - self.started, 3),
            bytes=sum(path.stat().st_size for path in merged.add) if merged else 0,
            quarantine=QUARANTINE if self.quarantine.rows else "",
            sources=tuple(one.report() for one in self.staged),
            findings=tuple(self.findings),
        )


def _named(group: Sequence[Landing]) -> str:
    return ", ".join(landing.source for landing in group) if len(group) <= 3 else f"{len(group)} sources"


def _notes(group: Sequence[Landing]) -> tuple[str, ...]:
    return tuple(note for landing in group for note in landing.notes)
