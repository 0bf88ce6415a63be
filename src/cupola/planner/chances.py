"""How likely each year of a plan is funded, when grants may not come and savings may be smaller."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cupola.planner.plan import Plan
from cupola.planner.problem import in_year


def chances_of_funding(
    plan: Plan, rng: np.random.Generator, *, draws: int = 10_000, savings: tuple[float, float, float] = (0.0, 1.0, 1.2)
) -> tuple[float, ...]:
    """Return, for each year, the share of draws in which the posts of that year can all be paid.

    A source that is not certain (`Source.chance`) is paid for as long as it lasts, or not at all; what savings come
    to is drawn from a triangle (least, usual, most) of what the problem counts on, one draw for all years. Money may
    be shifted among sources as far as each post's sources allow: a year is funded when, for every set of sources,
    the posts that only these can pay cost no more than they have.
    """
    problem = plan.problem
    sources = [one.key for one in problem.sources]
    paid = {key: rng.random(draws) < problem.source_of[key].chance for key in sources}
    realised = rng.triangular(*savings, size=draws)
    return tuple(_chance(plan, year, paid=paid, realised=realised) for year in range(len(problem.years)))


def _chance(plan: Plan, year: int, *, paid: dict[str, NDArray[np.bool_]], realised: NDArray[np.float64]) -> float:
    amounts = {key: _amount(plan, key, year, paid=paid[key], realised=realised) for key in paid}
    costs: dict[frozenset[str], float] = {}
    for one in plan.problem.classes:
        if one.sources:
            eligible = frozenset(one.sources)
            costs[eligible] = costs.get(eligible, 0.0) + in_year(one.pay, year) * plan.posts(one.key)[year]
    funded = np.ones(len(realised), dtype=np.bool_)
    used = sorted({source for eligible in costs for source in eligible})
    for size in range(1, len(used) + 1):
        for together in combinations(used, size):
            cost = sum(amount for eligible, amount in costs.items() if eligible <= set(together))
            if cost:
                funded &= sum(amounts[key] for key in together) >= cost * (1 - 1e-9) - 0.005
    return float(funded.mean())


def _amount(
    plan: Plan, key: str, year: int, *, paid: NDArray[np.bool_], realised: NDArray[np.float64]
) -> NDArray[np.float64]:
    promised = in_year(plan.problem.source_of[key].amount, year)
    saved = sum(
        one.counted * plan.posts(one.cls)[year - one.lag]
        for one in plan.problem.savings
        if one.source == key and year >= one.lag
    )
    return np.where(paid, promised, 0.0) + saved * realised
