"""Two charts that grew from one, brought together: what only one side changed is taken, what both changed is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cupola.orgchart.events import Event
from cupola.orgchart.facts import ATTRIBUTES
from cupola.orgchart.history import History
from cupola.orgchart.states import State

Pair = tuple[str, Any]  # an attribute and a value of a chart, or a whole fact of a history


@dataclass(frozen=True)
class Clash:
    """What both sides changed, each in its own way. `attribute` is `exists` where one side closed it.

    The values as pairs of attribute and value: before, on my side, on theirs.
    """

    subject: str
    attribute: str
    base: frozenset[Pair]
    mine: frozenset[Pair]
    theirs: frozenset[Pair]


@dataclass(frozen=True)
class Merged:
    """What came of it: the state with every clash left as in the base, and the clashes."""

    state: State
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class MergedHistory:
    """What came of two histories: the one with every clash left as in the base, and the clashes."""

    history: History
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class _Sides:
    base: frozenset[Pair]
    mine: frozenset[Pair]
    theirs: frozenset[Pair]

    def plain(self) -> frozenset[Pair] | None:
        """Return what it comes to when at most one side changed it, or both alike; else None."""
        if self.mine == self.theirs or self.theirs == self.base:
            return self.mine
        return self.theirs if self.mine == self.base else None

    def part(self, attribute: str) -> "_Sides":
        """Return what is said of one attribute."""
        return _Sides(*(frozenset(pair for pair in side if pair[0] == attribute) for side in self.all()))

    def all(self) -> tuple[frozenset[Pair], ...]:
        """Return base, mine and theirs."""
        return self.base, self.mine, self.theirs


def merge(base: State, mine: State, theirs: State) -> Merged:
    """Bring the changes of both sides since `base` together. Nothing is decided where they clash."""
    kinds = {**base.kinds, **theirs.kinds, **mine.kinds}
    said, clashes = _merge_all(kinds, base.said, mine.said, theirs.said)
    return Merged(State({key: kinds[key] for key in said}, said), clashes)


def merge_histories(base: History, mine: History, theirs: History) -> MergedHistory:
    """Do the same with histories, fact by fact with their dates and sources, and act by act."""
    kinds = {**base.subjects, **theirs.subjects, **mine.subjects}
    said, clashes = _merge_all(kinds, *(_facts(side) for side in (base, mine, theirs)))
    acts = [{event.key: event for event in side.events} for side in (base, mine, theirs)]
    events: dict[str, Event] = {}
    for key in dict.fromkeys((*acts[0], *acts[2], *acts[1])):
        sides = _Sides(*(frozenset([("event", side[key])]) if key in side else frozenset() for side in acts))
        plain = sides.plain()
        if plain is None:
            clashes = (*clashes, Clash(key, "event", *sides.all()))
        for _, event in sides.base if plain is None else plain:
            events[key] = event
    order = [fact for side in (theirs, mine, base) for fact in side.facts]
    kept = {fact for pairs in said.values() for _, fact in pairs}
    facts = tuple(fact for fact in dict.fromkeys(order) if fact in kept)
    return MergedHistory(History({key: kinds[key] for key in said}, facts, tuple(events.values())), clashes)


def _facts(history: History) -> dict[str, frozenset[Pair]]:
    found: dict[str, set[Pair]] = {}
    for fact in history.facts:
        found.setdefault(fact.subject, set()).add((fact.attribute, fact))
    return {key: frozenset(pairs) for key, pairs in found.items()}


def _merge_all(
    keys: Mapping[str, str], *said: Mapping[str, frozenset[Pair]]
) -> tuple[dict[str, frozenset[Pair]], tuple[Clash, ...]]:
    merged: dict[str, frozenset[Pair]] = {}
    clashes: list[Clash] = []
    for subject in sorted(keys):
        found, clashing = _merge_subject(subject, _Sides(*(side.get(subject, frozenset()) for side in said)))
        clashes += clashing
        if any(name == "exists" for name, _ in found):
            merged[subject] = found
    return merged, tuple(clashes)


def _merge_subject(subject: str, sides: _Sides) -> tuple[frozenset[Pair], list[Clash]]:
    plain = sides.plain()
    if plain is not None:
        return plain, []
    if not sides.mine or not sides.theirs:  # one side closed what the other changed
        return sides.base, [Clash(subject, "exists", *sides.all())]
    found: set[Pair] = set()
    clashes = []
    for attribute in sorted({name for side in sides.all() for name, _ in side}):
        part = sides.part(attribute)
        merged = _merge_attribute(attribute, part)
        if merged is None:
            clashes.append(Clash(subject, attribute, *part.all()))
        found |= part.base if merged is None else merged
    return frozenset(found), clashes


def _merge_attribute(attribute: str, sides: _Sides) -> frozenset[Pair] | None:
    plain = sides.plain()
    if plain is None and ATTRIBUTES[attribute].many:  # each value stands for itself
        kept = sides.base & sides.mine & sides.theirs
        return kept | (sides.mine - sides.base) | (sides.theirs - sides.base)
    return plain
