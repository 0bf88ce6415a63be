"""Interrupted time series on series whose truth is known, and against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from cupola.evaluation import Collinear, Model, NotCounts, NotPositive, Series, TooShort, interrupted
from cupola.evaluation.interrupted import effect
from cupola.evaluation.values import Result


def made(outcome: list[float] | np.ndarray, *, start: int, exposure: np.ndarray | None = None) -> Series:
    size = len(outcome)
    periods = tuple(f"{2020 + month // 12}-{month % 12 + 1:02d}" for month in range(size))
    return Series(periods, np.asarray(outcome, dtype=np.float64), start, np.arange(size) % 12, 12, exposure)


def seasonal(size: int, *, seed: int = 1) -> np.ndarray:
    month = np.arange(size)
    noise = np.random.default_rng(seed).standard_normal(size)
    return 50 + 8 * np.sin(2 * np.pi * month / 12) + 0.1 * month + noise


def test_a_planted_step_is_found_beside_season_and_trend() -> None:
    outcome = seasonal(72)
    outcome[48:] -= 6
    found = interrupted(made(outcome, start=48), Model())
    assert found.estimate.low < -6 < found.estimate.high
    assert found.estimate.excludes_nothing
    assert found.n == {"periods": 72, "before": 48, "after": 24}
    assert found.naive is not None
    assert found.naive.low <= 0 <= found.naive.high


def test_counts_equal_the_quasi_poisson_fit_of_statsmodels() -> None:
    chance = np.random.default_rng(3)
    month = np.arange(60)
    exposure = 1000 + 5.0 * month
    outcome = chance.poisson(exposure * 0.05 * np.exp(0.2 * np.sin(2 * np.pi * month / 12) - 0.1 * (month >= 40)))
    found = effect(made(outcome, start=40, exposure=exposure), Model(counts=True, errors="plain"))
    waves = [f(2 * np.pi * k * (month % 12) / 12) for k in (1, 2) for f in (np.sin, np.cos)]
    columns = np.column_stack([np.ones(60), month >= 40, month, *waves])
    fitted = sm.GLM(outcome, columns, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2")
    assert found.effect == pytest.approx(np.exp(fitted.params[1]), abs=1e-9)
    assert found.standard_error == pytest.approx(fitted.bse[1], abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(np.exp(fitted.conf_int()[1])), abs=1e-9)


def test_newey_west_errors_equal_those_of_statsmodels() -> None:
    outcome = seasonal(72)
    found = effect(made(outcome, start=48), Model(errors="neighbours"))
    month = np.arange(72)
    waves = [f(2 * np.pi * k * month / 12) for k in (1, 2) for f in (np.sin, np.cos)]
    columns = np.column_stack([np.ones(72), month >= 48, month, *waves])
    fitted = sm.OLS(outcome, columns).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True})
    assert found.standard_error == pytest.approx(fitted.bse[1], abs=1e-9)


def test_likeness_of_neighbours_widens_the_interval_and_leaves_the_effect() -> None:
    chance = np.random.default_rng(5)
    noise = chance.standard_normal(84)
    for month in range(1, 84):
        noise[month] += 0.7 * noise[month - 1]
    series = made(50 + noise, start=60)
    plain, alike = effect(series, Model(errors="plain")), effect(series, Model())
    assert alike.effect == plain.effect
    assert alike.high - alike.low > 1.5 * (plain.high - plain.low)


def test_a_slope_that_changes_gives_the_mean_effect_after_the_start() -> None:
    month = np.arange(72)
    outcome = 50 + 0.1 * month - 0.5 * np.maximum(month - 48, 0)
    outcome = outcome + 0.01 * np.random.default_rng(1).standard_normal(72)
    found = effect(made(outcome, start=48), Model(slope=True))
    assert found.effect == pytest.approx(-0.5 * 11.5, abs=0.02)


def test_a_ratio_is_told_of_an_outcome_that_multiplies() -> None:
    outcome = np.exp(seasonal(72) / 50)
    outcome[48:] *= 0.8
    found = effect(made(outcome, start=48), Model(ratio=True))
    assert found.scale == "ratio"
    assert found.low < 0.8 < found.high


def test_what_it_cannot_read_is_refused() -> None:
    with pytest.raises(TooShort, match="8 periods before the start; this design needs 12"):
        effect(made(seasonal(30), start=8), Model())
    with pytest.raises(TooShort, match="2 periods after"):
        effect(made(seasonal(30), start=28), Model())
    with pytest.raises(NotCounts, match="-1 in 2020-01"):
        effect(made(np.append(-1.0, np.ones(40)), start=30), Model(counts=True))
    with pytest.raises(NotPositive, match="0 in 2020-02"):
        effect(made(np.append([1.0, 0.0], np.ones(40)), start=30), Model(ratio=True))
    series = made(seasonal(30), start=18)
    without_year = Series(series.periods, series.outcome, 18, np.zeros(30, dtype=int))
    with pytest.raises(Collinear, match="14 columns"):
        effect(without_year, Model(harmonics=None))


def test_a_start_that_did_not_happen_shows_nothing() -> None:
    found = interrupted(made(seasonal(84), start=60), Model())
    placebo = next(check for check in found.checks if check.key == "placebo_dates")
    assert placebo.holds
    assert placebo.facts["tried"] == 23


def test_a_result_is_the_same_after_a_trip_through_json() -> None:
    found = interrupted(made(seasonal(60), start=40), Model())
    assert Result.from_json(found.to_json()) == found
