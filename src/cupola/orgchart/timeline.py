"""Questions over time and across governments: where a role sat, what a new mayor closed, how grants became budget."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cupola.orgchart.chart import Chart
from cupola.orgchart.events import Event
from cupola.orgchart.facts import Fact, pointed_at
from cupola.orgchart.jurisdiction import Administration, Jurisdiction
from cupola.orgchart.moments import Answer, Moment
from cupola.orgchart.vocabulary import EventKind


@dataclass(frozen=True)
class Place:
    """Where a post sat on a day, by one fact: two of one day are two sources that disagree, or a date not known."""

    jurisdiction: str
    post: str
    day: date
    fact: Fact
    answer: Answer


@dataclass(frozen=True)
class Ending:
    """An office that was closed by an act, soon after a chief executive took office."""

    jurisdiction: str
    office: str
    event: Event
    administration: Administration
    answer: Answer


@dataclass(frozen=True)
class Conversion:
    """A team that began on an award and came onto the budget. Days between the two: the fewest and most possible."""

    jurisdiction: str
    office: str
    awarded: Event
    converted: Event
    fewest_days: int
    most_days: int


def posts_of_role(chart: Chart, role: str) -> tuple[str, ...]:
    """Return the posts that had a role, or may have had it."""
    return tuple(key for key in chart.posts if role in chart.values(key, "role"))


def places(jurisdictions: Iterable[Jurisdiction], role: str, *, on: date) -> tuple[Place, ...]:
    """Return where the posts of a role sat on a day, all that sources say."""
    found = []
    for one in jurisdictions:
        chart = one.history.on(on)
        for post in posts_of_role(chart, role):
            found += [Place(one.key, post, on, held.fact, held.answer) for held in chart.held(post, "housed_in")]
    return tuple(found)


def under(jurisdictions: Iterable[Jurisdiction], role: str, boss: str, *, on: date) -> tuple[Place, ...]:
    """Return the lines by which posts of a role reported straight to one of another role, by every source that says so.

    Only lines that a source states count, and their status with them: a claimed line is not a confirmed one.
    """
    found = []
    for one in jurisdictions:
        chart = one.history.on(on)
        for post in posts_of_role(chart, role):
            for held in chart.held(post, "reports_to"):
                to = pointed_at(held.fact)
                if to in chart.posts and boss in chart.values(to, "role"):
                    found.append(Place(one.key, post, on, held.fact, held.answer))
    return tuple(found)


def closed_after_change(jurisdictions: Iterable[Jurisdiction], *, within_days: int = 730) -> tuple[Ending, ...]:
    """Return the offices that an act of closing ended within so many days of a new chief executive's first day."""
    found = []
    for one in jurisdictions:
        closings = [event for event in one.history.in_order if EventKind.CLOSE in event.kinds]
        for event in closings:
            offices = [key for key in event.subjects if _ended_by(one, key, event) and _is_office(one, key)]
            last = _last_before(one.administrations, event.on)
            if last is None:
                continue
            answer = _within(last.since, event.on, within_days)
            found += [Ending(one.key, key, event, last, answer) for key in offices if answer is not Answer.NO]
    return tuple(found)


def conversions(jurisdictions: Iterable[Jurisdiction]) -> tuple[Conversion, ...]:
    """Return how long teams that were paid by an award took to come onto the budget."""
    found = []
    for one in jurisdictions:
        awards = [event for event in one.history.in_order if EventKind.AWARD in event.kinds]
        for converted in one.history.in_order:
            if EventKind.CONVERT_FUNDING not in converted.kinds:
                continue
            for office in converted.subjects:
                award = next((event for event in awards if office in event.subjects), None)
                if award is not None:
                    found.append(Conversion(one.key, office, award, converted, *_between(award.on, converted.on)))
    return tuple(found)


def by_year(jurisdictions: Iterable[Jurisdiction], role: str, *, first: int, last: int) -> dict[int, tuple[Place, ...]]:
    """Return where the posts of a role sat at the end of each year."""
    governments = tuple(jurisdictions)
    return {year: places(governments, role, on=date(year, 12, 31)) for year in range(first, last + 1)}


def _is_office(one: Jurisdiction, key: str) -> bool:
    return one.history.subjects[key] == "office"


def _ended_by(one: Jurisdiction, key: str, event: Event) -> bool:
    facts = one.history.facts
    return any(fact.subject == key and fact.attribute == "exists" and fact.ended_by == event.key for fact in facts)


def _last_before(administrations: Iterable[Administration], when: Moment) -> Administration | None:
    """Return the newest administration that had, or may have, begun by then."""
    begun = [
        one
        for one in administrations
        if one.since.earliest is not None and (when.latest is None or one.since.earliest <= when.latest)
    ]
    return max(begun, key=lambda one: one.since.earliest or date.min, default=None)


def _within(since: Moment, until: Moment, days: int) -> Answer:
    fewest, most = _between(since, until)
    if fewest > days:
        return Answer.NO
    return Answer.YES if most <= days else Answer.POSSIBLE


def _between(since: Moment, until: Moment) -> tuple[int, int]:
    """Return the fewest and most days between two moments; very many where one is unknown."""
    if since.earliest is None or since.latest is None or until.earliest is None or until.latest is None:
        return 0, timedelta.max.days
    return max((until.earliest - since.latest).days, 0), (until.latest - since.earliest).days
