"""Tiny staffing problems, solved by trying every plan. Shares nothing with the planner but the problem's own values."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product
from random import Random

from cupola.planner import Limit, Need, PostClass, Problem, Saving, Source, Weights, limits

YEARS = 3
SOURCES = ("general", "grant", "fees")
MOST = 2


@dataclass(frozen=True)
class Tiny:
    """A drawn problem: the planner's, and the numbers from which the other route counts."""

    problem: Problem
    cap: float
    span: float | None


def draw(rng: Random) -> Tiny:
    """Draw two classes over three years with up to three sources, a need, a cap, a span, a saving and lead times."""
    classes = tuple(_class(rng, f"c{number}") for number in range(2))
    ends = rng.randrange(1, YEARS + 1)
    sources = (
        Source("general", amount=tuple(_amount(rng) for _ in range(YEARS))),
        Source("grant", amount=tuple(_amount(rng) if year < ends else 0.0 for year in range(YEARS))),
        Source("fees", amount=_amount(rng) / 3),
    )
    needs = (
        Need("n", "f", float(rng.randrange(0, 4)), shortage_price=float(rng.randrange(0, 200)), surplus_price=3.0),
    )
    saving = Saving(
        "c0", "general", per_post=float(rng.randrange(0, 200)), lag=1, haircut=0.6, verified=rng.random() < 0.7
    )
    weights = Weights(cost=rng.choice((0.3, 1.0)), hired=5.0, closed=float(rng.randrange(0, 40)), discount=0.05)
    bare = Problem(tuple(range(YEARS)), classes, sources, needs=needs, savings=(saving,), weights=weights)
    cap, span = float(rng.randrange(1, 5)), float(rng.choice((0.5, 1, 2)))
    found: list[Limit] = [limits.posts_at_most(bare, ("c0", "c1"), most=cap, key="cap", says="A cap")]
    found.append(limits.span_at_most(bare, "c1", "c0", most=span, key="span", says="A span"))
    problem = Problem(
        bare.years, classes, sources, needs=needs, savings=(saving,), limits=tuple(found), weights=weights
    )
    return Tiny(problem, cap, span)


def _amount(rng: Random) -> float:
    return float(rng.randrange(0, 500))


def _class(rng: Random, key: str) -> PostClass:
    return PostClass(
        key,
        start=float(rng.randrange(0, 2)),
        pay=tuple(float(rng.randrange(50, 250)) for _ in range(YEARS)),
        sources=tuple(sorted(rng.sample(SOURCES, k=rng.randrange(1, 3)))),
        functions={"f": float(rng.choice((0, 1, 1)))},
        value=float(rng.randrange(0, 260)),
        most=float(MOST),
        most_hired=float(rng.choice((1, 2))),
        first_hire=rng.choice((0, 0, 1)),
        closing_cost=float(rng.randrange(0, 50)),
        may_close=rng.random() < 0.8,
        longest_years=rng.choice((None, None, 2)),
    )


def without(tiny: Tiny, keys: Iterable[str]) -> Tiny:
    """Return the problem with some limits lifted, here too."""
    problem = tiny.problem
    for key in keys:
        problem = limits.relaxed(problem, key)
    kept = {one.key for one in problem.limits}
    return Tiny(problem, tiny.cap if "cap" in kept else 99.0, tiny.span if "span" in kept else None)


def best_by_trying(tiny: Tiny) -> float | None:
    """Return the smallest sum of any plan; None where no plan holds every limit."""
    problem = tiny.problem
    totals = [
        sum(cost for _, cost in chosen) + _shortages(problem, [posts for posts, _ in chosen])
        for chosen in product(*(_courses(problem, one).items() for one in problem.classes))
        if _holds(tiny, [posts for posts, _ in chosen])
    ]
    return min(totals, default=None)


def _courses(problem: Problem, one: PostClass) -> dict[tuple[int, ...], float]:
    """Return every course of posts the class may take, with what it costs and is worth.

    A hire beside a closure renews a fellowship, so renewals are tried too.
    """
    weights, found = problem.weights, {}
    rates = [1 / (1 + weights.discount) ** year for year in range(YEARS)]
    for posts in product(range(MOST + 1), repeat=YEARS):
        steps = [now - then for now, then in zip(posts, (round(one.start), *posts), strict=False)]
        for renewed in product(range(MOST + 1) if one.longest_years else (0,), repeat=YEARS):
            hired = [max(0, step) + more for step, more in zip(steps, renewed, strict=True)]
            closed = [max(0, -step) + more for step, more in zip(steps, renewed, strict=True)]
            if not _may(one, posts, hired=hired, closed=closed):
                continue
            cost = sum(
                rate
                * (
                    posts[year] * (weights.cost * one.pay[year] - one.value)  # type: ignore[index]
                    + hired[year] * weights.hired
                    + closed[year] * (0.0 if one.longest_years else weights.cost * one.closing_cost + weights.closed)
                )
                for year, rate in enumerate(rates)
            )
            found[posts] = min(cost, found.get(posts, cost))
    return found


def _may(one: PostClass, posts: tuple[int, ...], *, hired: list[int], closed: list[int]) -> bool:
    if any(count > one.most_hired for count in hired) or any(hired[: one.first_hire]):
        return False
    if not one.may_close and any(closed):
        return False
    if one.longest_years is None:
        return True
    there = [round(one.start), 0, 0]
    return all(posts[year] <= sum(hired[max(0, year - 1) : year + 1]) + there[year] for year in range(YEARS))


def _holds(tiny: Tiny, posts: list[tuple[int, ...]]) -> bool:
    first, second = posts
    within = all(
        a + b <= tiny.cap and (tiny.span is None or b <= tiny.span * a) for a, b in zip(first, second, strict=True)
    )
    return within and all(_paid(tiny.problem, posts, year) for year in range(YEARS))


def _paid(problem: Problem, posts: list[tuple[int, ...]], year: int) -> bool:
    """Posts can be paid when, for any sources, those that only these can pay cost no more than they have (Hall)."""
    saving = problem.savings[0]
    counted = saving.per_post * (1 - saving.haircut) * posts[0][year - 1] if year and saving.verified else 0.0
    has = {one.key: one.amount[year] if isinstance(one.amount, tuple) else one.amount for one in problem.sources}
    has["general"] += counted
    for size in range(1, len(SOURCES) + 1):
        for chosen in combinations(SOURCES, size):
            cost = sum(
                count[year] * one.pay[year]  # type: ignore[index]
                for one, count in zip(problem.classes, posts, strict=True)
                if set(one.sources) <= set(chosen)
            )
            if cost > sum(has[source] for source in chosen) + 1e-9:
                return False
    return True


def _shortages(problem: Problem, posts: list[tuple[int, ...]]) -> float:
    need, weights = problem.needs[0], problem.weights
    total = 0.0
    for year in range(YEARS):
        given = sum(one.functions["f"] * count[year] for one, count in zip(problem.classes, posts, strict=True))
        short, over = max(0.0, need.required - given), max(0.0, given - need.required)  # type: ignore[operator]
        total += (short * (need.shortage_price or 0.0) + over * weights.cost * need.surplus_price) / (
            1 + weights.discount
        ) ** year
    return total
