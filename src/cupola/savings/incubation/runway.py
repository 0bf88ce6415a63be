"""How far a grant carries a team: month by month, to the day it ends, and what its savings carry from then on.

All money is in whole cents. A month counts with the days of it that an award covers.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cupola.savings.incubation.calendar import months_from

SCENARIOS = (Decimal(1), Decimal("0.8"), Decimal("0.5"), Decimal("0.2"))


@dataclass(frozen=True)
class Award:
    """Money given for a time: [since, until), with what is left of it on the first day that is looked at."""

    key: str
    fund: str
    since: date
    until: date
    left_cents: int


@dataclass(frozen=True)
class Post:
    """A post with its yearly loaded cost: salary, fringe and indirect. award: what pays for it, empty for the city."""

    key: str
    yearly_cents: int
    award: str = ""
    share: Decimal = Decimal(1)
    since: date | None = None


@dataclass(frozen=True)
class Savings:
    """What verified recurring savings bring the city's fund in a fiscal year: the lower bound, and the estimate."""

    year: int
    low_cents: int
    value_cents: int


@dataclass(frozen=True)
class Month:
    """One month of a team: what it costs, who pays, and what nobody pays. gap = cost - city - grant - match - savings.

    A month in which savings exceed the rest leaves no gap and builds no reserve: the money belongs to the fund.
    """

    month: date
    cost: int
    city: int
    grant: int
    match: int
    savings: int
    gap: int
    cumulative: int


@dataclass(frozen=True)
class Runway:
    """What becomes of one award's posts. cliff: the first day it no longer pays in full.

    runway_months: whole months from the first looked at until the cumulative gap exceeds the reserve; None when it
    never does within the months looked at.
    """

    award: str
    cliff: date
    spent_first: bool
    months: tuple[Month, ...]
    runway_months: int | None


def yearly_cost(posts: Iterable[Post]) -> int:
    """Return the loaded cost of posts in a year, of which an award pays the post's share."""
    return sum(post.yearly_cents for post in posts)


def cliff_of(award: Award, posts: Sequence[Post], *, today: date, horizon: int = 120) -> tuple[date, bool]:
    """Return the first day on which an award no longer pays its posts in full, and whether its money ran out first.

    Money is spent by the day, at a year's cost over 365. horizon: most months ahead that are looked at.
    """
    daily = sum((post.yearly_cents * post.share for post in posts if post.award == award.key), Decimal(0)) / 365
    if daily <= 0:
        return award.until, False
    start = max(today, award.since)
    days = int(award.left_cents / daily)
    empty = start + timedelta(days=min(days, horizon * 31))
    return (empty, True) if empty < award.until else (award.until, False)


def runway(
    award: Award,
    posts: Sequence[Post],
    savings: Sequence[Savings],
    *,
    today: date,
    months: int = 36,
    terms: "Terms | None" = None,
) -> Runway:
    """Return the months of the posts that `award` pays for, from the month of `today` on.

    posts: those of the award; others are left out. savings: of the same fund, lower bound, by fiscal year.
    """
    said = terms or Terms()
    own = [post for post in posts if post.award == award.key]
    cliff, first = cliff_of(award, own, today=today)
    found: list[Month] = []
    total = 0
    for month in months_from(today, months):
        line = _month(month, own, cliff=cliff, award=award, saved=_saved(savings, month, said), terms=said)
        total += line.gap
        found.append(_with(line, total))
    over = next((at for at, line in enumerate(found) if line.cumulative > said.reserve_cents), None)
    return Runway(award.key, cliff, first, tuple(found), over)


@dataclass(frozen=True)
class Terms:
    """What else is said of an award's posts.

    match_cents: what the city adds each month while the award runs. reserve_cents: what may be bridged.
    fiscal_month: first month of the fiscal year. scenario: the share of the savings that really comes.
    """

    match_cents: int = 0
    reserve_cents: int = 0
    fiscal_month: int = 1
    scenario: Decimal = Decimal(1)


def convertible(savings_cents: int, loaded_cents: int, *, scenario: Decimal = Decimal(1)) -> int:
    """Return how many posts of a loaded yearly cost the savings of a year can carry, whole posts only.

    >>> convertible(500_000_00, 166_667_00)
    2
    """
    return max(int(savings_cents * scenario / loaded_cents), 0) if loaded_cents > 0 else 0


def coverage(savings_cents: int, cost_cents: int) -> Decimal | None:
    """Return the share of a yearly cost that yearly savings carry; None where there is no cost."""
    return (Decimal(savings_cents) / cost_cents).quantize(Decimal("0.0001")) if cost_cents else None


@dataclass(frozen=True)
class Outlook:
    """What happens when only a share of the savings comes. gap_cents: a year's cost that nothing pays."""

    scenario: Decimal
    savings_cents: int
    gap_cents: int
    coverage: Decimal | None
    posts: int


def outlooks(
    savings_cents: int, posts: Sequence[Post], scenarios: Sequence[Decimal] = SCENARIOS
) -> tuple[Outlook, ...]:
    """Return the year after the cliff at 100, 80, 50 and 20 % of the savings. Posts are carried the cheapest first."""
    cost = yearly_cost(posts)
    found = []
    for scenario in scenarios:
        saved = int(savings_cents * scenario)
        found.append(Outlook(scenario, saved, max(cost - saved, 0), coverage(saved, cost), _carried(saved, posts)))
    return tuple(found)


def _carried(saved: int, posts: Sequence[Post]) -> int:
    left, count = saved, 0
    for post in sorted(posts, key=lambda one: one.yearly_cents):
        if post.yearly_cents > left:
            break
        left, count = left - post.yearly_cents, count + 1
    return count


def _month(month: date, posts: Sequence[Post], *, cliff: date, award: Award, saved: int, terms: Terms) -> Month:
    there = [post for post in posts if post.since is None or post.since <= month]
    cost = sum(post.yearly_cents for post in there) // 12
    paid = sum((post.yearly_cents * post.share for post in there), Decimal(0)) / 12
    share = _covered(month, max(award.since, month), cliff)
    grant = int(paid * share)
    # what the city's own part of a post costs is in its budget already, before and after the grant
    city = cost - int(paid)
    match = min(int(terms.match_cents * share), cost - city - grant)
    owed = cost - city - grant - match
    return Month(month, cost, city, grant, match, min(saved, owed), max(owed - saved, 0), 0)


def _covered(month: date, since: date, until: date) -> Decimal:
    """Return the share of a month's days in [since, until)."""
    days = monthrange(month.year, month.month)[1]
    first, after = max(month, since), min(month + timedelta(days=days), until)
    return Decimal(max((after - first).days, 0)) / days


def _saved(savings: Sequence[Savings], month: date, terms: Terms) -> int:
    year = month.year + (terms.fiscal_month > 1 and month.month >= terms.fiscal_month)
    low = sum(one.low_cents for one in savings if one.year == year)
    return max(int(low * terms.scenario), 0) // 12


def _with(line: Month, cumulative: int) -> Month:
    return Month(line.month, line.cost, line.city, line.grant, line.match, line.savings, line.gap, cumulative)
