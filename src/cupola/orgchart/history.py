"""All that is recorded of one government's organisation, and its chart on any day.

The chart of a day can be had in two ways that must agree: from the spans of the facts, and by replaying the events in
their order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from cupola.errors import InvalidInput
from cupola.orgchart.chart import Chart, Held
from cupola.orgchart.events import Event
from cupola.orgchart.facts import Fact, check_fact, pointed_at
from cupola.orgchart.moments import Answer, Moment, opposite


class UnknownSubject(InvalidInput):
    """A fact or an event names an office or a post that is not recorded."""

    def __init__(self, key: str, *, where: str) -> None:
        self.key, self.where = key, where
        super().__init__(f"{where}: no office or post is called {key}. Record it, or name one that is.")


class EventOutOfStep(InvalidInput):
    """A fact names an event that began or ended it, and the dates differ."""

    def __init__(self, fact: Fact, *, event: str, word: str) -> None:
        self.fact, self.event = fact, event
        super().__init__(
            f"{fact.subject}: its {fact.attribute} is {word} by the event {event}, which is on another day or is not"
            " recorded. Give both the same date."
        )


@dataclass(frozen=True)
class History:
    """The organisation of one government over time.

    `subjects`: key -> `office` or `post`. `facts` and `events` in any order. Raises, when made, UnknownSubject,
    UnknownAttribute, WrongValue, EventOutOfStep.
    """

    subjects: Mapping[str, str]
    facts: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = field(default=())

    def __post_init__(self) -> None:
        dates = {event.key: event.on for event in self.events}
        for fact in self.facts:
            if fact.subject not in self.subjects:
                raise UnknownSubject(fact.subject, where=fact.attribute)
            check_fact(fact, of=self.subjects[fact.subject])
            end = pointed_at(fact)
            if end and end not in self.subjects:
                raise UnknownSubject(end, where=f"{fact.subject}, {fact.attribute}")
            if fact.begun_by or fact.ended_by:
                _check_steps(fact, dates)
        for event in self.events:
            for key in (*event.subjects, *event.origins, *event.results):
                if key not in self.subjects:
                    raise UnknownSubject(key, where=f"event {event.key}")

    def on(self, day: date, *, proposed: bool = False) -> Chart:
        """Return the chart of a day: every fact that held or may have held. `proposed`: also what is only proposed."""
        return Chart(day, self.subjects, _held((fact, fact.span.holds(day)) for fact in self.facts), proposed=proposed)

    def replay(self, day: date, *, proposed: bool = False) -> Chart:
        """Return the same chart by applying, in order, what each act up to a day began and ended."""
        begun = {fact: Answer.YES for fact in self.facts if fact.span.since is None}
        ended: dict[Fact, Answer] = {}
        for step in self._steps:
            happened = step.on.passed(day)
            for fact in step.begins:
                begun[fact] = happened
            for fact in step.ends:
                ended[fact] = happened
        answers = ((fact, begun[fact] & opposite(ended.get(fact, Answer.NO))) for fact in self.facts)
        return Chart(day, self.subjects, _held(answers), proposed=proposed)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The newest name of every office and post that has one, by key."""
        named = [fact for fact in self.facts if fact.attribute == "name"]
        newest = sorted(named, key=lambda fact: (fact.span.since or Moment(date.min, date.min)).earliest or date.max)
        return {fact.subject: str(fact.value) for fact in newest}

    def between(self, first: date, last: date) -> tuple[Event, ...]:
        """Return the events after `first` and up to `last`, in order, those included that may have been then."""
        return tuple(
            event
            for event in self.in_order
            if event.on.passed(last) is not Answer.NO and event.on.passed(first) is not Answer.YES
        )

    @cached_property
    def in_order(self) -> tuple[Event, ...]:
        """The events by date, then by their order within the day; those without a date last."""
        return tuple(sorted(self.events, key=_place))

    @cached_property
    def _steps(self) -> tuple["_Step", ...]:
        """Every act in order: the events, and for dated facts that no event began or ended one act per date."""
        steps = {event.key: _Step(event.on, []) for event in self.in_order}
        for fact in self.facts:
            for when, event, began in ((fact.span.since, fact.begun_by, True), (fact.span.until, fact.ended_by, False)):
                if when is None:
                    continue
                step = steps.setdefault(event or f" {when}", _Step(when, []))
                (step.begins if began else step.ends).append(fact)
        return tuple(steps.values())


@dataclass(frozen=True)
class _Step:
    on: Moment
    begins: list[Fact]
    ends: list[Fact] = field(default_factory=list)


def _place(event: Event) -> tuple[bool, date, date, int, str]:
    earliest, latest = event.on.earliest or date.max, event.on.latest or date.max
    return (event.on.earliest is None, latest, earliest, event.order, event.key)


def _held(answers: Iterable[tuple[Fact, Answer]]) -> tuple[Held, ...]:
    """Return the facts that held or may have held. Nothing is said of an office or post longer than it was there."""
    said = tuple(answers)
    lives: dict[str, Answer] = {}
    for fact, answer in said:
        if fact.attribute == "exists":
            lives[fact.subject] = lives.get(fact.subject, Answer.NO) | answer
    no, yes = Answer.NO, Answer.YES
    held = ((fact, answer & lives.get(fact.subject, yes)) for fact, answer in said if answer is not no)
    return tuple(Held(fact, answer) for fact, answer in held if answer is not no)


def _check_steps(fact: Fact, dates: Mapping[str, Moment]) -> None:
    steps = ((fact.begun_by, fact.span.since, "begun"), (fact.ended_by, fact.span.until, "ended"))
    for event, when, word in steps:
        if event and dates.get(event) != when:
            raise EventOutOfStep(fact, event=event, word=word)
