"""What a person decides at the gate: that a dataset may be public, that a version may, or that a find is accepted."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.errors import InvalidInput, NotAllowed
from cupola.folder.kinds.publication import ACCEPTABLE
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions.publishing import publish
from cupola.web.data.models import Acceptance, Approval, Dataset, Version


class MayNotDecide(NotAllowed):
    """The person has no permission to decide this at the gate."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not decide this. The steward or a publisher can.")


class DecisionUnclear(InvalidInput):
    """A decision at the gate lacks its reason, or is about nothing there is."""


def approve(key: str, *, reason: str, at: datetime, by: User, version: int | None = None) -> Approval:
    """Approve that a dataset may be public or, with `version`, that this version may although the gate stopped it.

    Raises DatasetUnknown, MayNotDecide, DecisionUnclear.
    """
    dataset = queries.find_dataset(key, by=by)
    check_may(by, "data.approve_release", dataset)
    with transaction.atomic():
        held = None if version is None else version_of(dataset, version)
        approval = Approval.objects.create(dataset=dataset, version=held, by=by, at=at, reason=reason_of(reason))
        action = "data.approved" if held is None else "data.version_approved"
        Event.record(action, dataset, at=at, by=by, reason=approval.reason, detail={"version": version})
    publish(Dataset.objects.get(key=key), at=at)
    return approval


def accept(
    key: str, *, what: dict[str, Any], reason: str, at: datetime, by: User, version: int | None = None
) -> Acceptance:
    """Accept something the gate finds, from now on or, with `version`, for this one only.

    `what`: column, kind, at_most, at_least as in the folder's `privacy.accepted`. Raises as `approve`.
    """
    dataset = queries.find_dataset(key, by=by)
    check_may(by, "data.approve_release", dataset)
    if what.get("kind") not in ACCEPTABLE:
        known = ", ".join(ACCEPTABLE)
        raise DecisionUnclear(f"{what.get('kind')!r} is nothing the gate finds. Choose one of: {known}.")
    with transaction.atomic():
        held = None if version is None else version_of(dataset, version)
        acceptance = Acceptance.objects.create(
            dataset=dataset,
            column=what.get("column", ""),
            kind=what["kind"],
            at_most=what.get("at_most"),
            at_least=what.get("at_least"),
            version=held,
            reason=reason_of(reason),
            by=by,
            at=at,
        )
        detail = {**what, "version": version}
        Event.record("data.accepted", dataset, at=at, by=by, reason=acceptance.reason, detail=detail)
    publish(Dataset.objects.get(key=key), at=at)
    return acceptance


def check_may(by: User, permission: str, dataset: Dataset) -> None:
    """Check that a person may decide this for a dataset. Raises MayNotDecide."""
    if not by.has_perm(permission, dataset):
        raise MayNotDecide(by.get_username())


def reason_of(text: str) -> str:
    """Return a reason in one line. Raises DecisionUnclear where there is none."""
    reason = " ".join(text.split())
    if not reason:
        raise DecisionUnclear("A decision needs a reason, for whoever asks later. Write one sentence.")
    return reason


def version_of(dataset: Dataset, number: int) -> Version:
    """Return a version of the dataset. Raises DecisionUnclear."""
    found = dataset.versions.filter(number=number).first()
    if found is None:
        raise DecisionUnclear(f"{dataset.key} has no version {number}.")
    return found
