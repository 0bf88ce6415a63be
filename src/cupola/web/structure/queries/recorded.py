"""What staff see of records: who changed an office, a post or an act, when and why; and branches with their clashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cupola.folder.differences import Change, changes
from cupola.web.structure.models import PARTS, Act, Office, Post, Structure

_MOST_KNOWN = 500  # more than anybody looks through; any key can be typed


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


def group_of(structure: Structure, key: str, *, act: bool = False) -> str:
    """Return the group an office or post, or an act, is or was recorded in; empty where none ever was."""
    for model in PARTS:
        if (model is Act) is not act:
            continue
        if model.history.filter(structure_id=structure.pk, key=key).exists():
            return model.group
    return ""


def fields_of(structure: Structure, group: str, key: str) -> Mapping[str, Any] | None:
    """Return what is recorded of an office, a post or an act now, None where nothing is."""
    model = next((one for one in PARTS if one.group == group), None)
    part = None if model is None else model.objects.filter(structure=structure, key=key).first()
    return None if part is None else part.definition


def names_of(structure: Structure) -> Mapping[str, str]:
    """Return the names of the offices and posts that a field may point at, by key."""
    found: dict[str, str] = {}
    for model in (Office, Post):
        rows = model.objects.filter(structure=structure).values_list("key", "definition__name")[:_MOST_KNOWN]
        found |= {key: str(name or key) for key, name in rows}
    return found


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
