"""Who has which duty for a dataset on a day: its own people, else those of its department."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from cupola.folder import DUTIES
from cupola.web.data.models import Dataset, Department
from cupola.web.data.queries.lake import city_zone


@dataclass(frozen=True)
class Holding:
    """A duty someone has over [since, until); None is open. `account` is for staff pages only.

    `inherited_from`: the department it comes from; empty for the dataset's own. `plain`: only the dataset's line
    `steward` says so, without dates or account.
    """

    duty: str
    who: str
    account: str = ""
    contact: str = ""
    since: date | None = None
    until: date | None = None
    inherited_from: str = ""
    plain: bool = False

    def holds(self, on: date) -> bool:
        """Whether it is held on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        days = {name: day.isoformat() if day else None for name, day in (("since", self.since), ("until", self.until))}
        texts = {name: getattr(self, name) for name in ("duty", "who", "account", "contact", "inherited_from")}
        return {**texts, **days}


@dataclass(frozen=True)
class Gap:
    """A duty nobody has. `since`: the day the last one stopped; None where nobody ever had it. `last`: who that was."""

    duty: str
    since: date | None
    last: str = ""


class Departments:
    """The departments that are not retired, found by whatever a dataset calls them. Read once for many datasets."""

    def __init__(self) -> None:
        self._by_name: dict[str, Department] = {}
        for department in Department.objects.filter(retired_on=None):
            names = (department.key, department.name, *department.definition.get("also", ()))
            self._by_name |= {name.casefold(): department for name in names}

    def of(self, dataset: Dataset) -> Department | None:
        """Return the department of a dataset, None where no document describes it."""
        return self.named(dataset.department)

    def named(self, name: str) -> Department | None:
        """Return the department of a name, None where no document describes it."""
        return self._by_name.get(name.casefold()) if name else None


def city_today() -> date:
    """Return the day it is in the city."""
    return timezone.localdate(timezone=ZoneInfo(city_zone()))


def held(definition: Mapping[str, Any], *, inherited_from: str = "") -> tuple[Holding, ...]:
    """Return the duties written in canonical fields, in their order."""
    return tuple(_holding(fields, inherited_from) for fields in definition.get("duties", ()))


def _holding(fields: Mapping[str, Any], inherited_from: str) -> Holding:
    since, until = (date.fromisoformat(fields[name]) if fields.get(name) else None for name in ("since", "until"))
    texts: dict[str, Any] = {name: str(fields.get(name, "")) for name in ("duty", "who", "account", "contact")}
    return Holding(**texts, since=since, until=until, inherited_from=inherited_from)


def all_duties(dataset: Dataset, departments: Departments | None = None) -> tuple[Holding, ...]:
    """Return every duty ever written for a dataset or its department, the dataset's own first."""
    department = (departments or Departments()).of(dataset)
    inherited = held(department.definition, inherited_from=department.name) if department else ()
    own = held(dataset.definition)
    plain: tuple[Holding, ...] = ()
    if dataset.steward and not any(one.duty == "steward" for one in own):
        plain = (Holding("steward", dataset.steward, contact=dataset.contact, plain=True),)
    return (*own, *inherited, *plain)


def duties(dataset: Dataset, on: date, *, departments: Departments | None = None) -> tuple[Holding, ...]:
    """Return who has which duty for a dataset on a day, in the order of `DUTIES`; several may share one.

    The dataset's own people come before its department's, duty by duty; where its own have ended, the department's
    count again. A line `steward` without dates counts last.
    """
    return in_force(all_duties(dataset, departments), on)


def in_force(written: Iterable[Holding], on: date) -> tuple[Holding, ...]:
    """Return what counts on a day of everything that is written."""
    holding = [one for one in written if one.holds(on)]
    found: list[Holding] = []
    for duty in DUTIES:
        of_duty = [one for one in holding if one.duty == duty]
        own = [one for one in of_duty if not one.inherited_from and not one.plain]
        inherited = [one for one in of_duty if one.inherited_from]
        found += own or inherited or of_duty
    return tuple(found)


def gaps(dataset: Dataset, on: date, *, departments: Departments | None = None) -> tuple[Gap, ...]:
    """Return the duties nobody has on a day: the steward always, the others where someone once had them."""
    return gaps_in(all_duties(dataset, departments), on)


def gaps_in(written: Iterable[Holding], on: date) -> tuple[Gap, ...]:
    """Return the same of everything that is written."""
    known = tuple(written)
    filled = {one.duty for one in in_force(known, on)}
    found = []
    for duty in DUTIES:
        over = [one for one in known if one.duty == duty and one.until is not None and one.until <= on]
        last = max(over, key=lambda one: one.until or date.min, default=None)
        if duty not in filled and (last is not None or duty == "steward"):
            found.append(Gap(duty, last.until if last else None, last.who if last else ""))
    return tuple(found)


def is_account_of(holding: Holding, person: Any) -> bool:
    """Whether a duty names an account. Only user names count: who has an e-mail address can change."""
    return bool(holding.account) and holding.account == person.get_username()


def datasets_by_duty(person: Any, on: date) -> dict[str, frozenset[str]]:
    """Return which duties an account has on a day, by the key of each dataset it has any for."""
    departments = Departments()
    found = {}
    for dataset in Dataset.objects.filter(retired_on=None):
        mine = {one.duty for one in duties(dataset, on, departments=departments) if is_account_of(one, person)}
        if mine:
            found[dataset.key] = frozenset(mine)
    return found


def duty_word(duty: str) -> str:
    """Return what a duty is called."""
    said: Mapping[str, str] = {
        "coordinator": _("coordinator"),
        "steward": _("steward"),
        "custodian": _("custodian"),
        "publisher": _("publisher"),
        "reviewer": _("reviewer"),
    }
    return said[duty]


def answers(dataset: Dataset, on: date, *, departments: Departments | None = None) -> Holding:
    """Return whom people are told to ask: the steward, else the department; who is empty where no one is known."""
    known = departments or Departments()
    found = [one for one in duties(dataset, on, departments=known) if one.duty == "steward"]
    department = known.of(dataset)
    above = str(department.definition.get("contact", "")) if department else ""
    holding = found[0] if found else Holding("steward", dataset.department, plain=True)
    return replace(holding, contact=holding.contact or dataset.contact or above)


def public_duties(dataset: Dataset) -> dict[str, str]:
    """Return what the public is told of the steward where a duty says it and not the dataset's own lines."""
    holding = answers(dataset, city_today())
    contact = {"contact": holding.contact} if holding.contact else {}
    return contact if holding.plain else {**contact, "steward": holding.who}
