"""Before a trial: how large an effect it could show, or how many it would take."""

from math import ceil

import numpy as np

from cupola.evaluation.panels import NoComparison
from cupola.evaluation.values import LEVEL, quantile

POWER = 0.8
_ROUNDS = 60


def least_effect(
    *, treated: int, controls: int, spread: float, cluster_size: float = 1.0, alike: float = 0.0, power: float = POWER
) -> float:
    """Return the smallest effect a trial shows with chance `power`, in the unit of `spread`, the standard deviation.

    cluster_size: how many were drawn as one; alike: the share of spread between clusters (intra-cluster correlation).
    """
    if min(treated, controls) < 1 or treated + controls < 3:
        raise NoComparison(treated=treated, controls=controls)
    inflated = 1 + (cluster_size - 1) * alike
    clusters = (treated + controls) / cluster_size
    df = max(clusters - 2, 1.0)
    reach = quantile(0.5 + LEVEL / 2, df) + quantile(power, df)
    return float(reach * spread * np.sqrt(inflated * (1 / treated + 1 / controls)))


def needed(
    *,
    effect: float,
    spread: float,
    share: float = 0.5,
    cluster_size: float = 1.0,
    alike: float = 0.0,
    power: float = POWER,
) -> int:
    """Return how many it takes, both arms together, to show `effect` with chance `power`; `share` of them treated."""

    def shown(size: int) -> float:
        treated = max(1, round(size * share))
        controls = max(1, size - treated)
        return least_effect(
            treated=treated, controls=controls, spread=spread, cluster_size=cluster_size, alike=alike, power=power
        )

    low, high = 3, 4
    for _ in range(_ROUNDS):
        if shown(high) <= abs(effect):
            break
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) <= abs(effect) else (middle, high)
    return ceil(high / cluster_size) * int(cluster_size) if cluster_size > 1 else high
