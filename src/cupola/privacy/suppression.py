"""Counts over fixed dimensions with every total, so that no small count can be worked out from what is shown.

Primary suppression hides counts from 1 to below the threshold. Whoever knows a total and all parts but one knows the
last, so complementary suppression hides more cells until every line (a total and its parts along one dimension) that
has one hidden cell has two. That is still not enough where lines cross, so an audit asks, by linear programming, what
range each small cell could have given everything that is shown, and hides more until every range is wide.
Method: Cox (1980), JASA 75; Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, chapter 6.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from cupola.errors import Unsolvable
from cupola.privacy.anonymity import THRESHOLD

MOST_CELLS = 20_000
TOTAL = None  # stands for all values of a dimension

Cell = tuple[str | None, ...]  # one value per dimension, TOTAL for all of them
Line = tuple[Cell, tuple[Cell, ...]]  # a total and its parts


class TooManyCells(Unsolvable):
    """The dimensions have more combinations than can be audited."""

    def __init__(self, *, cells: int) -> None:
        self.cells = cells
        super().__init__(
            f"The dimensions make {cells:,} cells with their totals; {MOST_CELLS:,} can be protected. "
            "Take one dimension away, or band its values."
        )


@dataclass(frozen=True)
class Protected:
    """A table of counts that may be shown. `shown`: each cell's count, None where it is hidden.

    `primary`: how many cells are hidden for being small, `complementary`: to protect those.
    """

    dimensions: tuple[str, ...]
    threshold: int
    shown: Mapping[Cell, int | None]
    primary: int
    complementary: int


def protect(
    counts: Mapping[tuple[str, ...], int], *, dimensions: Sequence[str], threshold: int = THRESHOLD
) -> Protected:
    """Return all cells and totals of `counts` (rows by combination of values; absent means none) with the small hidden.

    Cells without rows are left out: that nobody is there is no secret this protects. Raises TooManyCells.
    """
    cells = _with_totals(counts)
    if len(cells) > MOST_CELLS:
        raise TooManyCells(cells=len(cells))
    table = _Table(cells, threshold=threshold)
    table.hide_small()
    table.close_lines()
    while table.widen():
        table.close_lines()
    shown = {cell: None if cell in table.hidden else n for cell, n in sorted(cells.items(), key=_order)}
    primary = sum(0 < n < threshold for n in cells.values())
    return Protected(tuple(dimensions), threshold, shown, primary, len(table.hidden) - primary)


def _order(item: tuple[Cell, int]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is not TOTAL, value or "") for value in item[0])


def _with_totals(counts: Mapping[tuple[str, ...], int]) -> dict[Cell, int]:
    cells: dict[Cell, int] = {}
    for values, n in counts.items():
        if n:
            for kept in product((True, False), repeat=len(values)):
                cell = tuple(value if keep else TOTAL for value, keep in zip(values, kept, strict=True))
                cells[cell] = cells.get(cell, 0) + n
    return cells


@dataclass
class _Table:
    cells: Mapping[Cell, int]
    threshold: int
    hidden: set[Cell] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)
    through: dict[Cell, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts: dict[tuple[Cell, int], list[Cell]] = {}
        for cell in self.cells:
            for at, value in enumerate(cell):
                if value is not TOTAL:
                    parts.setdefault(((*cell[:at], TOTAL, *cell[at + 1 :]), at), []).append(cell)
        self.lines = [(total, tuple(sorted(found, key=str))) for (total, _), found in parts.items()]
        for at, (total, found) in enumerate(self.lines):
            for cell in (total, *found):
                self.through.setdefault(cell, []).append(at)

    def hide_small(self) -> None:
        """Hide every count below the threshold."""
        self.hidden |= {cell for cell, n in self.cells.items() if n < self.threshold}

    def close_lines(self) -> None:
        """Hide a second cell in every line that has a single hidden one, until there is none."""
        waiting = list(range(len(self.lines)))
        while waiting:
            total, found = self.lines[waiting.pop()]
            inside = [cell for cell in (total, *found) if cell in self.hidden]
            if len(inside) == 1:
                waiting += self._hide_cheapest(total, found)

    def _hide_cheapest(self, total: Cell, found: Sequence[Cell]) -> list[int]:
        """Hide the smallest part that is shown, the total only where no part is left; return the lines it is in."""
        shown = [cell for cell in found if cell not in self.hidden] or [total]
        chosen = min(shown, key=lambda cell: (self.cells[cell], str(cell)))
        self.hidden.add(chosen)
        return self.through[chosen]

    def widen(self) -> bool:
        """Audit every small cell; where its possible range is narrow, hide one more cell beside it. Say if any was."""
        changed = False
        for group in self._groups():
            audit = _Audit(self, group)
            for cell in group:
                if self.cells[cell] < self.threshold and not audit.is_wide(cell, width=self.threshold):
                    changed = self._hide_beside(cell) or changed
        return changed

    def _hide_beside(self, cell: Cell) -> bool:
        around = {
            other
            for at in self.through[cell]
            for other in (self.lines[at][0], *self.lines[at][1])
            if other not in self.hidden
        }
        if not around:
            return False
        self.hidden.add(min(around, key=lambda other: (TOTAL in other, self.cells[other], str(other))))
        return True

    def _groups(self) -> Iterator[list[Cell]]:
        """Yield the hidden cells in groups that share no line with each other."""
        left = set(self.hidden)
        while left:
            group, waiting = [], [left.pop()]
            while waiting:
                cell = waiting.pop()
                group.append(cell)
                for at in self.through[cell]:
                    near = {other for other in (self.lines[at][0], *self.lines[at][1]) if other in left}
                    left -= near
                    waiting += near
            yield sorted(group, key=str)


class _Audit:
    """What someone who sees everything that is shown can say of a group of hidden cells."""

    def __init__(self, table: _Table, group: Sequence[Cell]) -> None:
        self._at = {cell: at for at, cell in enumerate(group)}
        rows, columns, signs, known = [], [], [], []
        for number in sorted({number for cell in group for number in table.through[cell]}):
            total, parts = table.lines[number]
            shown = sum(table.cells[part] for part in parts if part not in self._at)
            known.append(-shown if total in self._at else table.cells[total] - shown)
            for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
                if cell in self._at:
                    rows.append(len(known) - 1)
                    columns.append(self._at[cell])
                    signs.append(sign)
        self._equations = csr_matrix((signs, (rows, columns)), shape=(len(known), len(group)))
        self._known = np.array(known, dtype=np.float64)
        # every solution says what is possible for all cells at once, so most need no program of their own
        self._least = np.array([table.cells[cell] for cell in group], dtype=np.float64)
        self._most = self._least.copy()

    def is_wide(self, cell: Cell, *, width: float) -> bool:
        """Whether the smallest and the largest possible count of a cell lie at least `width` apart."""
        at = self._at[cell]
        for sign in (-1.0, 1.0):
            if self._most[at] - self._least[at] >= width:
                return True
            self._solve(at, sign=sign)
        return bool(self._most[at] - self._least[at] >= width)

    def _solve(self, at: int, *, sign: float) -> None:
        goal = np.zeros(len(self._at))
        goal[at] = sign
        found = linprog(goal, A_eq=self._equations, b_eq=self._known, bounds=(0, None), method="highs")
        if found.status == 3:  # unbounded: as wide as it gets
            self._most[at] = np.inf
            return
        assert found.status == 0, found.message
        np.minimum(self._least, found.x, out=self._least)
        np.maximum(self._most, found.x, out=self._most)
