"""Charts: what a signal means, where limits begin anew, which limits rates get, when a season is taken out."""

import math
from collections.abc import Sequence
from datetime import date

import pytest

from cupola.indicators.definition import Direction
from cupola.indicators.signals import (
    BaselineTooShort,
    ControlChart,
    Method,
    Point,
    Step,
    control_chart,
    read,
)

STEADY = [10.0, 12.0, 11.0, 9.0, 10.0, 12.0, 11.0, 9.0, 10.0, 12.0, 11.0, 9.0]


def month(at: int) -> date:
    return date(2020 + at // 12, at % 12 + 1, 1)


def points(values: Sequence[float | None]) -> list[Point]:
    return [Point(month(at), value) for at, value in enumerate(values)]


def rules(chart: ControlChart) -> list[str | None]:
    return [one.rule for one in chart.charted]


def test_a_high_point_is_an_improvement_where_up_is_better() -> None:
    charts = {way: control_chart(points([*STEADY, 30]), Method(direction=way)) for way in Direction}
    assert {way: chart.charted[12].verdict for way, chart in charts.items()} == {
        Direction.UP: "improvement",
        Direction.DOWN: "concern",
        Direction.NONE: "high",
    }


def test_the_first_rule_that_holds_is_the_one_that_is_told() -> None:
    chart = control_chart(points([*STEADY, *[12.5] * 6, 30]), Method(lock_after=12))
    assert rules(chart)[12:] == ["shift"] * 6 + ["outside"]


def test_points_without_a_value_and_points_not_settled_raise_no_signal_and_move_no_limit() -> None:
    chart = control_chart([*points([*STEADY, None]), Point(month(13), 99.0, settled=False)])
    assert rules(chart)[12:] == [None, None]
    assert chart.latest is not None
    assert (chart.latest.on, chart.latest.centre) == (month(11), 10.5)


def test_limits_begin_anew_at_a_step_that_says_why() -> None:
    chart = control_chart(points(STEADY + [30 + one for one in STEADY]), Method(steps=(Step(month(12), "New system"),)))
    assert [(one.since, one.points, one.reason) for one in chart.stretches] == [
        (month(0), 12, ""),
        (month(12), 12, "New system"),
    ]
    assert [chart.charted[at].centre for at in (11, 12)] == [10.5, 40.5]
    assert rules(chart) == [None] * 24


def test_without_the_step_the_same_series_is_full_of_signals() -> None:
    assert rules(control_chart(points(STEADY + [30 + one for one in STEADY]))).count(None) == 0


def test_a_stretch_of_few_points_has_no_limits_yet() -> None:
    chart = control_chart(points([*STEADY, 30, 31, 30]), Method(steps=(Step(month(12), "New system"),)))
    assert (chart.charted[14].centre, read(chart).pattern, read(chart).points) == (None, "too_few", 3)


def test_limits_from_fewer_than_twelve_points_are_on_trial() -> None:
    assert read(control_chart(points(STEADY[:11]))).trial
    assert not read(control_chart(points(STEADY))).trial


def test_fixed_limits_do_not_move_with_later_points() -> None:
    chart = control_chart(points([*STEADY, *[30.0] * 8]), Method(lock_after=12))
    assert (chart.charted[-1].centre, chart.stretches[0].baseline) == (10.5, 12)


def test_limits_cannot_be_fixed_on_few_points() -> None:
    with pytest.raises(BaselineTooShort, match="Write 12 or more"):
        Method(lock_after=8)


@pytest.mark.parametrize(
    ("direction", "target", "said"),
    [
        (Direction.UP, 1.0, "pass"),
        (Direction.UP, 30.0, "fail"),
        (Direction.UP, 11.0, "hit_and_miss"),
        (Direction.DOWN, 1.0, "fail"),
        (Direction.DOWN, 30.0, "pass"),
        (Direction.NONE, 30.0, None),
        (Direction.UP, None, None),
    ],
)
def test_assurance_asks_whether_the_limits_lie_beyond_the_target(
    direction: Direction, target: float | None, said: str
) -> None:
    assert control_chart(points(STEADY), Method(direction=direction)).assurance(target) == said


def test_a_share_gets_limits_that_widen_where_few_were_counted() -> None:
    counted = [400.0] * 11 + [100.0]
    values = [0.5, 0.52, 0.48, 0.51, 0.49, 0.5, 0.5, 0.51, 0.49, 0.5, 0.5, 0.5]
    shares = [Point(month(at), value, counted[at]) for at, value in enumerate(values)]
    chart = control_chart(shares, Method(kind="p"))
    widths = [round((one.upper or 0) - (one.centre or 0), 4) for one in (chart.charted[0], chart.charted[11])]
    assert (chart.kind, widths) == ("p", [0.075, 0.15])  # 3 * sqrt(0.25 / 400), 3 * sqrt(0.25 / 100)


def test_a_rate_per_unit_gets_limits_from_its_units() -> None:
    rates = [Point(month(at), value, 100.0) for at, value in enumerate([4.0, 4.1, 3.9] * 4)]
    last = control_chart(rates, Method(kind="u")).charted[-1]
    assert round((last.upper or 0) - (last.centre or 0), 4) == 0.6  # 3 * sqrt(4 / 100)


def test_a_share_of_very_many_gets_limits_as_wide_as_it_scatters() -> None:
    shares = [Point(month(at), 0.5 + 0.05 * (-1) ** at, 1_000_000.0) for at in range(24)]
    chart = control_chart(shares, Method(kind="p"))
    assert chart.stretches[0].spread == pytest.approx(177.3, abs=0.1)
    assert rules(chart) == [None] * 24


def test_a_rate_without_its_denominators_is_charted_as_single_values() -> None:
    assert control_chart(points(STEADY), Method(kind="p")).kind == "xmr"


def seasonal(months: int, *, noise: float = 1.0) -> list[float]:
    return [50 + 10 * math.sin(at * math.pi / 6) + noise * (at * 7 % 5 - 2) for at in range(months)]


def test_the_usual_course_of_the_year_is_no_signal() -> None:
    chart = control_chart(points(seasonal(48)), Method(grain="month"))
    assert chart.season is not None
    assert (chart.season.cycles, rules(chart)) == (4, [None] * 48)
    assert set(rules(control_chart(points(seasonal(48))))) != {None}


def test_what_departs_from_the_usual_course_is_a_signal() -> None:
    chart = control_chart(points([*seasonal(60)[:-1], 75.0]), Method(grain="month"))
    assert rules(chart)[-1] == "outside"


def test_two_years_are_too_short_for_a_season() -> None:
    assert control_chart(points(seasonal(30)), Method(grain="month")).season is None


def test_a_trend_is_not_taken_for_a_season() -> None:
    assert control_chart(points([float(at) for at in range(60)]), Method(grain="month")).season is None


def test_a_shift_is_read_with_its_beginning_and_its_length() -> None:
    said = read(control_chart(points([*STEADY, *[12.4] * 8]), Method(direction=Direction.DOWN, lock_after=12)))
    assert (said.pattern, said.verdict, said.since, said.points) == ("shift", "concern", month(12), 8)


def test_a_steady_stretch_remembers_the_last_signal() -> None:
    said = read(control_chart(points([*STEADY, 30, *STEADY]), Method(lock_after=12)))
    assert (said.pattern, said.before, said.before_rule) == ("steady", month(12), "outside")


def test_a_series_without_values_is_unknown() -> None:
    assert read(control_chart(points([None, None]))).pattern == "unknown"
    assert read(control_chart([])).pattern == "unknown"
