"""The city folder: kinds of record, reading with file and line, planning a change, writing back."""

from cupola.folder.kinds import KINDS
from cupola.folder.kinds.city import CityRecord
from cupola.folder.kinds.dataset import DatasetRecord
from cupola.folder.kinds.record import Document, Record
from cupola.folder.problems import FolderInvalid, Problem
from cupola.folder.reading import Folder, FolderNotFound, read
from cupola.folder.validation import parse

__all__ = [
    "KINDS",
    "CityRecord",
    "DatasetRecord",
    "Document",
    "Folder",
    "FolderInvalid",
    "FolderNotFound",
    "Problem",
    "Record",
    "parse",
    "read",
]
