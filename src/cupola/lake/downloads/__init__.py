"""A version as files to take away: Parquet, CSV, GeoJSON, XLSX and a data package, made once when it is published."""

from cupola.lake.downloads.listed import Download, DownloadList
from cupola.lake.downloads.preparing import (
    FOLDER,
    GEOJSON_ROWS,
    XLSX_ROWS,
    DownloadsFailed,
    current,
    forget,
    kinds_of,
    lacking,
    prepare,
    too_long_for,
)
from cupola.lake.downloads.taken import taken
from cupola.lake.downloads.writing import KINDS, NoPlaces, UnknownKind, copy_whole, write_download

__all__ = [
    "FOLDER",
    "GEOJSON_ROWS",
    "KINDS",
    "XLSX_ROWS",
    "Download",
    "DownloadList",
    "DownloadsFailed",
    "NoPlaces",
    "UnknownKind",
    "copy_whole",
    "current",
    "forget",
    "kinds_of",
    "lacking",
    "prepare",
    "taken",
    "too_long_for",
    "write_download",
]
