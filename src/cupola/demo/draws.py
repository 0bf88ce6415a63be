"""Chance that is the same on every machine and under every version of numpy.

Only the bit generator PCG64 and its seeding are used, whose streams numpy promises to keep; numpy's own distributions
may change between versions. What is built on the bits uses additions, multiplications, divisions and square roots only,
which IEEE 754 rounds exactly; no logarithm, no sine, no sum of fractions over an array, all of which may differ in the
last digit between machines.
"""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

# Shares of a skewed, positive quantity below each multiple of its scale: many short, a few very long.
_SKEW_SHARES = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 0.97, 0.995, 1.0)
_SKEW_VALUES = (0.05, 0.20, 0.40, 0.80, 1.35, 2.10, 3.20, 5.00, 7.00)


def _skew_mean() -> float:
    steps = zip(_SKEW_SHARES, _SKEW_SHARES[1:], _SKEW_VALUES, _SKEW_VALUES[1:], strict=False)
    total = 0.0
    for low, high, left, right in steps:
        total += (high - low) * (left + right) / 2
    return total


_SKEW_MEAN = _skew_mean()


class Stream:
    """A stream of random numbers of its own for each `name`, so that one table never changes because another did."""

    def __init__(self, seed: int, name: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(name.encode())]))

    def uniform(self, count: int) -> Floats:
        """Return `count` numbers from 0 up to, not including, 1."""
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def whole(self, count: int, low: int, high: int) -> Whole:
        """Return `count` whole numbers from `low` up to, not including, `high`."""
        return low + (self.uniform(count) * (high - low)).astype(np.int64)

    def pick(self, count: int, weights: Sequence[float]) -> Whole:
        """Return `count` positions in `weights`, each as often as its weight says."""
        reached = _running(weights)
        chosen: Whole = np.searchsorted(reached, self.uniform(count) * reached[-1], side="right").astype(np.int64)
        return chosen

    def normal(self, count: int) -> Floats:
        """Return `count` numbers, nearly normal, mean 0 and deviation 1: twelve uniform numbers added, less 6."""
        total = np.zeros(count)
        for _ in range(12):
            total += self.uniform(count)
        return total - 6.0

    def skewed(self, count: int) -> Floats:
        """Return `count` positive numbers with mean 1: half below 0.8, one in ten above 2, none above 7."""
        shares, values = np.array(_SKEW_SHARES), np.array(_SKEW_VALUES)
        drawn = self.uniform(count)
        step = np.clip(np.searchsorted(shares, drawn, side="right") - 1, 0, len(shares) - 2)
        along = (drawn - shares[step]) / (shares[step + 1] - shares[step])
        rise = along * (values[step + 1] - values[step])
        drawn_values: Floats = (values[step] + rise) / _SKEW_MEAN
        return drawn_values


def _running(weights: Sequence[float]) -> Floats:
    reached, sums = 0.0, []
    for weight in weights:
        reached += weight
        sums.append(reached)
    return np.array(sums)
