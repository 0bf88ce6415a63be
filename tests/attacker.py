"""Someone who wants a count that is not shown: puts everything that is shown into equations and solves them.

Knows more than the public does: which combinations exist at all, how many rows there are, how counts are rounded and
how far totals are off at the most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Cell = tuple[str | None, ...]  # None: all values
SURE = 1e-6


def covers(cell: Cell, inner: Cell) -> bool:
    """Whether an inner cell is part of a cell."""
    return all(want is None or want == have for want, have in zip(cell, inner, strict=True))


@dataclass
class Attacker:
    """Equations over unknown counts. An unknown is named by anything; here by version and inner cell."""

    names: Sequence[object]
    whole: bool = False  # counts are whole numbers: slower to solve, and never wider
    rows: list[dict[int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    made: csr_matrix | None = None

    def __post_init__(self) -> None:
        self.at = {name: number for number, name in enumerate(self.names)}
        self.least = np.zeros(len(self.names))

    def learn(self, parts: Mapping[object, float] | Iterable[object], low: float, high: float = np.inf) -> None:
        """Take in that a sum of unknowns lies between two numbers."""
        weights = parts if isinstance(parts, Mapping) else dict.fromkeys(parts, 1.0)
        self.rows.append({self.at[name]: weight for name, weight in weights.items()})
        self.low.append(low)
        self.high.append(high)

    def exists(self, names: Iterable[object]) -> None:
        """Take in that these unknowns are not zero."""
        for name in names:
            self.least[self.at[name]] = 1.0

    def range(self, parts: Mapping[object, float] | Iterable[object]) -> tuple[float, float]:
        """Return the smallest and the largest that a sum of unknowns can be."""
        weights = parts if isinstance(parts, Mapping) else dict.fromkeys(parts, 1.0)
        goal = np.zeros(len(self.names))
        for name, weight in weights.items():
            goal[self.at[name]] = weight
        ends = [sign * self._least(sign * goal) for sign in (1, -1)]
        return ends[0], ends[1]

    def _least(self, goal: np.ndarray) -> float:
        found = milp(
            goal,
            constraints=LinearConstraint(self._matrix(), self.low, self.high),
            bounds=Bounds(self.least, 1e7),
            integrality=np.full(len(self.names), int(self.whole)),
        )
        assert found.status == 0, f"the equations contradict each other: {found.message}"
        return float(found.fun)

    def _matrix(self) -> csr_matrix:
        if self.made is None or self.made.shape[0] != len(self.rows):
            spots = [(row, column) for row, one in enumerate(self.rows) for column in one]
            values = [weight for one in self.rows for weight in one.values()]
            where = ([row for row, _ in spots], [column for _, column in spots])
            self.made = csr_matrix((values, where), shape=(len(self.rows), len(self.names)))
        return self.made


@dataclass(frozen=True)
class Published:
    """What is shown of one table: counts by cell, hidden ones None. The rules, base and threshold, are public."""

    counts: Mapping[Cell, int | None]
    base: int
    threshold: int

    def tell(self, attacker: Attacker, *, version: object, inner: Sequence[Cell], off: int) -> None:
        """Put it into equations. `inner`: the combinations that exist; `off`: how far totals are off at the most."""
        for cell, n in self.counts.items():
            parts = [(version, one) for one in inner if covers(cell, one)]
            if n is not None:
                slack = off if None in cell else self.base - 1
                attacker.learn(parts, max(n - slack, self.threshold), n + slack)
