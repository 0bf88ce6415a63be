"""Designs with a comparison: differences, staggered starts, synthetic controls, trials; truths known beforehand."""

import numpy as np
import pytest

from cupola.evaluation import (
    NEVER,
    NoComparison,
    NotAPanel,
    NotASample,
    Panel,
    Sample,
    TooShort,
    cross_sections,
    differences,
    least_effect,
    needed,
    panel_of,
    staggered,
    synthetic,
    trial,
)
from cupola.evaluation.differences import of_changes, two_way
from cupola.evaluation.regression import few_clusters, fit
from cupola.evaluation.simplex import exact, published
from cupola.evaluation.staggered import estimate_of
from cupola.evaluation.values import Result


def panel(units: int, periods: int, *, starts: dict[int, int], effect: float = 0.0, seed: int = 1) -> Panel:
    chance = np.random.default_rng(seed)
    shared = 3 * np.sin(2 * np.pi * np.arange(periods) / 12) + chance.standard_normal(periods)
    outcome = 20 + chance.standard_normal((units, 1)) + shared + 0.3 * chance.standard_normal((units, periods))
    began = np.full(units, NEVER)
    for unit, start in starts.items():
        began[unit] = start
        outcome[unit, start:] += effect
    labels = tuple(f"{period:03d}" for period in range(periods))
    return Panel(tuple(f"unit {unit}" for unit in range(units)), labels, outcome, began)


def test_a_planted_difference_is_found_whatever_the_season_does() -> None:
    found = differences(panel(12, 36, starts={0: 24, 1: 24, 2: 24}, effect=2.0))
    assert found.estimate.low < 2.0 < found.estimate.high
    assert found.estimate.high - found.estimate.low < 1.0
    assert [check.key for check in found.checks] == [
        "trends_before",
        "placebo_groups",
        "leave_one_out",
        "placebo_date",
        "enough_units",
    ]
    assert Result.from_json(found.to_json()) == found


def test_the_interval_of_changes_is_that_of_few_clusters() -> None:
    """The error is the CR2 error of the whole regression; Welch takes its degrees of freedom from the spreads seen."""
    made = panel(12, 8, starts=dict.fromkeys(range(5), 5))
    ours = differences(made).estimate
    size, length = made.outcome.shape
    treated = (made.treated[:, None] & (np.arange(length) >= 5)).astype(np.float64).ravel()
    units, periods = np.repeat(np.arange(size), length), np.tile(np.arange(length), size)
    dummies = [(units == unit).astype(float) for unit in range(size)]
    dummies += [(periods == period).astype(float) for period in range(1, length)]
    found = fit(np.column_stack([treated, *dummies]), made.outcome.ravel())
    contrast = np.eye(found.columns.shape[1])[0]
    clustered = few_clusters(found, contrast, clusters=units)
    assert ours.effect == pytest.approx(clustered.effect, abs=1e-9)
    assert ours.standard_error == pytest.approx(clustered.standard_error, abs=1e-9)
    assert ours.df == pytest.approx(clustered.df, abs=0.5)


def test_one_treated_unit_is_judged_by_how_far_untreated_ones_drift() -> None:
    changes = np.array([3.0, 1.0, -1.0, 0.5, -0.5])
    found = of_changes(changes, np.array([True, False, False, False, False]))
    assert found.effect == 3.0
    assert found.df == 3.0
    assert found.standard_error == pytest.approx(np.sqrt(2.5 / 3 * 1.25))


@pytest.mark.slow
def test_the_wild_bootstrap_agrees_with_students_t_on_many_units() -> None:
    made = panel(40, 12, starts=dict.fromkeys(range(20), 8), effect=1.0)
    ours, wild = differences(made).estimate, differences(made, errors="wild").estimate
    assert (wild.low, wild.high) == pytest.approx((ours.low, ours.high), abs=0.05)
    assert wild.effect == pytest.approx(ours.effect)


