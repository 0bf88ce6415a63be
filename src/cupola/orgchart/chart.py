"""The chart of a day: what each office and post was, with what is only possible and where sources disagree."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cupola.errors import NotFound
from cupola.orgchart.facts import Fact, Funding, Line, Value
from cupola.orgchart.moments import Answer
from cupola.orgchart.vocabulary import Status

# What is believed where sources disagree: the better known first.
TRUST = (Status.CONFIRMED, Status.DEDUCED, Status.CLAIMED, Status.PROPOSED, Status.UNKNOWN)
_TRUSTED = {status: place for place, status in enumerate(TRUST)}


class NotInChart(NotFound):
    """Nothing by that key was there on that day."""

    def __init__(self, key: str, day: date) -> None:
        self.key, self.day = key, day
        super().__init__(f"No office or post called {key} is recorded on {day}.")


@dataclass(frozen=True)
class Held:
    """A fact with whether it held on the day asked for: yes, or only possible."""

    fact: Fact
    answer: Answer


class Chart:
    """The organisation on one day.

    `held`: the facts that held or may have held, in any order. Facts of status `proposed` count only with `proposed`;
    facts of status `unknown` are shown and never believed.
    """

    def __init__(self, day: date, subjects: Mapping[str, str], held: Iterable[Held], *, proposed: bool = False) -> None:
        self.day = day
        self._kinds = subjects
        self._held: dict[str, dict[str, list[Held]]] = {}
        for one in held:
            if proposed or one.fact.status is not Status.PROPOSED:
                self._held.setdefault(one.fact.subject, {}).setdefault(one.fact.attribute, []).append(one)
        for attributes in self._held.values():
            for found in attributes.values():
                if len(found) > 1:
                    _put_in_order(found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chart) and (self.day, self._held) == (other.day, other._held)

    __hash__ = None  # type: ignore[assignment]  # charts are compared, never looked up

    def facts(self) -> Iterator[Held]:
        """Yield every fact that held or may have held."""
        for attributes in self._held.values():
            for found in attributes.values():
                yield from found

    def held(self, subject: str, attribute: str) -> tuple[Held, ...]:
        """Return all that is said, the best known first; more than one value of a single attribute is a conflict."""
        return tuple(self._held.get(subject, {}).get(attribute, ()))

    def value(self, subject: str, attribute: str) -> Value | None:
        """Return what is believed: the value of the best known fact that held for certain, else that may have held."""
        found = self.values(subject, attribute)
        return found[0] if found else None

    def values(self, subject: str, attribute: str) -> tuple[Value, ...]:
        """Return every value that is said and not marked unknown, the best known first, each once."""
        said = (one.fact.value for one in self.held(subject, attribute) if one.fact.status is not Status.UNKNOWN)
        return tuple(dict.fromkeys(said))

    def exists(self, subject: str) -> Answer:
        """Say whether an office or a post was there. What is recorded without a time was there as long as anything."""
        said = self.held(subject, "exists")
        if not said:
            return Answer.YES if subject in self._held else Answer.NO
        answer = Answer.NO
        for one in said:
            answer = answer | (one.answer if one.fact.value else Answer.NO)
        return answer

    def kind(self, subject: str) -> str:
        """Return `office` or `post`. Raises NotInChart."""
        if subject not in self._kinds:
            raise NotInChart(subject, self.day)
        return self._kinds[subject]

    @cached_property
    def offices(self) -> tuple[str, ...]:
        """The keys of the offices that were or may have been there, in order."""
        return self._there("office")

    @cached_property
    def posts(self) -> tuple[str, ...]:
        """The keys of the posts that were or may have been there, in order."""
        return self._there("post")

    def posts_of(self, office: str) -> tuple[str, ...]:
        """Return the posts that worked in an office itself, not in those below it."""
        return self._in_office.get(office, ())

    def children(self, office: str) -> tuple[str, ...]:
        """Return the offices that were part of this one."""
        return self._children.get(office, ())

    def within(self, office: str) -> tuple[str, ...]:
        """Return the office and all below it, top first."""
        found: dict[str, None] = {office: None}
        waiting = [office]
        while waiting:
            for child in self.children(waiting.pop()):
                if child not in found:
                    found[child] = None
                    waiting.append(child)
        return tuple(found)

    def boss(self, subject: str) -> str:
        """Return to whom an office or a post reports, empty where that is not known.

        A post without a line of its own reports to the head of its office; an office to what it is part of.
        """
        line = self.value(subject, "reports_to")
        if isinstance(line, Line):
            return line.to
        if self.kind(subject) == "office":
            return str(self.value(subject, "part_of") or "")
        office = str(self.value(subject, "works_in") or "")
        head = str(self.value(office, "headed_by") or "")
        if head == subject:
            return self.boss(office)
        return head or office

    def chain(self, subject: str) -> tuple[str, ...]:
        """Return the bosses up to the top, nearest first. A loop ends where it closes."""
        found: dict[str, None] = {}
        boss = self.boss(subject)
        while boss and boss not in found and boss != subject:
            found[boss] = None
            boss = self.boss(boss) if boss in self._kinds else ""
        return tuple(found)

    def _there(self, kind: str) -> tuple[str, ...]:
        keys = (key for key, what in self._kinds.items() if what == kind)
        return tuple(sorted(key for key in keys if self.exists(key) is not Answer.NO))

    @cached_property
    def _in_office(self) -> dict[str, tuple[str, ...]]:
        return self._grouped(self.posts, "works_in")

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        return self._grouped(self.offices, "part_of")

    def _grouped(self, keys: Iterable[str], attribute: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for key in keys:
            above = self.value(key, attribute)
            if above is not None:
                found.setdefault(str(above), []).append(key)
        return {above: tuple(below) for above, below in found.items()}


def _put_in_order(found: list[Held]) -> None:
    """Sort facts of one attribute: by certainty, status and value, and where these are alike by all they say."""
    ranks = [_rank(one) for one in found]
    if len(set(ranks)) < len(ranks):  # rare, and writing out whole facts takes long
        ranks = [(*rank, repr(one.fact)) for rank, one in zip(ranks, found, strict=True)]
    order = sorted(range(len(found)), key=ranks.__getitem__)
    found[:] = [found[place] for place in order]


def _rank(one: Held) -> tuple[bool | int | str, ...]:
    value = one.fact.value
    said = f"{value.source} {value.share} {value.amount}" if isinstance(value, Funding) else str(value)
    return one.answer is not Answer.YES, _TRUSTED[one.fact.status], said
