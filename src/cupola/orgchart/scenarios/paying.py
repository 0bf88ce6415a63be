"""Posts and their cost by fund and year: as they are, and as they come with each year in which edits take hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from cupola.orgchart.facts import Funding
from cupola.orgchart.states import State

UNKNOWN_FUND = ""
_ONE, _NONE = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class FundYears:
    """One fund over the years: posts, their yearly cost in the city's currency, and for how many no cost is known.

    The first place of each is today, then one for every year. `fund` is empty where nobody says who pays.
    """

    fund: str
    posts: tuple[Decimal, ...]
    cost: tuple[Decimal, ...]
    uncosted: tuple[Decimal, ...]


@dataclass(frozen=True)
class _Charge:
    fund: str
    posts: Decimal
    cost: Decimal | None


def by_fund_and_year(
    before: State, after: State, *, prices: Mapping[str, Decimal], starts: Mapping[str, int], years: int
) -> tuple[FundYears, ...]:
    """Return every fund's posts and cost, today and in each year; the fund nobody names last.

    prices: yearly cost of posts of which the chart says none. starts: key of an office or a post -> the year, 0 for the
    first, from which it is as in `after`; what is not named there changes in the first.
    """
    table: dict[str, list[list[Decimal]]] = {}
    for key in dict.fromkeys((*before.of_kind("post"), *after.of_kind("post"))):
        first = starts.get(key, 0)
        for year in range(years + 1):  # 0 is today
            state = after if year > first else before
            for one in _charges(state, key, prices):
                sums = table.setdefault(one.fund, [[_NONE] * (years + 1) for _ in range(3)])
                sums[0][year] += one.posts
                sums[1][year] += one.cost or _NONE
                sums[2][year] += one.posts if one.cost is None else _NONE
    order = sorted(table, key=lambda fund: (fund == UNKNOWN_FUND, fund))
    return tuple(FundYears(fund, *(tuple(row) for row in table[fund])) for fund in order)


def totals_by_year(funds: Iterable[FundYears]) -> FundYears | None:
    """Return all funds together, None of none."""
    found = list(funds)
    if not found:
        return None
    rows = (
        tuple(sum(parts, _NONE) for parts in zip(*(getattr(one, name) for one in found), strict=True))
        for name in ("posts", "cost", "uncosted")
    )
    return FundYears("*", *rows)


def _charges(state: State, key: str, prices: Mapping[str, Decimal]) -> Iterator[_Charge]:
    """Yield what of a post each fund pays; nothing where the post is not there."""
    if key not in state.said:
        return
    said = state.value(key, "cost")
    cost = said if isinstance(said, Decimal) else prices.get(key)
    posts = state.value(key, "fte")
    posts = posts if isinstance(posts, Decimal) else _ONE
    for fund, share in _shares(state, key):
        yield _Charge(fund, posts * share, None if cost is None else cost * share)


def _shares(state: State, key: str) -> list[tuple[str, Decimal]]:
    """Return who pays which share: as said of the post, else of its office and upwards; one payer pays all."""
    paid = _payers(state, key)
    if len({one.source for one in paid}) == 1 and all(one.share is None for one in paid):
        return [(str(paid[0].source), _ONE)]
    known = [(str(one.source), one.share) for one in paid if one.share is not None]
    rest = _ONE - sum((share for _, share in known), _NONE)
    return [*known, *([(UNKNOWN_FUND, rest)] if rest > 0 else [])]


def _payers(state: State, key: str) -> list[Funding]:
    seen: set[str] = set()
    while key and key not in seen:
        seen.add(key)
        found = [one for one in state.values(key, "funding") if isinstance(one, Funding)]
        if found:
            return found
        above = state.value(key, "paid_by") or state.value(key, "works_in") or state.value(key, "part_of")
        key = str(above or "")
    return []
