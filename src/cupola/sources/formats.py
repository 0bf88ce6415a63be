"""Which format a source is in: as the city says, else the file name, else the server, else the first bytes."""

import re
from pathlib import Path

from rapidfuzz import process

from cupola.sources.spec import SourceInvalid

DATABASES = ("sql",)
APIS = ("socrata", "ckan", "arcgis")
ROWS = "rows"  # our own spool of rows already fetched from an API or a database
FILES = ("csv", "tsv", "json", "ndjson", "geojson", "parquet", "xlsx")
FORMATS = (*FILES, *APIS, *DATABASES)
COMPRESSIONS = (".gz", ".zst", ".zip")
_ENDINGS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".geojsonl": "ndjson",
    ".geojson": "geojson",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xlsb": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
    ".db": "sql",
    ".sqlite": "sql",
    ".sqlite3": "sql",
}
_MEDIA = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/geo+json": "geojson",
    "application/vnd.geo+json": "geojson",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xlsx",
}
_JSON_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*[\[{]")


def check_format(name: str, *, where: str) -> str:
    """Return `name` in lower case. Raises SourceInvalid when it is no format."""
    if name.lower() in FORMATS:
        return name.lower()
    near = process.extractOne(name.lower(), FORMATS, score_cutoff=60)
    hint = f"Did you mean {near[0]!r}?" if near else f"Use one of {', '.join(FORMATS)}."
    raise SourceInvalid(where, problem=f"{name!r} is not a format", remedy=hint)


def by_name(name: str) -> str:
    """Return the format a file name tells, through any compression ending, or an empty text."""
    path = Path(name.lower())
    while path.suffix in COMPRESSIONS:
        path = path.with_suffix("")
    return _ENDINGS.get(path.suffix, "")


def by_media_type(media: str) -> str:
    """Return the format a Content-Type tells, or an empty text."""
    return _MEDIA.get(media.partition(";")[0].strip().lower(), "")


def by_content(start: bytes) -> str:
    """Return the format the first bytes tell for sure, or an empty text: plain text is not guessed to be CSV."""
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"SQLite format 3\x00"):
        return "sql"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xlsx"  # an old .xls workbook
    return "json" if _JSON_START.match(start) else ""
