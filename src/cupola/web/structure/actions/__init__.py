"""What changes structures."""

from cupola.web.structure.actions.branching import BranchKeyTaken, MergeResult, NotABranch, branch, merge_branch
from cupola.web.structure.actions.editing import (
    ChangedMeanwhile,
    MayNotEdit,
    PartUnknown,
    ReasonMissing,
    Signed,
    change_part,
    edition_of,
    undo,
)
from cupola.web.structure.actions.keeper import StructureKeeper, store
from cupola.web.structure.actions.taking import CannotTake, Files, Taken, take_file

__all__ = [
    "BranchKeyTaken",
    "CannotTake",
    "ChangedMeanwhile",
    "Files",
    "MayNotEdit",
    "MergeResult",
    "NotABranch",
    "PartUnknown",
    "ReasonMissing",
    "Signed",
    "StructureKeeper",
    "Taken",
    "branch",
    "change_part",
    "edition_of",
    "merge_branch",
    "store",
    "take_file",
    "undo",
]
