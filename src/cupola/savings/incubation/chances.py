"""What may come of a team, by many draws over what is uncertain: how much is saved, and whether the award holds.

The intervals are those of the claims. A draw of a saving is its estimate plus a normal error whose spread below and
above the estimate is that side's half-width, so that the bounds of an 80 % interval are the 10th and 90th percentile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cupola.deferred import special


@dataclass(frozen=True)
class Uncertain:
    """A yearly saving in cents with its interval, and the chance that it comes at all (0-1)."""

    value: float
    low: float
    high: float
    level: float = 0.8
    holds: float = 1.0


@dataclass(frozen=True)
class Team:
    """What the draws are held against, in cents of the year after the cliff.

    loaded: yearly cost of each post. renewal: the chance that an award goes on, and what it would then pay a year.
    committed: what of the savings carries other teams already.
    """

    loaded: tuple[int, ...]
    savings: tuple[Uncertain, ...]
    renewal: float = 0.0
    renewed: int = 0
    committed: int = 0


@dataclass(frozen=True)
class Chances:
    """What the draws say. carries_all: the chance that savings and renewal pay for every post.

    carries[n]: the chance to carry at least n posts. saved: 10th, 50th and 90th percentile of savings, in cents.
    """

    draws: int
    carries_all: float
    carries: tuple[float, ...]
    saved: tuple[int, int, int]
    gap: tuple[int, int, int]


def chances(team: Team, *, rng: np.random.Generator, draws: int = 10_000) -> Chances:
    """Draw the year after the cliff many times and count. `rng` decides everything: the same one gives the same."""
    saved = draw_savings(team.savings, rng=rng, draws=draws)
    paid = np.maximum(saved - team.committed, 0.0) + np.where(rng.random(draws) < team.renewal, team.renewed, 0)
    costs = np.cumsum(np.sort(np.asarray(team.loaded, dtype=float)))
    whole = float(costs[-1]) if costs.size else 0.0
    carried = np.searchsorted(costs, paid, side="right")
    carries = tuple(float(np.mean(carried >= count)) for count in range(costs.size + 1))
    return Chances(draws, carries[-1], carries, _quantiles(saved), _quantiles(np.maximum(whole - paid, 0.0)))


def draw_savings(savings: Sequence[Uncertain], *, rng: np.random.Generator, draws: int) -> NDArray[np.float64]:
    """Return yearly savings in cents, shape (draws,): the sum over independent savings."""
    total = np.zeros(draws)
    for one in savings:
        far = float(special.ndtri(0.5 + one.level / 2))
        error = rng.standard_normal(draws)
        spread = np.where(error < 0, one.value - one.low, one.high - one.value) / far
        total += np.where(rng.random(draws) < one.holds, one.value + error * spread, 0.0)
    return total


def _quantiles(values: NDArray[np.float64]) -> tuple[int, int, int]:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return int(low), int(middle), int(high)


def brier_score(forecasts: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Return the mean squared distance between forecasts (0-1) and what came; 0 is perfect.

    Source: Brier (1950), Verification of forecasts expressed in terms of probability.
    """
    said, came = np.asarray(forecasts, dtype=float), np.asarray(outcomes, dtype=float)
    return float(np.mean((said - came) ** 2))
