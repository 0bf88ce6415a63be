"""Classes of a map: groups of about as many places each, between round numbers."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

CLASSES = 5
_SLACK = 0.2  # of a class: how many places a limit may move by, to be a rounder number


@dataclass(frozen=True)
class Grades:
    """The limits between classes, lowest first; a value on a limit belongs to the class above it."""

    limits: tuple[float, ...]

    def of(self, value: float) -> int:
        """Return the class of a value, 1 is the lowest."""
        return bisect_right(self.limits, value) + 1

    @property
    def count(self) -> int:
        """Return how many classes there are."""
        return len(self.limits) + 1


def grades(values: Sequence[float], *, classes: int = CLASSES) -> Grades:
    """Cut values into at most `classes` groups of about the same size, at the roundest number near each cut.

    Equal values are never parted. Fewer different values make fewer classes.
    >>> grades([12, 18, 430, 455, 470, 981, 1020, 1100, 4800, 5200]).limits
    (400.0, 460.0, 1000.0, 4000.0)
    """
    ordered = sorted(values)
    wanted = min(classes, len(set(ordered)))
    limits: list[float] = []
    for number in range(1, wanted):
        limit = _limit(ordered, number * len(ordered) / wanted, slack=int(len(ordered) / wanted * _SLACK))
        above = limits[-1] if limits else ordered[0]
        if limit is not None and limit > above and limit <= ordered[-1]:
            limits.append(limit)
    return Grades(tuple(limits))


def _limit(ordered: Sequence[float], cut: float, *, slack: int) -> float | None:
    """Return the roundest number that parts the values near position `cut`."""
    at = min(max(round(cut), 1), len(ordered) - 1)
    low, high = ordered[max(at - 1 - slack, 0)], ordered[min(at + slack, len(ordered) - 1)]
    if low == high:  # many equal values: part them from the next higher, if there is one
        position = bisect_right(ordered, low)
        if position == len(ordered):
            return None
        low, high = ordered[position - 1], ordered[position]
    return roundest(low, high, near=ordered[at])


def roundest(low: float, high: float, *, near: float) -> float:
    """Return the roundest number above `low` and at most `high`, of several the one closest to `near`.

    >>> roundest(430, 981, near=700)
    500.0
    """
    top = math.floor(math.log10(max(abs(low), abs(high)))) + 1
    for exponent in range(top, top - 18, -1):
        for part in (1.0, 0.5, 0.2, 0.1):
            step = part * 10.0**exponent
            nearest = min(max(round(near / step), math.floor(low / step) + 1), math.floor(high / step))
            if low < nearest * step <= high:
                return float(f"{nearest * step:.15g}")
    return high
