"""A version as one file to take away: CSV, gzipped CSV or Parquet, with the columns people know."""

import uuid
from collections.abc import Sequence
from pathlib import Path

import duckdb

from cupola.errors import InvalidInput
from cupola.lake import sqltext
from cupola.lake.columns import CREATED, ID, UPDATED
from cupola.lake.faults import disk_errors
from cupola.lake.reading import Input

_OPTIONS = {
    "csv": "FORMAT csv, HEADER true",
    "csv.gz": "FORMAT csv, HEADER true, COMPRESSION gzip",
    "parquet": "FORMAT parquet, COMPRESSION zstd",
}


class UnknownKind(InvalidInput):
    """There is no download of that kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"'{kind}' is not a kind of download. Choose one of: {', '.join(_OPTIONS)}.")


def write_download(
    connection: duckdb.DuckDBPyConnection, source: Input, *, to: Path, kind: str, hidden: Sequence[str] = ()
) -> Path:
    """Write the rows of `source` to the file `to`, whole or not at all. `hidden`: columns to leave out.

    Raises UnknownKind, DiskFull, ReadOnlyHome.
    """
    if kind not in _OPTIONS:
        raise UnknownKind(kind)
    left_out = {ID, CREATED, UPDATED, *hidden}
    shown = ", ".join(_shown(one.name, one.type, kind) for one in source.fields if one.name not in left_out)
    unfinished = to.with_name(f".{to.name}-{uuid.uuid4().hex}")
    with disk_errors(to.parent):
        try:
            connection.execute(
                f"COPY (SELECT {shown} FROM ({source.sql()})) TO {sqltext.text(str(unfinished))} ({_OPTIONS[kind]})"
            )
            unfinished.rename(to)
        finally:
            unfinished.unlink(missing_ok=True)
    return to


def _shown(name: str, stored: str, kind: str) -> str:
    quoted = sqltext.name(name)
    if stored == "BLOB" and kind != "parquet":
        return f"hex({quoted}) AS {quoted}"  # WKB in hexadecimal, which every GIS reads
    return quoted
