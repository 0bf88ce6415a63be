"""Iceberg's Avro files with other addresses in them: what a lake needs to stand at another path."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyiceberg.avro.codecs import AVRO_CODEC_KEY
from pyiceberg.avro.file import AvroFile, AvroOutputFile
from pyiceberg.schema import Schema
from pyiceberg.typedef import Record

from cupola.lake.fileio import DurableFile, DurableFileIO, location_of

_OWN_KEYS = {"avro.schema"}  # written again from the schema


def move_manifest(path: Path, moved: Callable[[str], str]) -> None:
    """Rewrite the addresses of data files in a manifest."""
    _rewrite(path, "manifest_entry", lambda record, schema: _move_entry(record, schema, moved))


def move_manifest_list(path: Path, moved: Callable[[str], str], *, size_of: Callable[[str], int]) -> None:
    """Rewrite the addresses of manifests in a manifest list, and their sizes, which changed with them."""
    _rewrite(path, "manifest_file", lambda record, schema: _move_manifest(record, schema, (moved, size_of)))


def _rewrite(path: Path, name: str, change: Callable[[Any, Schema], None]) -> None:
    location = location_of(path)
    with AvroFile[Record](DurableFileIO().new_input(location), None, {}) as source:
        records = list(source)
        schema, header = source.schema, source.header.meta
    for record in records:
        change(record, schema)
    metadata = {key: value for key, value in header.items() if key not in _OWN_KEYS}
    metadata.setdefault(AVRO_CODEC_KEY, "null")
    with AvroOutputFile[Record](DurableFile(location), schema, name, metadata=metadata) as target:
        for record in records:
            target.write_block([record])


def _position(schema: Any, name: str) -> int:
    for position, field in enumerate(schema.fields):
        if field.name == name:
            return position
    raise KeyError(name)


def _move_entry(record: Any, schema: Schema, moved: Callable[[str], str]) -> None:
    at = _position(schema, "data_file")
    inner = schema.fields[at].field_type
    file = _position(inner, "file_path")
    record[at][file] = moved(record[at][file])


def _move_manifest(record: Any, schema: Schema, how: tuple[Callable[[str], str], Callable[[str], int]]) -> None:
    moved, size_of = how
    path, length = _position(schema, "manifest_path"), _position(schema, "manifest_length")
    record[path] = moved(record[path])
    record[length] = size_of(record[path])
