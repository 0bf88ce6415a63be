"""The one writer of a table: where new files go, under which field ids, and the commit that makes them a version."""

import json
import re
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pyiceberg.exceptions import CommitFailedException, NoSuchTableError
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable
from pyiceberg.types import NestedField

from cupola.contracts import VINTAGE, Contract, contract_to_json
from cupola.errors import Conflict, InvalidInput
from cupola.lake import versions
from cupola.lake.catalog import LakeCatalog
from cupola.lake.columns import ID, duckdb_name, stored_columns
from cupola.lake.commits import Change, commit
from cupola.lake.evolution import Evolution, evolve
from cupola.lake.fileio import path_of, sync_file, sync_folder
from cupola.lake.manifests import StoredFile, stored_files
from cupola.lake.versions import State, StoredField, Version

_ORDERED = re.compile(r"(\d{6}-\d{4})-[0-9a-f]{32}\.parquet")


class Retyped(InvalidInput):
    """A column changed to a type its stored values cannot be read as, and files with such values would stay."""

    def __init__(self, *, dataset: str, columns: tuple[str, ...]) -> None:
        self.dataset, self.columns = dataset, columns
        super().__init__(
            f"{dataset}: the type of {', '.join(columns)} changed, and rows already stored would lose their values."
            " Load the whole dataset once with mode: replace."
        )


class CommittedElsewhere(Conflict):
    """Something that does not know the lake's lock committed to the table meanwhile."""

    def __init__(self, *, dataset: str) -> None:
        self.dataset = dataset
        super().__init__(
            f"{dataset}: another program committed to this table meanwhile. Nothing was changed; run it again."
        )


@dataclass(frozen=True)
class Facts:
    """What a version says of itself. `source`: fingerprint of what was loaded; `report`: JSON values.

    `attachments`: other files to commit with it, by name; they are moved into the table's folder.
    """

    source: str = ""
    report: Mapping[str, object] = field(default_factory=dict)
    attachments: Mapping[str, Path] = field(default_factory=dict)


