"""Natural process limits: of single values from their moving ranges, of rates from their denominators."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cupola.indicators.signals.series import FEWEST_POINTS, TooFewPoints

Floats = NDArray[np.float64]
TO_LIMIT = 2.66  # 3 / d2, d2 = 1.128 for two values
TO_SCREEN = 3.267  # D4 for two values: a moving range this many times the mean is no common movement
D2 = 1.128


@dataclass(frozen=True)
class Limits:
    """Centre and limits, one number or one per point, in the unit of the values.

    `spread`: how far a point scatters beyond what chance in its denominator gives; 1 for single values.
    """

    lower: Floats
    centre: Floats
    upper: Floats
    spread: float = 1.0


def natural_limits(values: Floats, *, screened: bool = True) -> Limits:
    """Return the limits of an XmR chart, along the last axis.

    values: shape (..., n_points), oldest first, no NaN. `screened`: moving ranges of 3.267 times their mean or more are
    left out and the mean is taken once more, as NHSRplotthedots does; without, as the NHS spreadsheet does.
    Raises TooFewPoints when n_points < 6.
    Source: Wheeler (1993), Understanding Variation.
    >>> limits = natural_limits(np.array([45.0, 55.0, 45.0, 55.0, 45.0, 55.0]))
    >>> round(float(limits.lower), 1), round(float(limits.upper), 1)
    (23.4, 76.6)
    """
    check_enough(values.shape[-1])
    ranges = np.abs(np.diff(values, axis=-1))
    moving = ranges.mean(axis=-1, keepdims=True)
    if screened:
        kept = (ranges < TO_SCREEN * moving) | (moving == 0)
        moving = np.where(kept, ranges, 0).sum(axis=-1, keepdims=True) / kept.sum(axis=-1, keepdims=True)
    centre = values.mean(axis=-1)
    half = TO_LIMIT * moving[..., 0]
    return Limits(centre - half, centre, centre + half)


def rate_limits(rates: Floats, denominators: Floats, *, kind: str, baseline: int) -> Limits:
    """Return the limits of a p chart (shares) or u chart (counts per unit), one per point.

    rates, denominators: shape (n_points,), denominators positive. `baseline`: how many of the first points make them.
    Where the points scatter more than chance in the denominators explains, which large denominators nearly always show,
    the limits are widened by that factor (Laney's p' and u'); they are never narrowed.
    Raises TooFewPoints when baseline < 6.
    Source: Laney (2002), Improved control charts for attributes.
    """
    check_enough(baseline)
    first = slice(0, baseline)
    centre = float((rates[first] * denominators[first]).sum() / denominators[first].sum())
    variance = max(centre * (1 - centre), 0.0) if kind == "p" else max(centre, 0.0)
    sigma = np.sqrt(variance / denominators)
    spread = 1.0
    if variance > 0:
        scores = (rates[first] - centre) / sigma[first]
        spread = max(float(np.abs(np.diff(scores)).mean() / D2), 1.0)
    half = 3 * sigma * spread
    middle = np.full_like(rates, centre)
    return Limits(middle - half, middle, middle + half, spread)


def check_enough(points: int) -> None:
    """Raise TooFewPoints when limits would say nothing."""
    if points < FEWEST_POINTS:
        raise TooFewPoints(given=points, needed=FEWEST_POINTS)
