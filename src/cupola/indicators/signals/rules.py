"""The four rules that tell a signal from noise, in the order in which they are asked.

1 `outside`: a point beyond a limit. 2 `trend`: seven consecutive points, each higher (or each lower) than the one
before. 3 `two_of_three`: three consecutive points on one side of the centre, two of them between two thirds of the
way to the limit and the limit. 4 `shift`: seven consecutive points on one side of the centre. Every member of a run
is flagged, backwards too; in the third rule the points near the limit.
Source: NHS England, Making Data Count; NHSRplotthedots.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from cupola.indicators.signals.limits import Floats, Limits

Rule = Literal["outside", "trend", "two_of_three", "shift"]
RULES: tuple[Rule, ...] = ("outside", "trend", "two_of_three", "shift")
RUN = 7
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """Where one rule holds: which points belong to it, at which it became true, and on which side (1 high, -1 low)."""

    members: Flags
    completes: Flags
    side: NDArray[np.int8]


def find(values: Floats, limits: Limits) -> dict[Rule, Found]:
    """Ask all four rules along the last axis of `values`, of one point or more; limits are per series or per point."""
    lower, centre, upper = (_along(edge, values) for edge in (limits.lower, limits.centre, limits.upper))
    side = np.sign(values - centre).astype(np.int8)
    outside = (values < lower) | (values > upper)
    near = ~outside & (np.abs(values - centre) > np.where(side > 0, upper - centre, centre - lower) * 2 / 3)
    return {
        "outside": Found(outside, outside, side),
        "trend": _trend(values),
        "two_of_three": _two_of_three(side, near),
        "shift": _shift(side),
    }


def _along(edge: Floats, values: Floats) -> Floats:
    """Return limits per point, also where there is one number per series."""
    return edge if edge.ndim == values.ndim else edge[..., np.newaxis]


def _trend(values: Floats) -> Found:
    moves = np.sign(np.diff(values, axis=-1)).astype(np.int8)
    rises, falls = _ends(moves > 0, RUN - 1), _ends(moves < 0, RUN - 1)
    first = np.zeros((*values.shape[:-1], 1), dtype=bool)
    rises, falls = np.concatenate([first, rises], axis=-1), np.concatenate([first, falls], axis=-1)
    rising, falling = _members(rises, RUN), _members(falls, RUN)
    # The turning point of two runs belongs to the newer one: there the side is where it moves next.
    newer_falls = falling & (~rising | _follows(moves < 0))
    side = np.where(newer_falls, -1, np.where(rising, 1, 0)).astype(np.int8)
    return Found(rising | falling, rises | falls, side)


def _follows(moves: Flags) -> Flags:
    last = np.zeros((*moves.shape[:-1], 1), dtype=bool)
    return np.concatenate([moves, last], axis=-1)


def _two_of_three(side: NDArray[np.int8], near: Flags) -> Found:
    count = side.shape[-1]
    if count < 3:
        nothing = np.zeros_like(near)
        return Found(nothing, nothing, side)
    same = np.abs(sliding_window_view(side, 3, axis=-1).sum(axis=-1)) == 3
    windows = same & (sliding_window_view(near, 3, axis=-1).sum(axis=-1) >= 2)
    ends = _padded(windows, count)
    return Found(_members(ends, 3) & near, ends, side)


def _shift(side: NDArray[np.int8]) -> Found:
    ends = _ends(side > 0, RUN) | _ends(side < 0, RUN)
    return Found(_members(ends, RUN), ends, side)


def _ends(holds: Flags, size: int) -> Flags:
    """Mark each position at which `size` consecutive ones have held."""
    count = holds.shape[-1]
    if count < size:
        return np.zeros_like(holds)
    return _padded(np.asarray(sliding_window_view(holds, size, axis=-1).all(axis=-1)), count)


def _padded(windows: Flags, count: int) -> Flags:
    front = np.zeros((*windows.shape[:-1], count - windows.shape[-1]), dtype=bool)
    return np.concatenate([front, windows], axis=-1)


def _members(ends: Flags, size: int) -> Flags:
    """Mark the `size` positions up to each end."""
    after = np.zeros((*ends.shape[:-1], size - 1), dtype=bool)
    padded = np.concatenate([ends, after], axis=-1)
    return np.asarray(sliding_window_view(padded, size, axis=-1).any(axis=-1))
