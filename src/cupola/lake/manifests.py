"""Which files a snapshot names, with what is known of each without opening it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyiceberg.conversions import from_bytes
from pyiceberg.manifest import DataFile, ManifestFile, read_manifest_list
from pyiceberg.types import PrimitiveType

from cupola.lake.fileio import DurableFileIO, location_of, path_of


@dataclass(frozen=True)
class StoredFile:
    """One data file. `size` is in bytes.

    `lower`, `upper`: bounds by field id as Iceberg stores them, text cut to 16 characters.
    """

    path: Path
    rows: int
    size: int
    lower: dict[int, bytes] = field(default_factory=dict, compare=False)
    upper: dict[int, bytes] = field(default_factory=dict, compare=False)

    def bounds(self, field_id: int, stored: PrimitiveType) -> tuple[Any, Any] | None:
        """Return the least and the greatest value of a column in this file, None when they are not known."""
        if field_id not in self.lower or field_id not in self.upper:
            return None
        return from_bytes(stored, self.lower[field_id]), from_bytes(stored, self.upper[field_id])


def manifests_of(manifest_list: Path) -> list[ManifestFile]:
    """Return the manifests a snapshot names."""
    return list(read_manifest_list(DurableFileIO().new_input(location_of(manifest_list))))


def stored_files(manifest_list: Path) -> tuple[StoredFile, ...]:
    """Return the data files of a snapshot in reading order: the order in which they were first written."""
    io = DurableFileIO()
    entries = [entry for manifest in manifests_of(manifest_list) for entry in manifest.fetch_manifest_entry(io)]
    return tuple(sorted((_file(entry.data_file) for entry in entries), key=lambda file: file.path.name))


def _file(facts: DataFile) -> StoredFile:
    return StoredFile(
        path=path_of(facts.file_path),
        rows=facts.record_count,
        size=facts.file_size_in_bytes,
        lower=facts.lower_bounds or {},
        upper=facts.upper_bounds or {},
    )
