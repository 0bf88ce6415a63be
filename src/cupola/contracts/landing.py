"""What a source hands to the lake: rows as text, with where each came from. Nothing has been guessed about types."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

ROW = "_row"  # number of the row within its source, 1 is the first data row
SOURCE = "_source"
VINTAGE = "vintage"


@dataclass(frozen=True)
class Dialect:
    """How a delimited text file is written. `skip_lines` counts lines before the header (or before the data)."""

    delimiter: str = ","
    quote: str = '"'  # empty: nothing is quoted
    escape: str = '"'  # equal to `quote`: doubled; a backslash; or empty
    encoding: str = "utf-8"  # utf-8 | utf-8-sig | utf-16-le | utf-16-be | cp1252
    newline: str = "\n"  # \n | \r\n | \r
    skip_lines: int = 0
    header_rows: int = 1  # 0: columns are named column_1, column_2, ...


@dataclass(frozen=True)
class Vintage:
    """The day a dated edition speaks for, and how precisely that is known: 'year', 'month' or 'day'."""

    on: date
    precision: str = "day"


@dataclass(frozen=True)
class Reject:
    """A row or value that did not fit. `row` counts data rows of the source; `column` is empty for a whole row."""

    source: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class CsvFile:
    """A local UTF-8 file (plain or .gz or .zst) that a database engine may read directly with `dialect`.

    Only offered when the careful reader and the engine agree on every line, or when the engine fails loudly
    where they do not; the lake falls back to `Landing.batches` on any error. `rows`: how many rows there are, by
    count of the bytes; an engine that finds another number has misread the file.
    """

    path: Path
    dialect: Dialect
    rows: int | None = None


@dataclass(frozen=True)
class Landing:
    """One source file, ready to read.

    `columns`: names as published, made unique, in order.
    `batches`: starts a fresh read each call; yields record batches with every column of `columns` as a string
    (null where the source has a true null) plus `_row` (int64).
    `rejects`: filled while `batches` is read: rows whose shape is damaged. They are not in the batches.
    `notes`: what was found out about the file (dialect, preamble lines, sheet), for the load report.
    """

    source: str
    columns: tuple[str, ...]
    batches: Callable[[], Iterator[pa.RecordBatch]]
    rejects: list[Reject] = field(default_factory=list)
    csv: CsvFile | None = None
    vintage: Vintage | None = None
    notes: tuple[str, ...] = ()
