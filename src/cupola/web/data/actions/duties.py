"""Duties handed over: who had one, who has it from which day, with a reason; and findings where nobody has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cupola.errors import Conflict, InvalidInput, NotAllowed, NotFound
from cupola.folder import DepartmentRecord, parse
from cupola.folder.differences import Change, changes
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions.departments import DepartmentKeeper
from cupola.web.data.actions.keeper import DatasetKeeper, described
from cupola.web.data.actions.publishing import publish
from cupola.web.data.actions.standing import DUTY, Found, settle
from cupola.web.data.models import Dataset, Department, Severity

DUTIES_CHANGED = "data.duties_changed"
Written = Sequence[Mapping[str, Any]]


class MayNotEditDuties(NotAllowed):
    """The person has no permission to say who has which duty."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not say who has which duty. A coordinator of the department or the city can.")


class DutyReasonMissing(InvalidInput):
    """Duties change only with a reason."""

    def __init__(self) -> None:
        super().__init__("A duty changes hands with a reason. Write one sentence.")


class DutiesEditedMeanwhile(Conflict):
    """The duties are no longer those that were being edited."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"The duties of {key} were changed by someone else meanwhile. Nothing was saved; look again.")


class NobodyHasIt(NotFound):
    """Nobody has the duty on that day, so it cannot end."""

    def __init__(self, *, key: str, duty: str, on: date) -> None:
        self.key, self.duty, self.on = key, duty, on
        super().__init__(f"{key}: no {duty} of its own is named for {on}, so none can stop. Look who has the duty.")


@dataclass(frozen=True)
class Handover:
    """One duty from one day on. `who` is empty where nobody takes it; `account` is never public."""

    duty: str
    on: date
    who: str = ""
    account: str = ""
    contact: str = ""


def subject(key: str, *, of_department: bool = False) -> Dataset | Department:
    """Return the dataset or the department that has duties. Raises DatasetUnknown, NotFound."""
    if not of_department:
        return queries.current_datasets((key,))[0]
    department = Department.objects.filter(key=key, retired_on=None).first()
    if department is None:
        raise NotFound(f"There is no department {key!r}. `cupola data duties` shows what there is.")
    return department


def hand_over(
    record: Dataset | Department, over: Handover, *, reason: str, at: datetime, by: User
) -> tuple[Change, ...]:
    """Let the duty of a record pass on a day: who has it stops, and who is named begins. Returns what changed.

    Raises MayNotEditDuties, DutyReasonMissing, NobodyHasIt, and FolderInvalid naming the field that is wrong.
    """
    before = record.definition.get("duties", [])
    after = [dict(one) for one in before]
    stopped = False
    for one, holding in zip(after, queries.held(record.definition), strict=True):
        if holding.duty == over.duty and holding.holds(over.on) and holding.since != over.on:
            one["until"] = over.on.isoformat()
            stopped = True
    # who was to begin on that very day never does
    after = [one for one in after if not (one["duty"] == over.duty and one.get("since") == over.on.isoformat())]
    if over.who:
        given = {"who": over.who, "account": over.account, "contact": over.contact, "since": over.on.isoformat()}
        after.append({"duty": over.duty, **{name: text for name, text in given.items() if text}})
    elif not stopped:
        raise NobodyHasIt(key=record.key, duty=over.duty, on=over.on)
    return change_duties(record, after, reason=reason, at=at, by=by)


def change_duties(
    record: Dataset | Department, duties: Written, *, reason: str, at: datetime, by: User | str, seen: str = ""
) -> tuple[Change, ...]:
    """Write the whole list of a record's duties; the folder then has an export pending. Returns what changed.

    `seen`: the edition of the list the person looked at, empty for the present one; `by` a text only of a command,
    whose user owns the home. Raises as `hand_over`, and DutiesEditedMeanwhile.
    """
    if isinstance(by, User) and not by.has_perm("data.edit_duties", record):
        raise MayNotEditDuties(by.get_username())
    reason = " ".join(reason.split())
    with transaction.atomic():
        record = type(record).objects.get(pk=record.pk)
        if seen and seen != duties_edition(record):
            raise DutiesEditedMeanwhile(record.key)
        fields = {name: value for name, value in record.definition.items() if name != "duties"}
        fields = _canonical(record, {**fields, **({"duties": [dict(one) for one in duties]} if duties else {})})
        differences = changes({"duties": record.definition.get("duties", [])}, {"duties": fields.get("duties", [])})
        if not differences:
            return ()
        if not reason:
            raise DutyReasonMissing
        keeper = DatasetKeeper() if isinstance(record, Dataset) else DepartmentKeeper()
        saved = keeper.put(record.key, fields, at=at)
        detail = {"changes": [change.as_json() for change in differences]}
        Event.record(DUTIES_CHANGED, saved, at=at, by=by, reason=reason, detail=detail)
    if isinstance(saved, Dataset):
        publish(Dataset.objects.get(pk=saved.pk), at=at)
    note_gaps(at=at)
    return differences


def duties_edition(record: Dataset | Department) -> str:
    """Return a name of the list of duties as it stands, which changes with it."""
    return queries.edition_of({"duties": record.definition.get("duties", [])})


def _canonical(record: Dataset | Department, fields: dict[str, Any]) -> dict[str, Any]:
    if isinstance(record, Dataset):
        return described(fields).fields()
    checked = parse("department", fields)
    assert isinstance(checked, DepartmentRecord)
    return checked.fields()


def note_gaps(*, at: datetime) -> tuple[int, int]:
    """Tell where nobody has a duty, as findings; settle those where somebody has it again. Returns how many of each."""
    today = queries.city_today()
    departments = queries.Departments()
    found = {
        dataset.pk: [_gap(one) for one in queries.gaps(dataset, today, departments=departments)]
        for dataset in queries.current_datasets()
    }
    return settle(DUTY, found, at=at)


def _gap(gap: queries.Gap) -> Found:
    since = f" since {gap.since:%Y-%m-%d}, when {gap.last} stopped" if gap.since else ""
    message = f"Nobody is {gap.duty}{since}. Name one under 'duties:' or on its duties page."
    severity = Severity.WARNING if gap.duty == "steward" else Severity.NOTE
    return Found(f"{DUTY}{gap.duty}", message, severity=severity.value)