def test_an_unbalanced_regression_equals_dummies() -> None:
    made = panel(6, 10, starts={0: 5, 1: 5})
    kept = np.random.default_rng(2).random(60) > 0.2
    units, periods = np.repeat(np.arange(6), 10)[kept], np.tile(np.arange(10), 6)[kept]
    treated = ((units < 2) & (periods >= 5)).astype(np.float64)
    outcome = made.outcome.ravel()[kept]
    found = two_way(outcome, units=units, periods=periods, treated=treated)
    dummies = [(units == unit).astype(float) for unit in range(6)]
    dummies += [(periods == period).astype(float) for period in range(1, 10)]
    wanted = np.linalg.lstsq(np.column_stack([treated, *dummies]), outcome, rcond=None)[0][0]
    assert found.effect == pytest.approx(wanted, abs=1e-9)


def test_groups_that_moved_apart_before_are_named() -> None:
    made = panel(12, 36, starts=dict.fromkeys(range(4), 24))
    outcome = made.outcome.copy()
    outcome[:4] += 0.2 * np.arange(36)
    found = differences(Panel(made.units, made.periods, outcome, made.starts))
    assert next(check for check in found.checks if check.key == "trends_before").holds is False


def test_staggered_cohorts_with_growing_effects_are_not_mixed_up() -> None:
    """The effect grows by 1 a period; one regression for all is biased, cohorts against the untreated are not."""
    made = panel(30, 20, starts={unit: 8 if unit < 10 else 14 for unit in range(20)})
    outcome = made.outcome.copy()
    for unit in range(20):
        start = int(made.starts[unit])
        outcome[unit, start:] += np.arange(20 - start)
    found = staggered(Panel(made.units, made.periods, outcome, made.starts), aggregate="event")
    after = {moment.after: moment.estimate.effect for moment in found.moments}
    assert after[0] == pytest.approx(0, abs=0.4)
    assert after[5] == pytest.approx(5, abs=0.4)
    assert found.others["simple"].effect == pytest.approx((11 / 2 * 12 + 5 / 2 * 6) / 18, abs=0.3)
    assert found.others["two_way"].effect < found.others["simple"].effect - 1


def test_without_untreated_units_the_later_cohorts_stand_in() -> None:
    made = panel(20, 20, starts={unit: 8 if unit < 10 else 14 for unit in range(20)}, effect=2.0)
    found = staggered(made, controls="not_yet")
    assert found.estimate.low < 2.0 < found.estimate.high
    with pytest.raises(NoComparison):
        staggered(made)


def test_one_cohort_is_difference_in_differences_with_the_last_period_before() -> None:
    made = panel(12, 10, starts=dict.fromkeys(range(5), 6))
    changes = made.outcome[:, 6:].mean(axis=1) - made.outcome[:, 5]
    assert estimate_of(made).effect == pytest.approx(of_changes(changes, made.treated).effect)
    assert estimate_of(made).df == pytest.approx(of_changes(changes, made.treated).df)


@pytest.mark.slow
def test_synthetic_weights_find_the_mixture_that_made_the_series() -> None:
    chance = np.random.default_rng(4)
    donors = 20 + np.cumsum(chance.standard_normal((12, 40)), axis=1)
    mine = 0.7 * donors[2] + 0.3 * donors[5]
    mine[30:] -= 4
    made = Panel(
        tuple("abcdefghijklm"),
        tuple(f"{period:02d}" for period in range(40)),
        np.vstack([mine, donors]),
        np.array([30, *[NEVER] * 12]),
    )
    found = synthetic(made, method="control", solver="exact")
    assert found.weights == pytest.approx({"d": 0.7, "g": 0.3}, abs=1e-6)
    assert found.estimate.effect == pytest.approx(-4, abs=1e-6)
    assert synthetic(made, method="control").estimate.effect == pytest.approx(-4, abs=0.05)


@pytest.mark.slow
def test_the_exact_weights_are_no_worse_than_the_published_ones() -> None:
    chance = np.random.default_rng(6)
    problems = chance.standard_normal((5, 15, 9)).cumsum(axis=1)
    sharp = exact(problems, ridge=0.1, intercept=True)
    blunt = published(problems, ridge=0.1, intercept=True, least_gain=1e-5)
    centred = problems - problems.mean(axis=1, keepdims=True)

    def cost(weights: np.ndarray) -> np.ndarray:
        left = np.matmul(centred[:, :, :-1], weights[:, :, None])[:, :, 0] - centred[:, :, -1]
        return np.asarray((left**2).sum(axis=1) + 15 * 0.01 * (weights**2).sum(axis=1))

    assert sharp.min() >= 0
    assert sharp.sum(axis=1) == pytest.approx(np.ones(5))
    assert (cost(sharp) <= cost(blunt) + 1e-9).all()
    assert cost(blunt) == pytest.approx(cost(sharp), rel=1e-3)


