"""One commit of a table: files in, files out, perhaps a new schema, all or nothing.

pyiceberg writes and checks every structure; only its transaction is left out, because it copies the whole
metadata some fifteen times a commit, which after 1,000 versions takes a second (decision 0002).
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.manifest import (
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    write_manifest,
    write_manifest_list,
)
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.refs import MAIN_BRANCH, SnapshotRefType
from pyiceberg.table.snapshots import (
    Operation,
    Snapshot,
    SnapshotSummaryCollector,
    Summary,
    update_snapshot_summaries,
)
from pyiceberg.table.update import (
    AddSchemaUpdate,
    AddSnapshotUpdate,
    AssertRefSnapshotId,
    AssertTableUUID,
    SetCurrentSchemaUpdate,
    SetPropertiesUpdate,
    SetSnapshotRefUpdate,
    TableUpdate,
)

from cupola.deferred import table_io
from cupola.errors import InvalidInput
from cupola.lake.evolution import Evolution, same_fields
from cupola.lake.fileio import DurableFile, location_of

MERGE_AT = 10  # manifests of a snapshot before the small ones are joined
SMALL_MANIFEST_BYTES = 8 * 1024 * 1024
CODEC: Literal["deflate"] = "deflate"  # of manifests: every reader of Iceberg knows it


class WrongFile(InvalidInput):
    """A Parquet file does not hold the columns of the schema it was written for."""

    def __init__(self, *, path: Path, column: str, problem: str) -> None:
        self.path, self.column = path, column
        super().__init__(f"{path}: column '{column}' {problem}. Write the file with the field ids the table gave.")


@dataclass(frozen=True)
class Change:
    """What a commit changes. `drop`: files of the current snapshot. `bounded`: columns whose extremes are kept."""

    evolution: Evolution
    add: Sequence[Path]
    drop: Collection[Path]
    at: datetime
    summary: Mapping[str, str]
    properties: Mapping[str, str] = field(default_factory=dict)
    bounded: Collection[str] = ()
    same_rows: bool = False


def commit(table: IcebergTable, change: Change) -> int:
    """Commit `change` and return the snapshot that holds it. Raises pyiceberg's CommitFailedException."""
    metadata = table.metadata
    schema, schema_updates = _schema(metadata, change.evolution)
    snapshot_id = metadata.new_snapshot_id()
    added = [data_file(path, schema, bounded=change.bounded) for path in change.add]
    work = _Manifests(table, schema, snapshot_id=snapshot_id)
    removed = work.rewrite(added, {location_of(path) for path in change.drop})
    parent = metadata.current_snapshot()
    parent_id = parent.snapshot_id if parent else None
    snapshot = Snapshot.model_validate(
        {
            "snapshot-id": snapshot_id,
            "parent-snapshot-id": parent_id,
            "manifest-list": work.write_list(parent_id),
            "sequence-number": metadata.next_sequence_number(),
            "timestamp-ms": max(int(change.at.timestamp() * 1000), metadata.last_updated_ms + 1),
            "summary": _summary(metadata, change, added=added, removed=removed),
            "schema-id": schema.schema_id,
        }
    )
    updates: list[TableUpdate] = [
        *schema_updates,
        AddSnapshotUpdate(snapshot=snapshot),
        SetSnapshotRefUpdate.model_validate(
            {
                "snapshot-id": snapshot_id,
                "ref-name": MAIN_BRANCH,
                "type": SnapshotRefType.BRANCH,
            }
        ),
    ]
    if change.properties:
        updates.append(SetPropertiesUpdate(updates=dict(change.properties)))
    requirements = (
        AssertTableUUID(uuid=metadata.table_uuid),
        AssertRefSnapshotId.model_validate({"ref": MAIN_BRANCH, "snapshot-id": parent_id}),
    )
    table.catalog.commit_table(table, requirements, tuple(updates))
    return snapshot_id


def _schema(metadata: TableMetadata, evolution: Evolution) -> tuple[Schema, list[TableUpdate]]:
    """Return the schema to write under: the current one, an older one that is wanted again, or a new one."""
    if same_fields(metadata.schema(), evolution.fields):
        return metadata.schema(), []
    for schema in metadata.schemas:
        if same_fields(schema, evolution.fields):
            return schema, [_set_schema(schema.schema_id)]
    number = max(schema.schema_id for schema in metadata.schemas) + 1
    schema = Schema(*evolution.fields, schema_id=number)
    return schema, [AddSchemaUpdate(schema=schema), _set_schema(number)]


def _set_schema(number: int) -> SetCurrentSchemaUpdate:
    return SetCurrentSchemaUpdate.model_validate({"schema-id": number})


def data_file(path: Path, schema: Schema, *, bounded: Collection[str] = ()) -> DataFile:
    """Describe a Parquet file from its footer. Raises WrongFile."""
    footer = pq.read_metadata(path)
    _check_columns(path, footer.schema.to_arrow_schema(), schema)
    measured = {"write.metadata.metrics.default": "none"}
    measured |= {f"write.metadata.metrics.column.{name}": "truncate(16)" for name in bounded}
    statistics = table_io.data_file_statistics_from_parquet_metadata(
        parquet_metadata=footer,
        stats_columns=table_io.compute_statistics_plan(schema, measured),
        parquet_column_mapping=table_io.parquet_path_to_id_mapping(schema),
    )
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location_of(path),
        file_format=FileFormat.PARQUET,
        partition=statistics.partition(UNPARTITIONED_PARTITION_SPEC, schema),
        file_size_in_bytes=path.stat().st_size,
        sort_order_id=None,
        spec_id=0,
        equality_ids=None,
        key_metadata=None,
        # Sizes per column are read by nobody here, and make up half of what opening a thousand files has to decode.
        **{**statistics.to_serialized_dict(), "column_sizes": None},
    )


