"""Structures as records: written by a folder, an import or staff, always through here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.web.accounts.models import User
from cupola.web.structure import queries
from cupola.web.structure.models import PARTS, Act, Office, Post, Structure

GROUPS = tuple(model.group for model in PARTS)


class StructureKeeper:
    """Keeps the `structure` records."""

    kind = "structure"

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every structure; branches are staff's own and not in the folder."""
        structures = Structure.objects.filter(branch_of=None)
        return {one.key: (queries.document_of(one), one.retired_on is not None) for one in structures}

    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Structure:
        """Create, change or revive the structure."""
        return store(key, fields, at=at)

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Structure:
        """Retire the structure; its offices, posts and their history stay."""
        structure = Structure.objects.get(key=key)
        structure._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        structure.retired_on = at.date()
        structure.save()
        return structure


@transaction.atomic
def store(
    key: str, fields: Mapping[str, Any], *, at: datetime, by: User | None = None, reason: str = "", **more: Any
) -> Structure:
    """Bring the records of a structure in line with its document. `more`: fields of the record itself.

    Only what changed gets a line in its history, with the day, the person and the reason.
    """
    structure = Structure.objects.filter(key=key).first() or Structure(key=key)
    head = {name: value for name, value in fields.items() if name not in {"key", *GROUPS}}
    wanted = {"name": head["name"], "definition": head, "retired_on": None, **more}
    if structure.pk is None or any(getattr(structure, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(structure, name, value)
        _sign(structure, at=at, by=by, reason=reason)
        structure.full_clean()
        structure.save()
    for model in PARTS:
        _store_parts(structure, model, fields.get(model.group, {}), at=at, by=by, reason=reason)
    return structure


def _store_parts(structure: Structure, model: type[Office] | type[Post] | type[Act], said: Any, **sign: Any) -> None:
    """Write what changed among offices, posts or acts, and take away what is no longer in the document."""
    wanted = {one["key"]: one for one in said} if isinstance(said, list | tuple) else dict(said)
    known = {part.key: part for part in model.objects.filter(structure=structure)}
    for order, (key, fields) in enumerate(wanted.items()):
        part = known.pop(key, None) or model(structure=structure, key=key)
        if part.take_definition(dict(fields), order=order):
            _sign(part, **sign)
            part.save()
    for part in known.values():
        _sign(part, **sign)
        part.delete()


def _sign(record: Any, *, at: datetime, by: User | None, reason: str) -> None:
    """Say when, by whom and why a record changes, for its history."""
    record._history_date, record._history_user, record._change_reason = at, by, reason or None
