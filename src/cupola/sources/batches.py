"""Rows of text as Arrow record batches."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from cupola.contracts import ROW

BATCH_ROWS = 8192


def text_schema(columns: Sequence[str]) -> pa.Schema:
    """Return the schema every landing has: its columns as text, and the row number."""
    return pa.schema([*((name, pa.string()) for name in columns), (ROW, pa.int64())])


def text_batches(columns: Sequence[str], rows: Iterable[tuple[int, Sequence[str | None]]]) -> Iterator[pa.RecordBatch]:
    """Yield batches of (row number, values in the order of `columns`)."""
    schema = text_schema(columns)
    numbers: list[int] = []
    values: list[Sequence[str | None]] = []
    for number, row in rows:
        numbers.append(number)
        values.append(row)
        if len(numbers) == BATCH_ROWS:
            yield _batch(schema, values, numbers)
            numbers, values = [], []
    if numbers:
        yield _batch(schema, values, numbers)


def _batch(schema: pa.Schema, values: list[Sequence[str | None]], numbers: list[int]) -> pa.RecordBatch:
    columns = list(zip(*values, strict=True)) or [()] * (len(schema) - 1)
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.record_batch([*arrays, pa.array(numbers, pa.int64())], schema=schema)
