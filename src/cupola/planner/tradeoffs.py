"""Cost against coverage against disruption: the plans that no other beats in all three."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cupola.planner.limits import disruption_at_most
from cupola.planner.plan import Plan
from cupola.planner.problem import Need, Problem
from cupola.planner.solving import NoPlan, NotInTime, solve


@dataclass(frozen=True)
class Tradeoff:
    """One plan of the front. cost: currency over all years. shortage: units missing over all years. disruption:
    posts.
    """

    plan: Plan
    cost: float
    shortage: float
    disruption: float


def pareto(problem: Problem, *, steps: int = 4, gap: float = 1e-3, seconds: float = 30.0) -> tuple[Tradeoff, ...]:
    """Return plans by rising cost, none of them beaten by another in cost, shortage and disruption at once.

    Prices of shortage are swept from nothing to 30 times what the problem says, at several caps of disruption.
    """
    found: list[Tradeoff] = []
    widest = _try(problem, gap, seconds)
    caps = [None] if widest is None else [None, *np.linspace(0, widest.disruption, steps)[1:-1]]
    for cap in caps:
        for scale in (0.0, *np.geomspace(0.1, 30.0, max(2, steps - 1))):
            weighed = replace(problem, needs=_priced(problem, float(scale)))
            if cap is not None:
                limit = disruption_at_most(
                    weighed, most=float(cap), key="cap of disruption", says="Disruption is capped"
                )
                weighed = replace(weighed, limits=(*weighed.limits, limit))
            found += [one for one in (_try(weighed, gap, seconds),) if one is not None]
    return tuple(sorted(_unbeaten(found), key=lambda one: (one.cost, one.shortage, one.disruption)))


def _priced(problem: Problem, scale: float) -> tuple[Need, ...]:
    return tuple(
        one if one.shortage_price is None else replace(one, shortage_price=one.shortage_price * scale)
        for one in problem.needs
    )


def _try(problem: Problem, gap: float, seconds: float) -> Tradeoff | None:
    try:
        plan = solve(problem, gap=gap, seconds=seconds)
    except (NoPlan, NotInTime):
        return None
    return measured(plan)


def measured(plan: Plan) -> Tradeoff:
    """Return the three measures of a plan."""
    cost = sum(sum(amounts) for amounts in plan.cost().values())
    shortage = sum(one.by for one in plan.broken() if one.limit.startswith("need:"))
    return Tradeoff(plan, round(cost, 2), round(shortage, 6), round(plan.disruption(), 6))


def _unbeaten(found: list[Tradeoff]) -> Iterator[Tradeoff]:
    seen: set[tuple[float, float, float]] = set()
    for one in found:
        mine = (one.cost, one.shortage, one.disruption)
        beaten = any(
            all(a <= b for a, b in zip(theirs, mine, strict=True)) and theirs != mine
            for theirs in ((other.cost, other.shortage, other.disruption) for other in found)
        )
        if not beaten and mine not in seen:
            seen.add(mine)
            yield one
