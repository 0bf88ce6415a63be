"""The city folder: kinds of record, reading with file and line, planning a change, writing back."""

from cupola.folder.kinds import KINDS
from cupola.folder.kinds.aggregates import AggregatesFields
from cupola.folder.kinds.city import CityRecord
from cupola.folder.kinds.dataset import DatasetRecord
from cupola.folder.kinds.duties import DUTIES, DepartmentRecord, DutyFields
from cupola.folder.kinds.measure import MeasureRecord
from cupola.folder.kinds.record import Document, Record
from cupola.folder.obstacles import Obstacle, embargo, obstacles
from cupola.folder.planning import EditedTwice, OtherCity, Plan, RecordState, Step, UnknownSide, plan
from cupola.folder.problems import FolderInvalid, Problem
from cupola.folder.proposing import inventoried, proposal
from cupola.folder.reading import Folder, FolderNotFound, read
from cupola.folder.reference import reference
from cupola.folder.validation import parse
from cupola.folder.writing import FolderEdited, FolderNotWritable, Written, write

__all__ = [
    "DUTIES",
    "KINDS",
    "AggregatesFields",
    "CityRecord",
    "DatasetRecord",
    "DepartmentRecord",
    "Document",
    "DutyFields",
    "EditedTwice",
    "Folder",
    "FolderEdited",
    "FolderInvalid",
    "FolderNotFound",
    "FolderNotWritable",
    "MeasureRecord",
    "Obstacle",
    "OtherCity",
    "Plan",
    "Problem",
    "Record",
    "RecordState",
    "Step",
    "UnknownSide",
    "Written",
    "embargo",
    "inventoried",
    "obstacles",
    "parse",
    "plan",
    "proposal",
    "read",
    "reference",
    "write",
]
