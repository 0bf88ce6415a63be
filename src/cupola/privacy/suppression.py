"""Counts over fixed dimensions with every total, so that no small count can be worked out from what is shown.

Primary suppression hides counts from 1 to below the threshold. Whoever knows a total and all parts but one knows the
last, so complementary suppression hides more cells until every line (a total and its parts along one dimension) that
has one hidden cell has two. That is still not enough where lines cross, so an audit asks, by linear programming, what
range each small cell could have given everything that is shown, and hides more until every range is wide. The audit
takes it as known which combinations exist at all: every hidden cell has one row or more.
Method: Cox (1980), JASA 75; Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, chapter 6.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from cupola.deferred import optimize, sparse
from cupola.errors import Unsolvable
from cupola.privacy.anonymity import THRESHOLD

MOST_CELLS = 20_000
TOGETHER = 12  # programs that pull at many cells at once, before each is asked by itself
CEILING = 1e7  # more rows than any cell; where nothing else bounds a cell, this does
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
    counts: Mapping[tuple[str, ...], int],
    *,
    dimensions: Sequence[str],
    threshold: int = THRESHOLD,
    hidden: Collection[Cell] = (),
    before: Collection[Cell] = (),
) -> Protected:
    """Return all cells and totals of `counts` (rows by combination of values; absent means none) with the small hidden.

    Cells without rows are left out: that nobody is there is no secret this protects. `hidden`: cells to hide whatever
    they count. `before`: the cells the last table hid; they stay hidden until they count twice the threshold, and are
    the first to be hidden beside others, so that two tables in a row hide nearly the same. Raises TooManyCells.
    """
    cells = with_totals(counts)
    if len(cells) > MOST_CELLS:
        raise TooManyCells(cells=len(cells))
    table = _Table(cells, threshold=threshold, preferred=frozenset(before))
    table.hide_small()
    table.hidden |= {cell for cell in hidden if cell in cells}
    table.hidden |= {cell for cell in before if cells.get(cell, 2 * threshold) < 2 * threshold}
    table.close_lines()
    while table.widen():
        table.close_lines()
    shown = {cell: None if cell in table.hidden else n for cell, n in sorted(cells.items(), key=_order)}
    primary = sum(0 < n < threshold for n in cells.values())
    return Protected(tuple(dimensions), threshold, shown, primary, len(table.hidden) - primary)


def _order(item: tuple[Cell, int]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is not TOTAL, value or "") for value in item[0])


def with_totals(counts: Mapping[tuple[str, ...], int]) -> dict[Cell, int]:
    """Return every cell that has rows and every total, with what it counts."""
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
    preferred: frozenset[Cell] = frozenset()
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
        """Hide more in every line that has a single hidden cell, or whose hidden cells hold too little together."""
        waiting = list(range(len(self.lines)))
        while waiting:
            number = waiting.pop()
            total, found = self.lines[number]
            inside = [cell for cell in found if cell in self.hidden]
            if total not in self.hidden and self._gives_away(inside):
                waiting += [number, *self._hide_cheapest(total, found)]
            elif total in self.hidden and not inside:
                waiting += self._hide_cheapest(total, found)

    def _gives_away(self, parts: Sequence[Cell]) -> bool:
        """Whether the sum of hidden parts alone, which a shown total tells, says too much of a small one."""
        if len(parts) == 1:
            return True
        held = sum(self.cells[part] for part in parts)
        return held - len(parts) < self.threshold and any(self.cells[part] < self.threshold for part in parts)

    def _hide_cheapest(self, total: Cell, found: Sequence[Cell]) -> list[int]:
        """Hide the smallest part that is shown, the total only where no part is left; return the lines it is in."""
        shown = [cell for cell in found if cell not in self.hidden] or [total]
        chosen = min(shown, key=lambda cell: (cell not in self.preferred, self.cells[cell], str(cell)))
        self.hidden.add(chosen)
        return self.through[chosen]

    def widen(self) -> bool:
        """Audit every small cell; where its possible range is narrow, hide one more cell beside it. Say if any was."""
        changed = False
        for group in self._groups():
            audit = _Audit(self, group)
            small = [cell for cell in group if self.cells[cell] < self.threshold]
            for cell in audit.narrow(small, width=self.threshold):
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
        self._equations = sparse.csr_matrix((signs, (rows, columns)), shape=(len(known), len(group)))
        self._known = np.array(known, dtype=np.float64)
        # every solution says what is possible for all cells at once, so most need no program of their own
        self._least = np.array([table.cells[cell] for cell in group], dtype=np.float64)
        self._most = self._least.copy()

    def narrow(self, cells: Sequence[Cell], *, width: float) -> list[Cell]:
        """Return the cells whose smallest and largest possible count lie less than `width` apart."""
        left = [self._at[cell] for cell in cells]
        # Most are seen to be wide when many are pulled at once, each up or down by chance; the rest one by one.
        chance = np.random.default_rng(len(self._at))
        for _ in range(TOGETHER if len(left) > 1 else 0):
            pulls = chance.choice((-1.0, 1.0), size=len(left)) * chance.uniform(0.5, 1.0, size=len(left))
            for sign in (-1.0, 1.0):
                self._solve(left, sign * pulls)
            before, left = len(left), [at for at in left if not self._is_wide(at, width)]
            if not left or before - len(left) <= before // 50:
                break
        for at in list(left):
            for sign in (-1.0, 1.0):
                if not self._is_wide(at, width):
                    self._solve([at], np.array([sign]))
        kept = {at for at in left if not self._is_wide(at, width)}
        return [cell for cell in cells if self._at[cell] in kept]

    def _is_wide(self, at: int, width: float) -> bool:
        return bool(self._most[at] - self._least[at] >= width)

    def _solve(self, cells: Sequence[int], pulls: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        goal = np.zeros(len(self._at))
        goal[list(cells)] = pulls
        found = optimize.linprog(goal, A_eq=self._equations, b_eq=self._known, bounds=(1, CEILING), method="highs")
        assert found.status == 0, found.message
        np.minimum(self._least, found.x, out=self._least)
        np.maximum(self._most, found.x, out=self._most)
