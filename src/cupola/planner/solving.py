"""Solve: whole posts where that can be done in time, else the continuous program rounded; least change as a second
pass.
"""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cupola.errors import Unsolvable
from cupola.planner.baselines import as_today
from cupola.planner.compiling import Compiled, compile_problem
from cupola.planner.plan import Plan, disruptive
from cupola.planner.problem import Problem
from cupola.planner.program import Found, Options, minimise

MANY_WHOLE = 20_000  # integer columns above which branching finds no plan in a minute (decision 0027)


class NoPlan(Unsolvable):
    """No plan holds every hard limit."""

    def __init__(self) -> None:
        super().__init__(
            "No plan holds every hard limit. `planner.why_not` names the limits that cannot hold together"
            " and the fewest to relax."
        )


class NoEnd(Unsolvable):
    """Every plan is beaten by a larger one."""

    def __init__(self) -> None:
        super().__init__(
            "There is no best plan: some posts are worth more than they cost, without end. Give their class a `most`,"
            " or their sources an amount."
        )


class NotInTime(Unsolvable):
    """No plan was found before time was up, and it is not known whether there is one."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"No plan was found within {seconds:g} s. Give it more time, or solve it rounded.")


def solve(
    problem: Problem,
    *,
    gap: float = 1e-4,
    seconds: float = 60.0,
    rounded: bool | None = None,
    least_change: bool = False,
) -> Plan:
    """Return the best plan within a relative gap, or the best one found in time.

    rounded: take the continuous program and round it; by default only where there are very many whole posts.
    least_change: among plans as good, to within the gap, the one that hires, closes and moves least. Two runs give the
    same plan, unless time was up. Where nothing was found by then: today's posts as long as they are paid, if that
    holds every limit. Raises NoPlan, NoEnd, NotInTime.
    """
    program = compile_problem(problem)
    ends = time.monotonic() + seconds
    by_rounding = int(program.whole.sum()) > MANY_WHOLE if rounded is None else rounded
    try:
        found, how = (_rounded if by_rounding else _exact)(program, Options(gap=gap, seconds=seconds))
    except NotInTime:
        simple = as_today(problem)
        if not simple.breaks_no_hard_limit():
            raise
        return simple  # anytime: today's posts as long as they are paid, with no bound
    plan = Plan(program, found.values, found.objective, found.bound, how)
    if least_change:
        return _least_change(plan, Options(gap=gap, seconds=max(1.0, ends - time.monotonic())))
    return plan


def _exact(program: Compiled, options: Options) -> tuple[Found, str]:
    found = minimise(program, options)
    _check_there_is_a_best(found)
    if not found.values.size:
        raise NotInTime(seconds=options.seconds)
    polished = _polish(program, found)
    within = polished.objective - found.bound <= options.gap * max(1.0, abs(polished.objective)) * 1.01 + 1e-6
    return polished, "optimal" if within else "in time"


def _check_there_is_a_best(found: Found) -> None:
    if found.infeasible:
        raise NoPlan
    if found.endless:
        raise NoEnd


def _polish(program: Compiled, found: Found) -> Found:
    """Make whole posts exactly whole and settle the money again around them."""
    if not program.whole.any():
        return found
    low, high = program.low.copy(), program.high.copy()
    low[program.whole] = high[program.whole] = np.round(found.values[program.whole])
    again = minimise(program, Options(relax=True), low=low, high=high)
    if not again.values.size:
        return found
    values = again.values.copy()
    values[program.whole] = np.round(found.values[program.whole])
    return Found(_clean(values), again.objective, found.bound)


def _clean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take away the solver's last digits: a billionth of a post, and the minus of a zero."""
    return np.asarray(np.round(values, 9) + 0.0, dtype=np.float64)


def _rounded(program: Compiled, options: Options) -> tuple[Found, str]:
    """Solve the continuous program; keep what came out whole and search only among the neighbours of the rest."""
    ends = time.monotonic() + options.seconds
    relaxed = minimise(program, replace(options, relax=True, interior_point=True))
    _check_there_is_a_best(relaxed)
    if not relaxed.values.size:
        raise NotInTime(seconds=options.seconds)
    left = max(1.0, ends - time.monotonic())
    good_enough = relaxed.bound + 0.9 * options.gap * abs(relaxed.bound)
    for low, high in (*(_neighbours(program, relaxed.values, spread=spread) for spread in (1, 3)), (None, None)):
        found = minimise(
            program, replace(options, seconds=left, gap=options.gap / 2, target=good_enough), low=low, high=high
        )
        if found.values.size:
            polished = _polish(program, found)
            return Found(polished.values, polished.objective, relaxed.bound), "rounded"
        if low is None:
            _check_there_is_a_best(found)
        left = max(1.0, ends - time.monotonic())
    raise NotInTime(seconds=options.seconds)


def _neighbours(
    program: Compiled, values: NDArray[np.float64], *, spread: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return bounds: the whole numbers around each fractional one, and room to give way: up to `spread` fewer of
    all.
    """
    low, high = program.low.copy(), program.high.copy()
    whole, near = program.whole, np.round(values)
    is_whole = np.abs(values - near) < 1e-4
    low[whole] = np.maximum(low[whole], np.where(is_whole, near - spread, np.floor(values))[whole])
    high[whole] = np.minimum(high[whole], np.where(is_whole, near, np.ceil(values))[whole])
    return low, high


def _least_change(plan: Plan, options: Options) -> Plan:
    """Second pass: as good as the first to within the gap, with the fewest hires, closures and moves."""
    program, columns, problem = plan.program, plan.program.columns, plan.problem
    cost = np.zeros(len(program.cost))
    for kind, key in disruptive(problem):
        cost[columns.range_of(kind, key)] = 1.0
    worst = plan.objective + options.gap * max(1.0, abs(plan.objective))
    bounded = with_row(program, program.cost, most=worst)
    found = minimise(bounded, options, cost=cost, begin=plan.values)
    if not found.values.size:
        return plan
    values = found.values.copy()
    values[program.whole] = np.round(values[program.whole])
    values = _clean(values)
    return Plan(program, values, float(program.cost @ values), plan.bound, plan.how)


def with_row(program: Compiled, factors: NDArray[np.float64], /, *, most: float) -> Compiled:
    """Return the program with one more row: factors times columns, at most that."""
    at = np.flatnonzero(factors).astype(np.int32)
    return replace(
        program,
        starts=np.append(program.starts, program.starts[-1] + len(at)).astype(np.int32),
        index=np.concatenate([program.index, at]),
        value=np.concatenate([program.value, factors[at]]),
        row_low=np.append(program.row_low, -np.inf),
        row_high=np.append(program.row_high, most),
        owner=np.append(program.owner, np.int32(-1)),
    )
