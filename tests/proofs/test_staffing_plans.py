from random import Random

import pytest
from exhaustion import best_by_trying, draw
from proving import Proof

from cupola.planner import NoPlan, solve, why_not


@pytest.mark.slow
def test_tiny_staffing_plans_equal_trying_everything(proof: Proof) -> None:
    """Drawn staffing problems of two classes, three years and three sources, solved and tried out plan by plan."""
    count, none = proof.count(small=200, full=2_000), 0
    for seed in range(count):
        tiny = draw(Random(seed))
        best = best_by_trying(tiny)
        if best is None:
            none += 1
            assert why_not(tiny.problem) is not None, seed
            with pytest.raises(NoPlan):
                solve(tiny.problem)
        else:
            plan = solve(tiny.problem, gap=0.0)
            assert plan.objective == pytest.approx(best, abs=1e-4), seed
            assert plan.breaks_no_hard_limit(), seed
    assert 0 < none < count
    proof.found(f"{count:,} problems: every sum the same, {none} without any plan by both routes")
