"""What the coming periods will bring if nothing changes: a level that may drift, with the interval the past supports.

The level follows each new value by a share, and may gain the same amount each period. Share and drift are those that
would have foretold the past best, by the corrected Akaike criterion; weighing several shares against each other keeps
the interval honest where the series cannot tell them apart. A season is taken out before and put back after.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from cupola.deferred import special
from cupola.indicators.signals.limits import Floats, check_enough
from cupola.indicators.signals.seasons import find_season

MEDIAN_SCATTER = math.pi / 2  # variance of a median, in variances of a mean of as many values
SHARES = np.linspace(0.0, 1.0, 11)


@dataclass(frozen=True)
class Forecast:
    """The value to expect in each coming period, with its interval. Arrays of shape (n_periods,), nearest first.

    `scale` and `freedom`: of the Student distribution about `expected`, for other questions than the interval.
    """

    expected: Floats
    lower: Floats
    upper: Floats
    coverage: float
    scale: Floats
    freedom: float

    def chance(self, value: float, *, upwards: bool, at: int = -1) -> float:
        """Return how likely the value at a coming period is as good as `value` or better, from 0 to 1."""
        if self.scale[at] == 0:
            reached = self.expected[at] >= value if upwards else self.expected[at] <= value
            return float(reached)
        below = float(special.stdtr(self.freedom, (value - self.expected[at]) / self.scale[at]))
        return 1 - below if upwards else below


def forecast(
    days: Sequence[date], values: Floats, ahead: Sequence[date], *, grain: str = "", coverage: float = 0.9
) -> Forecast:
    """Forecast the periods that begin on `ahead`, which follow `days` without a gap.

    values: one per day of `days`, oldest first, no NaN. `grain`: looks for a season of that grain. `coverage`: how
    often the interval should hold.
    Raises TooFewPoints when there are fewer than 6 values.
    """
    check_enough(len(values))
    season = find_season(days, values, grain=grain)
    level = values - season.at(days) if season else values
    fits = [fit for drift in (False, True) for share in SHARES if (fit := _fit(level, float(share), drift=drift))]
    best = min(fit.criterion for fit in fits)
    weights = np.array([math.exp(-(fit.criterion - best) / 2) for fit in fits])
    weights /= weights.sum()
    steps = np.arange(1, len(ahead) + 1, dtype=np.float64)
    each = [fit.ahead(steps) for fit in fits]
    expected = sum(weight * mean for weight, (mean, _) in zip(weights, each, strict=True))
    spread = sum(
        weight * (variance + (mean - expected) ** 2) for weight, (mean, variance) in zip(weights, each, strict=True)
    )
    if (
        season
    ):  # its effects were learnt from the same values: these scatter more about the true ones, and so will the next
        inside = sum(weight * fit.variance for weight, fit in zip(weights, fits, strict=True))
        spread = (spread + MEDIAN_SCATTER * inside / season.cycles) * season.cycles / (season.cycles - 1)
    freedom = float(sum(weight * fit.freedom for weight, fit in zip(weights, fits, strict=True)))
    scale = np.sqrt(np.asarray(spread))
    middle = np.asarray(expected) + (season.at(ahead) if season else 0.0)
    half = float(special.stdtrit(freedom, (1 + coverage) / 2)) * scale
    return Forecast(middle, middle - half, middle + half, coverage, scale, freedom)


@dataclass(frozen=True)
class _Fit:
    share: float
    criterion: float
    level: float
    drift: float
    variance: float
    uncertain: Floats  # covariance of the level and drift at the end, per unit of variance
    freedom: float

    def ahead(self, steps: Floats) -> tuple[Floats, Floats]:
        """Return mean and variance for each number of steps ahead."""
        along = np.stack([np.ones(len(steps)), steps])[: len(self.uncertain)]
        mean = self.level + self.drift * steps
        own = 1 + (steps - 1) * self.share**2
        return mean, self.variance * (own + np.einsum("is,ij,js->s", along, self.uncertain, along))


def _fit(values: Floats, share: float, *, drift: bool) -> _Fit | None:
    """Fit one share. Errors are linear in the first level and the drift, so both come from least squares."""
    count = len(values)
    terms = [np.ones(count), np.arange(1, count + 1, dtype=np.float64)][: 2 if drift else 1]
    known = 1 if share == 0 else 2  # a share of its own is one thing more that was learnt
    freedom = count - len(terms) - known + 1
    if freedom < 2:
        return None
    errors, end = _filtered(values, share)
    through = [_filtered(term, share) for term in terms]
    design = np.stack([one for one, _ in through], axis=1)
    found, _, rank, _ = np.linalg.lstsq(design, errors, rcond=None)
    if rank < len(terms):
        return None
    left = errors - design @ found
    total = float(left @ left)
    variance = total / freedom
    given = len(terms) + known
    criterion = count * math.log(max(total / count, 1e-300)) + 2 * given * count / max(count - given - 1, 1)
    # The level at the end is what the filter kept of the values, plus what it kept of the terms.
    kept = np.array([at_end for _, at_end in through])
    trend = np.array([term[-1] for term in terms])
    level = end + float((trend - kept) @ found)
    moves = np.eye(len(terms))
    moves[0] = trend - kept
    inverse = np.linalg.inv(design.T @ design)
    return _Fit(
        share, criterion, level, float(found[1]) if drift else 0.0, variance, moves @ inverse @ moves.T, freedom
    )


def _filtered(series: Floats, share: float) -> tuple[Floats, float]:
    """Return what each value differs from the level before it, which starts at zero, and the level at the end."""
    errors = np.empty(len(series))
    level = 0.0
    for at, value in enumerate(series.tolist()):
        errors[at] = value - level
        level += share * errors[at]
    return errors, level
