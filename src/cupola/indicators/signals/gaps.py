"""The distance between groups, as a series of its own: is the city becoming more even, or less?"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """The distance between the highest and the lowest group of one period, in the unit of the values.

    `ratio`: highest by lowest; None where the lowest is not above zero. `left_out`: groups whose value is unknown or
    suppressed. With those, the true gap is at least this wide.
    """

    highest: str
    lowest: str
    high: float
    low: float
    groups: int
    left_out: int

    @property
    def width(self) -> float:
        """Return how far apart they are."""
        return self.high - self.low

    @property
    def ratio(self) -> float | None:
        """Return how many times the lowest the highest is."""
        return self.high / self.low if self.low > 0 else None


def gap(values: Mapping[str, float | None]) -> Gap | None:
    """Return the gap of one period from its values by group; None where fewer than two groups are known.

    Of groups with the same value the first by name is meant.
    """
    known = {group: value for group, value in values.items() if value is not None}
    if len(known) < 2:
        return None
    names = sorted(known)
    highest, lowest = max(names, key=lambda name: known[name]), min(names, key=lambda name: known[name])
    return Gap(highest, lowest, known[highest], known[lowest], len(known), len(values) - len(known))
