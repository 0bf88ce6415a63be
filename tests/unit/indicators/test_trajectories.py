"""Targets, forecasts and gaps."""

from datetime import date

import numpy as np
import pytest

from cupola.indicators.definition import Direction, Milestone, Target
from cupola.indicators.signals import (
    Charted,
    Point,
    TooFewPoints,
    forecast,
    gap,
    standing,
)

WAY = Target(
    since=date(2025, 1, 1),
    milestones=(Milestone(date(2025, 1, 1), 50), Milestone(date(2026, 1, 1), 60), Milestone(date(2027, 1, 1), 80)),
)


def charted(on: date, value: float | None, *, half: float = 4.0) -> Charted:
    centre = value or 0.0
    return Charted(Point(on, value), lower=centre - half, centre=centre, upper=centre + half)


@pytest.mark.parametrize(
    ("on", "value", "said"),
    [
        (date(2026, 1, 1), 61.0, "ahead"),
        (date(2026, 1, 1), 57.0, "close"),
        (date(2026, 1, 1), 55.0, "off"),
        (date(2026, 1, 1), 80.0, "reached"),
        (date(2027, 1, 1), 80.0, "met"),
        (date(2027, 1, 1), 79.9, "missed"),
        (date(2024, 1, 1), 79.9, "unknown"),
    ],
)
def test_standing_on_the_way_up(on: date, value: float, said: str) -> None:
    assert standing(WAY, [charted(on, value)], direction=Direction.UP).status == said


def test_standing_on_the_way_down_is_judged_the_other_way_round() -> None:
    way = Target(date(2026, 1, 1), milestones=(Milestone(date(2026, 1, 1), 20), Milestone(date(2027, 1, 1), 10)))
    assert [
        standing(way, [charted(date(2026, 7, 2), value)], direction=Direction.DOWN).status for value in (14, 17, 25)
    ] == [
        "ahead",
        "close",
        "off",
    ]


def test_after_the_day_of_the_target_its_own_value_counts_and_no_later_one() -> None:
    values = [charted(date(2027, 1, 1), 79.0), charted(date(2027, 2, 1), 85.0)]
    assert standing(WAY, values, direction=Direction.UP).status == "missed"


def test_a_value_not_settled_meets_nothing() -> None:
    late = Charted(Point(date(2027, 1, 1), 90.0, settled=False))
    assert standing(WAY, [late], direction=Direction.UP).status == "unknown"


@pytest.mark.parametrize(("value", "said"), [(81.0, "met"), (78.0, "close"), (70.0, "off")])
def test_a_target_without_milestones_holds_at_every_value(value: float, said: str) -> None:
    found = standing(Target(date(2025, 1, 1), 80.0), [charted(date(2026, 1, 1), value)], direction=Direction.UP)
    assert (found.status, found.expected, found.short, found.aim) == (said, 80.0, 80.0 - value, None)


MONTHS = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(36)]


def test_a_straight_line_is_foretold_to_go_on() -> None:
    told = forecast(MONTHS[:24], np.arange(24.0), MONTHS[24:])
    assert told.expected == pytest.approx(np.arange(24.0, 36.0))
    assert told.upper - told.lower == pytest.approx(np.zeros(12), abs=1e-6)


def test_noise_about_a_level_is_foretold_as_its_level() -> None:
    values = np.array([10.0, 12.0, 11.0, 9.0] * 6)
    told = forecast(MONTHS[:24], values, MONTHS[24:30])
    assert told.expected[-1] == pytest.approx(10.5, abs=0.4)
    assert told.lower[-1] == pytest.approx(8.4, abs=0.5)


def test_the_chance_of_reaching_a_value_falls_with_its_height() -> None:
    told = forecast(MONTHS[:24], np.array([10.0, 12.0, 11.0, 9.0] * 6), MONTHS[24:30])
    chances = [round(told.chance(value, upwards=True), 2) for value in (5.0, 20.0)]
    assert chances == [1.0, 0.0]
    assert told.chance(11.0, upwards=True) + told.chance(11.0, upwards=False) == pytest.approx(1.0)


def test_five_values_foretell_nothing() -> None:
    with pytest.raises(TooFewPoints):
        forecast(MONTHS[:5], np.arange(5.0), MONTHS[5:6])


def test_a_gap_names_both_ends_and_counts_who_is_left_out() -> None:
    found = gap({"Ward 1": 8.0, "Ward 2": 2.0, "Ward 3": None, "Ward 4": 5.0})
    assert found is not None
    assert (found.highest, found.lowest, found.width, found.ratio) == ("Ward 1", "Ward 2", 6.0, 4.0)
    assert (found.groups, found.left_out) == (3, 1)


def test_one_known_group_makes_no_gap() -> None:
    assert gap({"Ward 1": 8.0, "Ward 2": None}) is None


def test_a_gap_from_zero_has_no_ratio() -> None:
    found = gap({"Ward 1": 8.0, "Ward 2": 0.0})
    assert found is not None
    assert found.ratio is None
