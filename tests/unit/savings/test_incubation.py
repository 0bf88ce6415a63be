"""From grant to post: cases by hand from figures cities reported, and chances held against simulated teams."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from claims import RULES, make_claim
from tests.simulated_teams import simulated_teams

from cupola.periods import FiscalYears
from cupola.savings import Recurrence, Status, Step, banked_recurring
from cupola.savings.incubation import (
    Award,
    BookLine,
    BudgetCalendar,
    Post,
    Said,
    Savings,
    Team,
    Terms,
    Uncertain,
    brier_score,
    chances,
    cliff_of,
    convertible,
    coverage,
    filing,
    follow,
    outlooks,
    runway,
)
from cupola.savings.incubation.calendar import FilesAfterTheYear

JULY = FiscalYears(7, 1)


def test_syracuse_one_off_savings_carry_no_post() -> None:
    # Reported: a grant of 1.35 million over 3 years, 1.2 million saved once, 750,000 of state grants won.
    once = make_claim(
        "pipes", recurrence=Recurrence.ONE_OFF, last_year=2025, steps=(*make_claim().steps, _cut(120_000_000))
    )
    assert banked_recurring([once], RULES, fund="100", year=2026) == 0
    assert coverage(120_000_000, 135_000_000) == Decimal("0.8889")
    team = [Post("team", 45_000_000, "grant")]
    award = Award("grant", "100", date(2015, 1, 1), date(2018, 1, 1), 45_000_000)
    found = runway(award, team, [], today=date(2017, 10, 1), months=6)
    assert found.cliff == date(2018, 1, 1)
    assert [line.gap for line in found.months] == [0, 0, 0, 3_750_000, 3_750_000, 3_750_000]
    assert found.months[-1].cumulative == 11_250_000
    assert [(one.posts, one.coverage) for one in outlooks(0, team)] == [(0, Decimal(0))] * 4


def test_peoria_three_posts_need_half_a_million_a_year() -> None:
    # Reported: 500,000 a year for 3 years and three staff: about 167,000 for a post, loaded.
    team = [Post(f"p{n}", 16_666_667, "grant") for n in range(3)]
    assert convertible(50_000_000, 16_666_667) == 2  # a third cent short of three
    assert convertible(50_000_001, 16_666_667) == 3
    found = outlooks(40_000_000, team)
    assert [one.savings_cents for one in found] == [40_000_000, 32_000_000, 20_000_000, 8_000_000]
    assert [one.posts for one in found] == [2, 1, 1, 0]
    assert [one.gap_cents for one in found] == [10_000_001, 18_000_001, 30_000_001, 42_000_001]
    assert [one.coverage for one in found] == [Decimal(t) for t in ("0.8000", "0.6400", "0.4000", "0.1600")]


def test_chicago_is_followed_by_its_code_through_a_column_swap_a_blank_and_a_new_name() -> None:
    # Budget books 2013-2021, City of Chicago; in cents. In 2013 the two codes stand the other way round.
    lines = [
        BookLine(
            2013, ("0P71", "2800"), "Innovation Delivery Grant", 192_800_000, 192_800_000, 50_000_000, 242_800_000
        ),
        BookLine(2014, ("2800", "0P71"), "Innovation Delivery Grant", 192_800_000, 200_000_000, None, 200_000_000),
        BookLine(2015, ("2800", "0P71"), "Innovation Delivery Grant", 200_000_000, None, 192_600_000, 192_600_000),
        BookLine(2016, ("2800", "0P71"), "Innovation Delivery Grant", 192_600_000, None, 152_100_000, 152_100_000),
        BookLine(2017, ("2800", "0P71"), "Innovation Delivery Grant", 152_100_000),
        BookLine(2020, ("2833", "0P71"), "Innovation Delivery", 27_400_000, None, 27_400_000, 27_400_000),
        BookLine(2021, ("2833", "0P71"), "Innovation Delivery", 27_400_000),
        BookLine(2014, ("2800", "0A11"), "Another grant", 1, 1, 1, 2),
    ]
    story = follow("0P71", lines, books=range(2013, 2022))
    said = [one.said for one in story.years]
    new, carried, blank, absent = Said.NEW, Said.CARRIED, Said.BLANK, Said.ABSENT
    assert said == [new, new, carried, carried, blank, absent, absent, carried, blank]
    assert (story.new_money, story.last_new, story.last_money) == (392_800_000, 2014, 2020)
    assert story.names == ("Innovation Delivery Grant", "Innovation Delivery")
    assert [one.year for one in story.years if one.renamed] == [2020]
    spent = {one.year: one.implied_spent for one in story.years}
    assert (spent[2014], spent[2015], spent[2016]) == (7_400_000, 40_500_000, None)


def test_money_that_runs_out_moves_the_cliff_before_the_last_day() -> None:
    award = Award("g", "100", date(2025, 7, 1), date(2027, 7, 1), 10_000_000)
    posts = [Post("a", 36_500_000, "g"), Post("b", 99, "other")]
    assert cliff_of(award, posts, today=date(2026, 1, 1)) == (date(2026, 4, 11), True)
    assert cliff_of(award, [], today=date(2026, 1, 1)) == (date(2027, 7, 1), False)


def test_a_month_is_shared_between_grant_match_city_and_savings() -> None:
    award = Award("g", "100", date(2025, 7, 1), date(2026, 3, 16), 10**12)
    posts = [Post("a", 12_000_000, "g", Decimal("0.5"))]
    terms = Terms(match_cents=50_000, reserve_cents=400_000, fiscal_month=7)
    savings = [Savings(2026, 1_200_000, 2_000_000), Savings(2027, 2_400_000, 3_000_000)]
    found = runway(award, posts, savings, today=date(2026, 2, 10), months=6, terms=terms)
    first, split, after = found.months[0], found.months[1], found.months[2]
    assert (first.cost, first.city, first.grant, first.match, first.gap) == (1_000_000, 500_000, 500_000, 0, 0)
    assert (split.grant, split.match, split.savings, split.gap) == (241_935, 24_193, 100_000, 133_872)
    assert (after.grant, after.savings, after.gap, after.cumulative) == (0, 100_000, 400_000, 533_872)
    assert found.months[5].savings == 200_000  # July: the next fiscal year
    assert found.runway_months == 2


def test_the_filing_day_is_before_the_fiscal_year_of_the_cliff() -> None:
    calendar = BudgetCalendar(JULY, filing_days=150, civil_service_days=120)
    assert calendar.latest_filing(date(2026, 6, 30)) == date(2025, 2, 1)  # FY2026 began on 1 July 2025
    assert calendar.latest_filing(date(2026, 7, 1)) == date(2026, 2, 1)
    assert filing(calendar, date(2026, 7, 1), today=date(2026, 2, 11)).days_left == -10
    named = BudgetCalendar(JULY, 150, ((2027, date(2026, 1, 15)),), civil_service_days=200)
    assert named.latest_filing(date(2026, 7, 1)) == date(2025, 12, 13)
    with pytest.raises(FilesAfterTheYear):
        BudgetCalendar(JULY, 0)


def test_draws_keep_the_interval_and_count_posts() -> None:
    team = Team((10_000_000, 20_000_000), (Uncertain(30_000_000, 20_000_000, 50_000_000),))
    found = chances(team, rng=np.random.default_rng(1), draws=40_000)
    assert found.carries[0] == 1.0
    assert found.carries_all == pytest.approx(0.5, abs=0.01)
    assert found.saved == pytest.approx((20_000_000, 30_000_000, 50_000_000), rel=0.02)
    lost = Team((10_000_000,), (Uncertain(30_000_000, 29_000_000, 31_000_000, holds=0.7),), renewal=0.5, renewed=10**8)
    assert chances(lost, rng=np.random.default_rng(1), draws=40_000).carries_all == pytest.approx(0.85, abs=0.01)


def test_chances_of_simulated_teams_beat_the_constant_forecast() -> None:
    forecasts, outcomes = simulated_teams(seed=3, teams=400, draws=2_000)
    rate = float(np.mean(outcomes))
    assert brier_score(forecasts, outcomes) < 0.8 * brier_score([rate] * len(outcomes), outcomes)
    said = np.asarray(forecasts)
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        inside = (said >= low) & (said < high)
        assert abs(np.mean(said[inside]) - np.mean(np.asarray(outcomes)[inside])) < 0.12


def _cut(cents: int) -> Step:
    return Step(Status.BUDGETED, date(2026, 1, 5), "Budget office", "Ordinance", cents, 2025)


def test_savings_that_carry_another_team_are_not_there_twice() -> None:
    free = Team((10_000_000,), (Uncertain(15_000_000, 14_000_000, 16_000_000),))
    taken = Team((10_000_000,), (Uncertain(15_000_000, 14_000_000, 16_000_000),), committed=12_000_000)
    assert chances(free, rng=np.random.default_rng(1)).carries_all > 0.99
    assert chances(taken, rng=np.random.default_rng(1)).carries_all < 0.01
