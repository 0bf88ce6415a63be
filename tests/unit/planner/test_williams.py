"""Williams' manpower planning problem, in words of the public problem type, gives the printed answers.

Source: H. P. Williams, Model Building in Mathematical Programming, as printed in github Gurobi/modeling-examples
(manpower_planning): fewest redundancies 841.80, least cost 498,677.29 with 1,423.7 redundancies.
"""

import pytest

from cupola.planner import Kind, Limit, Move, Need, PostClass, Problem, Quantity, Row, Term, Weights, solve

SKILLS = ("unskilled", "semi-skilled", "skilled")
REQUIRED = {"unskilled": (1000, 500, 0), "semi-skilled": (1400, 2000, 2500), "skilled": (1000, 1500, 2000)}
LEAVING = {"unskilled": 0.10, "semi-skilled": 0.05, "skilled": 0.05}


def manpower(weights: Weights, *, retrained_leave_like: str = "target") -> Problem:
    def skill(key: str, start: float, **said: float) -> PostClass:
        shared = {"whole": False, "short_time_most": 50.0}
        return PostClass(key, start=start, functions={key: 1.0}, attrition=LEAVING[key], **shared, **said)  # type: ignore[arg-type]

    def lost(origin: str, target: str) -> float:
        return LEAVING[target if retrained_leave_like == "target" else origin]

    skilled_now = [Term(Quantity(Kind.POSTS, "skilled", year), -0.25) for year in range(3)]
    retrained = [Term(Quantity(Kind.MOVED, "to skilled", year)) for year in range(3)]
    too_many = [[Term(Quantity(Kind.SURPLUS, one, year)) for one in SKILLS] for year in range(3)]
    return Problem(
        years=(1, 2, 3),
        classes=(
            skill("unskilled", 2000, first_year_attrition=0.25, most_hired=500, closing_cost=200, short_time_cost=500),
            skill(
                "semi-skilled", 1500, first_year_attrition=0.2, most_hired=800, closing_cost=500, short_time_cost=400
            ),
            skill("skilled", 1000, first_year_attrition=0.1, most_hired=500, closing_cost=500, short_time_cost=400),
        ),
        moves=(
            Move(
                "to semi-skilled",
                "unskilled",
                "semi-skilled",
                cost=400,
                most=200,
                loss=lost("unskilled", "semi-skilled"),
            ),
            Move("to skilled", "semi-skilled", "skilled", cost=500, loss=lost("semi-skilled", "skilled")),
            Move("down 1", "semi-skilled", "unskilled", loss=0.5),
            Move("down 2", "skilled", "semi-skilled", loss=0.5),
            Move("down 3", "skilled", "unskilled", loss=0.5),
        ),
        needs=tuple(
            Need(one, one, REQUIRED[one], surplus_price=price)
            for one, price in zip(SKILLS, (1500, 2000, 3000), strict=True)
        ),
        limits=(
            Limit(
                "a quarter",
                "A quarter of the skilled can be retraining",
                tuple(Row((a, b), most=0.0) for a, b in zip(retrained, skilled_now, strict=True)),
            ),
            Limit("150", "No more than 150 too many", tuple(Row(tuple(terms), most=150.0) for terms in too_many)),
        ),
        weights=weights,
    )


def test_fewest_redundancies() -> None:
    plan = solve(manpower(Weights(cost=0, value=0, closed=1)))
    assert plan.objective == pytest.approx(841.80, abs=0.005)
    assert plan.breaks_no_hard_limit()


def test_least_cost() -> None:
    plan = solve(manpower(Weights(cost=1)))
    assert plan.objective == pytest.approx(498_677.29, abs=0.005)
    redundant = sum(sum(plan.by_year(Kind.CLOSED, one)) for one in SKILLS)
    assert redundant == pytest.approx(1423.7, abs=0.05)


def test_retrained_staff_who_leave_like_their_old_grade_would_give_another_answer() -> None:
    plan = solve(manpower(Weights(cost=0, value=0, closed=1), retrained_leave_like="origin"))
    assert plan.objective == pytest.approx(840.8, abs=0.5)
    assert plan.objective != pytest.approx(841.80, abs=0.005)
