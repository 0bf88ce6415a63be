"""An interval for one coefficient of a series whose neighbours are alike: over every likeness it could have.

Errors are taken to be a part that follows e(t) = r e(t-1) + noise, of share f of the spread, and a part by chance
alone, as counts and means of few cases have. How likely each r and f is, is asked of the residual likelihood (REML) on
a grid, with the prior (1 - r^2)^(-1/4), between the flat one and Jeffreys'; the interval is that of the mixture of t
distributions, one per r and f, around the least squares estimate. So a short series, which cannot say how alike its
neighbours are, gets a wide interval instead of a confident wrong one. Coverage is proved by tests/proofs. Source of the
mixture: Zellner and Tiao (1964), JASA 59; of REML for regression with such errors: Cooper and Thompson (1977),
Biometrika 64.
"""

from dataclasses import dataclass

import numpy as np

from cupola.deferred import special
from cupola.evaluation.regression import Fit
from cupola.evaluation.values import BANKED, LEVEL, Estimate, Floats, quantile

_ALIKE: Floats = np.tanh(np.linspace(-1.1, 2.75, 28))
_SHARES: Floats = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
ALIKE: Floats = np.repeat(_ALIKE, len(_SHARES))
SHARES: Floats = np.tile(_SHARES, len(_ALIKE))
_PRIOR: Floats = np.repeat(np.gradient(_ALIKE) * (1 - _ALIKE**2) ** -0.25, len(_SHARES))
_STEPS = 60


@dataclass(frozen=True, eq=False)
class Mixture:
    """What is known of an effect: t(df) around `centre`, times one of `spreads` with the chance in `chances`."""

    centre: float
    spreads: Floats
    chances: Floats
    df: int
    autocorrelation: float

    def below(self, value: float) -> float:
        """Return the chance that the effect lies below `value`."""
        return float(self.chances @ special.stdtr(self.df, (value - self.centre) / self.spreads))

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
    chances = np.exp(likely - likely.max()) * _PRIOR
    chances /= chances.sum()
    influence = found.columns @ (found.bread @ contrast)
    size = len(influence)
    lagged = 2 * np.correlate(influence, influence, "full")[size:]
    powers: Floats = _ALIKE[:, None] ** np.arange(1, size)
    shared = np.repeat(powers @ lagged, len(_SHARES)) * SHARES
    variance = (influence @ influence + shared) * inner / found.df
    return Mixture(
        float(contrast @ found.coefficients),
        np.sqrt(np.maximum(variance, 1e-300)),
        chances,
        found.df,
        float(chances @ (ALIKE * SHARES)),
    )


def _likelihood(found: Fit) -> tuple[Floats, Floats]:
    """Return the inner sum of squares and the residual log likelihood at each point of the grid.

    A Kalman filter whitens all columns at once; its gains depend on the point of the grid only.
    """
    k = found.columns.shape[1]
    both = np.column_stack([found.columns, found.outcome])
    mean = np.zeros((len(ALIKE), k + 1))
    spread = SHARES.copy()
    sums = np.zeros((len(ALIKE), k + 1, k + 1))
    determinant = np.zeros(len(ALIKE))
    for row in both:
        expected = spread + 1 - SHARES
        apart = row - mean
        sums += apart[:, :, None] * (apart / expected[:, None])[:, None, :]
        determinant += np.log(expected)
        gain = spread / expected
        mean = ALIKE[:, None] * (mean + gain[:, None] * apart)
        spread = ALIKE**2 * spread * (1 - gain) + SHARES * (1 - ALIKE**2)
    columns, mixed, outcome = sums[:, :k, :k], sums[:, :k, k], sums[:, k, k]
    coefficients = np.linalg.solve(columns, mixed[:, :, None])[:, :, 0]
    inner = outcome - (mixed * coefficients).sum(axis=1)
    likely = -0.5 * (found.df * np.log(inner) + determinant + np.linalg.slogdet(columns)[1])
    return inner, likely


def autoregressive(found: Fit, contrast: Floats) -> Estimate:
    """Return the estimate with an interval over every likeness of neighbours the residuals could have."""
    known = mixture(found, contrast)
    reach, inner = known.reach(), known.reach(BANKED)
    spread = float(np.sqrt(known.chances @ known.spreads**2))
    p_value = 2 * known.below(known.centre - abs(known.centre))
    return Estimate(
        known.centre,
        known.centre - reach,
        known.centre + reach,
        spread,
        known.df,
        p_value,
        low_80=known.centre - inner,
        high_80=known.centre + inner,
    )
