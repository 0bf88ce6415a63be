"""The essay's cities as staffing problems: each answer in words is what comes out, and what a second route gives.

The second routes are arithmetic on the numbers of the documents, written out here without the planner.
"""

from itertools import product
from pathlib import Path

import pytest
import yaml

from cupola.planner import Kind, Plan, Scenario, WrongProblem, explain, read_scenario, solve

PLANS = Path(__file__).resolve().parents[3] / "examples" / "plans"
CITIES = ("austin", "incubation", "los-angeles", "san-francisco", "st-louis")


def scenario(city: str) -> Scenario:
    return read_scenario(yaml.safe_load((PLANS / f"{city}.yaml").read_text(encoding="utf-8")))


def planned(city: str) -> Plan:
    return solve(scenario(city).problem, gap=1e-9, least_change=True)


@pytest.mark.parametrize("city", CITIES)
def test_every_scenario_says_what_is_known_and_what_is_assumed(city: str) -> None:
    one = scenario(city)
    assert all((one.title, one.question, one.answer, one.facts, one.assumed))
    assert planned(city).breaks_no_hard_limit()


@pytest.mark.slow
def test_san_francisco_the_data_officer_leaves_the_mayors_office_when_the_team_comes() -> None:
    plan = planned("san-francisco")
    officer, analyst, authority = 250_000, 160_000, 260_000
    assert officer <= authority < officer + analyst  # the officer alone fits, with the first analyst no more
    assert plan.posts("data-officer-mayor") == (1, 0, 0, 0)
    assert plan.posts("data-officer-it") == (0, 1, 1, 1)
    assert plan.posts("data-analyst-it") == (0, 1, 2, 2)
    assert plan.cost()["general"] == (officer, officer + analyst, officer + 2 * analyst, officer + 2 * analyst)
    assert plan.posts("fellow") == (2, 2, 2, 2)
    assert plan.by_year(Kind.HIRED, "fellow") == (2, 2, 2, 2)
    assert plan.cost()["partnership"] == (340_000,) * 4  # 220,000 and two fellows
    told = explain(plan, "data-officer-mayor")
    assert told.sentence.startswith("Data officer, mayor's office: cannot stay after 2014")
    assert "The mayor's office may spend 260,000 a year" in told.sentence


def test_san_francisco_every_seat_of_officer_and_team_tried() -> None:
    """Officer and team sit in one of two offices each year; a move needs its examination, an office its authority."""
    fund, team, best = (250, 410, 570, 570), (0, 1, 2, 2), {}
    for seats in product("mi", repeat=4):
        if "im" in "".join(seats) or seats[0] == "i":
            continue  # nobody moves back, and nobody before the examination is over, by the second year
        for analysts in product(range(3), repeat=4):
            pay = [250 + 160 * count for count in analysts]
            within = all(
                cost <= fund[year] and (seat == "i" or cost <= 260)
                for year, (cost, seat) in enumerate(zip(pay, seats, strict=True))
            )
            if within:
                short = sum(max(0, wanted - count) for wanted, count in zip(team, analysts, strict=True))
                changes = [now - then for now, then in zip(analysts, (0, *analysts), strict=False)]
                cost = sum(pay) + 400 * short + 20 * seats.count("i") + 5 * ("i" in seats)
                cost += sum(30 * -step if step < 0 else step for step in changes)
                best[seats, analysts] = cost
    assert min(best, key=lambda one: best[one]) == (("m", "i", "i", "i"), (0, 1, 2, 2))


