from itertools import combinations
from pathlib import Path
from random import Random

import pytest
import yaml
from exhaustion import Tiny, best_by_trying, draw, without
from proving import Proof

from cupola.planner import NoPlan, explain, limits, read_scenario, solve, why_not
from cupola.planner.limits import all_limits

PLANS = Path(__file__).resolve().parents[2] / "examples" / "plans"
CITIES = ("austin", "incubation", "los-angeles", "san-francisco", "st-louis")

pytestmark = pytest.mark.slow


def test_tiny_staffing_plans_equal_trying_everything(proof: Proof) -> None:
    """Drawn staffing problems of two classes, three years and three sources, solved and tried out plan by plan."""
    count, none = proof.count(small=200, full=2_000), 0
    for seed in range(count):
        tiny = draw(Random(seed))
        best = best_by_trying(tiny)
        if best is None:
            none += 1
            with pytest.raises(NoPlan):
                solve(tiny.problem)
        else:
            plan = solve(tiny.problem, gap=0.0)
            assert plan.objective == pytest.approx(best, abs=1e-4), seed
            assert plan.breaks_no_hard_limit(), seed
    assert 0 < none < count
    proof.found(f"{count:,} problems: every sum the same, {none} without any plan by both routes")


def test_rounded_plans_break_nothing_and_their_gap_is_true(proof: Proof) -> None:
    """The same drawn problems by rounding: within the limits, and the best plan lies between bound and sum."""
    count, widest = proof.count(small=50, full=2_000), 0.0
    for seed in range(count):
        tiny = draw(Random(seed))
        best = best_by_trying(tiny)
        if best is not None:
            plan = solve(tiny.problem, rounded=True)
            assert plan.breaks_no_hard_limit(), seed
            assert plan.bound - 1e-6 <= best <= plan.objective + 1e-6, seed
            widest = max(widest, plan.objective - best)
    proof.found(f"{count:,} problems: none out of its bounds; the worst sum is {widest:,.0f} above the best")


def test_limits_named_for_a_problem_without_a_plan_are_the_fewest(proof: Proof) -> None:
    """Drawn problems without a plan: the limits named help when lifted, and no smaller set does, all tried."""
    tried = helped = 0
    for seed in range(proof.count(small=100, full=1_000)):
        tiny = draw(Random(seed))
        if best_by_trying(tiny) is not None:
            continue
        found = why_not(tiny.problem)
        assert found is not None
        relax = [one.key for one in found.relax]
        assert best_by_trying(without(tiny, relax)) is not None, seed
        for fewer in _smaller_sets(tiny, len(relax)):
            assert best_by_trying(without(tiny, fewer)) is None, (seed, fewer)
            tried += 1
        helped += 1
        _check_conflict(tiny, [one.key for one in found.conflict])
    assert helped
    proof.found(f"{helped} problems, {tried} smaller sets tried in vain")


def test_every_reason_given_for_a_post_is_true(proof: Proof) -> None:
    """Every reason for every class of the example plans, lifted again: the posts move, and to where it was said."""
    cities, reasons = CITIES[: proof.count(small=1, full=len(CITIES))], 0
    for city in cities:
        problem = read_scenario(yaml.safe_load((PLANS / f"{city}.yaml").read_text(encoding="utf-8"))).problem
        plan = solve(problem, gap=1e-9, least_change=True)
        for one in problem.classes:
            for reason in explain(plan, one.key).reasons:
                lifted = problem
                for limit in reason.limits:
                    lifted = limits.relaxed(lifted, limit.key)
                again = solve(lifted, gap=1e-6, least_change=True).posts(one.key)
                assert again == reason.instead != plan.posts(one.key), (city, one.key)
                reasons += 1
    assert reasons
    proof.found(f"{len(cities)} plans, {reasons} reasons, all true")


def _smaller_sets(tiny: Tiny, size: int) -> list[tuple[str, ...]]:
    hard = [one.key for one in all_limits(tiny.problem) if one.price is None]
    return [chosen for few in range(size) for chosen in combinations(hard, few)]


def _check_conflict(tiny: Tiny, conflict: list[str]) -> None:
    """The named limits alone allow no plan; without any one of them there is one."""
    others = [one.key for one in all_limits(tiny.problem) if one.price is None and one.key not in conflict]
    assert best_by_trying(without(tiny, others)) is None
    for key in conflict:
        assert best_by_trying(without(tiny, [*others, key])) is not None
