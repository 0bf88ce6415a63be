"""What people settle: names in rosters and budgets, which office a department is, and what counsel answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from cupola.errors import InvalidInput, NotAllowed
from cupola.folder.kinds.values import slugified
from cupola.web.accounts.models import Event, User
from cupola.web.planning.actions.keeper import sign
from cupola.web.planning.models import Budget, CounselAnswer, Roster

SETTLE = "planning.settle_names"
R = TypeVar("R", Roster, Budget)


class MayNotSettle(NotAllowed):
    """The person has no permission to settle names."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not settle titles and accounts. Whoever runs this installation can allow it.")


class NothingSettled(InvalidInput):
    """A name is settled with what it means and why."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"Say what {name} is about and why: the table shows both beside the name.")


class TwoOfficesAtOnce(InvalidInput):
    """A department would be two offices at the same time."""

    def __init__(self, name: str, office: str) -> None:
        self.name, self.office = name, office
        super().__init__(f"{name} is {office} at that time. End that line first, or begin this one when it ends.")


@dataclass(frozen=True)
class Settling:
    """Who settles a name, when and why."""

    by: User
    at: datetime
    reason: str


def settle_title(roster: Roster, fields: Mapping[str, Any], *, signed: Settling) -> Roster:
    """Settle a title of a roster; what was settled before for the same title and department is replaced.

    fields: as in the `titles` of a roster document. Raises MayNotSettle, NothingSettled.
    """
    _check(fields.get("functions"), str(fields["title"]), signed)
    return _settle(roster, ("title", "department"), fields, signed=signed)


def settle_account(budget: Budget, fields: Mapping[str, Any], *, signed: Settling) -> Budget:
    """Settle what an account of a budget buys. Raises MayNotSettle, NothingSettled."""
    _check(fields.get("purpose"), str(fields["account"]), signed)
    return _settle(budget, ("account",), fields, signed=signed)


def map_department(record: R, fields: Mapping[str, Any], *, signed: Settling, instead_of: str | None = None) -> R:
    """Say which office of the chart a department of a roster or a budget is, over some time.

    fields: as in its `offices`. instead_of: the `since` of the line this one replaces, None where it is a further one.
    Raises MayNotSettle, NothingSettled, TwoOfficesAtOnce.
    """
    _check(fields.get("office"), str(fields["name"]), signed)
    for one in record.definition.get("offices", ()):
        other = str(one.get("since", ""))
        if one["name"] == fields["name"] and other != instead_of and _meet(one, fields):
            raise TwoOfficesAtOnce(str(fields["name"]), str(one["office"]))
    replaced = None if instead_of is None else {"name": fields["name"], "since": instead_of}
    return _settle(record, ("name", "since"), fields, signed=signed, replaced=replaced, group="offices")


def _meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two lines speak of a common time. Days, months and years are compared by how they begin."""
    times = [(str(line.get("since", "")), str(line.get("until", "") or "9999")) for line in (one, other)]
    return max(since for since, _ in times) < min(until for _, until in times)


@transaction.atomic
def record_counsel(record: CounselAnswer | None, fields: Mapping[str, Any], *, signed: Settling) -> CounselAnswer:
    """Record what counsel answered, or change what was recorded; what was said before stays in the history.

    fields: those of a `counsel` document without its key. Raises MayNotSettle.
    """
    if not signed.by.has_perm(SETTLE):
        raise MayNotSettle(signed.by.get_username())
    made = record or CounselAnswer(key=_free_key(str(fields["title"])))
    made.title = fields["title"]
    made.definition = {"key": made.key, **fields}
    sign(made, at=signed.at, by=signed.by, reason=signed.reason)
    made.save()
    detail = {"edits": list(fields["edits"]), "on": fields["on"]}
    Event.record("planning.counsel_recorded", made, at=signed.at, by=signed.by, reason=signed.reason, detail=detail)
    return made


def _free_key(title: str) -> str:
    """Return a key made of a title that nothing has yet."""
    key = slugified(title)[:70].strip("-")
    names = (key, *(f"{key}-{number}" for number in range(2, 10_000)))
    taken = set(CounselAnswer.objects.filter(key__startswith=key).values_list("key", flat=True))
    return next(name for name in names if name not in taken)


def _check(said: object, name: str, signed: Settling) -> None:
    if not signed.by.has_perm(SETTLE):
        raise MayNotSettle(signed.by.get_username())
    if not said or not signed.reason.strip():
        raise NothingSettled(name)


@transaction.atomic
def _settle(
    record: R,
    names: tuple[str, ...],
    fields: Mapping[str, Any],
    *,
    signed: Settling,
    replaced: Mapping[str, Any] | None = None,
    group: str = "",
) -> R:
    group = group or f"{names[0]}s"
    record = type(record).objects.select_for_update().get(pk=record.pk)
    line = {name: value for name, value in fields.items() if value not in ("", None, False)}
    line |= {"reason": signed.reason, "by": signed.by.get_username(), "on": signed.at.date().isoformat()}
    gone = [[str(one.get(name, "")).casefold() for name in names] for one in (line, replaced or line)]
    held: list[dict[str, Any]] = record.definition.get(group, [])
    kept: list[dict[str, Any]] = [
        one for one in held if [str(one.get(name, "")).casefold() for name in names] not in gone
    ]
    record.definition = {**record.definition, group: [*kept, line]}
    sign(record, at=signed.at, by=signed.by, reason=signed.reason)
    record.save()
    detail = {"in": group, "name": line[names[0]]}
    Event.record("planning.name_settled", record, at=signed.at, by=signed.by, reason=signed.reason, detail=detail)
    return record
