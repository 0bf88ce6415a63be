"""Which checks of a structure turn when it is changed, and what the library says of the claims behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cupola.orgchart.checks import CHECKS, Check, Evidence, Verdict, check, evidence
from cupola.orgchart.edits import Edit
from cupola.orgchart.facts import Fact, Value
from cupola.orgchart.history import History
from cupola.orgchart.jurisdiction import Jurisdiction, Source
from cupola.orgchart.moments import Answer, Moment, Span

SCENARIO = "scenario"  # key of the source of what a scenario says
Side = tuple[Jurisdiction, date]


@dataclass(frozen=True)
class Turned:
    """A check that ends otherwise once the edits are made, with what speaks for and against the claim behind it."""

    check: Check
    before: Verdict
    after: Verdict
    evidence: Evidence


def turned(
    before: Side, after: Side, *, library: Iterable[Jurisdiction], elections: tuple[date, ...] = ()
) -> tuple[Turned, ...]:
    """Return the checks whose answer differs between two sides, in the order of the checks."""
    places = tuple(library)
    first, last = (check(one, on=day, elections=elections) for one, day in (before, after))
    return tuple(
        Turned(each, first[each.key], last[each.key], evidence(each.claim, places))
        for each in CHECKS
        if first[each.key].answer is not last[each.key].answer
    )


def with_edits(one: Jurisdiction, edits: Sequence[Edit], *, day: date) -> Jurisdiction:
    """Return a government as it would be if the edits were made on a day, as if all they say were certain.

    What held on the day and an edit takes away is no longer said; what was before stays as it was.
    """
    whole = {edit.subject for edit in edits if not edit.attribute}  # gone, or there anew: nothing older is said of it
    removed = {(edit.subject, *pair) for edit in edits for pair in edit.removed}
    kept = [fact for fact in one.history.facts if not _taken(fact, whole, removed, day=day)]
    since = Span(Moment.of(day))
    new = [
        Fact(edit.subject, name, value, since, sources=(SCENARIO,))
        for edit in edits
        for name, value in sorted(edit.added, key=str)
    ]
    subjects = {**one.history.subjects, **{edit.subject: edit.of for edit in edits}}
    history = History(subjects, (*kept, *new), one.history.events)
    sources = {**one.sources, SCENARIO: Source(SCENARIO, title="The scenario")}
    return replace(one, history=history, sources=sources)


def _taken(fact: Fact, whole: set[str], removed: set[tuple[str, str, Value]], *, day: date) -> bool:
    if fact.span.holds(day) is Answer.NO:
        return False
    return fact.subject in whole or (fact.subject, fact.attribute, fact.value) in removed
