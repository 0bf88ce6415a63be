"""Parquet files: every column as canonical text, read one row group after another."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from cupola.contracts import Landing, Vintage
from cupola.sources.batches import BATCH_ROWS, text_schema
from cupola.sources.names import unique_names
from cupola.sources.numbertext import plain_number
from cupola.sources.spec import SourceInvalid


def open_parquet(path: Path, *, source: str, vintage: Vintage | None) -> Landing:
    """Land a Parquet file: structs as dotted columns, lists as JSON text, GeoParquet geometries as WKT."""
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
    except (pa.ArrowException, OSError) as error:
        raise SourceInvalid(
            source,
            problem=f"it is not a readable Parquet file: {error}",
            remedy="Fetch it again, or ask the publisher.",
        ) from error
    places = _geometries(schema, source=source)
    leaves = [leaf for field in schema for leaf in _leaves((field.name,), field.type)]
    columns = unique_names([".".join(leaf) for leaf in leaves])

    def batches() -> Iterator[pa.RecordBatch]:
        number = 1
        for batch in _read(path, source=source):
            arrays = [_leaf_text(batch, leaf, leaf[0] in places) for leaf in leaves]
            rows = pa.array(range(number, number + batch.num_rows), pa.int64())
            number += batch.num_rows
            yield pa.record_batch([*arrays, rows], schema=text_schema(columns))

    return Landing(source, columns, batches, vintage=vintage)


def _read(path: Path, *, source: str) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=BATCH_ROWS)
    except (pa.ArrowException, OSError) as error:
        raise SourceInvalid(
            source, problem=f"the file is damaged: {error}", remedy="Fetch it again; if it stays so, ask the publisher."
        ) from error


def _geometries(schema: pa.Schema, *, source: str) -> frozenset[str]:
    """Return the columns GeoParquet says are geometries. Raises SourceInvalid when they are not in WGS 84."""
    described = orjson.loads((schema.metadata or {}).get(b"geo", b"{}")).get("columns", {})
    for name, facts in described.items():
        crs = facts.get("crs", {})
        code = str((crs or {}).get("id", {}).get("code", "CRS84"))
        if code not in {"CRS84", "4326"}:
            raise SourceInvalid(
                source,
                problem=f"column {name!r}: its coordinates are in {code}, not longitude and latitude",
                remedy="Export it in WGS 84 (EPSG:4326).",
            )
    return frozenset(described)


def _leaves(path: tuple[str, ...], kind: pa.DataType) -> Iterator[tuple[str, ...]]:
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves((*path, field.name), field.type)
    else:
        yield path


def _leaf_text(batch: pa.RecordBatch, leaf: tuple[str, ...], geometry: bool) -> pa.Array:
    array = batch.column(leaf[0])
    for name in leaf[1:]:
        array = pc.struct_field(array, name)
    return _wkt(array) if geometry and _is_bytes(array.type) else _text(array)


def _text(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    for holds, convert in _CONVERSIONS:
        if holds(array.type):
            return convert(array)
    return array.cast(pa.string())


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _is_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind))


def _float(array: pa.Array) -> pa.Array:
    """NaN is how data frames write a missing number, so it is null."""
    array = array.cast(pa.float32()) if pa.types.is_float16(array.type) else array
    known = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    text = known.cast(pa.string())
    if pc.any(pc.match_substring(text, "e")).as_py():
        return pa.array([value and plain_number(value) for value in text.to_pylist()], pa.string())
    return text


def _moment(array: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        array = array.cast(pa.timestamp(array.type.unit, "UTC"))
    text = pc.replace_substring_regex(array.cast(pa.string()), r"\.0+(Z?)$", r"\1")
    return pc.replace_substring_regex(text, r"(\.\d*[1-9])0+(Z?)$", r"\1\2")


def _duration(array: pa.Array) -> pa.Array:
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[array.type.unit]
    return _float(pc.divide(array.cast(pa.int64()).cast(pa.float64()), float(per_second)))


def _bytes(array: pa.Array) -> pa.Array:
    return pa.array([None if value is None else _bytes_text(value) for value in array.to_pylist()], pa.string())


def _bytes_text(value: bytes) -> str:
    try:
        return value.decode()  # older writers store text without saying so
    except UnicodeDecodeError:
        return f"\\x{value.hex()}"


def _nested(array: pa.Array) -> pa.Array:
    values = array.to_pylist()
    return pa.array([None if value is None else _json(value) for value in values], pa.string())


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _wkt(array: pa.Array) -> pa.Array:
    shapes = shapely.from_wkb(array.to_pylist())
    return pa.array(shapely.to_wkt(shapes, rounding_precision=-1), pa.string(), from_pandas=True)


_CONVERSIONS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...] = (
    (pa.types.is_floating, _float),
    (pa.types.is_timestamp, _moment),
    (pa.types.is_time, _moment),
    (pa.types.is_duration, _duration),
    (_is_bytes, _bytes),
    (_is_nested, _nested),
)
