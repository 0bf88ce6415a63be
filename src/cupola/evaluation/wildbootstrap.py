"""The wild cluster bootstrap, restricted: signs of whole clusters are drawn under the hypothesis that is tested.

Source: Cameron, Gelbach and Miller (2008), REStat 90; Webb (2023), Canadian Journal of Economics 56, for few clusters.
"""

from collections.abc import Callable

import numpy as np

from cupola.evaluation.values import LEVEL, Estimate, Floats

DRAWS = 1999
FEW = 12  # clusters; below, two signs make too few different draws and Webb's six values are used
_WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
_STEPS = 40
_DOUBLINGS = 12


def wild(treated: Floats, outcome: Floats, *, seed: int) -> Estimate:
    """Return the coefficient of `treated` with the interval of hypotheses the bootstrap does not reject.

    treated, outcome: shape (n_units, n_periods), balanced, unit and period means taken out.
    """
    clusters = len(treated)
    chance = np.random.default_rng(seed)
    values = _WEBB if clusters < FEW else np.array([-1.0, 1.0])
    signs = values[chance.integers(0, len(values), size=(DRAWS, clusters))]
    total = float((treated**2).sum())
    effect = float((treated * outcome).sum() / total)
    of_outcome, of_treated = _scores(treated, outcome), _scores(treated, treated)
    own = (treated**2).sum(axis=1)

    def p_value(hypothesis: float) -> float:
        scores = of_outcome - hypothesis * of_treated  # what cluster h adds to the score of cluster g
        drawn = signs @ scores.T
        moved = drawn.sum(axis=1) / total
        spread = ((drawn - moved[:, None] * own) ** 2).sum(axis=1)
        real = ((treated * (outcome - effect * treated)).sum(axis=1) ** 2).sum()
        ratio = np.abs(moved) / np.sqrt(np.maximum(spread, 1e-300))
        return float((ratio >= abs(effect - hypothesis) / np.sqrt(real)).mean())

    spread = ((treated * (outcome - effect * treated)).sum(axis=1) ** 2).sum() / total**2
    error = float(np.sqrt(spread * clusters / (clusters - 1)))
    low, high = (_edge(p_value, effect, step=side * error) for side in (-1, 1))
    return Estimate(effect, low, high, error, float(clusters - 1), p_value(0.0))


def _scores(treated: Floats, columns: Floats) -> Floats:
    """Return, at [g, h], the score of cluster g when only cluster h keeps its values and period means go out again."""
    own = (treated * columns).sum(axis=1)
    shared = treated @ columns.T / len(columns)  # the period mean of one cluster's values, given to every cluster
    scores: Floats = np.diag(own) - shared
    return scores


def _edge(p_value: Callable[[float], float], centre: float, *, step: float) -> float:
    """Return the furthest hypothesis on one side that is not rejected; infinite where none is."""
    inside, outside = centre, centre + 2 * step
    for _ in range(_DOUBLINGS):
        if p_value(outside) < 1 - LEVEL:
            break
        inside, outside = outside, centre + 2 * (outside - centre)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if p_value(middle) < 1 - LEVEL else (middle, outside)
    return inside
