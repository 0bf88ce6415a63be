"""Versions of a dataset, read from the snapshots of its table: what was committed, when, from what."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from pyiceberg.schema import Schema

from cupola.contracts import Contract, contract_from_json
from cupola.errors import NotFound
from cupola.lake.columns import duckdb_name
from cupola.lake.fileio import path_of

# Names of a snapshot's own properties. Together they say everything the records must be able to catch up on.
NUMBER = "cupola.version"
CONTRACT = "cupola.contract"
CONTRACT_TEXT = "cupola.contract-text"  # names the table property that holds the contract as JSON
SOURCE = "cupola.source"
REPORT = "cupola.report"
COMMITTED_AT = "cupola.committed-at"
COMPACT = "cupola.compact"
ATTACHMENT = "cupola.attachment."
CONTRACT_PROPERTY = "cupola.contract."


def contract_property(text: str) -> str:
    """Return the name of the table property that holds this contract text; equal texts are kept once."""
    return CONTRACT_PROPERTY + hashlib.sha256(text.encode()).hexdigest()[:16]


class NoSuchVersion(NotFound):
    """The dataset has no version like that."""

    def __init__(self, *, dataset: str, asked: str, held: tuple[int, ...]) -> None:
        self.dataset, self.asked, self.held = dataset, asked, held
        has = f"It has versions {held[0]} to {held[-1]}" if held else "Nothing was ever loaded into it"
        super().__init__(f"{dataset}: no version {asked}. {has}.")


@dataclass(frozen=True)
class StoredField:
    """One column of a version as stored: its field id never changes, its name may."""

    id: int
    name: str
    type: str  # in DuckDB's words


@dataclass(frozen=True)
class Version:
    """One version of a dataset. `number` only grows.

    `snapshot_id` made it; `layout_id` is the snapshot whose files are read: the same, or a later compaction with
    the same rows. `contract`: fingerprint. `source`: fingerprint of the content it was loaded from.
    `report`: the load report as JSON values. `attachments`: other files committed with it, by name.
    """

    dataset: str
    number: int
    snapshot_id: int
    schema_id: int
    contract: str
    committed_at: datetime
    rows: int
    bytes: int
    files: int
    source: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    layout_id: int = 0
    attachments: Mapping[str, Path] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name the version for people."""
        return f"{self.dataset} version {self.number}"


class State:
    """One table's metadata as it stood at one moment. Nothing in it can change."""

    def __init__(self, dataset: str, path: Path) -> None:
        self.dataset, self.path = dataset, path
        self.folder = path.parent.parent
        self._facts = orjson.loads(path.read_bytes())
        self._snapshots: list[dict[str, Any]] = self._facts.get("snapshots", [])
        self._by_id = {one["snapshot-id"]: one for one in self._snapshots}

    @property
    def current_snapshot(self) -> int | None:
        """Return the newest snapshot, None before the first commit."""
        number = self._facts.get("current-snapshot-id")
        return None if number in {None, -1} else int(number)

    def snapshots(self) -> tuple[int, ...]:
        """Return every snapshot, oldest first."""
        return tuple(one["snapshot-id"] for one in self._snapshots)

    def manifest_list(self, snapshot_id: int) -> Path:
        """Return the file that lists the manifests of a snapshot."""
        return path_of(self._by_id[snapshot_id]["manifest-list"])

    def summary(self, snapshot_id: int) -> Mapping[str, str]:
        """Return what a snapshot says of itself."""
        summary: Mapping[str, str] = self._by_id[snapshot_id].get("summary", {})
        return summary

    def metadata_files(self) -> set[Path]:
        """Return this metadata file and the older ones it still names."""
        return {self.path, *(path_of(entry["metadata-file"]) for entry in self._facts.get("metadata-log", []))}

    def fields(self, schema_id: int) -> tuple[StoredField, ...]:
        """Return the columns of a schema."""
        for schema in self._facts["schemas"]:
            if schema.get("schema-id", 0) == schema_id:
                stored = Schema.model_validate(schema).fields
                return tuple(StoredField(one.field_id, one.name, duckdb_name(one.field_type)) for one in stored)
        raise KeyError(schema_id)

    def contract(self, version: Version) -> Contract:
        """Return the contract a version was loaded by."""
        key = self.summary(version.snapshot_id)[CONTRACT_TEXT]
        return contract_from_json(self._facts["properties"][key])

    def versions(self) -> tuple[Version, ...]:
        """Return every version, oldest first."""
        return self._versions

    @cached_property
    def _versions(self) -> tuple[Version, ...]:
        layouts: dict[int, int] = {}
        first: dict[int, dict[str, Any]] = {}
        for snapshot in self._snapshots:
            number = snapshot.get("summary", {}).get(NUMBER)
            if number is not None:
                first.setdefault(int(number), snapshot)
                layouts[int(number)] = snapshot["snapshot-id"]
        return tuple(self._version(number, first[number], layouts[number]) for number in sorted(first))

    def _version(self, number: int, snapshot: Mapping[str, Any], layout_id: int) -> Version:
        own = snapshot["summary"]
        layout = self._by_id[layout_id]["summary"]
        return Version(
            dataset=self.dataset,
            number=number,
            snapshot_id=snapshot["snapshot-id"],
            layout_id=layout_id,
            schema_id=snapshot["schema-id"],
            contract=own[CONTRACT],
            committed_at=datetime.fromisoformat(own[COMMITTED_AT]),
            rows=int(layout.get("total-records", 0)),
            bytes=int(layout.get("total-files-size", 0)),
            files=int(layout.get("total-data-files", 0)),
            source=own.get(SOURCE, ""),
            report=orjson.loads(own[REPORT]) if own.get(REPORT) else {},
            attachments={
                key.removeprefix(ATTACHMENT): self.folder / value
                for key, value in own.items()
                if key.startswith(ATTACHMENT)
            },
        )


def pick(
    dataset: str, versions: tuple[Version, ...], *, number: int | None = None, as_of: datetime | None = None
) -> Version:
    """Return the version with that number, or the newest committed at or before `as_of`, or the newest.

    Raises NoSuchVersion.
    """
    held = tuple(version.number for version in versions)
    if number is not None:
        found = [version for version in versions if version.number == number]
        asked = str(number)
    elif as_of is not None:
        found = [version for version in versions if version.committed_at <= as_of]
        asked = f"as of {as_of.isoformat()}"
    else:
        found, asked = list(versions), "at all"
    if not found:
        raise NoSuchVersion(dataset=dataset, asked=asked, held=held)
    return found[-1]
