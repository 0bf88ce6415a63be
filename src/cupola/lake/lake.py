"""The lake as one object: load, read, compare and look after the versions of every dataset."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from sqlglot import exp

from cupola.contracts import VINTAGE, Contract
from cupola.lake import loading, sqltext
from cupola.lake.catalog import LakeCatalog
from cupola.lake.loadreport import LoadReport, LoadRequest, PlacesRef
from cupola.lake.reading import Engine, Input, Limits, run_query
from cupola.lake.tables import Table
from cupola.lake.versions import Version


class Lake:
    """Every dataset's versions below `root`. Any number of these may be open on the same root."""

    def __init__(self, root: Path, *, memory: str = "500MB", threads: int = 2) -> None:
        self.root = root
        self.engine = Engine(memory=memory, threads=threads)
        self._catalog = LakeCatalog(root)

    def table(self, dataset: str) -> Table:
        """Return the table of one dataset."""
        return Table(self._catalog, dataset)

    def load(self, request: LoadRequest) -> LoadReport:
        """Load one dataset; see `loading.load`."""
        return loading.load(self.table(request.dataset), request, engine=self.engine)

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

        def rows(columns: tuple[str, ...]) -> pa.Table:
            names = [exp.column(name, quoted=True) for name in columns]
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

    def input(self, version: Version, *, vintage: str = "", all_vintages: bool = False) -> Input:
        """Return what a query reads of a version."""
        table = self.table(version.dataset)
        whole = Input(files=tuple(one.path for one in table.files(version)), fields=table.fields(version))
        if all_vintages or not any(one.name == VINTAGE for one in whole.fields):
            return whole
        latest = f"(SELECT max({VINTAGE}) FROM ({whole.sql()}))"
        wanted = f"DATE {sqltext.text(vintage)}" if vintage else latest
        return replace(whole, where=f"{VINTAGE} = {wanted}")

    def rows(self, dataset: str, *, number: int, limit: int, offset: int = 0, vintage: str = "") -> pa.Table:
        """Return one page of a version's rows, in the order of the files."""
        given = {"data": self.input(self.version(dataset, number=number), vintage=vintage)}
        tree = exp.select("*").from_("data").limit(limit).offset(offset)
        return run_query(tree, inputs=given, engine=self.engine, limits=Limits())
