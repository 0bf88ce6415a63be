"""The lake as one object: load, read, compare and look after the versions of every dataset."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from cupola.contracts import VINTAGE, ColumnType, Contract, Kept, Promise
from cupola.lake import formats, loading, sqltext
from cupola.lake.backup import Copied, backup
from cupola.lake.catalog import LakeCatalog
from cupola.lake.derived import Derived, put
from cupola.lake.diff import SHOWN, Diff, Edition, Side, compare
from cupola.lake.downloads import Download, DownloadList, current, forget, lacking, prepare, taken, write_download
from cupola.lake.faults import disk_errors
from cupola.lake.loadreport import LoadReport, LoadRequest, PlacesRef
from cupola.lake.parts import Part, build_part, part_profile, part_release
from cupola.lake.profile import Profile, read_profile, store_profile
from cupola.lake.profiling import measure
from cupola.lake.promises import measure_promises
from cupola.lake.purging import Purged, erased_versions, purge
from cupola.lake.quarantine import SCHEMA as QUARANTINED
from cupola.lake.reading import Engine, Input, Limits, locked_down, run_query, working
from cupola.lake.registry import PublicFacts, Registry, Release, RestrictedRows
from cupola.lake.rowfiles import RowFileLimits, build_row_file, forget_row_file
from cupola.lake.serving import ROWS, build_serving, opened, serving_path
from cupola.lake.tables import Table
from cupola.lake.tiles import all_tiles, build_tiles
from cupola.lake.touched import query_touched
from cupola.lake.upkeep import Swept, compact, sweep_lake
from cupola.lake.verifying import Verified, Verifier
from cupola.lake.versions import StoredField, Version


class Lake:
    """Every dataset's versions below `root`. Any number of these may be open on the same root."""

    def __init__(self, root: Path, *, memory: str = "500MB", threads: int = 2) -> None:
        self.root = root.resolve()
        formats.check_root(self.root)
        formats.check_lake(self.root)
        self.engine = Engine(memory=memory, threads=threads, temporary=self.root / "temporary")
        self._catalog = LakeCatalog(self.root)
        self.registry = Registry(self.root / "registry.db")

    def table(self, dataset: str) -> Table:
        """Return the table of one dataset."""
        return Table(self._catalog, dataset)

    def load(self, request: LoadRequest) -> LoadReport:
        """Load one dataset; see `loading.load`."""
        return loading.load(self.table(request.dataset), request, engine=self.engine)

    def put(self, dataset: str, derived: Derived, *, now: datetime) -> Version:
        """Commit computed rows in place of others; see `derived.put`."""
        return put(self.table(dataset), derived, engine=self.engine, now=now)

    def unchanged(self, request: LoadRequest) -> LoadReport | None:
        """Return the report of a load that would change nothing, or None. The landings are not looked at."""
        held = self.versions(request.dataset)
        if not held or held[-1].source != loading.inputs_fingerprint(request):
            return None
        return LoadReport(request.dataset, "unchanged", held[-1].number, request.mode, request.fingerprint)

    def versions(self, dataset: str) -> tuple[Version, ...]:
        """Return every version of a dataset, oldest first."""
        return self.table(dataset).versions()

    def version(self, dataset: str, *, number: int | None = None, as_of: datetime | None = None) -> Version:
        """Return one version: by number, as of a moment, or the newest. Raises NoSuchVersion."""
        return self.table(dataset).version(number=number, as_of=as_of)

    def contract(self, version: Version) -> Contract:
        """Return the contract a version was loaded by."""
        return self.table(version.dataset).contract(version)

    def places(self, dataset: str) -> PlacesRef:
        """Return the newest version of a dataset of shapes, for tagging points."""
        version = self.version(dataset)
        shapes = [one.name for one in self.contract(version).columns if one.type is ColumnType.GEOMETRY]

        def rows(columns: tuple[str, ...]) -> pa.Table:
            if not shapes:
                raise KeyError("of the type geometry")
            called = {name: shapes[0] if name == "geometry" else name for name in columns}
            names = [exp.column(held, quoted=True).as_(name, quoted=True) for name, held in called.items()]
            return self.query(exp.select(*names).from_("places"), inputs={"places": version})

        return PlacesRef(dataset=dataset, version=version.number, label=version.label, rows=rows)

    def query(
        self,
        tree: exp.Query,
        *,
        inputs: Mapping[str, Version],
        limits: Limits | None = None,
        all_vintages: bool = False,
    ) -> pa.Table:
        """Run a checked syntax tree over named versions. A vintaged dataset shows its latest vintage.

        Raises UnknownInput, QueryFailed, TooSlow, TooBig.
        """
        read = {name: self.input(version, all_vintages=all_vintages) for name, version in inputs.items()}
        return run_query(tree, inputs=read, engine=self.engine, limits=limits or Limits())

    def query_touched(self, tree: exp.Query, *, before: Version, after: Version) -> pa.Table:
        """Run a tree over the rows, called `data`, that only one of two versions has; see `touched`."""
        table = self.table(after.dataset)
        return query_touched(table, tree, between=(before, after), engine=self.engine, limits=Limits())

    def input(self, version: Version, *, vintage: str = "", all_vintages: bool = False) -> Input:
        """Return what a query reads of a version."""
        table = self.table(version.dataset)
        whole = Input(files=tuple(one.path for one in table.files(version)), fields=table.fields(version))
        return whole if all_vintages else replace(whole, where=_one_vintage(whole.fields, vintage, source=whole.sql()))

    def rows(self, dataset: str, *, number: int, limit: int, offset: int = 0, vintage: str = "") -> pa.Table:
        """Return one page of a version's rows, in the order of the files; from its serving copy where it has one."""
        version = self.version(dataset, number=number)
        copy = serving_path(self.root, version)
        if copy.exists():
            where = _one_vintage(self.table(dataset).fields(version), vintage, source=f"FROM {ROWS}")
            page = f"{'WHERE ' + where if where else ''} LIMIT {limit:d} OFFSET {offset:d}"
            names = ", ".join(sqltext.name(one.name) for one in self.table(dataset).fields(version))
            with opened(copy, engine=self.engine) as connection:
                return connection.execute(f"SELECT {names} FROM {ROWS} {page}").to_arrow_table()
        tree = exp.select("*").from_("data").limit(limit).offset(offset)
        given = {"data": self.input(version, vintage=vintage)}
        return run_query(tree, inputs=given, engine=self.engine, limits=Limits())

    def datasets(self) -> tuple[str, ...]:
        """Return the names of all datasets that were ever loaded."""
        return tuple(name for name in self._catalog.names() if self.versions(name))

    def diff(self, dataset: str, *, a: Edition, b: Edition, limit: int = SHOWN) -> Diff:
        """Compare two versions, or two vintages. Counts are exact; at most `limit` rows and cells are shown.

        Raises NoSuchVersion.
        """
        sides = [self._side(dataset, edition) for edition in (a, b)]
        files = [path for side in sides for path in side.input.files]
        with locked_down(self.engine, files) as connection:
            return compare(connection, sides[0], sides[1], limit=limit)

    def _side(self, dataset: str, edition: Edition) -> Side:
        version = self.version(dataset, number=edition.version)
        vintage = edition.vintage.isoformat() if edition.vintage else ""
        read = self.input(version, vintage=vintage, all_vintages=edition.vintage is None)
        return Side(edition=edition, input=read, contract=self.contract(version))

    def build_serving(self, version: Version) -> Path:
        """Build the serving copy of a version unless it is there, and return its path."""
        return build_serving(self.table(version.dataset), version, engine=self.engine)

    def build_tiles(self, version: Version, *, contract: Contract) -> Path | None:
        """Make the map tiles of a version, without what `contract` holds to be sensitive; see `tiles.build_tiles`."""
        given = self.input(version)
        return build_tiles(self.root, version, contract=contract, given=given, engine=self.engine)

    def release(self, version: Version, *, at: datetime, public: PublicFacts) -> Release:
        """Make a version public: build its serving copy, then enter it in the registry.

        Raises RestrictedRows, PublicIdTaken, DiskFull, ReadOnlyHome.
        """
        release = replace(self.draft(version, public=public), released_at=at)
        if release.contract.restricted:
            raise RestrictedRows(dataset=version.dataset)
        release = replace(release, serving=str(self.build_serving(version).relative_to(self.root)))
        with disk_errors(self.root):
            self.registry.publish(release)
        return release

    def draft(self, version: Version, *, public: PublicFacts) -> Release:
        """Return a version as a release that is entered nowhere: what staff look at before the public may."""
        table = self.table(version.dataset)
        contract = table.contract(version)
        if public.sensitive is not None:
            contract = contract.hiding(public.sensitive)
        if public.restricted is not None:
            contract = replace(contract, restricted=public.restricted)
        copy = serving_path(self.root, version)
        return Release(
            dataset=version.dataset,
            version=version.number,
            public_id=public.public_id,
            snapshot_id=version.snapshot_id,
            rows=version.rows,
            committed_at=version.committed_at,
            released_at=version.committed_at,
            files=tuple(str(file.path.relative_to(self.root)) for file in table.files(version)),
            fields=table.fields(version),
            contract=contract,
            metadata=public.metadata,
            aliases=public.aliases,
            serving=str(copy.relative_to(self.root)) if copy.exists() else "",
        )

    def part(self, version: Version, part: Part, *, public: PublicFacts) -> Release:
        """Return a part of a version as a release that is entered nowhere, with a serving copy of its own."""
        path = build_part(self.table(version.dataset), version, part, engine=self.engine)
        draft = self.draft(version, public=public)
        return part_release(draft, version, part, path=path, engine=self.engine)

    def part_profile(self, version: Version, part: Part) -> Profile:
        """Measure the columns of a part over its own rows; nothing is kept."""
        given, contract = self.input(version), self.contract(version)
        return part_profile(given, version, part, contract=contract, engine=self.engine)

    def download(self, version: Version, *, to: Path, kind: str = "csv", hidden: Collection[str] | None = None) -> Path:
        """Write all rows of a version, of every vintage, as one file.

        `hidden`: the columns to leave out, None for those its contract calls sensitive.
        """
        given, contract = self.input(version, all_vintages=True), self.contract(version)
        what = taken(given.fields, contract if hidden is None else contract.hiding(hidden))
        return write_download(given, what, to=to, kind=kind, root=self.root, engine=self.engine)

    def downloads(self, release: Release) -> tuple[Download, ...]:
        """Return the files of a released version, none where they were not made (yet)."""
        return current(release, DownloadList(self.registry).of(release.dataset, release.version))

    def prepare_downloads(self, release: Release, *, at: datetime) -> bool:
        """Make the files of a released version that are not there; say whether anything had to be done."""
        return prepare(self.root, self.registry, release, engine=self.engine, at=at)

    def keep_row_file(self, release: Release, *, limits: RowFileLimits | None = None) -> bool:
        """Make the row file of a dataset's newest release unless it stands; say whether that had to be done.

        Raises RowFileFailed, DiskFull, ReadOnlyHome.
        """
        return build_row_file(self.root, release, engine=self.engine, limits=limits or RowFileLimits())

    def lacking_downloads(self, dataset: str) -> tuple[Release, ...]:
        """Return the public versions some of whose files are not there."""
        return lacking(self.root, self.registry, dataset)

    def measure_promises(self, version: Version, promised: Sequence[Promise], *, today: date) -> tuple[Kept, ...]:
        """Return whether a version (its latest vintage) keeps each promise about rows. Raises QueryFailed."""
        return measure_promises(self.input(version), promised, today=today, engine=self.engine)

    def recall(self, dataset: str, version: int, *, reason: str, at: datetime) -> None:
        """Take a released version back for good, and remove every copy made of it for the public.

        Its rows stay in the lake. Raises NotReleased.
        """
        self.registry.recall(dataset, version, reason=reason, at=at)
        held = self.version(dataset, number=version)
        for path in (serving_path(self.root, held), *all_tiles(self.root, held)):
            path.unlink(missing_ok=True)
        forget_row_file(self.root, held)
        forget(self.root, self.registry, version=held)

    def compact(self, dataset: str, *, now: datetime) -> Version | None:
        """Join small files of the newest version; it keeps its number. None when there was nothing to join."""
        return compact(self.table(dataset), now=now, engine=self.engine)

    def sweep(self, *, now: datetime) -> Swept:
        """Remove everything no version needs: leftovers of killed writes, old serving copies. Skips busy datasets."""
        return sweep_lake(self._catalog, self.registry, now=now)

    def backup(self, to: Path) -> Copied:
        """Copy the lake into a new folder while it serves and loads."""
        return backup(self.root, to)

    def verify(self, *, progress: Callable[[Version], None] = lambda version: None) -> tuple[Verified, ...]:
        """Read every row of every version and say what is wrong; no problems mean that all of it answers."""
        with working(self.engine) as connection:
            verifier = Verifier(connection)
            tables = [self.table(name) for name in self._catalog.names()]
            return tuple(
                one
                for table in tables
                for one in verifier.versions(table, progress=progress, erased=self._erased(table))
            )

    def _erased(self, table: Table) -> frozenset[int]:
        """Return the recalled versions of a dataset whose rows a lake brought back from a backup has no more."""
        state = table.state()
        return erased_versions(self.registry, state) if state is not None else frozenset()

    def purge(self, backup: Path) -> Purged:
        """Take out of a backup of this lake what was recalled since. Raises OfAnotherLake."""
        return purge(self.root, backup)

    def close(self) -> None:
        """Let go of the catalogue."""
        self._catalog.close()

    def profile(self, dataset: str, *, number: int) -> Profile:
        """Return the kept profile of a version. Raises NoProfile."""
        return read_profile(self.root, dataset, number)

    def build_profile(self, version: Version, *, restricted: bool | None = None) -> Profile:
        """Measure every column of a version (of its latest vintage) and keep the result.

        `restricted`: whether no value may be kept, None for what the contract it was loaded by says.
        """
        given, contract = self.input(version), self.contract(version)
        if restricted is not None:
            contract = replace(contract, restricted=restricted)
        profile = measure(given, contract, dataset=version.dataset, version=version.number, engine=self.engine)
        store_profile(self.root, profile)
        return profile

    def quarantine(self, dataset: str, *, number: int) -> pa.Table:
        """Return what a version's load set aside: source, row, column, value, reason. Never for a public page."""
        path = self.version(dataset, number=number).attachments.get(loading.QUARANTINE)
        return pq.read_table(path) if path is not None else QUARANTINED.empty_table()

    def stopped(self, dataset: str) -> pa.Table:
        """Return what the last load set aside when it was stopped; empty when the last load went through."""
        path = loading.stopped_quarantine(self.table(dataset))
        return pq.read_table(path) if path.exists() else QUARANTINED.empty_table()


def _one_vintage(fields: Sequence[StoredField], vintage: str, *, source: str) -> str:
    """Return the condition for one vintage, the latest in `source` unless named; empty where rows have none."""
    if not any(one.name == VINTAGE for one in fields):
        return ""
    return f"{VINTAGE} = " + (
        f"DATE {sqltext.text(vintage)}" if vintage else f"(SELECT max({VINTAGE}) FROM ({source}))"
    )
