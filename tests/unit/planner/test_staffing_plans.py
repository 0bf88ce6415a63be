"""Staffing plans: what is never broken, what gives way at a price, why, and how sure."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cupola.planner import (
    Kind,
    LeadTime,
    Limit,
    Move,
    Need,
    NoEnd,
    NoPlan,
    NotInTime,
    PostClass,
    Problem,
    Quantity,
    Row,
    Saving,
    Source,
    Term,
    Weights,
    WrongProblem,
    baselines,
    chances_of_funding,
    explain,
    limits,
    pareto,
    solve,
    why_not,
)

YEARS = (2027, 2028, 2029, 2030)


def team(**changes: object) -> Problem:
    """An innovation team of two on a grant of two years, which the general fund may take over."""
    given = {
        "years": YEARS,
        "classes": (
            PostClass(
                "grant", name="Team on the grant", start=2, pay=100.0, sources=("grant",), value=300, most_hired=0
            ),
            PostClass(
                "budget", name="Team on the budget", pay=100.0, sources=("general",), value=300, most=3, first_hire=1
            ),
        ),
        "sources": (
            Source("grant", name="The grant", amount=(200.0, 200.0, 0.0, 0.0), recurring=False, chance=0.5),
            Source("general", name="The general fund", amount=(0.0, 0.0, 200.0, 200.0)),
        ),
        "moves": (Move("convert", "grant", "budget", first=1, why_first="An examination comes first"),),
        "weights": Weights(closed=50.0, moved=1.0, hired=10.0),
    } | changes
    return Problem(**given)  # type: ignore[arg-type]


def test_a_grant_team_becomes_a_budget_team_before_its_grant_ends() -> None:
    plan = solve(team())
    assert plan.posts("grant")[2:] == (0, 0)
    assert plan.posts("budget") == (0, 0, 2, 2)
    assert sum(plan.by_year(Kind.CLOSED, "grant")) == 0
    assert plan.paid_by("budget", 3) == {"general": 2}
    assert plan.cost()["general"] == (0, 0, 200, 200)


def test_hard_limits_are_never_broken_and_soft_ones_are_priced_and_told() -> None:
    cap = limits.posts_at_most(team(), ("budget",), most=1.0, key="cap", says="One post at most")
    hard = solve(team(limits=(cap,)))
    assert max(hard.posts("budget")) == 1
    assert hard.broken() == ()
    soft = solve(team(limits=(replace(cap, price=10.0),)))
    assert soft.posts("budget") == (0, 0, 2, 2)
    assert [(one.limit, one.by, one.price) for one in soft.broken()] == [("cap", 1, 10), ("cap", 1, 10)]
    dear = solve(team(limits=(replace(cap, price=1_000.0),)))
    assert max(dear.posts("budget")) == 1


def test_spans_prerequisites_spending_and_payers_are_limits_too() -> None:
    base = team(classes=(PostClass("lead", pay=10.0, sources=("general",), most=1), *team().classes))
    span = limits.span_at_most(base, "budget", "lead", most=1, key="span", says="One for each lead")
    plan = solve(replace(base, limits=(span,)))
    assert (plan.posts("lead"), plan.posts("budget")) == ((0, 0, 1, 1), (0, 0, 1, 1))
    spending = limits.spending_at_most(base, ("budget",), most=150.0, key="spend", says="150 a year")
    assert solve(replace(base, limits=(spending,))).posts("budget") == (0, 0, 1, 1)
    payer = limits.charged_at_most(base, ("budget",), source="general", most=0.0, key="payer", says="Not on the budget")
    assert solve(replace(base, limits=(payer,))).posts("budget") == (0, 0, 0, 0)


def test_nobody_stays_longer_than_a_fellowship_lasts() -> None:
    fellows = PostClass("fellow", pay=1.0, sources=("general",), value=10.0, most=1, longest_years=2)
    plan = solve(Problem(YEARS, (fellows,), (Source("general", amount=99.0),), weights=Weights(hired=3.0)))
    assert plan.posts("fellow") == (1, 1, 1, 1)
    assert sum(plan.by_year(Kind.HIRED, "fellow")) == 2


def test_verified_savings_count_after_their_lag_and_with_their_haircut_and_others_never() -> None:
    one = PostClass("a", pay=100.0, sources=("general",), value=200.0, start=1, most=5)
    fund = Source("general", amount=(100.0, 100.0, 100.0, 100.0))
    saving = Saving("a", "general", per_post=250.0, lag=2, haircut=0.6, verified=True)
    assert solve(Problem(YEARS, (one,), (fund,), savings=(saving,))).posts("a") == (1, 1, 2, 2)
    unverified = replace(saving, verified=False)
    assert solve(Problem(YEARS, (one,), (fund,), savings=(unverified,))).posts("a") == (1, 1, 1, 1)


def test_whole_posts_lose_whole_people() -> None:
    one = PostClass("a", pay=1.0, sources=("general",), value=-1.0, start=10, attrition=0.1, may_close=False)
    plan = solve(Problem(YEARS, (one,), (Source("general", amount=99.0),)))
    assert plan.posts("a") == (9, 8, 7, 6)


def test_a_need_not_met_is_priced_and_told() -> None:
    need = Need("n", "data", 2.0, shortage_price=50.0)
    one = PostClass("a", pay=100.0, sources=("general",), functions={"data": 1.0}, most=2)
    plan = solve(Problem(YEARS[:1], (one,), (Source("general", amount=200.0),), needs=(need,)))
    assert plan.posts("a") == (0,)
    assert [(broken.limit, broken.by, broken.price) for broken in plan.broken()] == [("need:n", 2, 100)]
    assert solve(replace(plan.problem, needs=(replace(need, shortage_price=101.0),))).coverage("data") == (2,)


def impossible() -> Problem:
    """Two must stay, one is allowed, and one can be paid: two contradictions that share a limit."""
    one = PostClass("a", name="Data officer", start=2, pay=100.0, sources=("general",), least=2.0)
    bare = Problem(YEARS[:2], (one,), (Source("general", amount=100.0),))
    cap = limits.posts_at_most(bare, ("a",), most=1.0, key="cap", says="One post in the mayor's office")
    other = limits.posts_at_most(bare, ("a",), most=5.0, key="harmless", says="Five posts in the city")
    return replace(bare, limits=(cap, other))


def test_limits_that_cannot_hold_together_are_named_and_none_is_to_spare() -> None:
    found = why_not(impossible())
    assert found is not None
    assert [one.key for one in found.conflict] == ["source:general", "least:a"]
    only = {one.key for one in found.conflict}
    reduced = impossible().without("cap", "harmless")
    assert why_not(reduced) is not None
    for key in only:
        assert why_not(limits.relaxed(reduced, key)) is None


def test_the_fewest_limits_to_relax_are_named_and_fewer_do_not_do() -> None:
    found = why_not(impossible())
    assert found is not None
    assert [one.key for one in found.relax] == ["least:a"]
    assert why_not(limits.relaxed(impossible(), "least:a")) is None
    assert "no fewer posts" in " ".join(map(str, found.sentences()))
    twice = replace(impossible(), classes=(*impossible().classes, PostClass("b", least=1.0, most=0.0)))
    both = why_not(twice)
    assert both is not None
    assert len(both.relax) == 2
    for one in both.relax:
        assert why_not(limits.relaxed(twice, one.key)) is not None
    assert why_not(limits.relaxed(limits.relaxed(twice, both.relax[0].key), both.relax[1].key)) is None


def test_posts_worth_more_than_they_cost_without_end_are_no_plan() -> None:
    one = PostClass("a", pay=100.0, sources=("general",), value=200.0)
    with pytest.raises(NoEnd, match="Give their class a `most`"):
        solve(Problem(YEARS, (one,), (Source("general"),)))


def test_where_there_is_a_plan_there_is_nothing_to_relax() -> None:
    assert why_not(team()) is None
    with pytest.raises(NoPlan, match="why_not"):
        solve(impossible())


def test_every_reason_given_is_true_lifting_the_limit_moves_the_post() -> None:
    plan = solve(team(), least_change=True)
    told = explain(plan, "grant")
    assert told.sentence.startswith("Team on the grant: cannot stay after 2028; 2 become Team on the budget, because: ")
    assert "The grant: nothing after 2028" in told.sentence
    assert told.reasons
    for reason in told.reasons:
        (limit,) = reason.limits
        again = solve(limits.relaxed(plan.problem, limit.key), gap=1e-6, least_change=True)
        assert again.posts("grant") == reason.instead != plan.posts("grant")


def test_a_limit_that_binds_but_changes_nothing_is_no_reason() -> None:
    cap = limits.posts_at_most(team(), ("budget",), most=2.0, key="cap", says="Two posts at most")
    plan = solve(team(limits=(cap,)), least_change=True)
    assert "cap" in {one.key for one in plan.binding()}
    assert "cap" not in {one.key for reason in explain(plan, "grant").reasons for one in reason.limits}


def test_limits_that_hold_a_post_only_together_are_named_together() -> None:
    one = PostClass("a", name="Analyst", pay=100.0, sources=("general",), value=200.0, most=3)
    bare = Problem(YEARS[:1], (one,), (Source("general", name="The general fund", amount=99.0),))
    cap = limits.posts_at_most(bare, ("a",), most=0.0, key="cap", says="No post for analysts")
    told = explain(solve(replace(bare, limits=(cap,)), least_change=True), "a")
    assert [[limit.key for limit in reason.limits] for reason in told.reasons] == [["source:general", "cap"]]
    assert told.reasons[0].instead == (3,)
    assert told.sentence.endswith("The general fund has 99 a year and, together with it, No post for analysts.")


def test_two_runs_give_the_same_plan() -> None:
    assert solve(team()).values.tolist() == solve(team()).values.tolist()


def test_the_second_pass_changes_least_among_plans_as_good() -> None:
    classes = tuple(PostClass(key, start=1, pay=100.0, sources=("general",), value=150.0) for key in ("a", "b"))
    problem = Problem(YEARS, classes, (Source("general", amount=100.0),))
    assert solve(problem, least_change=True).disruption() == 1


def test_when_time_is_up_there_is_still_a_plan_within_all_limits() -> None:
    plan = solve(team(), seconds=0.0)
    assert plan.breaks_no_hard_limit()
    assert plan.posts("grant")[:2] == (2, 2)
    assert plan.how != "optimal"


def test_when_time_is_up_and_today_breaks_a_limit_nothing_is_made_up() -> None:
    with pytest.raises(NotInTime, match="within 0 s"):
        solve(impossible(), seconds=0.0)


def test_posts_may_be_required_at_a_price() -> None:
    floor = limits.posts_at_least(team(), ("budget",), least=1.0, key="floor", says="One on the budget", price=5.0)
    plan = solve(team(limits=(floor,)))
    assert [(one.limit, one.by) for one in plan.broken()] == [("floor", 1), ("floor", 1)]


def test_a_limit_may_name_a_quantity_twice() -> None:
    twice = Term(Quantity(Kind.POSTS, "budget", 2))
    plan = solve(team(limits=(Limit("double", "Twice the posts at most two", (Row((twice, twice), most=2.0),)),)))
    assert plan.posts("budget")[2] == 1


def test_rounding_finds_no_plan_where_there_is_none() -> None:
    with pytest.raises(NoPlan):
        solve(impossible(), rounded=True)


def test_rounding_states_its_gap_and_breaks_nothing() -> None:
    exact, rounded = solve(team()), solve(team(), rounded=True)
    assert rounded.how == "rounded"
    assert rounded.breaks_no_hard_limit()
    assert rounded.bound <= exact.objective <= rounded.objective
    assert rounded.gap == pytest.approx((rounded.objective - rounded.bound) / abs(rounded.objective))


def test_cliffs_are_years_in_which_a_payer_is_gone() -> None:
    assert list(solve(team()).cliffs()) == [("grant", 2, "grant")]


def test_simple_rules_stay_within_the_limits_and_are_no_better() -> None:
    plan = solve(team())
    for simple in (baselines.greedy(team()), baselines.when_there_is_money(team())):
        assert simple.breaks_no_hard_limit()
        assert simple.objective >= plan.objective
    assert baselines.greedy(team()).posts("budget") == (0, 0, 2, 2)
    assert baselines.as_today(team()).posts("grant") == (2, 2, 0, 0)


def test_the_front_of_cost_shortage_and_disruption_holds_no_plan_that_another_beats() -> None:
    need = Need("n", "data", 3.0, shortage_price=100.0)
    one = PostClass("a", pay=100.0, sources=("general",), functions={"data": 1.0}, most=3)
    front = pareto(Problem(YEARS[:2], (one,), (Source("general", amount=300.0),), needs=(need,)))
    points = [(point.cost, point.shortage, point.disruption) for point in front]
    assert points[0] == (0, 6, 0)
    assert (600, 0, 3) in points
    costs, shortages = [point.cost for point in front], [point.shortage for point in front]
    assert costs == sorted(costs)
    assert shortages == sorted(shortages, reverse=True)


def test_a_year_is_as_likely_funded_as_its_grant_comes() -> None:
    plan = solve(team())
    chances = chances_of_funding(plan, np.random.default_rng(1), draws=20_000)
    assert chances[:2] == pytest.approx((0.5, 0.5), abs=0.02)
    assert chances[2:] == (1.0, 1.0)


def test_a_year_that_lives_on_savings_is_as_likely_funded_as_they_come() -> None:
    one = PostClass("a", pay=100.0, sources=("general",), value=200.0, start=1, most=2)
    saving = Saving("a", "general", per_post=250.0, lag=2, haircut=0.6, verified=True)
    plan = solve(Problem(YEARS, (one,), (Source("general", amount=100.0),), savings=(saving,)))
    chances = chances_of_funding(plan, np.random.default_rng(1), draws=20_000, savings=(0.0, 1.0, 2.0))
    assert chances[:2] == (1.0, 1.0)
    assert chances[2] == pytest.approx(0.5, abs=0.02)


def test_lead_times_say_the_first_year_and_why() -> None:
    lead = LeadTime(approval=60, bargaining=45, posting=30, examination=180, seniority=0, start=30, source="Rule 9")
    starts = [date(2027, 1, 1), date(2028, 1, 1)]
    assert lead.days == 345
    assert lead.first_year(date(2026, 6, 1), starts) == 1
    assert lead.first_year(date(2027, 6, 1), starts) == 2
    assert str(lead.sentence("Data officer", date(2026, 6, 1))).startswith(
        "Data officer: nobody can start before 2027-05-12"
    )


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (lambda: Problem((1,), (PostClass("a"), PostClass("a"))), "of the same key: a"),
        (lambda: Problem((1,), (PostClass("a", sources=("x",)),)), "names a source it does not describe: x"),
        (
            lambda: Problem((1,), (PostClass("a"),), moves=(Move("m", "a", "b"),)),
            "names a class it does not describe: b",
        ),
        (lambda: Problem((1,), (PostClass("a", pay=(1.0, 2.0)),)), "gives a.pay for 2 years; it has 1"),
        (lambda: Problem((1,), (PostClass("a", first_year_attrition=0.1),)), "whole: false"),
        (lambda: Problem((1,), (PostClass("a"),), moves=(Move("m", "a", "a", loss=0.1),)), "whole: false"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(problem: object, sentence: str) -> None:
    with pytest.raises(WrongProblem, match=sentence):
        problem()  # type: ignore[operator]


def test_a_limit_on_something_nobody_decides_is_refused() -> None:
    stray = Limit("stray", "Stray", (Row((Term(Quantity(Kind.POSTS, "nobody", 0)),), most=1.0),))
    with pytest.raises(WrongProblem, match="a limit on posts nobody 0"):
        solve(team(limits=(stray,)))
