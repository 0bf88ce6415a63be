"""A chart without time: what is said of each office and post, as sets that can be compared, changed and added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from cupola.orgchart.chart import Chart, Held
from cupola.orgchart.facts import Fact, Funding, Value
from cupola.orgchart.moments import Answer

Said = tuple[str, Value]  # an attribute and one of its values
HERE: Said = ("exists", True)


@dataclass(frozen=True)
class State:
    """What is said of each subject: key -> its kind (`office`, `post`), and key -> pairs of attribute and value.

    A subject that is there has the pair `HERE`, even when nothing else is said of it.
    """

    kinds: Mapping[str, str]
    said: Mapping[str, frozenset[Said]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", MappingProxyType(dict(self.kinds)))
        object.__setattr__(self, "said", MappingProxyType(dict(self.said)))

    def values(self, subject: str, attribute: str) -> tuple[Value, ...]:
        """Return the values said of an attribute, in order; more than one of a single attribute is a conflict."""
        found = (value for name, value in self.said.get(subject, ()) if name == attribute)
        return tuple(sorted(found, key=str))

    def value(self, subject: str, attribute: str) -> Value | None:
        """Return the first of them, None where nothing is said."""
        found = self.values(subject, attribute)
        return found[0] if found else None

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the subjects of a kind, in order."""
        return tuple(sorted(key for key in self.said if self.kinds[key] == kind))


def state_of(chart: Chart) -> State:
    """Return what a chart says, without its dates, sources and doubts. Both sides of a conflict are in it."""
    keys = (*chart.offices, *chart.posts)
    said: dict[str, set[Said]] = {key: {HERE} for key in keys}
    for held in chart.facts():
        fact = held.fact
        if fact.subject in said and fact.attribute != "exists" and fact.status != "unknown":
            said[fact.subject].add((fact.attribute, fact.value))
    return State({key: chart.kind(key) for key in keys}, {key: frozenset(pairs) for key, pairs in said.items()})


def chart_of(state: State, day: date) -> Chart:
    """Return a state as the chart of a day, as if all of it were certain."""
    facts = (
        Held(Fact(key, name, value), Answer.YES)
        for key, said in sorted(state.said.items())
        for name, value in sorted(said, key=str)
    )
    return Chart(day, state.kinds, facts)


@dataclass(frozen=True)
class Totals:
    """Sums over a chart. cost and amounts in the city's currency; `by_source`: cost of posts by who pays.

    The cost of a post is divided by the shares of its funding; what no share covers is under the empty source.
    """

    offices: int = 0
    posts: int = 0
    filled: int = 0
    fte: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    by_source: Mapping[str, Decimal] = field(default_factory=dict)

    def __add__(self, other: "Totals") -> "Totals":
        return _sum((self, other))

    def __neg__(self) -> "Totals":
        by_source = {source: -amount for source, amount in self.by_source.items()}
        return Totals(-self.offices, -self.posts, -self.filled, -self.fte, -self.cost, by_source)

    def __sub__(self, other: "Totals") -> "Totals":
        return self + -other


def totals(state: State) -> Totals:
    """Return the sums over all offices and posts."""
    return _sum(totals_of(state.kinds[key], said) for key, said in state.said.items())


def totals_of(kind: str, said: frozenset[Said]) -> Totals:
    """Return what one office or post adds to the sums. Of values that contradict one another the smallest counts."""
    if HERE not in said:
        return Totals()
    if kind == "office":
        return Totals(offices=1)
    single: dict[str, Decimal] = {}
    for name, value in said:
        if isinstance(value, Decimal):
            single[name] = min(single.get(name, value), value)
    cost = single.get("cost", Decimal(0))
    fundings = [value for _, value in said if isinstance(value, Funding)]
    return Totals(
        posts=1,
        filled=int(("filled", False) not in said),
        fte=single.get("fte", Decimal(0)),
        cost=cost,
        by_source=_by_source(cost, fundings),
    )


def _by_source(cost: Decimal, fundings: Iterable[Funding]) -> dict[str, Decimal]:
    shares: dict[str, Decimal] = {}
    for funding in fundings:
        if funding.share is not None:
            shares[funding.source] = shares.get(funding.source, Decimal(0)) + funding.share
    parts = {source: cost * share for source, share in shares.items()}
    rest = cost - sum(parts.values(), Decimal(0))
    return {source: amount for source, amount in {**parts, "": rest}.items() if amount}


def _sum(parts: Iterable[Totals]) -> Totals:
    offices = posts = filled = 0
    fte = cost = Decimal(0)
    by_source: dict[str, Decimal] = {}
    for part in parts:
        offices, posts, filled = offices + part.offices, posts + part.posts, filled + part.filled
        fte, cost = fte + part.fte, cost + part.cost
        for source, amount in part.by_source.items():
            by_source[source] = by_source.get(source, Decimal(0)) + amount
    return Totals(offices, posts, filled, fte, cost, {key: amount for key, amount in by_source.items() if amount})
