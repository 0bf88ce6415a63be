"""Controlled rounding: every count a multiple of one base, and every total the sum of its rounded parts.

Because what is shown adds up, it is itself a table that could be true; so each shown count can be anything less than
one base away from what stands there, whatever else is shown. That is what keeps two tables in a row from telling by
their difference that one person came or went: the change of any count is known no better than twice that.
Method: Cox (1987), A constructive procedure for unbiased controlled rounding, JASA 82; here a search instead of a
construction, because no construction is known above two dimensions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import product

from cupola.privacy.suppression import TOTAL, Cell

_MOST_PASSES = 40
_BELOW = 1e6  # what a shown total below the threshold costs: more than any sum of squares


def least_base(threshold: int) -> int:
    """Return the smallest base that hides changes of less than `threshold` between two tables.

    A count is known to 2 (base - 1), a difference of two to twice that.
    """
    return -(-threshold // 4) + 1


def rounded(
    counts: Mapping[tuple[str, ...], int], *, shown: Collection[Cell], base: int, threshold: int
) -> dict[Cell, int]:
    """Return every shown cell of `counts` and of its totals as a multiple of `base`, none below `threshold`.

    Inner cells go up or down by less than one base; totals stay as near as the search can keep them.
    """
    search = _Search(frozenset(shown), base, threshold)
    for values in sorted(counts):
        search.add(values, counts[values])
    search.settle()
    return search.totals()


@dataclass
class _Search:
    shown: frozenset[Cell]
    base: int
    threshold: int
    exact: dict[Cell, int] = field(default_factory=dict)  # of shown totals
    now: dict[Cell, int] = field(default_factory=dict)  # the same, of what was chosen
    chosen: dict[tuple[str, ...], int] = field(default_factory=dict)
    choices: dict[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict)
    above: dict[tuple[str, ...], tuple[Cell, ...]] = field(default_factory=dict)

    def add(self, values: tuple[str, ...], count: int) -> None:
        """Take one inner cell in, rounded as suits its totals so far."""
        kept = product((True, False), repeat=len(values))
        cells = (tuple(v if keep else TOTAL for v, keep in zip(values, mask, strict=True)) for mask in kept)
        self.above[values] = tuple(cell for cell in cells if TOTAL in cell and cell in self.shown)
        for cell in self.above[values]:
            self.exact[cell] = self.exact.get(cell, 0) + count
            self.now.setdefault(cell, 0)
        down = count // self.base * self.base
        up = down if down == count else down + self.base
        if values in self.shown:
            fit = {one for one in (down, up) if one >= self.threshold} or {up}
        else:  # nobody sees it, so it may take up what its totals lack
            fit = {one for one in (down - self.base, down, up, up + self.base) if one >= 0}
        self.choices[values] = tuple(sorted(fit, key=lambda one: (abs(one - count), one)))
        self.chosen[values] = 0
        self._choose(values)

    def settle(self) -> None:
        """Choose again for each cell until nothing gets better."""
        for _ in range(_MOST_PASSES):
            changed = [self._choose(values) for values in self.chosen]
            if not any(changed):
                return

    def _choose(self, values: tuple[str, ...]) -> bool:
        before = self.chosen[values]
        best = min(self.choices[values], key=lambda one: self._cost(values, one - before))
        if best == before or (
            before in self.choices[values] and self._cost(values, best - before) >= self._cost(values, 0)
        ):
            return False
        for cell in self.above[values]:
            self.now[cell] += best - before
        self.chosen[values] = best
        return True

    def _cost(self, values: tuple[str, ...], change: int) -> float:
        cost = 0.0
        for cell in self.above[values]:
            now = self.now[cell] + change
            cost += (now - self.exact[cell]) ** 2 + (_BELOW if now < self.threshold else 0.0)
        return cost

    def totals(self) -> dict[Cell, int]:
        """Return what is shown; a total that could not be kept at the threshold is left out."""
        told: dict[Cell, int] = {values: n for values, n in self.chosen.items() if values in self.shown}
        told.update((cell, n) for cell, n in self.now.items() if n >= self.threshold)
        return told
