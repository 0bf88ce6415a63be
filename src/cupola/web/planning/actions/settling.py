"""What people settle about the names in rosters and budgets: the city's own table, before every rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from cupola.errors import InvalidInput, NotAllowed
from cupola.web.accounts.models import Event, User
from cupola.web.planning.actions.keeper import sign
from cupola.web.planning.models import Budget, Roster

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


def _check(said: object, name: str, signed: Settling) -> None:
    if not signed.by.has_perm(SETTLE):
        raise MayNotSettle(signed.by.get_username())
    if not said or not signed.reason.strip():
        raise NothingSettled(name)


@transaction.atomic
def _settle(record: R, names: tuple[str, ...], fields: Mapping[str, Any], *, signed: Settling) -> R:
    group = f"{names[0]}s"
    record = type(record).objects.select_for_update().get(pk=record.pk)
    line = {name: value for name, value in fields.items() if value not in ("", None, False)}
    line |= {"reason": signed.reason, "by": signed.by.get_username(), "on": signed.at.date().isoformat()}
    key = [str(line.get(name, "")).casefold() for name in names]
    held: list[dict[str, Any]] = record.definition.get(group, [])
    kept: list[dict[str, Any]] = [one for one in held if [str(one.get(name, "")).casefold() for name in names] != key]
    record.definition = {**record.definition, group: [*kept, line]}
    sign(record, at=signed.at, by=signed.by, reason=signed.reason)
    record.save()
    detail = {"in": group, "name": line[names[0]]}
    Event.record("planning.name_settled", record, at=signed.at, by=signed.by, reason=signed.reason, detail=detail)
    return record
