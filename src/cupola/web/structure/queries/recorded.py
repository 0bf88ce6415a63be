"""What staff see of records: who changed an office, a post or an act, when and why; and branches with their clashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cupola.folder.differences import Change, changes
from cupola.web.structure.models import PARTS, Structure
from cupola.web.structure.queries.structures import document_of


@dataclass(frozen=True)
class RecordLine:
    """One change of a record. undoable: nothing came after it."""

    number: int
    at: datetime
    by: str
    reason: str
    kind: str
    changes: tuple[Change, ...]
    undoable: bool


def group_of(structure: Structure, key: str) -> str:
    """Return the group an office or post is, or was, recorded in; empty where none ever was."""
    for model in PARTS[:2]:
        if model.history.filter(structure_id=structure.pk, key=key).exists():
            return model.group
    return ""


def fields_of(structure: Structure, group: str, key: str) -> Mapping[str, Any] | None:
    """Return what is recorded of an office or post now, None where nothing is."""
    found: Mapping[str, Any] = document_of(structure).get(group, {})
    return found.get(key)


def history_of(structure: Structure, group: str, key: str) -> tuple[RecordLine, ...]:
    """Return the history of a record, newest first."""
    model = next(one for one in PARTS if one.group == group)
    rows = list(
        model.history.filter(structure_id=structure.pk, key=key)
        .select_related("history_user")
        .order_by("history_date", "history_id")
    )
    found, before = [], None
    for number, row in enumerate(rows):
        after = None if row.history_type == "-" else row.definition
        found.append(
            RecordLine(
                number=row.history_id,
                at=row.history_date,
                by=row.history_user.get_username() if row.history_user else "",
                reason=row.history_change_reason or "",
                kind=row.history_type,
                changes=changes(before, after),
                undoable=number == len(rows) - 1,
            )
        )
        before = after
    return tuple(reversed(found))


def branches() -> tuple[Structure, ...]:
    """Return every branch with what it is a branch of."""
    return tuple(Structure.objects.filter(retired_on=None, branch_of__isnull=False).select_related("branch_of"))