@pytest.mark.slow
def test_austin_as_many_fellows_go_on_as_the_budget_pays_once_the_examination_is_over() -> None:
    plan = planned("austin")
    council = {2019: 960_000 // 120_000, 2020: 1_440_000 // 120_000}
    days = 180 + 45 + 30 + 180 + 60  # from 1 April 2017 that is August 2018, after the fiscal year 2018 began
    assert 365 < days < 548
    assert plan.posts("fellow") == (12, 12, 0, 0)
    assert plan.posts("designer") == (0, 0, council[2019], council[2020]) == (0, 0, 8, 12)
    assert plan.by_year(Kind.MOVED, "convert") == (0, 0, 8, 0)
    assert plan.by_year(Kind.HIRED, "designer")[3] == 4
    assert [(broken.year, broken.by) for broken in plan.broken()] == [(2, 12 - 8)]
    assert "The general fund has from 0 to 1,440,000 a year" in explain(plan, "designer").sentence


@pytest.mark.slow
def test_los_angeles_eleven_do_not_fit_into_eight() -> None:
    plan = planned("los-angeles")
    assert 1 + 6 + 1 + 3 > 8
    mayor = [sum(plan.posts(one.key)[0] for one in plan.problem.classes if one.office == "mayor")]
    assert mayor == [7]
    assert plan.posts("team") == (6, 6, 6, 6)
    assert (plan.posts("data-officer-it"), plan.posts("data-team-it")) == ((1, 1, 1, 1), (3, 3, 3, 3))
    assert plan.cost()["technology"] == (210_000 + 3 * 120_000,) * 4
    assert plan.cost()["grant"] == (6 * 130_000, 6 * 130_000, 0, 0)
    assert plan.cost()["general"] == (200_000, 200_000, 980_000, 980_000)
    assert list(plan.cliffs()) == [("team", 2, "grant")]
    told = explain(plan, "data-officer-mayor")
    assert "The mayor's office may have eight posts" in told.sentence
    assert any(reason.instead == (1, 1, 1, 1) for reason in told.reasons)


def test_los_angeles_every_split_of_the_eleven_tried() -> None:
    """The only split within eight that leaves nobody without a job and the team beside its officer."""
    fits = [
        (officer, analysts)
        for officer, analysts in product(range(2), range(4))
        if 1 + 6 + officer + analysts <= 8 and (officer or not analysts) and (not officer or analysts == 3)
    ]
    assert fits == [(0, 0)]


@pytest.mark.slow
def test_st_louis_ten_a_year_once_the_notice_is_over_each_ten_with_a_supervisor() -> None:
    plan = planned("st-louis")
    moved, left, central, course = [0, 10, 10, 10], 30, 0, []
    for step in moved:
        left, central = left - step, central + step
        course.append((left, central, -(-central // 10)))
    assert list(zip(*(plan.posts(key) for key in ("scattered", "central", "supervisor")), strict=True)) == course
    assert plan.by_year(Kind.MOVED, "centralise") == tuple(moved)
    assert plan.cost()["general"] == tuple(30 * 90_000 + 170_000 + 150_000 + 120_000 * lead for _, _, lead in course)
    assert plan.cost()["general"][0] == 3_020_000
    assert plan.cost()["general"][3] == 3_380_000
    assert sum(sum(plan.by_year(Kind.CLOSED, one.key)) for one in plan.problem.classes) == 0
    told = explain(plan, "scattered").sentence
    assert "no more than 10 in a year" in told
    assert "notice to the unions 180 days" in told


def test_incubation_savings_carry_what_their_lag_and_haircut_leave() -> None:
    plan = planned("incubation")
    team = [8, 8, 8]
    for year in range(3, 8):
        counted = round(team[year - 2] * 90_000 * 0.4)
        team.append((240_000 + counted) // 100_000)
    assert plan.posts("team") == tuple(team) == (8, 8, 8, 5, 5, 4, 4, 3)
    told = explain(plan, "team").sentence
    assert "The grant: nothing after 3" in told
    assert "The general fund has from 0 to 240,000 a year" in told


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"strange": 1}, "parts nobody reads: strange"),
        ({"classes": {}}, "needs `years`"),
        ({"classes": {"a": {"salary": 3}}}, "says salary of a; it can say"),
        ({"limits": {"cap": {"kind": "cap"}}}, "of the kind cap; there are posts_at_most"),
        ({"limits": {"cap": {"kind": "posts_at_most", "says": "x"}}}, "does not say all of limit cap"),
        ({"limits": {"cap": {"kind": "posts_at_most", "classes": ["b"]}}}, "classes it does not describe: b"),
        ({"classes": {"a": {"lead": {"posting": 3}}}}, "needs `decided`"),
    ],
)
def test_a_document_that_cannot_be_read_says_what_to_write(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(WrongProblem, match=sentence):
        read_scenario({"years": [2027], "classes": {"a": {}}} | change)
