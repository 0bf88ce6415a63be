"""Who pays the posts, and until when: funds, benefits, the awards of the agenda, and the grants in the budget books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cupola.orgchart.rosters import Amount, Family, LabelledPosts, total, with_a_family
from cupola.web.agenda.queries import awards
from cupola.web.planning.queries.overview import office_of
from cupola.web.planning.queries.reading import ReadBudget, ReadRoster, is_anothers, read_grants
from cupola.web.planning.queries.spending import speaks_of_it


@dataclass(frozen=True)
class Fund:
    """Posts in technology, data and innovation that one fund pays."""

    name: str
    posts: int


@dataclass(frozen=True)
class PaidBy:
    """An award of the agenda on a day: how many posts it pays, and when it ends; None where nobody knows.

    `over`: it has ended.
    """

    key: str
    name: str
    funder: str
    posts: int
    until: date | None
    over: bool


@dataclass(frozen=True)
class Grant:
    """A grant of the budget books whose name speaks of technology, data or innovation; amounts by year, in cents.

    `office`: the office its department is, empty where nobody said. `unseen`: how the roster calls that office, where
    no post of it has an innovation title in any list although the grant is for innovation.
    """

    read: ReadBudget
    name: str
    department: str
    office: str
    years: tuple[tuple[str, int], ...]
    unseen: str = ""

    @property
    def most(self) -> tuple[str, int]:
        """The year with most money."""
        return max(self.years, key=lambda pair: (pair[1], pair[0]))

    @property
    def last(self) -> tuple[str, int]:
        """The last year with money."""
        return self.years[-1]


@dataclass(frozen=True)
class Paying:
    """Everything known of who pays. `benefits`: what a post costs beyond its pay, as a share of it, and its source."""

    funds: tuple[Fund, ...]
    awards: tuple[PaidBy, ...]
    grants: tuple[Grant, ...]
    benefits: Decimal
    benefits_source: str

    @property
    def unseen(self) -> tuple[Grant, ...]:
        """Grants for innovation in an office whose titles show none, most money first."""
        return tuple(one for one in self.grants if one.unseen)

    @property
    def ends(self) -> tuple[PaidBy, ...]:
        """Awards that pay posts and have a known end, the next first."""
        return tuple(one for one in self.awards if one.posts and one.until and not one.over)


def paying(read: ReadRoster, period: str, *, on: date) -> Paying:
    """Return who pays the posts of a roster; of another government's only what its roster says."""
    own = not is_anothers(read.record)
    return Paying(
        funds=_funds(with_a_family(read.of(period))),
        awards=tuple(_awards(on)) if own else (),
        grants=tuple(_grants(read)) if own else (),
        benefits=read.benefits,
        benefits_source=str(read.record.definition.get("benefits", {}).get("source", "")),
    )


def _funds(posts: Sequence[LabelledPosts]) -> tuple[Fund, ...]:
    held: dict[str, int] = {}
    for one in posts:
        if one.count.fund:
            held[one.count.fund] = held.get(one.count.fund, 0) + one.count.posts
    return tuple(Fund(*pair) for pair in sorted(held.items(), key=lambda pair: (-pair[1], pair[0])))


def _awards(on: date) -> Iterable[PaidBy]:
    """Yield the awards that pay posts, or whose name or purpose speaks of it."""
    for one in awards.standings():
        posts = len(awards.paid_posts(one.fields, on))
        if not posts and not speaks_of_it(f"{one.name} {one.fields.get('purpose', '')}"):
            continue
        over = one.until is not None and one.until <= on
        yield PaidBy(one.key, one.name, str(one.fields["funder"]), posts, one.until, over)


def _grants(read: ReadRoster) -> Iterable[Grant]:
    """Yield the grants that speak of it: those no title shows first, then by the most money of one year."""
    found = [_grant(read, grants, lines) for grants in read_grants() for lines in _by_grant(grants.amounts)]
    return sorted(found, key=lambda one: (not one.unseen, -one.most[1], one.name))


def _by_grant(amounts: Iterable[Amount]) -> Iterable[list[Amount]]:
    held: dict[tuple[str, str], list[Amount]] = {}
    for one in amounts:
        if one.cents and speaks_of_it(one.account):
            held.setdefault((one.department, one.account), []).append(one)
    return held.values()


def _grant(read: ReadRoster, grants: ReadBudget, lines: Sequence[Amount]) -> Grant:
    years: dict[str, int] = {}
    for one in lines:
        years[one.period] = years.get(one.period, 0) + one.cents
    first = lines[0]
    office = next((found for one in lines if (found := office_of(grants, one.department, one.period))), "")
    said = tuple(sorted(years.items()))
    unseen = _without_titles(read, office) if office and "innovation" in first.account.lower() else ""
    return Grant(grants, first.account, first.department, office, said, unseen)


def _without_titles(read: ReadRoster, office: str) -> str:
    """Return what the roster calls an office, where it has posts in some list and none in innovation in any."""
    held = [one for one in read.posts if office_of(read, one.count.department, one.count.period) == office]
    if not held or total(with_a_family(held, Family.INNOVATION)).posts:
        return ""
    return max(held, key=lambda one: one.count.period).count.department
