"""From rows nobody may see to the one table of counts and averages that everybody may. Decision 0021.

The table has a row for every combination of values, `All` included, whether anyone is there or not. What a row counts
is a multiple of the base, or empty; an empty row says nothing of whether somebody is there. Averages are shown where
counts are, of enough values, none of which outweighs the others, and rounded so coarsely that the sum of a group stays
unknown by more than a tenth of the largest value: so no two sums, of one table or of two in a row, tell one person's.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from cupola.errors import InvalidInput, Unsolvable
from cupola.privacy.anonymity import THRESHOLD
from cupola.privacy.dimensions import ALL, OTHER, Average, Dimension, Group, Groups, Sum
from cupola.privacy.rounding import least_base, rounded
from cupola.privacy.suppression import MOST_CELLS, TOTAL, Cell, TooManyCells, protect

BASE = 5
DOMINANCE = 0.10  # the p of the p-percent rule
_FULL = 100  # values from which an average is rounded to its own step
_COARSER = (1, 2, 5, 10)

SHOWN, PARTLY, SUPPRESSED = "shown", "partly", "suppressed"


class ValueTaken(InvalidInput):
    """A value of a dimension is the word that stands for all of them."""

    def __init__(self, *, dimension: str) -> None:
        self.dimension = dimension
        super().__init__(
            f"aggregates: {dimension} holds the value '{ALL}', which stands for the total here. "
            "Group its values with 'groups:' under another name."
        )


class BaseTooSmall(InvalidInput):
    """Rounding to that base would let two tables in a row tell a small change."""

    def __init__(self, *, base: int, threshold: int) -> None:
        super().__init__(
            f"aggregates: counts rounded to {base} show changes of fewer than {threshold} between two versions. "
            f"Write 'round: {least_base(threshold)}' or more."
        )


class StepTooSmall(Unsolvable):
    """Averages rounded to that step would let the largest value be worked out."""

    def __init__(self, *, average: str, needed: float) -> None:
        self.average, self.needed = average, needed
        super().__init__(
            f"aggregates: the step of {average} is too small for the largest value in that column. "
            f"Write 'round: {needed:g}' or more."
        )


@dataclass(frozen=True)
class Rules:
    """What is small, and what counts are rounded to. Raises BaseTooSmall."""

    threshold: int = THRESHOLD
    base: int = BASE

    def __post_init__(self) -> None:
        if self.base < least_base(self.threshold):
            raise BaseTooSmall(base=self.base, threshold=self.threshold)


@dataclass(frozen=True)
class Shown:
    """One row of the table. `values`: per dimension, TOTAL for all; `rows` and averages are None where hidden."""

    values: Cell
    rows: int | None
    averages: tuple[float | None, ...] = ()

    @property
    def suppression(self) -> str:
        """Say whether anything is hidden: `shown`, `partly` (averages only), `suppressed`."""
        if self.rows is None:
            return SUPPRESSED
        return PARTLY if None in self.averages else SHOWN


@dataclass(frozen=True)
class Tabulated:
    """The table. `primary`: cells hidden for being small, `complementary`: to protect those; of cells that exist."""

    dimensions: tuple[str, ...]
    rows: tuple[Shown, ...]
    primary: int = 0
    complementary: int = 0


@dataclass(frozen=True)
class Before:
    """What the last table showed and hid; kept up, so that two tables in a row differ in as little as can be."""

    hidden: Mapping[str, frozenset[Cell]] = field(default_factory=dict)  # '' of counts, else by name of the average
    listed: Mapping[str, frozenset[str]] = field(default_factory=dict)  # values by dimension

    @classmethod
    def of(
        cls, rows: Collection[Mapping[str, Any]], *, dimensions: Sequence[str], count: str, averages: Sequence[str]
    ) -> "Before":
        """Read it from the rows of a table as it was published."""
        cells = [tuple(TOTAL if row[name] == ALL else str(row[name]) for name in dimensions) for row in rows]
        hidden = {
            key: frozenset(cell for cell, row in zip(cells, rows, strict=True) if row.get(column) is None)
            for key, column in [("", count), *((name, name) for name in averages)]
        }
        listed = {name: frozenset(str(row[name]) for row in rows) - {ALL} for name in dimensions}
        return cls(hidden, listed)


def tabulate(
    groups: Groups,
    dimensions: Sequence[Dimension],
    averages: Sequence[Average],
    *,
    rules: Rules,
    before: Before | None = None,
) -> Tabulated:
    """Return the table that may be shown of `groups`. Raises TooManyCells, ValueTaken, StepTooSmall."""
    known = before or Before()
    groups = _folded(groups, dimensions, rules=rules, before=before)
    values = [sorted({key[at] for key in groups}) for at in range(len(dimensions))]
    cells = math.prod(len(one) + 1 for one in values)
    if cells > MOST_CELLS:
        raise TooManyCells(cells=cells)
    for average, largest in zip(averages, _largest(groups, averages), strict=True):
        _check_step(average, largest)
    names = [one.name for one in dimensions]
    counts = {key: group.rows for key, group in groups.items()}
    table = protect(counts, dimensions=names, threshold=rules.threshold, before=known.hidden.get("", ()))
    shown = {cell for cell, n in table.shown.items() if n is not None}
    told = rounded(counts, shown=shown, base=rules.base, threshold=rules.threshold)
    sums = _all_sums(groups, len(averages))
    means = [
        _means(average, sums[at], told, rules=rules, before=known.hidden.get(average.name, ()))
        for at, average in enumerate(averages)
    ]
    rows = tuple(
        Shown(cell, told.get(cell), tuple(mean.get(cell) for mean in means))
        for cell in product(*([TOTAL, *one] for one in values))
    )
    return Tabulated(tuple(names), rows, table.primary, table.complementary)


def _folded(groups: Groups, dimensions: Sequence[Dimension], *, rules: Rules, before: Before | None) -> Groups:
    """Put values that few rows have under `Other`: a rare value may itself say who it is.

    A value that was not listed before waits until it counts twice the threshold.
    """
    folded: dict[tuple[str, ...], Group] = {}
    kept = []
    for at, dimension in enumerate(dimensions):
        counts: dict[str, int] = {}
        for key, group in groups.items():
            counts[key[at]] = counts.get(key[at], 0) + group.rows
        if ALL in counts:
            raise ValueTaken(dimension=dimension.name)
        listed = None if before is None else before.listed.get(dimension.name)
        new = rules.threshold if listed is None else 2 * rules.threshold
        kept.append({one for one, n in counts.items() if n >= (rules.threshold if one in (listed or ()) else new)})
    for key, group in groups.items():
        under = tuple(one if one in keep else OTHER for one, keep in zip(key, kept, strict=True))
        folded[under] = folded[under] + group if under in folded else group
    return folded


def _largest(groups: Groups, averages: Sequence[Average]) -> list[float]:
    return [max((group.sums[at].first for group in groups.values()), default=0.0) for at in range(len(averages))]


def _check_step(average: Average, largest: float) -> None:
    """Check that a group's sum stays unknown by more than DOMINANCE of the largest value on either side."""
    needed = 2 * DOMINANCE * largest / _FULL
    if average.step < needed:
        power = 10.0 ** math.floor(math.log10(needed))
        raise StepTooSmall(average=average.name, needed=next(n * power for n in _COARSER if n * power >= needed))


