"""What the pages of structures show, ready to be written down."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from cupola.folder.library import catalogue, jurisdictions, templates
from cupola.orgchart.chart import Held
from cupola.orgchart.checks import CHECKS, check, evidence
from cupola.orgchart.events import Event
from cupola.orgchart.facts import PERSONAL, disagreements
from cupola.orgchart.jurisdiction import Jurisdiction, Outcome, Source
from cupola.web.structure.models import Structure
from cupola.web.structure.queries.drawing import Drawing, draw
from cupola.web.structure.queries.known import chart_known, reading
from cupola.web.structure.queries.limits import elections_of
from cupola.web.structure.queries.structures import StructureUnknown, jurisdiction, jurisdictions_here
from cupola.web.structure.queries.words import (
    ATTRIBUTES,
    LIMITS,
    certainty,
    limit_words,
    moment_words,
    span_words,
    value_words,
    verdict_words,
    word,
)
from cupola.web.ui.evidence import Evidence


@dataclass(frozen=True)
class Cited:
    """A source as a page names it."""

    key: str
    title: str
    url: str


@dataclass(frozen=True)
class FactLine:
    """One fact in words. `at`: key of the office or post it points at, empty where it points at none."""

    attribute: str
    value: str
    at: str
    when: str
    status: str
    doubt: str
    sources: tuple[Cited, ...]
    note: str
    conflict: bool


@dataclass(frozen=True)
class ActLine:
    """One dated act in words."""

    key: str
    when: str
    on: date | None
    kinds: str
    title: str
    amount: str
    proposed: bool
    sources: tuple[Cited, ...]


@dataclass(frozen=True)
class DayLine:
    """A day on which something happened. when: as precisely as it is known; titles: of the acts."""

    day: date
    when: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class ConflictLine:
    """What sources say differently of one thing, side by side."""

    name: str
    subject: str
    attribute: str
    sides: tuple[FactLine, ...]


@dataclass(frozen=True)
class OutcomeLine:
    """One outcome, with the government it is of."""

    place: str
    key: str
    says: str
    proof: str
    proof_words: str
    claims: tuple[str, ...]
    sources: tuple[Cited, ...]


@dataclass(frozen=True)
class Shown:
    """A government on a day."""

    one: Jurisdiction
    day: date
    drawing: Drawing
    acts: tuple[ActLine, ...]
    conflicts: tuple[ConflictLine, ...]
    outcomes: tuple[OutcomeLine, ...]
    sources: tuple[Cited, ...]
    days: tuple[DayLine, ...]
    reading: str
    evidence: Evidence

    @property
    def posts(self) -> int:
        """How many posts are drawn or counted."""
        return sum(row.kind == "post" for row in self.drawing.rows) or sum(row.posts for row in self.drawing.rows)

    @property
    def offices(self) -> int:
        """How many offices there are."""
        return sum(row.kind == "office" for row in self.drawing.rows)


def seen_by(key: str, *, staff: bool) -> Jurisdiction:
    """Return a government a reader may see: the library's, the released, for staff all. Raises StructureUnknown."""
    record = Structure.objects.filter(key=key, retired_on=None).first()
    if record is not None and not staff and (record.branch_of is not None or not record.definition.get("released")):
        if key in jurisdictions() or key in templates():
            return jurisdictions().get(key) or templates()[key]
        raise StructureUnknown(key)
    return jurisdiction(key)


def listed_for(*, staff: bool) -> tuple[Jurisdiction, ...]:
    """Return the governments a reader may see, by name."""
    if staff:
        return tuple(sorted(jurisdictions_here().values(), key=lambda one: one.name))
    released = Structure.objects.filter(retired_on=None, branch_of=None, definition__released=True)
    own = {one.key: jurisdiction(one.key) for one in released}
    return tuple(sorted({**jurisdictions(), **own}.values(), key=lambda one: one.name))


def shown(one: Jurisdiction, day: date) -> Shown:
    """Return what the page of a government shows of a day."""
    chart = one.history.on(day)
    names = one.history.names
    sure = [held for held in chart.facts() if held.answer == "yes"]
    conflicts = tuple(
        ConflictLine(
            names.get(subject, subject),
            subject,
            str(ATTRIBUTES[attribute]),
            tuple(fact_line(one, Held(fact, sure[0].answer)) for fact in facts),
        )
        for (subject, attribute), facts in disagreements(held.fact for held in sure).items()
    )
    return Shown(
        one=one,
        day=day,
        drawing=draw(chart),
        acts=tuple(act_line(one, event) for event in one.history.in_order),
        conflicts=conflicts,
        outcomes=tuple(outcome_line(one, outcome) for outcome in one.outcomes),
        sources=tuple(cited(one.sources, one.sources)),
        days=days_of(one),
        reading=reading(chart),
        evidence=chart_known(one, chart),
    )


def days_of(one: Jurisdiction) -> tuple[DayLine, ...]:
    """Return the days on which the chart is known to have changed, each with what happened: the stops of the slider.

    What has no date is not among them. Of an act known to a month or a year the last day of that stands.
    """
    found: dict[date, list[Event]] = {}
    for event in one.history.in_order:
        if event.on.latest is not None:
            found.setdefault(event.on.latest, []).append(event)
    return tuple(
        DayLine(day, moment_words(events[0].on), tuple(event.title for event in events))
        for day, events in sorted(found.items())
    )


