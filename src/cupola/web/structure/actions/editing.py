"""Offices and posts changed by staff: checked as a folder's are, with a reason, never over another's change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import Conflict, InvalidInput, NotAllowed, NotFound
from cupola.folder import parse
from cupola.folder.differences import Change, changes
from cupola.web.accounts.models import Event, User
from cupola.web.structure import queries
from cupola.web.structure.actions.keeper import store
from cupola.web.structure.models import PARTS, Act, Office, Post, Structure

CHANGED = "structure.changed"


class MayNotEdit(NotAllowed):
    """The person has no permission to change structures."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not change structures. Whoever runs this installation can allow it.")


class ReasonMissing(InvalidInput):
    """A fact the public reads is changed only with a reason."""

    def __init__(self) -> None:
        super().__init__("Say why in one sentence: the history shows it beside the change.")


class ChangedMeanwhile(Conflict):
    """The record is no longer the one that was being edited."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} was changed by someone else meanwhile. Nothing was saved; look at it again.")


class PartUnknown(NotFound):
    """The structure has no such office, post or act, or no such line in its history."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"Nothing called {key} is recorded here.")


@dataclass(frozen=True)
class Signed:
    """Who makes a change, when and why."""

    by: User
    at: datetime
    reason: str


def edition_of(fields: Mapping[str, Any] | None) -> str:
    """Return what tells one state of a record from another."""
    return json.dumps(fields, sort_keys=True)


@transaction.atomic
def change_part(
    structure: Structure,
    part: tuple[str, str],
    fields: Mapping[str, Any] | None,
    *,
    seen: str,
    signed: Signed,
) -> tuple[Change, ...]:
    """Write one office, post or act, make it, or with None take it away; return what differs.

    part: `offices`, `posts` or `events`, and the key. seen: the edition the person looked at, see `edition_of`; of
    nothing for what is new. Raises MayNotEdit, ReasonMissing, ChangedMeanwhile, and FolderInvalid naming the field.
    """
    if not signed.by.has_perm("structure.edit_structure"):
        raise MayNotEdit(signed.by.get_username())
    reason = " ".join(signed.reason.split())
    if not reason:
        raise ReasonMissing
    document = queries.document_of(structure)
    group, key = part
    parts = _by_key(document, group)
    before = parts.pop(key, None)
    if edition_of(before) != seen:
        raise ChangedMeanwhile(key)
    if fields is not None:
        parts[key] = dict(fields)
    written = list(parts.values()) if group == Act.group else parts
    checked = parse("structure", {**document, group: written}).fields()
    found = changes(before or {}, _by_key(checked, group).get(key) or {})
    if found:
        store(structure.key, checked, at=signed.at, by=signed.by, reason=reason)
        detail = {"part": list(part), "changes": [change.as_json() for change in found]}
        Event.record(CHANGED, structure, at=signed.at, by=signed.by, reason=reason, detail=detail)
    return found


def undo(structure: Structure, line: tuple[str, int], *, signed: Signed) -> tuple[Change, ...]:
    """Put back, by a new change, what stood before a line of a part's history.

    line: the group and the number of the line. Raises as `change_part`, PartUnknown, and ChangedMeanwhile when the part
    was changed again since that line.
    """
    group, number = line
    model: type[Office] | type[Post] | type[Act] = next(one for one in PARTS if one.group == group)
    past = model.history.filter(structure_id=structure.pk, history_id=number).first()
    if past is None:
        raise PartUnknown(str(number))
    now = model.objects.filter(structure=structure, key=past.key).first()
    stood = None if past.history_type == "-" else past.definition
    if (None if now is None else now.definition) != stood:
        raise ChangedMeanwhile(past.key)
    earlier = past.prev_record
    before = None if earlier is None or past.history_type == "+" else earlier.definition
    return change_part(structure, (group, past.key), before, seen=edition_of(stood), signed=signed)


def _by_key(document: Mapping[str, Any], group: str) -> dict[str, Any]:
    said = document.get(group, {})
    return {one["key"]: one for one in said} if group == Act.group else dict(said)
