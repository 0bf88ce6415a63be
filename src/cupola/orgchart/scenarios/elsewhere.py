"""What is recorded of edits like this one: elsewhere, and in the same government before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cupola.orgchart.edits import Edit, EditKind
from cupola.orgchart.events import Event
from cupola.orgchart.jurisdiction import Jurisdiction, Outcome
from cupola.orgchart.moments import Answer
from cupola.orgchart.states import State
from cupola.orgchart.vocabulary import EventKind, Status

MOST = 4  # precedents of one edit
ACTS: Mapping[EditKind, tuple[EventKind, ...]] = {
    EditKind.CREATED: (EventKind.CREATE, EventKind.SPLIT),
    EditKind.SPLIT: (EventKind.SPLIT,),
    EditKind.CLOSED: (EventKind.CLOSE, EventKind.MERGE),
    EditKind.MERGED: (EventKind.MERGE,),
    EditKind.MOVED: (EventKind.MOVE,),
    EditKind.HOUSED_IN_CHANGED: (EventKind.MOVE,),
    EditKind.MANDATE_CHANGED: (EventKind.ELEVATE, EventKind.LEGISLATE),
    EditKind.RENAMED: (EventKind.RENAME, EventKind.ELEVATE),
    EditKind.FUNDING_CHANGED: (EventKind.AWARD, EventKind.CONVERT_FUNDING),
    EditKind.FUNDING_CONVERTED: (EventKind.CONVERT_FUNDING,),
    EditKind.LINE_ADDED: (EventKind.ADD_LINE,),
    EditKind.LINE_REMOVED: (EventKind.REMOVE_LINE,),
}


@dataclass(frozen=True)
class Precedent:
    """An act like the edit, elsewhere or earlier, and what is said to have come of it. alike: 0 to 2, in what it is
    about."""

    place: Jurisdiction
    act: Event
    outcomes: tuple[Outcome, ...]
    alike: float


def precedents(
    edit: Edit, states: tuple[State, State], *, library: Iterable[Jurisdiction], own: str, day: date
) -> tuple[Precedent, ...]:
    """Return the acts that did the same to a post of the role, or to an office of like functions.

    The most alike first, then those of which something came; never one that only shares the kind of act. Of the
    government `own` itself only what it did up to `day`.
    """
    kinds = ACTS.get(edit.kind, ())
    roles, functions = _about(edit, *states)
    found = []
    for place in library if kinds else ():
        for act in place.history.in_order:
            if act.status is Status.PROPOSED or not set(act.kinds) & set(kinds):
                continue
            if place.key == own and act.on.passed(day) is not Answer.YES:
                continue
            alike = max((_alike(place, key, edit.of, roles, functions) for key in act.subjects), default=0.0)
            if alike > 0:
                outcomes = tuple(one for one in place.outcomes if set(one.subjects) & set(act.subjects))
                found.append(Precedent(place, act, outcomes, alike))
    found.sort(key=lambda one: (-one.alike, not one.outcomes, one.place.key, one.act.key))
    return tuple(found[:MOST])


def _about(edit: Edit, before: State, after: State) -> tuple[set[str], set[str]]:
    states = (before, after)
    roles = {str(value) for state in states for value in state.values(edit.subject, "role")}
    functions = {str(value) for state in states for value in state.values(edit.subject, "function")}
    return roles, functions


def _alike(place: Jurisdiction, key: str, of: str, roles: set[str], functions: set[str], /) -> float:  # noqa: PLR0917
    """Return how alike a subject of the library is: 2 of the same role, else the share of functions they have both."""
    if place.history.subjects.get(key) != of:
        return 0.0
    said = [fact for fact in place.history.facts if fact.subject == key]
    if roles & {str(one.value) for one in said if one.attribute == "role"}:
        return 2.0
    theirs = {str(one.value) for one in said if one.attribute == "function"}
    either = functions | theirs
    return len(functions & theirs) / len(either) if either else 0.0