def _all_sums(groups: Groups, count: int) -> list[dict[tuple[str, ...], Sum]]:
    return [{key: group.sums[at] for key, group in groups.items() if group.sums[at].rows} for at in range(count)]


def _means(
    average: Average,
    sums: Mapping[tuple[str, ...], Sum],
    told: Mapping[Cell, int],
    *,
    rules: Rules,
    before: Collection[Cell],
) -> dict[Cell, float]:
    """Return the averages that may be shown: protected like counts of the rows that have a value."""
    totals: dict[Cell, Sum] = {}
    for key, one in sums.items():
        for kept in product((True, False), repeat=len(key)):
            cell = tuple(value if keep else TOTAL for value, keep in zip(key, kept, strict=True))
            totals[cell] = totals[cell] + one if cell in totals else one
    hidden = {cell for cell, one in totals.items() if cell not in told or _dominated(one)}
    counts = {key: one.rows for key, one in sums.items()}
    names = [""] * (len(next(iter(counts))) if counts else 0)
    table = protect(counts, dimensions=names, threshold=rules.threshold, hidden=hidden, before=before)
    shown = (cell for cell, n in table.shown.items() if n is not None)
    return {cell: _rounded_mean(average, totals[cell], least=told[cell] - rules.base + 1) for cell in shown}


def _dominated(one: Sum) -> bool:
    """Whether whoever has the second largest value could estimate the largest too well (p-percent rule)."""
    return one.total - one.first - one.second < DOMINANCE * one.first


def _rounded_mean(average: Average, one: Sum, *, least: int) -> float:
    """Round a mean to its step; of fewer than a hundred values to a coarser one. `least`: rows known to be there."""
    values = max(1, min(one.rows, least))
    step = average.step * next((n for n in _COARSER if n * values >= _FULL), _COARSER[-1])
    return math.floor(one.total / one.rows / step + 0.5) * step
