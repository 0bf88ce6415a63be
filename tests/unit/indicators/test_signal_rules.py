"""Four rules, each hung on one cell: with it the signal is there, with another value it is not."""

from collections.abc import Sequence

import numpy as np
import pytest

from cupola.indicators.signals import Limits, Rule, TooFewPoints, find, natural_limits

LIMITS = Limits(np.array(-3.0), np.array(0.0), np.array(3.0))
QUIET = [0.5, -0.5, 0.6, -0.4, 0.3, -0.6, 0.5, -0.5, 0.4, -0.3]


def members(values: Sequence[float], rule: Rule) -> list[int]:
    return np.flatnonzero(find(np.array(values), LIMITS)[rule].members).tolist()


def edited(at: int, value: float, values: Sequence[float]) -> list[float]:
    return [*values[:at], value, *values[at + 1 :]]


def test_a_quiet_series_has_no_signal() -> None:
    assert {rule: found.members.any() for rule, found in find(np.array(QUIET), LIMITS).items()} == {
        "outside": False,
        "trend": False,
        "two_of_three": False,
        "shift": False,
    }


def test_one_cell_beyond_a_limit_is_outside() -> None:
    assert members(edited(4, 3.01, QUIET), "outside") == [4]
    assert members(edited(4, -3.01, QUIET), "outside") == [4]


def test_a_cell_on_the_limit_is_not_outside() -> None:
    assert members(edited(4, 3.0, QUIET), "outside") == []


RISING = [0.0, -1.2, -0.8, -0.4, 0.1, 0.3, 0.7, 1.1, 0.2]


def test_seven_rising_points_are_a_trend_and_all_are_flagged() -> None:
    assert members(RISING, "trend") == [1, 2, 3, 4, 5, 6, 7]


def test_one_cell_that_does_not_rise_ends_the_trend() -> None:
    assert members(edited(4, -0.4, RISING), "trend") == []


def test_seven_falling_points_are_a_trend_on_the_low_side() -> None:
    found = find(-np.array(RISING), LIMITS)["trend"]
    assert found.side[1:8].tolist() == [-1] * 7
    assert np.flatnonzero(found.completes).tolist() == [7]


def test_the_turning_point_of_two_trends_belongs_to_the_newer() -> None:
    values = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 1.0, 0.5, 0.0, -0.5, -1.0, -1.5]
    assert find(np.array(values), LIMITS)["trend"].side.tolist() == [1] * 6 + [-1] * 7


NEAR = [0.5, -0.5, 2.5, 0.5, 2.5, -0.6, 0.4]


def test_two_of_three_near_a_limit_are_flagged_without_the_third() -> None:
    assert members(NEAR, "two_of_three") == [2, 4]


def test_the_third_on_the_other_side_ends_it() -> None:
    assert members(edited(3, -0.5, NEAR), "two_of_three") == []


def test_a_cell_at_two_thirds_of_the_way_is_not_near() -> None:
    assert members(edited(4, 2.0, NEAR), "two_of_three") == []


def test_a_cell_beyond_the_limit_is_not_near_it() -> None:
    assert members(edited(4, 3.5, NEAR), "two_of_three") == []


SHIFTED = [-0.4, 0.3, 0.5, 0.2, 0.6, 0.1, 0.4, 0.3, -0.2, 0.4]


def test_seven_points_on_one_side_are_a_shift_and_all_are_flagged() -> None:
    assert members(SHIFTED, "shift") == [1, 2, 3, 4, 5, 6, 7]


def test_one_cell_on_the_centre_ends_the_shift() -> None:
    assert members(edited(4, 0.0, SHIFTED), "shift") == []


def test_a_rule_becomes_true_once_at_the_seventh_point() -> None:
    assert np.flatnonzero(find(np.array(SHIFTED), LIMITS)["shift"].completes).tolist() == [7]


def test_limits_need_six_points() -> None:
    with pytest.raises(TooFewPoints, match="has 5 points; limits need 6"):
        natural_limits(np.array([1.0, 2.0, 1.0, 2.0, 1.0]))


def test_a_series_that_never_moves_has_limits_at_its_value() -> None:
    limits = natural_limits(np.full(12, 4.0))
    assert [float(edge) for edge in (limits.lower, limits.centre, limits.upper)] == [4.0, 4.0, 4.0]
    assert not any(found.members.any() for found in find(np.full(12, 4.0), limits).values())
