"""The chooser on twelve staged situations, what it says, and plans fixed before the data."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cupola.evaluation import (
    NEVER,
    Design,
    Estimate,
    Panel,
    Plan,
    RegisteredTooLate,
    Sample,
    Series,
    Situation,
    answer_panel,
    answer_sample,
    answer_series,
    check_before_data,
    choose,
    deviations,
    finding,
    naive_finding,
)
from cupola.evaluation.patterns import FAILS, HOLDS, INFORMS
from cupola.evaluation.sentences import plain

STAGED = {
    "a lottery for places": (Situation(by_chance=True, treated=120, controls=130), Design.TRIAL),
    "three of ten wards at once": (Situation(treated=3, controls=7, before=39, after=21), Design.DIFFERENCES),
    "one state and 38 others": (
        Situation(treated=1, controls=38, before=19, after=12, per_year=1),
        Design.SYNTHETIC_DIFFERENCES,
    ),
    "counties year by year": (
        Situation(treated=191, controls=309, starts=3, before=1, after=4, per_year=1),
        Design.STAGGERED,
    ),
    "all districts, one after another": (Situation(treated=12, starts=4, before=12, after=24), Design.STAGGERED),
    "the whole city from one day on": (Situation(treated=1, before=36, after=23), Design.INTERRUPTED),
    "the whole city, ten months before": (Situation(treated=1, before=10, after=12), Design.TRACKED),
    "the whole city, one month after": (Situation(treated=1, before=60, after=1), Design.TRACKED),
    "one state of 27 over six quarters": (
        Situation(treated=1, controls=26, before=3, after=3, per_year=4),
        Design.DIFFERENCES,
    ),
    "houses sold near and far, two years": (
        Situation(treated=96, controls=225, before=1, after=1, per_year=1, repeated=False),
        Design.DIFFERENCES,
    ),
    "one ward and one other": (Situation(treated=1, controls=1, before=6, after=6), Design.TRACKED),
    "a workshop": (Situation(measured=False, treated=1), Design.TRACKED),
}


@pytest.mark.parametrize("name", STAGED)
def test_each_staged_situation_gets_its_documented_design(name: str) -> None:
    situation, wanted = STAGED[name]
    choice = choose(situation)
    assert choice.design == wanted
    assert str(choice.refused).startswith("Before and after alone is refused")
    assert "{" not in str(choice.reason)


def test_a_series_too_short_is_tracked_and_the_naive_figure_shown_as_refused() -> None:
    series = Series(tuple("abcdefghij"), np.array([5.0] * 5 + [9.0] * 5), 5, np.arange(10))
    answer = answer_series(series)
    assert answer.result is None
    assert answer.naive is not None
    assert answer.naive.effect == 4.0
    assert "24 before and 3 after are needed" in str(answer.choice.reason)


def test_units_treated_all_at_once_are_one_series() -> None:
    chance = np.random.default_rng(1)
    outcome = 20 + chance.standard_normal((4, 60))
    panel = Panel(tuple("abcd"), tuple(f"{month:02d}" for month in range(60)), outcome, np.full(4, 36))
    answer = answer_panel(panel, per_year=12)
    assert answer.choice.design == Design.INTERRUPTED
    assert answer.result is not None
    assert answer.result.estimate.low < 0 < answer.result.estimate.high
    never = answer_panel(replace(panel, starts=np.full(4, NEVER)), per_year=12)
    assert never.choice.design == Design.TRACKED


def test_people_who_chose_themselves_are_no_trial() -> None:
    sample = Sample(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, True, False, False]))
    assert answer_sample(sample, by_chance=False).result is None
    answer = answer_sample(sample, by_chance=True)
    assert answer.result is not None
    assert answer.result.estimate.effect == -2.0


def test_a_finding_is_a_sentence_that_can_be_translated() -> None:
    fell = Estimate(0.885, 0.839, 0.933, 0.027, 52, 0.0, "ratio")
    said = finding(fell, outcome="Admissions")
    assert str(said) == "Admissions was 11.5 % lower than it would have been (95 % interval: -16.1 % to -6.7 %)."
    spanish = said.said(
        translate=lambda _: "{outcome}: {size} % menos ({low} a {high})",
        number=lambda number: f"{number:.1f}".replace(".", ","),
    )
    assert spanish == "Admissions: 11,5 % menos (-16,1 a -6,7)"
    nothing = Estimate(-0.4, -1.5, 0.7, 0.5, 8, 0.4)
    assert str(finding(nothing, outcome="Days", unit="days")) == (
        "No effect on Days was shown: the estimate is -0.4 days, and anything from -1.5 to 0.7 days fits."
    )


def test_numbers_are_told_to_three_digits() -> None:
    assert [plain(number) for number in (0.0, 0.012345, -15.6038, 1794.34, 12.0)] == [
        "0",
        "0.0123",
        "-15.6",
        "1,794",
        "12",
    ]


def test_a_naive_figure_outside_the_interval_is_called_wrong() -> None:
    chance = np.random.default_rng(2)
    month = np.arange(72)
    outcome = 50 + month + chance.standard_normal(72)
    periods = tuple(f"{one:02d}" for one in month)
    answer = answer_series(Series(periods, outcome, 48, month % 12))
    assert answer.result is not None
    said = [str(sentence) for sentence in naive_finding(answer.result, unit="days")]
    assert said[0].startswith("Comparing before with after would have claimed 36")
    assert said[1].startswith("That is outside the interval")


def test_every_check_that_judges_can_be_told_both_ways() -> None:
    assert set(HOLDS) == set(FAILS)
    assert not set(INFORMS) - {
        "neighbours_alike",
        "spread",
        "trends_before",
        "placebo_groups",
        "placebo_donors",
        "leave_one_out",
    }


def plan() -> Plan:
    return Plan(
        outcome="days-to-repair",
        treated={"2": date(2024, 4, 1), "5": date(2024, 4, 1)},
        controls=("1", "3"),
        since=date(2022, 1, 1),
        until=date(2025, 4, 1),
        per="month",
        design=Design.DIFFERENCES,
        stop="After twelve months.",
    )


def test_a_plan_has_one_hash_whatever_the_order_it_was_written_in() -> None:
    other = replace(plan(), treated={"5": date(2024, 4, 1), "2": date(2024, 4, 1)}, controls=("3", "1"))
    assert other.hash == plan().hash
    assert replace(plan(), outcome="requests").hash != plan().hash
    assert Plan.from_json(plan().to_json()).hash == plan().hash


def test_a_plan_counts_only_when_it_is_older_than_the_data() -> None:
    check_before_data(plan(), on=date(2024, 3, 15))
    with pytest.raises(RegisteredTooLate, match="2024-06-01"):
        check_before_data(plan(), on=date(2024, 6, 1))


def test_what_was_done_otherwise_is_a_deviation() -> None:
    done = replace(plan(), outcome="requests", controls=("1",), until=date(2025, 1, 1))
    assert [(one.part, one.planned, one.done) for one in deviations(plan(), done)] == [
        ("outcome", "days-to-repair", "requests"),
        ("controls", "1, 3", "1"),
        ("until", "2025-04-01", "2025-01-01"),
    ]
    assert deviations(plan(), plan()) == ()
