"""Whether a series moves with the season, and by how much in each part of the cycle.

A season is taken out only where it is there to be seen: for each whole cycle (a year of months or quarters, a week of
days) the pattern of the other cycles must foretell it. When what is foretold is at least a fifth of the movement
within the cycles, over three cycles or more, the series is seasonal. A trend is taken out first, so that it cannot
pass for a season.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from cupola.indicators.signals.limits import Floats

LENGTHS = {"day": 7, "week": 52, "month": 12, "quarter": 4}
FEWEST_CYCLES = 3
FORETOLD = 0.2
ROUNDING = 1e-20  # squares of what arithmetic leaves behind are no movement


@dataclass(frozen=True)
class Season:
    """What each part of the cycle adds, in the unit of the values and zero in the mean; shape (length,).

    `foretold`: the share of the movement within cycles that the other cycles foretell.
    """

    effects: tuple[float, ...]
    foretold: float
    cycles: int
    grain: str

    def at(self, days: Sequence[date]) -> Floats:
        """Return the effect for each period that begins on one of `days`."""
        return np.array([self.effects[phase(day, self.grain)] for day in days], dtype=np.float64)


def phase(day: date, grain: str) -> int:
    """Return which part of the cycle a period that begins on `day` is."""
    if grain == "day":
        return day.weekday()
    if grain == "week":
        return min(day.isocalendar().week, 52) - 1
    return day.month - 1 if grain == "month" else (day.month - 1) // 3


def find_season(days: Sequence[date], values: Floats, *, grain: str) -> Season | None:
    """Return the season of a series, or None where it has none to be seen.

    days, values: one per period with a value, oldest first. A cycle with a period missing is not looked at.
    """
    length = LENGTHS.get(grain)
    if length is None or len(values) < length * FEWEST_CYCLES:
        return None
    cycles = _whole_cycles(days, values, grain=grain)
    if len(cycles) < FEWEST_CYCLES:
        return None
    moved = _without_trend(cycles)
    errors = sum(float(((one - _pattern(np.delete(moved, at, axis=0))) ** 2).sum()) for at, one in enumerate(moved))
    total = float((moved**2).sum())
    foretold = 1 - errors / total if total > ROUNDING * float((cycles**2).sum()) else 0.0
    if foretold < FORETOLD:
        return None
    return Season(tuple(float(one) for one in _pattern(moved)), foretold, len(moved), grain)


def _whole_cycles(days: Sequence[date], values: Floats, *, grain: str) -> Floats:
    """Return one row per whole cycle, its parts in order."""
    length = LENGTHS[grain]
    phases = [phase(day, grain) for day in days]
    rows = [
        values[at : at + length]
        for at in range(len(values) - length + 1)
        if phases[at] == 0 and phases[at : at + length] == list(range(length))
    ]
    return np.array(rows) if rows else np.empty((0, length))


def _without_trend(cycles: Floats) -> Floats:
    count, length = cycles.shape
    means = cycles.mean(axis=1, keepdims=True)
    slope = float(np.polyfit(np.arange(count), means[:, 0], 1)[0]) / length
    moved: Floats = cycles - means - slope * (np.arange(length) - (length - 1) / 2)
    return moved


def _pattern(moved: Floats) -> Floats:
    """Return the middle of each part over the cycles: one odd year does not make a season."""
    middle = np.median(moved, axis=0)
    return np.asarray(middle - middle.mean(), dtype=np.float64)
