"""Versioned columnar tables: load, commit, read as of a version, compare, look after."""

from cupola.lake.lake import Lake
from cupola.lake.loaderrors import LoadStopped
from cupola.lake.loadreport import LoadFinding, LoadReport, LoadRequest, PlacesRef, SourceReport
from cupola.lake.reading import Limits, parse
from cupola.lake.versions import NoSuchVersion, Version

__all__ = [
    "Lake",
    "Limits",
    "LoadFinding",
    "LoadReport",
    "LoadRequest",
    "LoadStopped",
    "NoSuchVersion",
    "PlacesRef",
    "SourceReport",
    "Version",
    "parse",
]
