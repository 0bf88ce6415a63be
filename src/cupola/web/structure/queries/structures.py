"""Structures read back as documents and as jurisdictions: as they stand, or as they were recorded on an earlier day."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.timezone import localdate

from cupola.errors import NotFound
from cupola.folder.library import jurisdictions, templates
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.reading import read_jurisdiction
from cupola.web.structure.models import PARTS, Act, Structure

_TEXT = Cast("definition", TextField())


class StructureUnknown(NotFound):
    """No structure has this key, neither here nor in the library."""

    def __init__(self, key: str) -> None:
        self.key = key
        known = sorted({*Structure.objects.values_list("key", flat=True), *jurisdictions(), *templates()})
        super().__init__(f"No structure is called {key}. There are {', '.join(known)}.")


class NotRecordedYet(StructureUnknown):
    """The structure was not recorded yet at the moment asked for. first: the day of its first record."""

    def __init__(self, structure: Structure, at: datetime) -> None:
        self.key = structure.key
        first = structure.history.order_by("history_date").first()
        self.first: date | None = None if first is None else localdate(first.history_date)
        since = f"; its first record is of {self.first}. Ask for that day or a later one" if self.first else ""
        NotFound.__init__(self, f"{structure.key} was not recorded yet on {localdate(at)}{since}.")


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

    Raises StructureUnknown, and NotRecordedYet for a record that was not there yet at `recorded_at`.
    """
    structure = Structure.objects.filter(key=key, retired_on=None).first()
    if structure is None:
        found = jurisdictions().get(key) or templates().get(key)
        if found is None or recorded_at is not None:
            raise StructureUnknown(key)
        return found
    if recorded_at is None:
        return as_it_stands(structure)
    fields = document_as_recorded(structure, recorded_at)
    if fields is None:
        raise NotRecordedYet(structure, recorded_at)
    return read_jurisdiction(fields)


def as_it_stands(structure: Structure) -> Jurisdiction:
    """Return the jurisdiction a record holds now; what was read before is not read again while the text is the same."""
    parts = tuple(
        (model.group, tuple(model.objects.filter(structure=structure).values_list("key", _TEXT))) for model in PARTS
    )
    return _read(structure.key, json.dumps(structure.definition), parts)


@lru_cache(maxsize=8)  # by what stands in the records, so that no change can be missed
def _read(key: str, head: str, parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> Jurisdiction:
    found = {"key": key, **json.loads(head)}
    for group, rows in parts:
        _put(found, group, [(name, json.loads(text)) for name, text in rows])
    return read_jurisdiction(found)


def jurisdictions_here() -> Mapping[str, Jurisdiction]:
    """Return every government: the library's, and those recorded here in its place or beside it; no branches."""
    here = Structure.objects.filter(retired_on=None, branch_of=None)
    own = {one.key: as_it_stands(one) for one in here}
    return {**jurisdictions(), **own}


def _put(found: dict[str, Any], group: str, rows: list[Any]) -> None:
    if not rows:
        return
    if group == Act.group:
        found[group] = [row[-1] for row in rows]
    else:
        found[group] = {row[-2]: row[-1] for row in rows}