def facts_of(one: Jurisdiction, subject: str, day: date) -> tuple[FactLine, ...]:
    """Return all that is said of an office or post on a day. Raises NotInChart. What is personal is left out."""
    chart = one.history.on(day)
    chart.kind(subject)
    held = [fact for fact in chart.facts() if fact.fact.subject == subject and fact.fact.attribute not in PERSONAL]
    sure = (fact.fact for fact in held if fact.answer == "yes")
    clash = {attribute for _, attribute in disagreements(sure)}
    order = list(ATTRIBUTES)
    held.sort(key=lambda fact: order.index(fact.fact.attribute))
    return tuple(fact_line(one, fact, conflict=fact.fact.attribute in clash and fact.answer == "yes") for fact in held)


def role_or_word(code: str) -> str:
    """Return the usual title of a role of the catalogue, else a code in words."""
    role = catalogue().roles.get(code)
    return word(code) if role is None else role.title


def acts_of(one: Jurisdiction, subject: str) -> tuple[ActLine, ...]:
    """Return the acts about an office or post."""
    about = (event for event in one.history.in_order if subject in {*event.subjects, *event.origins, *event.results})
    return tuple(act_line(one, event) for event in about)


def fact_line(one: Jurisdiction, held: Held, *, conflict: bool = False) -> FactLine:
    """Return a fact in words."""
    fact = held.fact
    pointed = str(getattr(fact.value, "to", fact.value))
    return FactLine(
        attribute=str(ATTRIBUTES[fact.attribute]),
        value=role_or_word(str(fact.value)) if fact.attribute == "role" else value_words(fact.value, one.history.names),
        at=pointed if pointed in one.history.subjects else "",
        when=span_words(fact.span),
        status=word(fact.status),
        doubt=certainty(held.answer),
        sources=tuple(cited(one.sources, fact.sources)),
        note=fact.note,
        conflict=conflict,
    )


def act_line(one: Jurisdiction, event: Event) -> ActLine:
    """Return an act in words."""
    return ActLine(
        key=event.key,
        when=moment_words(event.on),
        on=event.on.latest,
        kinds=", ".join(word(kind) for kind in event.kinds),
        title=event.title,
        amount=event.amount,
        proposed=event.status == "proposed",
        sources=tuple(cited(one.sources, event.sources)),
    )


def outcome_line(one: Jurisdiction, outcome: Outcome) -> OutcomeLine:
    """Return an outcome in words."""
    return OutcomeLine(
        place=one.name,
        key=one.key,
        says=outcome.says,
        proof=str(outcome.proof),
        proof_words=word(outcome.proof),
        claims=(*outcome.speaks_for, *outcome.speaks_against),
        sources=tuple(cited(one.sources, outcome.sources)),
    )


def cited(sources: Mapping[str, Source], keys: Iterable[str]) -> Iterable[Cited]:
    """Yield sources by key."""
    for key in keys:
        source = sources[key]
        yield Cited(key, source.title or source.url, source.url)


def verdicts(one: Jurisdiction, day: date) -> tuple[dict[str, Any], ...]:
    """Return each check with its verdict, the essay's reason, and the library's evidence for and against."""
    found = check(one, on=day, elections=elections_of(one.key))
    claims = catalogue().claims
    lines = []
    for one_check in CHECKS:
        verdict = found[one_check.key]
        proof = evidence(one_check.claim, jurisdictions().values()) if one_check.claim else None
        lines.append(
            {
                "check": one_check,
                "verdict": verdict,
                "answer_words": word(verdict.answer),
                "question": gettext(one_check.question),
                "reason": verdict_words(verdict),
                "change": gettext(verdict.change) if verdict.change else "",
                "claim": claims.get(one_check.claim),
                "limits": [_limit(one, name) for name in one_check.limits],
                "names": _counted(one.history.names.get(key, key) for key in verdict.subjects),
                "speaks_for": [outcome_line(*pair) for pair in proof.speaks_for] if proof else [],
                "speaks_against": [outcome_line(*pair) for pair in proof.speaks_against] if proof else [],
            }
        )
    return tuple(lines)


def _counted(names: Iterable[str]) -> list[str]:
    """Return each name once, with how often it stands there where that is more than once."""
    return [name if times == 1 else f"{name} ({times})" for name, times in Counter(names).items()]


def _limit(one: Jurisdiction, name: str) -> dict[str, str]:
    """Return a limit in words, with its source: the city's own, or what stands behind the usual value."""
    value = getattr(one.parameters, name)
    if name == "elections":
        value = one.parameters.elections or elections_of(one.key)
    own = name in one.parameters.sources
    source = one.parameters.source_of(name)
    return {
        "name": str(LIMITS[name]),
        "value": limit_words(value),
        "source": source if own else gettext(source) if source else "",
        "lang": "en" if own else get_language() or "en",
    }


def worked(*, staff: bool) -> tuple[OutcomeLine, ...]:
    """Return what came of it everywhere, measured first."""
    order = ("measured", "claimed", "unknown")
    lines = [outcome_line(one, outcome) for one in listed_for(staff=staff) for outcome in one.outcomes]
    return tuple(sorted(lines, key=lambda line: (order.index(line.proof), line.place)))
