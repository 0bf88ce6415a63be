"""What is asked of structures."""

from cupola.web.structure.queries.limits import elections_of
from cupola.web.structure.queries.structures import (
    NotRecordedYet,
    StructureUnknown,
    document_as_recorded,
    document_of,
    find_structure,
    jurisdiction,
    jurisdictions_here,
)

__all__ = [
    "NotRecordedYet",
    "StructureUnknown",
    "document_as_recorded",
    "document_of",
    "elections_of",
    "find_structure",
    "jurisdiction",
    "jurisdictions_here",
]
