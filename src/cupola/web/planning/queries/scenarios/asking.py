"""A scenario as it was asked for, in a document or an address, and the scenario that answers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cupola.errors import InvalidInput, NotFound
from cupola.folder.library import jurisdictions
from cupola.orgchart.edits import EditKind
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.scenarios import Counsel, Instrument, Known, Needed, Scenario, between, towards
from cupola.periods import FiscalYears, PartialDate, parse_day
from cupola.web.accounts.queries import the_city
from cupola.web.planning.models import CounselAnswer
from cupola.web.planning.models import Scenario as Scenarios
from cupola.web.structure import queries as structure
from cupola.web.structure.models import Structure

MOST_YEARS = 10


class ScenarioOfNothing(InvalidInput):
    """Both sides are the same chart."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} is compared with itself on the same day. Name a template, a branch or another day.")


class ScenarioUnknown(NotFound):
    """No scenario has this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        known = ", ".join(Scenarios.objects.filter(retired_on=None).values_list("key", flat=True)) or "none yet"
        super().__init__(
            f"No scenario is called {key}; there are: {known}. To ask for one that is not recorded, name what it leads"
            f" to as well: cupola plan scenario {key} three-themes"
        )


@dataclass(frozen=True)
class Asked:
    """What is asked: from which chart to which, decided when, looked at for how many budget years."""

    of: str
    to: str
    of_on: date
    to_on: date
    decided: date
    years: int = 3
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """The scenario with its two sides and the budget years. `ours`: whether it is of the city of this home."""

    asked: Asked
    one: Jurisdiction
    other: Jurisdiction
    scenario: Scenario
    labels: tuple[int, ...]
    starts: Mapping[str, int]
    ours: bool

    @property
    def names(self) -> Mapping[str, str]:
        """Names of offices and posts of both sides, ours before theirs."""
        found = dict(self.other.history.names)
        if self.scenario.adoption:
            found |= {ours: found[theirs] for ours, theirs in self.scenario.adoption.theirs.items() if theirs in found}
        return {**found, **self.one.history.names}


def asked(said: Mapping[str, Any], *, today: date) -> Asked:
    """Read the fields of a `scenario` document. Raises NotADate, InvalidInput."""
    of_on = _last_day(said.get("of_on", ""), today)
    return Asked(
        of=str(said["of"]),
        to=str(said["to"]),
        of_on=of_on,
        to_on=_last_day(said.get("to_on", ""), of_on),
        decided=parse_day(str(said["decided"])) if said.get("decided") else of_on,
        years=min(max(int(said.get("years", 3)), 1), MOST_YEARS),
        said=said,
    )


def recorded(key: str) -> Mapping[str, Any]:
    """Return the fields of a recorded scenario. Raises ScenarioUnknown."""
    record = Scenarios.objects.filter(key=key, retired_on=None).first()
    if record is None:
        raise ScenarioUnknown(key)
    found: Mapping[str, Any] = record.definition
    return found


def answer(question: Asked, *, today: date) -> Answered:
    """Return the scenario. Raises StructureUnknown, ScenarioOfNothing."""
    one, other = structure.jurisdiction(question.of), structure.jurisdiction(question.to)
    first, last = (one, question.of_on), (other, question.to_on)
    if (question.of, question.of_on) == (question.to, question.to_on):
        raise ScenarioOfNothing(question.of)
    ours = is_ours(question.of)
    library = {**jurisdictions(), **structure.jurisdictions_here()}
    known = Known(
        answers=counsels() if ours else (),
        library=tuple(library.values()),
        elections=structure.elections_of(question.of),
        today=today,
    )
    grown = one.key == other.key or _origin(question.to) == question.of
    found = between(first, last, known=known) if grown else towards(first, last, known=known)
    labels, starts = _years(question, found)
    return Answered(question, one, other, found, labels, starts, ours)


def counsels() -> tuple[Counsel, ...]:
    """Return what counsel answered here."""
    return tuple(counsel_of(one) for one in CounselAnswer.objects.filter(retired_on=None))


def counsel_of(record: CounselAnswer) -> Counsel:
    """Return a recorded answer as the engine reads it."""
    said = record.definition
    return Counsel(
        key=record.key,
        edits=tuple(EditKind(one) for one in said["edits"]),
        needs=tuple(
            Needed(Instrument(one["instrument"]), one.get("decides", ""), one.get("lead_days"), one.get("source", ""))
            for one in said.get("needs", ())
        ),
        on=parse_day(said["on"]),
        by=said["by"],
        of=said.get("of", ""),
        subjects=tuple(said.get("subjects", ())),
        says=said.get("says", ""),
    )


def is_ours(key: str) -> bool:
    """Whether a structure is the city's own or a branch of it: what counsel says here is about no other."""
    city = the_city()
    return city is not None and city.key in {key, _origin(key)}


def _origin(key: str) -> str:
    """Return what a branch is a branch of, empty where it is none."""
    record = Structure.objects.filter(key=key, retired_on=None).select_related("branch_of").first()
    return record.branch_of.key if record and record.branch_of else ""


def _years(question: Asked, found: Scenario) -> tuple[tuple[int, ...], dict[str, int]]:
    """Return the budget years from the first that begins after the decision, and in which of them each edit holds.

    Where counsel gave days, the first year that begins when they are over; else as the document says; else the first.
    """
    city = the_city()
    fiscal = FiscalYears.parse(str(city.definition.get("fiscal_year_start", "01-01")) if city else "01-01")
    first = fiscal.year_of(question.decided) + 1
    labels = tuple(range(first, first + question.years))
    said = {one["subject"]: int(one["year"]) - first for one in question.said.get("starts", ())}
    starts = {}
    for subject, days in found.lead_days().items():
        if days is not None:
            ready = date.fromordinal(question.decided.toordinal() + days)
            year = fiscal.year_of(ready)
            begins = fiscal.interval(year).since
            starts[subject] = max(0, (year if begins == ready else year + 1) - first)
        else:
            starts[subject] = max(0, said.get(subject, 0))
    return labels, starts


def _last_day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    until = PartialDate.parse(str(text)).interval().until
    assert until is not None
    return date.fromordinal(until.toordinal() - 1)
