"""How often charts cry wolf, and how soon they see one: simulated series of 24 baseline points, limits then fixed."""

from datetime import date
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from proving import Proof

from cupola.indicators.signals import find, find_season, forecast, natural_limits

Floats = NDArray[np.float64]

BASELINE: Final = 24
YEAR: Final = 12
SHIFT_SEEN_WITHIN: Final = 8


def series(runs: int, ahead: int, *, shift: float = 0.0, seed: int = 1) -> Floats:
    values = np.random.default_rng(seed).normal(size=(runs, BASELINE + ahead))
    values[:, BASELINE:] += shift
    return values


def alarms(values: Floats) -> NDArray[np.bool_]:
    """Return where a rule becomes true after the baseline, shape (runs, points after it)."""
    found = find(values, natural_limits(values[:, :BASELINE]))
    completed = np.any([one.completes for one in found.values()], axis=0)
    return completed[:, BASELINE:]


@pytest.mark.slow
def test_stable_series_rarely_alarm(proof: Proof) -> None:
    """Stable series: alarm points per chart-year, beside red for a value below target or worse than the last."""
    runs = proof.count(small=2_000, full=10_000)
    values = series(runs, YEAR)
    ours = alarms(values).sum() / runs
    below_target = (values[:, BASELINE:] < values[:, :BASELINE].mean(axis=1, keepdims=True)).sum() / runs
    worse_than_last = (np.diff(values[:, BASELINE - 1 :], axis=1) < 0).sum() / runs
    beside = f"{below_target:.2f} below target, {worse_than_last:.2f} worse than last"
    proof.found(f"{runs:,} series: {ours:.2f} alarm points; {beside}")
    assert ours <= 0.5
    assert 5.8 <= below_target <= 6.2
    assert 5.8 <= worse_than_last <= 6.2


@pytest.mark.slow
@pytest.mark.parametrize(("shift", "share"), [(1.0, 0.58), (1.5, 0.85), (2.0, 0.95)])
def test_a_shift_is_seen_soon(proof: Proof, shift: float, share: float) -> None:
    """A shift of 1, 1.5 and 2 standard deviations: the share of series in which it is seen within 8 points."""
    runs = proof.count(small=2_000, full=10_000)
    seen = alarms(series(runs, SHIFT_SEEN_WITHIN, shift=shift, seed=2)).any(axis=1).mean()
    proof.found(f"{shift} sd: {seen:.1%} of {runs:,}")
    assert seen >= share


MONTHS = [date(2015 + at // 12, at % 12 + 1, 1) for at in range(120)]


@pytest.mark.slow
def test_noise_is_not_taken_for_a_season(proof: Proof) -> None:
    """Series of 60 months without a season, and with one half again as large as the noise: how many get a season."""
    runs = proof.count(small=300, full=10_000)
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(runs, 60))
    wave = 1.5 * np.sqrt(2) * np.sin(np.arange(60) * np.pi / 6)
    walks = np.cumsum(noise, axis=1)
    wrong, walked, right = (
        sum(find_season(MONTHS[:60], one, grain="month") is not None for one in many) / runs
        for many in (noise, walks, noise + wave)
    )
    proof.found(f"noise {wrong:.2%}, random walks {walked:.2%}, seasons {right:.2%} of {runs:,}")
    assert wrong <= 0.01
    assert walked <= 0.05
    assert right >= 0.98


def kinds(rng: np.random.Generator, count: int) -> dict[str, Floats]:
    """Return series of five kinds, of one length."""
    noise = rng.normal(size=count)
    along = np.arange(count)
    return {
        "level": noise,
        "drift": noise + 0.1 * along,
        "walk": np.cumsum(noise),
        "slow": np.cumsum(0.3 * rng.normal(size=count)) + noise,
        "season": noise + 2 * np.sin(along * np.pi / 6) + 0.05 * along,
    }


@pytest.mark.slow
def test_forecasts_hold_as_often_as_they_say(proof: Proof) -> None:
    """Forecasts of 1, 6 and 12 months from 48, interval 90 %: how often it holds, over five kinds of series."""
    runs = proof.count(small=60, full=2_000)
    rng = np.random.default_rng(4)
    held: dict[str, list[NDArray[np.bool_]]] = {}
    for _ in range(runs):
        for kind, values in kinds(rng, 60).items():
            told = forecast(MONTHS[:48], values[:48], MONTHS[48:60], grain="month")
            inside = (told.lower <= values[48:]) & (values[48:] <= told.upper)
            held.setdefault(kind, []).append(inside[[0, 5, 11]])
    shares = {kind: np.mean(many) for kind, many in held.items()}
    everything = np.mean(list(shares.values()))
    proof.found("; ".join(f"{kind} {share:.1%}" for kind, share in shares.items()) + f"; all {everything:.1%}")
    assert 0.85 <= everything <= 0.95
    assert min(shares.values()) >= 0.80
