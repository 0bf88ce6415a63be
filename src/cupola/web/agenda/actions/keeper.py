"""Records of the agenda written by a folder, always through here."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import NotAllowed
from cupola.web.accounts.models import User
from cupola.web.agenda.models import Initiative, Kept, Registration
from cupola.web.agenda.queries.sealed import hash_of


class HeldRecord(NotAllowed):
    """A record under a legal hold stays as it is listed."""

    def __init__(self, key: str, matter: str) -> None:
        self.key, self.matter = key, matter
        super().__init__(f"{key} is under a legal hold ({matter}) and cannot be retired. Ask who ordered the hold.")


class AgendaKeeper:
    """Keeps the records of one kind."""

    def __init__(self, model: type[Kept]) -> None:
        self.model = model
        self.kind = model.kind

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every record."""
        rows = self.model._default_manager.all()
        return {row.key: (row.definition, row.retired_on is not None) for row in rows}

    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Kept:
        """Create, change or revive the record. Raises ClaimIsEvidenced, StepsOnlyAdded."""
        return store(self.model, key, fields, at=at)

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Kept:
        """Retire the record; it and its history stay. Raises HeldRecord."""
        record = self.model._default_manager.get(key=key)
        check_not_held(record, at)
        sign(record, at=at)
        record.retired_on = at.date()
        record.save()
        return record


@transaction.atomic
def store(
    model: type[Kept], key: str, fields: dict[str, Any], *, at: datetime, by: User | None = None, reason: str = ""
) -> Kept:
    """Write a record from its canonical fields, with its line of history and, where it has one, its registration."""
    record = model._default_manager.filter(key=key).first()
    if record is None:
        record = model(key=key)
    record.take_definition(fields)
    record.retired_on = None
    sign(record, at=at, by=by, reason=reason)
    record.full_clean()
    record.save()
    if isinstance(record, Initiative):
        register(record, at=at)
    return record


def register(initiative: Initiative, *, at: datetime) -> Registration | None:
    """Keep what is fixed of an initiative's evaluation as a new edition, where it differs from the last one."""
    content = initiative.definition.get("registration")
    if not content:
        return None
    sealed = hash_of(content)
    last: Registration | None = initiative.registrations.order_by("-number").first()
    if last is not None and last.hash == sealed:
        return last
    number = 1 if last is None else last.number + 1
    return Registration.objects.create(
        initiative=initiative, number=number, recorded_at=at, content=content, hash=sealed
    )


def check_not_held(record: Kept, at: datetime) -> None:
    """Raise HeldRecord where a legal hold is in force."""
    hold = record.definition.get("legal_hold")
    if hold and (not hold.get("until") or hold["until"] > at.date().isoformat()):
        raise HeldRecord(record.key, hold["matter"])


def sign(record: Any, *, at: datetime, by: User | None = None, reason: str = "") -> None:
    """Say when, by whom and why a record changes, for its history."""
    record._history_date, record._history_user, record._change_reason = at, by, reason or None
