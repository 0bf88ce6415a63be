"""Versioned columnar tables: load, commit, read as of a version, compare, look after."""

from cupola.lake import sqltext
from cupola.lake.backup import restore
from cupola.lake.citations import Citation, Citations, NoSuchCitation
from cupola.lake.columns import CREATED, ID, SYSTEM, UPDATED
from cupola.lake.derived import Derived
from cupola.lake.diff import Cell, Diff, DiffRow, Edition
from cupola.lake.downloads import KINDS as DOWNLOAD_KINDS
from cupola.lake.downloads import Download, DownloadsFailed, copy_whole
from cupola.lake.keys import known_id
from cupola.lake.lake import Lake
from cupola.lake.listings import City, Listing, Listings
from cupola.lake.loaderrors import LoadStopped
from cupola.lake.loadreport import LoadFinding, LoadReport, LoadRequest, Mode, PlacesRef, SourceReport
from cupola.lake.located import Located, located
from cupola.lake.lock import BeingWritten
from cupola.lake.parts import Part
from cupola.lake.profile import ColumnProfile, NoProfile, Profile
from cupola.lake.propose import Proposal, propose
from cupola.lake.purging import CONTENTS, OfAnotherLake, Purged
from cupola.lake.reading import Engine as EngineShare
from cupola.lake.reading import Limits, parse, scan_sql, set_up
from cupola.lake.registry import NotReleased, PublicFacts, Recalled, Registry, Release
from cupola.lake.rowfiles import LAST, NotARowFile, RowFile, RowFileFailed, RowFileLimits, row_file_path
from cupola.lake.rowfiles import Kind as HeldKind
from cupola.lake.rowfiles import Segment as RowSegment
from cupola.lake.serving import opened, point_columns
from cupola.lake.tiles import tiles_path
from cupola.lake.tiling import LAYER as TILES_LAYER
from cupola.lake.tiling import TilerMissing, TilesFailed
from cupola.lake.tombstones import Retired, Tombstone, Tombstones
from cupola.lake.upkeep import Swept
from cupola.lake.verifying import Verified
from cupola.lake.versions import NoSuchVersion, StoredField, Version
from cupola.lake.writing import Facts

__all__ = [
    "CONTENTS",
    "CREATED",
    "DOWNLOAD_KINDS",
    "ID",
    "LAST",
    "SYSTEM",
    "TILES_LAYER",
    "UPDATED",
    "BeingWritten",
    "Cell",
    "Citation",
    "Citations",
    "City",
    "ColumnProfile",
    "Derived",
    "Diff",
    "DiffRow",
    "Download",
    "DownloadsFailed",
    "Edition",
    "EngineShare",
    "Facts",
    "HeldKind",
    "Lake",
    "Limits",
    "Listing",
    "Listings",
    "LoadFinding",
    "LoadReport",
    "LoadRequest",
    "LoadStopped",
    "Located",
    "Mode",
    "NoProfile",
    "NoSuchCitation",
    "NoSuchVersion",
    "NotARowFile",
    "NotReleased",
    "OfAnotherLake",
    "Part",
    "PlacesRef",
    "Profile",
    "Proposal",
    "PublicFacts",
    "Purged",
    "Recalled",
    "Registry",
    "Release",
    "Retired",
    "RowFile",
    "RowFileFailed",
    "RowFileLimits",
    "RowSegment",
    "SourceReport",
    "StoredField",
    "Swept",
    "TilerMissing",
    "TilesFailed",
    "Tombstone",
    "Tombstones",
    "Verified",
    "Version",
    "copy_whole",
    "known_id",
    "located",
    "opened",
    "parse",
    "point_columns",
    "propose",
    "restore",
    "row_file_path",
    "scan_sql",
    "set_up",
    "sqltext",
    "tiles_path",
]
