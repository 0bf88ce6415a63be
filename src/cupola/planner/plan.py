"""A plan: who is where, paid by what, in which year, how good it is, and what held it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from cupola.planner.compiling import Compiled
from cupola.planner.problem import Limit, Problem, in_year
from cupola.planner.quantities import Kind, Quantity
from cupola.planner.saying import Said
from cupola.sentences import Sentence

_TIGHT = 1e-6


def disruptive(problem: Problem) -> list[tuple[Kind, str]]:
    """Return what counts as change: hires, moves, and closures except the end of a fellowship."""
    return [
        *((Kind.HIRED, one.key) for one in problem.classes),
        *((Kind.CLOSED, one.key) for one in problem.classes if one.longest_years is None),
        *((Kind.MOVED, move.key) for move in problem.moves),
    ]


@dataclass(frozen=True)
class Broken:
    """A soft limit, or a need, that the plan breaks. by: how far, in its own units; price: what that costs in the
    sum.
    """

    limit: str
    says: Said
    year: int | None
    by: float
    price: float


@dataclass(frozen=True, eq=False)
class Plan:
    """An answer to a staffing problem.

    objective: the sum that was made small. bound: no plan can be below it. how: `optimal` (within the gap asked for),
    `in time` (the best found when time was up) or `rounded` (from the continuous program).
    """

    program: Compiled
    values: NDArray[np.float64]
    objective: float
    bound: float
    how: str

    @property
    def problem(self) -> Problem:
        """Return the problem this answers."""
        return self.program.problem

    @property
    def gap(self) -> float:
        """Return how far the plan may be from the best one, as a share of the plan's own sum."""
        return max(0.0, self.objective - self.bound) / max(abs(self.objective), 1.0)

    def value(self, quantity: Quantity, /) -> float:
        """Return one number of the plan."""
        return float(self.values[self.program.columns.of(quantity)])

    def by_year(self, kind: Kind, key: str, source: str = "") -> tuple[float, ...]:
        """Return a quantity of every year; zeros for one that is not decided."""
        if not self.program.columns.has(kind, key, source):
            return (0.0,) * len(self.problem.years)
        return tuple(float(one) for one in self.values[self.program.columns.range_of(kind, key, source)])

    def posts(self, key: str) -> tuple[float, ...]:
        """Return the posts of a class, year by year."""
        return self.by_year(Kind.POSTS, key)

    def paid_by(self, key: str, year: int) -> dict[str, float]:
        """Return what pays for a class in a year: source -> posts."""
        found = {s: self.value(Quantity(Kind.CHARGED, key, year, s)) for s in self.problem.class_of[key].sources}
        return {source: posts for source, posts in found.items() if posts > _TIGHT}

    def cost(self) -> dict[str, tuple[float, ...]]:
        """Return currency by source and year; under the empty key what no source pays: hiring, closing, moving."""
        years = range(len(self.problem.years))
        spent = {one.key: np.zeros(len(years)) for one in self.problem.sources} | {"": np.zeros(len(years))}
        for one in self.problem.classes:
            pay = np.array([in_year(one.pay, year) for year in years])
            for source in one.sources:
                spent[source] += pay * self.by_year(Kind.CHARGED, one.key, source)
            if not one.sources:
                spent[""] += pay * self.posts(one.key)
            for kind, price in (
                (Kind.HIRED, one.hiring_cost),
                (Kind.CLOSED, one.closing_cost if one.longest_years is None else 0.0),
                (Kind.SHORT_TIME, one.short_time_cost),
            ):
                spent[""] += price * np.array(self.by_year(kind, one.key))
        for move in self.problem.moves:
            spent[""] += move.cost * np.array(self.by_year(Kind.MOVED, move.key))
        return {source: tuple(float(amount) for amount in amounts) for source, amounts in spent.items()}

    def coverage(self, function: str) -> tuple[float, ...]:
        """Return how much of a function there is, year by year."""
        total = np.zeros(len(self.problem.years))
        for one in self.problem.classes:
            if gives := one.functions.get(function):
                lost = one.short_time_loss * np.array(self.by_year(Kind.SHORT_TIME, one.key))
                total += gives * (np.array(self.posts(one.key)) - lost)
        return tuple(float(one) for one in total)

    def disruption(self) -> float:
        """Return hires, closures and moves of all years together; a fellowship that is over is not a closure."""
        return sum(sum(self.by_year(kind, key)) for kind, key in disruptive(self.problem))

    def cliffs(self) -> Iterator[tuple[str, int, str]]:
        """Yield class, index of a year and source where a source that paid the year before no longer does."""
        for one in self.problem.classes:
            for year in range(1, len(self.problem.years)):
                for source, before in self.paid_by(one.key, year - 1).items():
                    amount = in_year(self.problem.source_of[source].amount, year)
                    if before > _TIGHT and amount <= 0:
                        yield one.key, year, source

    def binding(self) -> tuple[Limit, ...]:
        """Return the hard limits that hold something back: one of their rows is at its bound."""
        owners = {int(self.program.owner[row]) for row in self._tight_rows() if self.program.owner[row] >= 0}
        return tuple(one for number, one in enumerate(self.program.limits) if number in owners and one.price is None)

    def _tight_rows(self) -> NDArray[np.int64]:
        activity = self.program.activity(self.values)
        scale = np.maximum(1.0, np.abs(activity))
        at = np.minimum(np.abs(activity - self.program.row_low), np.abs(activity - self.program.row_high))
        return np.flatnonzero(at <= _TIGHT * scale)

    def broken(self) -> tuple[Broken, ...]:
        """Return the soft limits and needs that are broken, and what that costs."""
        found = []
        program = self.program
        first = program.columns.count
        for position, row in enumerate(program.slack_row):
            by = float(self.values[first + position])
            if by > _TIGHT:
                limit = program.limits[int(program.owner[row])]
                found.append(Broken(limit.key, limit.says, None, by, by * float(program.cost[first + position])))
        for need in self.problem.needs:
            for year, by in enumerate(self.by_year(Kind.SHORTAGE, need.key)):
                if by > _TIGHT:
                    column = program.columns.of(Quantity(Kind.SHORTAGE, need.key, year))
                    what = {"what": need.function.replace("_", " ")}
                    says = need.says or Sentence("There should be enough of this: %(what)s", what)
                    found.append(Broken(f"need:{need.key}", says, year, by, by * float(program.cost[column])))
        return tuple(found)

    def breaks_no_hard_limit(self) -> bool:
        """Check every row again in plain arithmetic, without the solver."""
        activity, program = self.program.activity(self.values), self.program
        scale = np.maximum(1.0, np.abs(np.where(np.isfinite(program.row_high), program.row_high, program.row_low)))
        scale = np.where(np.isfinite(scale), scale, 1.0)
        inside = (activity >= program.row_low - 1e-6 * scale) & (activity <= program.row_high + 1e-6 * scale)
        whole = np.abs(self.values[program.whole] - np.round(self.values[program.whole])) < _TIGHT
        signs = self.values >= program.low - _TIGHT
        return bool(inside.all() and whole.all() and signs.all() and isfinite(self.objective))
