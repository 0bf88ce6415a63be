"""An interval for one coefficient of a series whose neighbours are alike: over every autocorrelation it could have.

Errors are taken to follow e(t) = r e(t-1) + noise. How likely each r is, is asked of the residual likelihood (REML) on
a grid with a flat prior; the interval is that of the mixture of t distributions, one per r, around the least squares
estimate. So a short series, which cannot say what r is, gets a wide interval instead of a confident wrong one.
Coverage is proved by tests/proofs. Source of the mixture: Zellner and Tiao (1964), JASA 59; of REML for regression
with such errors: Cooper and Thompson (1977), Biometrika 64.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from cupola.evaluation.regression import Fit
from cupola.evaluation.values import LEVEL, Estimate, Floats, quantile

GRID: Floats = np.tanh(np.linspace(-1.2, 3.0, 60))
_STEPS = 60


@dataclass(frozen=True, eq=False)
class Mixture:
    """What is known of an effect: t(df) around `centre`, times one of `spreads` with the chance in `shares`."""

    centre: float
    spreads: Floats
    shares: Floats
    df: int
    autocorrelation: float

    def below(self, value: float) -> float:
        """Return the chance that the effect lies below `value`."""
        return float(self.shares @ stdtr(self.df, (value - self.centre) / self.spreads))

    def reach(self, level: float = LEVEL) -> float:
        """Return how far from the centre the interval goes, by bisection."""
        low, high = 0.0, float(self.spreads.max()) * quantile(0.5 + level / 2, self.df)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            inside = self.below(self.centre + middle) < 0.5 + level / 2
            low, high = (middle, high) if inside else (low, middle)
        return high


def mixture(found: Fit, contrast: Floats) -> Mixture:
    """Return what is known of contrast'coefficients; the observations are in order of time, without gaps."""
    inner, likely = _likelihood(found)
    shares = np.exp(likely - likely.max()) * np.gradient(GRID)
    shares /= shares.sum()
    size, df = len(found.outcome), found.df
    influence = found.columns @ (found.bread @ contrast)
    lagged = np.correlate(influence, influence, "full")[size - 1 :]
    lagged[1:] *= 2
    powers = GRID[:, None] ** np.arange(size)
    variance = (powers @ lagged) / (1 - GRID**2) * inner / df
    return Mixture(
        float(contrast @ found.coefficients), np.sqrt(np.maximum(variance, 0.0)), shares, df, float(shares @ GRID)
    )


def _likelihood(found: Fit) -> tuple[Floats, Floats]:
    """Return the inner sum of squares and the residual log likelihood at each point of the grid."""
    k = found.columns.shape[1]
    both = np.column_stack([found.columns, found.outcome])
    cross = both[1:].T @ both[:-1]
    lagged = both[1:-1].T @ both[1:-1]
    r = GRID[:, None, None]
    sums = both.T @ both - r * (cross + cross.T) + r**2 * lagged
    columns, mixed, outcome = sums[:, :k, :k], sums[:, :k, k], sums[:, k, k]
    coefficients = np.linalg.solve(columns, mixed[:, :, None])[:, :, 0]
    inner = outcome - (mixed * coefficients).sum(axis=1)
    determinant = np.linalg.slogdet(columns)[1]
    likely = -0.5 * found.df * np.log(inner) - 0.5 * determinant + 0.5 * np.log(1 - GRID**2)
    return inner, likely


def autoregressive(found: Fit, contrast: Floats) -> Estimate:
    """Return the estimate with an interval over every autocorrelation the residuals could have."""
    known = mixture(found, contrast)
    reach = known.reach()
    spread = float(np.sqrt(known.shares @ known.spreads**2))
    p_value = 2 * known.below(known.centre - abs(known.centre))
    return Estimate(known.centre, known.centre - reach, known.centre + reach, spread, known.df, p_value)