class Writer:
    """Made by `Table.writing`, which holds the lock. `stamp`: the time every new or changed row carries.

    `folder` is scratch space on the same disk as the table, gone when the writer is.
    """

    def __init__(self, catalog: LakeCatalog, name: str, *, state: State | None, stamp: datetime) -> None:
        self._catalog, self.name, self._state, self.stamp = catalog, name, state, stamp
        self._table_folder = catalog.folder(name)
        self.folder = self._table_folder / "staging" / uuid.uuid4().hex
        self._contract: Contract | None = None
        self._evolution: Evolution | None = None
        self._files: tuple[StoredFile, ...] | None = None

    def __enter__(self) -> Self:
        """Make the scratch folder."""
        self.folder.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the scratch folder and what is left in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def current(self) -> Version | None:
        """Return the newest version before this write, None when there is none."""
        held = self._state.versions() if self._state is not None else ()
        return held[-1] if held else None

    @property
    def next_number(self) -> int:
        """Return the number the next commit will get."""
        return self.current.number + 1 if self.current is not None else 1

    def contract_of(self, version: Version) -> Contract:
        """Return the contract of a version committed before."""
        assert self._state is not None
        return self._state.contract(version)

    def current_files(self) -> tuple[StoredFile, ...]:
        """Return the files of the current version."""
        if self._state is None or self.current is None:
            return ()
        if self._files is None:
            self._files = stored_files(self._state.manifest_list(self.current.layout_id))
        return self._files

    def evolution(self, contract: Contract) -> Evolution:
        """Stage the schema of `contract`: columns added, dropped, widened, or renamed by their origins."""
        if self._evolution is None or self._contract != contract:
            fields, last_id = self._fields()
            self._contract = contract
            self._evolution = evolve(fields, stored_columns(contract), last_id=last_id)
        return self._evolution

    def _fields(self) -> tuple[tuple[NestedField, ...], int]:
        try:
            table = self._catalog.load(self.name)
        except NoSuchTableError:
            return (), 0
        return tuple(table.schema().fields), table.metadata.last_column_id

    def field_ids(self, contract: Contract) -> dict[str, int]:
        """Return column name to field id for the files to write, in stored order."""
        return self.evolution(contract).field_ids

    def fields(self, contract: Contract) -> tuple[StoredField, ...]:
        """Return the columns to write, with which the files of the current version can be read as well."""
        staged = self.evolution(contract).fields
        return tuple(StoredField(one.field_id, one.name, duckdb_name(one.field_type)) for one in staged)

    def new_file(self, *, like: Path | None = None) -> Path:
        """Return where to write a new file; with `like`, one that takes that file's place in reading order."""
        matched = _ORDERED.fullmatch(like.name) if like is not None else None
        prefix = f"{matched[1]}-" if matched else ""
        return self.folder / f"{prefix}{uuid.uuid4().hex}.parquet"

    def commit(
        self, *, add: Sequence[Path], drop: Sequence[Path] | Literal["all"] = (), facts: Facts | None = None
    ) -> Version:
        """Make one new version: with the files `add`, without the files `drop`. All of it or nothing.

        `add` may stand anywhere under `folder`; they are moved. Raises Retyped, WrongFile, CommittedElsewhere.
        """
        facts = facts or Facts()
        number = self.next_number
        attached = self._keep_attachments(facts.attachments)
        summary = {
            versions.NUMBER: str(number),
            versions.SOURCE: facts.source,
            versions.REPORT: json.dumps(facts.report, separators=(",", ":"), default=str),
            versions.COMMITTED_AT: self.stamp.isoformat(),
            **{f"{versions.ATTACHMENT}{name}": f"attachments/{path.name}" for name, path in attached.items()},
        }
        return self._commit(add, drop, summary=summary)

    def commit_same_rows(self, *, add: Sequence[Path], drop: Sequence[Path]) -> Version:
        """Lay out the rows of the current version in other files. The version keeps its number."""
        assert self.current is not None
        self.evolution(self.contract_of(self.current))
        summary = {
            versions.NUMBER: str(self.current.number),
            versions.COMMITTED_AT: self.current.committed_at.isoformat(),
            versions.COMPACT: "true",
        }
        return self._commit(add, drop, summary=summary)

    def _commit(
        self, add: Sequence[Path], drop: Sequence[Path] | Literal["all"], *, summary: Mapping[str, str]
    ) -> Version:
        assert self._evolution is not None, "the schema comes first: ask field_ids(contract)"
        held = tuple(file.path for file in self.current_files())
        dropped = held if drop == "all" else tuple(drop)
        if self._evolution.retyped and set(held) - set(dropped):
            raise Retyped(dataset=self.name, columns=self._evolution.retyped)
        table = self._table(self._evolution)
        kept: list[Path] = []
        try:
            self._keep(add, kept, number=int(summary[versions.NUMBER]))
            commit(table, self._change(table, kept, drop=dropped, summary=summary))
        except BaseException as error:
            if not self._landed(table):
                for path in kept:
                    path.unlink(missing_ok=True)
                if isinstance(error, CommitFailedException):
                    raise CommittedElsewhere(dataset=self.name) from error
                raise
        return self._advance()

    def _change(
        self, table: IcebergTable, add: Sequence[Path], *, drop: Sequence[Path], summary: Mapping[str, str]
    ) -> Change:
        contract, evolution = self._contract, self._evolution
        assert contract is not None
        assert evolution is not None
        text = contract_to_json(contract)
        key = versions.contract_property(text)
        return Change(
            evolution=evolution,
            add=add,
            drop=drop,
            at=self.stamp,
            summary={**summary, versions.CONTRACT: contract.fingerprint(), versions.CONTRACT_TEXT: key},
            properties={} if key in table.properties else {key: text},
            bounded=_bounded(contract),
            same_rows=versions.COMPACT in summary,
        )

    def _table(self, evolution: Evolution) -> IcebergTable:
        try:
            return self._catalog.load(self.name)
        except NoSuchTableError:
            # Fresh ids are given from 1 in order, which is what `evolve` gave.
            return self._catalog.create(self.name, Schema(*evolution.fields))

    def _landed(self, table: IcebergTable) -> bool:
        """Say whether the catalogue moved on although the commit reported an error, and files must stay."""
        return self._catalog.location(self.name) != path_of(table.metadata_location)

    def _keep(self, add: Sequence[Path], kept: list[Path], *, number: int) -> None:
        """Move new files to where they stay, named in reading order, and wait until they are on disk."""
        data = self._table_folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        for position, path in enumerate(add):
            ordered = _ORDERED.fullmatch(path.name) is not None
            name = path.name if ordered else f"{number:06d}-{position:04d}-{uuid.uuid4().hex}.parquet"
            sync_file(path)
            kept.append(path.rename(data / name))
        sync_folder(data)

    def _keep_attachments(self, attachments: Mapping[str, Path]) -> dict[str, Path]:
        if not attachments:
            return {}
        folder = self._table_folder / "attachments"
        folder.mkdir(parents=True, exist_ok=True)
        kept = {}
        for name, path in attachments.items():
            sync_file(path)
            kept[name] = path.rename(folder / f"{uuid.uuid4().hex}{path.suffix}")
        sync_folder(folder)
        return kept

    def _advance(self) -> Version:
        location = self._catalog.location(self.name)
        assert location is not None
        before, self._state = self._state, State(self.name, location)
        if before is not None:
            for path in before.metadata_files() - self._state.metadata_files():
                path.unlink(missing_ok=True)
        self._evolution, self._files = None, None
        assert self.current is not None
        return self.current


def _bounded(contract: Contract) -> tuple[str, ...]:
    """Return the columns whose extremes are kept per file: enough to skip files by key, time and vintage."""
    dated = (VINTAGE,) if contract.vintaged else ()
    timed = (contract.time_column,) if contract.time_column else ()
    return (*contract.key, *timed, *dated, ID)
