"""Structures read back as documents and as jurisdictions: as they stand, or as they were recorded on an earlier day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cupola.errors import NotFound
from cupola.folder.library import jurisdictions, templates
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.reading import read_jurisdiction
from cupola.web.structure.models import PARTS, Act, Structure


class StructureUnknown(NotFound):
    """No structure has this key, neither here nor in the library."""

    def __init__(self, key: str) -> None:
        self.key = key
        known = sorted({*Structure.objects.values_list("key", flat=True), *jurisdictions(), *templates()})
        super().__init__(f"No structure is called {key}. There are {', '.join(known)}.")


def find_structure(key: str) -> Structure:
    """Return the record. Raises StructureUnknown."""
    structure = Structure.objects.filter(key=key, retired_on=None).first()
    if structure is None:
        raise StructureUnknown(key)
    return structure


def document_of(structure: Structure) -> dict[str, Any]:
    """Return the canonical fields of the whole document."""
    found = {"key": structure.key, **structure.definition}
    for model in PARTS:
        rows = model.objects.filter(structure=structure).values_list("key", "definition")
        _put(found, model.group, list(rows))
    return found


def document_as_recorded(structure: Structure, at: datetime) -> dict[str, Any] | None:
    """Return the document as it was recorded at a moment; None where nothing was recorded yet."""
    head = structure.history.filter(history_date__lte=at).first()
    if head is None or head.history_type == "-":
        return None
    found = {"key": structure.key, **head.definition}
    for model in PARTS:
        rows = model.history.as_of(at).filter(structure_id=structure.pk)
        _put(found, model.group, sorted((row.order, row.key, row.definition) for row in rows))
    return found


def jurisdiction(key: str, *, recorded_at: datetime | None = None) -> Jurisdiction:
    """Return a government or a template by key: a record where there is one, else the library's.

    Raises StructureUnknown, also for a record that was not there yet at `recorded_at`.
    """
    structure = Structure.objects.filter(key=key, retired_on=None).first()
    if structure is None:
        found = jurisdictions().get(key) or templates().get(key)
        if found is None or recorded_at is not None:
            raise StructureUnknown(key)
        return found
    fields = document_of(structure) if recorded_at is None else document_as_recorded(structure, recorded_at)
    if fields is None:
        raise StructureUnknown(key)
    return read_jurisdiction(fields)


def jurisdictions_here() -> Mapping[str, Jurisdiction]:
    """Return every government: the library's, and those recorded here in its place or beside it; no branches."""
    here = Structure.objects.filter(retired_on=None, branch_of=None)
    own = {one.key: read_jurisdiction(document_of(one)) for one in here}
    return {**jurisdictions(), **own}


def _put(found: dict[str, Any], group: str, rows: list[Any]) -> None:
    if not rows:
        return
    if group == Act.group:
        found[group] = [row[-1] for row in rows]
    else:
        found[group] = {row[-2]: row[-1] for row in rows}
