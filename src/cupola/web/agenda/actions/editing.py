"""Records of the agenda changed by staff: checked as a folder's are, with a reason, never over another's change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from cupola.errors import InvalidInput, NotAllowed, NotFound
from cupola.folder import parse
from cupola.folder.differences import Change, changes
from cupola.folder.kinds import KINDS
from cupola.savings import Status, Step, VerifiedByClaimant, check_step, read_claim
from cupola.web.accounts.models import Event, User
from cupola.web.agenda.actions.keeper import check_not_held, sign, store
from cupola.web.agenda.actions.meetings import check_meeting
from cupola.web.agenda.models import MODELS, Claim, Kept
from cupola.web.agenda.queries.records import RecordUnknown, find
from cupola.web.structure.actions import ChangedMeanwhile, ReasonMissing, Signed, edition_of

EDIT, VERIFY, RELEASE = "agenda.edit_agenda", "agenda.verify_savings", "agenda.release"
CHECKED_BY_OTHERS = (Status.VERIFIED, Status.BUDGETED, Status.REALISED)


class MayNotChangeAgenda(NotAllowed):
    """The person has no permission for this change of the agenda."""

    def __init__(self, name: str, what: str) -> None:
        self.name, self.what = name, what
        super().__init__(f"{name} may not {what}. Whoever runs this installation can allow it.")


class NamesNothing(InvalidInput):
    """A field names a record that does not exist."""

    def __init__(self, field: str, kind: str, key: str) -> None:
        self.field, self.kind, self.key = field, kind, key
        super().__init__(f"{field}: there is no {kind} called {key}. Record it first, or correct the key.")


class LineUnknown(NotFound):
    """The history of the record has no such line."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"The history has no line {number}.")


@transaction.atomic
def change_record(
    kind: str, key: str, fields: Mapping[str, Any] | None, *, seen: str, signed: Signed
) -> tuple[Change, ...]:
    """Write a record, make it, or with None retire it; return what differs.

    seen: the edition the person looked at, see `edition_of`; of nothing for a new one. Raises MayNotChangeAgenda,
    ReasonMissing, ChangedMeanwhile, NamesNothing, HeldRecord, what a claim's or a meeting's rules raise, and
    FolderInvalid naming the field.
    """
    model = MODELS[kind]
    reason = _reason(signed)
    record = model._default_manager.filter(key=key, retired_on=None).first()
    before: dict[str, Any] = {} if record is None else dict(record.definition)
    _check_may(signed.by, before, fields, kind=kind)
    if edition_of(before or None) != seen:
        raise ChangedMeanwhile(key)
    if fields is None:
        if record is None:
            raise RecordUnknown(kind, key)
        check_not_held(record, signed.at)
        return _retire(record, signed=replace(signed, reason=reason))
    after = parse(kind, {**fields, "key": key}).fields()
    check_names(kind, after)
    check_meeting(kind, before, after)
    found = changes(before, after)
    if found:
        saved = store(model, key, after, at=signed.at, by=signed.by, reason=reason)
        detail = {"changes": [change.as_json() for change in found]}
        Event.record(f"agenda.{kind}_changed", saved, at=signed.at, by=signed.by, reason=reason, detail=detail)
    return found


@transaction.atomic
def add_step(key: str, step: Mapping[str, Any], *, seen: str, signed: Signed) -> Step:
    """Let a claim take its next step. From `verified` on it takes a reviewer or auditor who recorded no earlier step.

    step: `status`, `on`, `by`, `evidence`, and for budgeted and realised `amount` and `year`. Raises as
    `change_record`, and StepNotPossible, StepGoesBack, VerifiedByClaimant.
    """
    record = find("claim", key)
    assert isinstance(record, Claim)
    before = dict(record.definition)
    _reason(signed)
    if edition_of(before) != seen:
        raise ChangedMeanwhile(key)
    after = parse("claim", {**before, "steps": [*before.get("steps", ()), dict(step)]}).fields()
    taken = read_claim(after).steps[-1]
    wanted = VERIFY if taken.status in CHECKED_BY_OTHERS else EDIT
    if not signed.by.has_perm(wanted):
        raise MayNotChangeAgenda(signed.by.get_username(), f"record '{taken.status}'")
    check_step(read_claim(before), taken)
    if taken.status is Status.VERIFIED and signed.by.pk in _recorders(record):
        raise VerifiedByClaimant(key, signed.by.get_username())
    saved = store(Claim, key, after, at=signed.at, by=signed.by, reason=signed.reason)
    detail = {"step": dict(after["steps"][-1])}
    Event.record("agenda.claim_step", saved, at=signed.at, by=signed.by, reason=signed.reason, detail=detail)
    return taken


def undo(kind: str, key: str, number: int, *, signed: Signed) -> tuple[Change, ...]:
    """Put back, by a new change, what stood before the newest line of a record's history.

    Raises as `change_record`, LineUnknown, and ChangedMeanwhile when the record changed again since that line.
    """
    model = MODELS[kind]
    lines = list(model.history.filter(key=key).order_by("history_date", "history_id"))
    at = next((place for place, line in enumerate(lines) if line.history_id == number), None)
    if at is None:
        raise LineUnknown(number)
    if at != len(lines) - 1:
        raise ChangedMeanwhile(key)
    earlier = lines[at - 1] if at else None
    before = None if earlier is None or earlier.retired_on is not None else earlier.definition
    now = model._default_manager.filter(key=key, retired_on=None).first()
    return change_record(kind, key, before, seen=edition_of(now.definition if now else None), signed=signed)


def check_names(kind: str, fields: Mapping[str, Any]) -> None:
    """Raise NamesNothing where a field names a record of the agenda that does not exist."""
    for reference in KINDS[kind].references(fields):
        model = MODELS.get(reference.kind)
        if model is not None and not model._default_manager.filter(key=reference.key).exists():
            raise NamesNothing(".".join(str(part) for part in reference.path), reference.kind, reference.key)


def _check_may(by: User, before: Mapping[str, Any], after: Mapping[str, Any] | None, *, kind: str) -> None:
    """Raise MayNotChangeAgenda. Release and what others must check ask for more than editing."""
    name = by.get_username()
    if not by.has_perm(EDIT):
        raise MayNotChangeAgenda(name, "change the agenda")
    said = after or {}
    if after is not None and any(before.get(field) != said.get(field) for field in ("released", "release")):
        newly = bool(said.get("released") or said.get("release"))
        if newly and not by.has_perm(RELEASE):
            raise MayNotChangeAgenda(name, "release this to the public")
    added = list(said.get("steps", ()))[len(before.get("steps", ())) :]
    if kind == "claim" and any(step.get("status") in CHECKED_BY_OTHERS for step in added):
        raise MayNotChangeAgenda(name, "verify here: a claim takes such a step on its own page")


def _recorders(record: Claim) -> set[int]:
    """Return the accounts that recorded a step, or the figures, of a claim."""
    people = record.history.exclude(history_user=None).values_list("history_user", flat=True)
    return set(people)


def _retire(record: Kept, *, signed: Signed) -> tuple[Change, ...]:
    record.retired_on = signed.at.date()
    sign(record, at=signed.at, by=signed.by, reason=signed.reason)
    record.save()
    Event.record(f"agenda.{record.kind}_retired", record, at=signed.at, by=signed.by, reason=signed.reason)
    return changes(record.definition, None)


def _reason(signed: Signed) -> str:
    reason = " ".join(signed.reason.split())
    if not reason:
        raise ReasonMissing
    return reason