def _check_columns(path: Path, found: pa.Schema, schema: Schema) -> None:
    wanted = {one.name: one.field_id for one in schema.fields}
    for column in found:
        number = (column.metadata or {}).get(b"PARQUET:field_id")
        if column.name not in wanted:
            raise WrongFile(path=path, column=column.name, problem="is not in the schema")
        if number is None or int(number) != wanted.pop(column.name):
            raise WrongFile(path=path, column=column.name, problem="has another field id than the schema")
    for name in wanted:
        raise WrongFile(path=path, column=name, problem="is missing")


def _summary(
    metadata: TableMetadata, change: Change, *, added: Sequence[DataFile], removed: Sequence[DataFile]
) -> Summary:
    collector = SnapshotSummaryCollector()
    for file in added:
        collector.add_file(data_file=file, schema=metadata.schema(), partition_spec=UNPARTITIONED_PARTITION_SPEC)
    for file in removed:
        collector.remove_file(data_file=file, schema=metadata.schema(), partition_spec=UNPARTITIONED_PARTITION_SPEC)
    before = metadata.current_snapshot()
    operation = Operation.OVERWRITE if removed else Operation.APPEND
    summary = update_snapshot_summaries(
        Summary(operation=operation, **collector.build(), **change.summary),
        previous_summary=before.summary if before is not None else None,
    )
    return Summary(**{**summary.model_dump(), "operation": Operation.REPLACE}) if change.same_rows else summary


class _Manifests:
    """The manifests of the next snapshot: those that stay as they are, and one new one for all that changed."""

    def __init__(self, table: IcebergTable, schema: Schema, *, snapshot_id: int) -> None:
        self._table = table
        self._schema = schema
        self._snapshot_id = snapshot_id
        self._folder = f"{table.metadata.location}/metadata"
        self._files: list[ManifestFile] = []

    def rewrite(self, added: Sequence[DataFile], drop: set[str]) -> list[DataFile]:
        """Add and drop files; return what is known of the dropped ones. Raises KeyError when one is not held."""
        entries = [self._entry(ManifestEntryStatus.ADDED, file) for file in added]
        removed: list[DataFile] = []
        held = self._live()
        small = [one for one in held if one.manifest_length < SMALL_MANIFEST_BYTES] if len(held) >= MERGE_AT else []
        for manifest in held:
            existing = manifest.fetch_manifest_entry(self._table.io) if drop or manifest in small else []
            leaving = [entry for entry in existing if entry.data_file.file_path in drop]
            if not leaving and manifest not in small:
                self._files.append(manifest)
                continue
            removed += [entry.data_file for entry in leaving]
            entries += [self._again(ManifestEntryStatus.DELETED, entry) for entry in leaving]
            staying = [entry for entry in existing if entry.data_file.file_path not in drop]
            entries += [self._again(ManifestEntryStatus.EXISTING, entry) for entry in staying]
        missing = drop - {file.file_path for file in removed}
        if missing:
            raise KeyError(f"not in the current snapshot: {', '.join(sorted(missing))}")
        if entries:
            self._files.insert(0, self._write(entries))
        return removed

    def _live(self) -> list[ManifestFile]:
        current = self._table.metadata.current_snapshot()
        held = current.manifests(self._table.io) if current else []
        return [manifest for manifest in held if manifest.has_added_files() or manifest.has_existing_files()]

    def _entry(self, status: ManifestEntryStatus, file: DataFile) -> ManifestEntry:
        return ManifestEntry.from_args(
            status=status,
            snapshot_id=self._snapshot_id,
            sequence_number=None,
            file_sequence_number=None,
            data_file=file,
        )

    def _again(self, status: ManifestEntryStatus, entry: ManifestEntry) -> ManifestEntry:
        return ManifestEntry.from_args(
            status=status,
            snapshot_id=self._snapshot_id if status == ManifestEntryStatus.DELETED else entry.snapshot_id,
            sequence_number=entry.sequence_number,
            file_sequence_number=entry.file_sequence_number,
            data_file=entry.data_file,
        )

    def _write(self, entries: Sequence[ManifestEntry]) -> ManifestFile:
        output = DurableFile(f"{self._folder}/{uuid.uuid4()}-m0.avro")
        writer = write_manifest(
            format_version=2,
            spec=UNPARTITIONED_PARTITION_SPEC,
            schema=self._schema,
            output_file=output,
            snapshot_id=self._snapshot_id,
            avro_compression=CODEC,
        )
        with writer:
            for entry in entries:
                writer.add_entry(entry)
        return writer.to_manifest_file()

    def write_list(self, parent_id: int | None) -> str:
        """Write the list of manifests and return its address."""
        location = f"{self._folder}/snap-{self._snapshot_id}-0-{uuid.uuid4()}.avro"
        writer = write_manifest_list(
            format_version=2,
            output_file=DurableFile(location),
            snapshot_id=self._snapshot_id,
            parent_snapshot_id=parent_id,
            sequence_number=self._table.metadata.next_sequence_number(),
            avro_compression=CODEC,
        )
        with writer:
            writer.add_manifests(self._files)
        return location
