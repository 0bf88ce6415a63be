"""Parquet and CSV, written batch by batch."""

import gzip
import json
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import shapely

from cupola.contracts import ColumnType
from cupola.lake.downloads.taken import Taken

_GROUP_ROWS = 122_880  # of a row group; what analytical engines read at once
_GROUP_BYTES = 64 * 2**20  # a group of long texts is closed earlier, so that memory stays small
_LEVEL = 6  # of gzip: a fifth smaller than the fastest level, and 9 takes twice the time for 3 % less


class Writer(Protocol):
    """A file in the making, fed with batches whose first columns are those of a `Taken`."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""

    def close(self) -> None:
        """Finish the file."""


class ParquetFile:
    """Parquet, with GeoParquet's metadata where a column holds shapes."""

    def __init__(self, path: Path, what: Taken, *, schema: pa.Schema) -> None:
        self._names = list(what.names)
        shapes = [name for name, kind in what.columns if kind is ColumnType.GEOMETRY]
        self._schema = pa.schema([schema.field(name) for name in self._names]).with_metadata(_geo(shapes))
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", compression_level=3)
        self._held: list[pa.RecordBatch] = []

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        self._held.append(batch.select(self._names))
        rows = sum(one.num_rows for one in self._held)
        if rows >= _GROUP_ROWS or sum(one.nbytes for one in self._held) >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            group = pa.Table.from_batches(self._held).replace_schema_metadata(self._schema.metadata)
            self._writer.write_table(group, row_group_size=_GROUP_ROWS)
            self._held.clear()

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self._writer.close()


def _geo(shapes: list[str]) -> dict[str, str]:
    if not shapes:
        return {}
    columns = {name: {"encoding": "WKB", "geometry_types": []} for name in shapes}
    return {"geo": json.dumps({"version": "1.1.0", "primary_column": shapes[0], "columns": columns})}


class CsvFile:
    """CSV in UTF-8: a header, texts in quotes, a missing value as nothing, times in ISO 8601, shapes as WKT.

    Texts are exact, also those a spreadsheet would take for a formula: who imports them must say that they are text.
    """

    def __init__(self, path: Path, what: Taken, *, schema: pa.Schema, compressed: bool = True) -> None:
        self._what = what
        self._files = ExitStack()
        file: IO[bytes] = self._files.enter_context(path.open("wb"))
        if compressed:
            packed = gzip.GzipFile("", "wb", compresslevel=_LEVEL, fileobj=file, mtime=0)
            file = self._files.enter_context(packed)  # type: ignore[arg-type]
        texts = pa.schema([(name, _written(schema.field(name).type, kind)) for name, kind in what.columns])
        self._writer = arrow_csv.CSVWriter(file, texts)
        self._schema = texts

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        columns = [as_written(batch.column(name), kind) for name, kind in self._what.columns]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
        self._files.close()


_TEXTS = {ColumnType.TIMESTAMP, ColumnType.INSTANT, ColumnType.GEOMETRY}


def _written(stored: pa.DataType, kind: ColumnType) -> pa.DataType:
    return pa.string() if kind in _TEXTS else stored


def as_written(values: pa.Array, kind: ColumnType) -> pa.Array:
    """Return a column as CSV writes it: times and shapes as text, the rest as it is."""
    if kind in {ColumnType.TIMESTAMP, ColumnType.INSTANT}:
        text = pc.replace_substring(pc.cast(values, pa.string()), " ", "T", max_replacements=1)
        whole = pc.replace_substring_regex(text, r"\.0+(Z?)$", r"\1")
        return pc.replace_substring_regex(whole, r"(\.\d*[1-9])0+(Z?)$", r"\1\2")
    if kind is ColumnType.GEOMETRY:
        shapes = shapely.from_wkb(values.to_pylist())
        return pa.array(shapely.to_wkt(shapes, rounding_precision=-1), pa.string())
    return values