@pytest.mark.parametrize("errors", ["placebo", "bootstrap", "jackknife"])
def test_every_error_of_synthetic_differences_holds_the_planted_effect(errors: str) -> None:
    made = panel(30, 24, starts=dict.fromkeys(range(8), 16), effect=1.5)
    found = synthetic(made, errors=errors, solver="exact")  # type: ignore[arg-type]
    assert found.estimate.low < 1.5 < found.estimate.high
    assert found.estimate.high - found.estimate.low < 1.5


def test_a_trial_finds_its_effect_and_names_uneven_arms_and_losses() -> None:
    chance = np.random.default_rng(8)
    treated = np.arange(200) < 100
    age = chance.normal(40, 10, 200) + 6 * treated
    outcome = 10 + 2.0 * treated + chance.standard_normal(200)
    outcome[:40] = np.nan
    found = trial(Sample(outcome, treated, covariates=age[:, None], names=("age",)))
    checks = {check.key: check for check in found.checks}
    assert found.estimate.low < 2.0 < found.estimate.high
    assert checks["balance"].holds is False
    assert checks["attrition"].holds is False
    assert checks["attrition"].facts["treated"] == pytest.approx(0.4)
    assert found.n["lost"] == 40
    assert checks["placebo_groups"].facts["p_value"] == 1 / 2000


def test_what_was_drawn_together_counts_together() -> None:
    chance = np.random.default_rng(9)
    clusters = np.repeat(np.arange(12), 30)
    outcome = np.repeat(chance.standard_normal(12), 30) + 0.1 * chance.standard_normal(360)
    treated = clusters < 6
    alone = trial(Sample(outcome, treated)).estimate
    together = trial(Sample(outcome, treated, clusters=clusters)).estimate
    assert together.standard_error > 4 * alone.standard_error
    assert together.df == pytest.approx(10, abs=0.1)


def test_power_tells_what_a_trial_can_show() -> None:
    assert least_effect(treated=64, controls=64, spread=1.0) == pytest.approx(0.499, abs=0.002)
    assert needed(effect=0.5, spread=1.0) == pytest.approx(128, abs=2)
    wider = least_effect(treated=64, controls=64, spread=1.0, cluster_size=16, alike=0.2)
    assert wider == pytest.approx(1.185, abs=0.002)


def test_two_samples_before_and_after_are_compared_without_a_panel() -> None:
    outcome = np.array([1.0, 3.0, 2.0, 4.0, 5.0, 7.0, 3.0, 5.0])
    treated = np.array([True, True, False, False, True, True, False, False])
    after = np.array([False, False, False, False, True, True, True, True])
    found = cross_sections(outcome, treated=treated, after=after)
    assert found.estimate.effect == pytest.approx((6 - 2) - (4 - 3))
    assert found.naive is not None
    assert found.naive.effect == pytest.approx(4.0)


def test_values_become_a_panel_and_holes_are_named() -> None:
    values = {("a", "2024-01"): 1.0, ("a", "2024-02"): 2.0, ("b", "2024-01"): 3.0, ("b", "2024-02"): 4.0}
    made = panel_of(values, starts={"a": "2024-02"})
    assert made.start == 1
    assert made.outcome.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    del values["b", "2024-01"]
    with pytest.raises(NotAPanel, match="b has no value in 2024-01"):
        panel_of(values, starts={})


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(NoComparison, match="3 treated and 0 untreated"):
        differences(panel(3, 8, starts=dict.fromkeys(range(3), 4)))
    with pytest.raises(NotAPanel, match="began at different times"):
        differences(panel(4, 8, starts={0: 3, 1: 5}))
    with pytest.raises(TooShort, match="2 periods before"):
        synthetic(panel(6, 8, starts={0: 2}))
    made = panel(3, 8, starts={0: 4})
    empty = Panel(made.units, made.periods, made.outcome * 0, made.starts)
    with pytest.raises(NotAPanel, match="0 in"):
        differences(empty, ratio=True)
    with pytest.raises(NotASample, match="more or fewer"):
        Sample(np.ones(3), np.array([True, False]))
