"""What people do without a planner: today's posts as long as they are paid, then hires by a simple rule."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cupola.planner.compiling import Compiled, compile_problem
from cupola.planner.plan import Plan
from cupola.planner.problem import PostClass, Problem, in_year
from cupola.planner.quantities import Kind, Quantity

_ROOM = 1e-6


def greedy(problem: Problem) -> Plan:
    """Hire by value per cost, looking ahead: only what can be paid to the end, as early as it can be."""
    walker = _Walker(problem)
    walker.keep_today()
    years = range(len(problem.years))
    for one in sorted(problem.classes, key=lambda cls: (-_worth(problem, cls), cls.key)):
        for year in years:
            while walker.hire(one, year, len(problem.years)):
                pass
    return walker.plan("greedy")


def when_there_is_money(problem: Problem) -> Plan:
    """Hire year by year whoever comes first in the list while this year's money lasts, and close when it ends."""
    walker = _Walker(problem)
    walker.keep_today()
    for year in range(len(problem.years)):
        for one in problem.classes:
            while walker.hire_while_paid(one, year):
                pass
    return walker.plan("when there is money")


def as_today(problem: Problem) -> Plan:
    """Keep today's posts as long as somebody pays for them, and hire nobody."""
    walker = _Walker(problem)
    walker.keep_today()
    return walker.plan("as today")


def worth(problem: Problem, plan: Plan, /) -> float:
    """Return the sum a plan is judged by, with what is missing of each need priced; smaller is better."""
    return float(plan.program.cost @ plan.values)


def _worth(problem: Problem, one: PostClass) -> float:
    """Value of a post with the shortages it could fill, for each unit of currency."""
    gives = sum(one.functions.get(need.function, 0.0) * (need.shortage_price or 0.0) for need in problem.needs)
    return (one.value + gives) / max(in_year(one.pay, 0), 1.0)


class _Walker:
    """A plan that grows one post at a time and never leaves the hard limits of the program."""

    def __init__(self, problem: Problem) -> None:
        self._program: Compiled = compile_problem(problem)
        self._problem = problem
        self._columns = self._program.columns
        self._values = np.zeros(len(self._program.cost))
        self._rows, self._factors = _by_column(self._program)
        self._activity = np.zeros(len(self._program.row_low))
        self._there: dict[tuple[str, int], float] = {}
        mechanics = self._program.owner < 0
        soft = np.zeros(len(mechanics), dtype=np.bool_)
        soft[self._program.slack_row] = True
        needs = np.array([owner >= 0 and not self._program.limits[owner].rows for owner in self._program.owner])
        self._checked = ~(mechanics | soft | needs)

    def keep_today(self) -> None:
        """Keep today's posts year after year, each as long as it can be paid."""
        for one in self._problem.classes:
            for _ in range(round(one.start)):
                paid = self._longest(one, 0, opening=False)
                self._add(one, 0, paid, opening=False)

    def hire(self, one: PostClass, year: int, until: int) -> bool:
        """Hire one if it can be paid from a year to the end, or as long as such a person may stay."""
        last = min(until, year + (one.longest_years or until))
        paid = self._longest(one, year, opening=True, until=last)
        if len(paid) < last - year or not self._gains(one, year, paid):
            return False
        self._add(one, year, paid, opening=True)
        return True

    def hire_while_paid(self, one: PostClass, year: int) -> bool:
        """Hire one if this year can be paid; it stays as long as it is."""
        last = min(len(self._problem.years), year + (one.longest_years or len(self._problem.years)))
        paid = self._longest(one, year, opening=True, until=last)
        if not paid or not self._gains(one, year, paid[:1]):
            return False
        self._add(one, year, paid, opening=True)
        return True

    def _gains(self, one: PostClass, year: int, paid: list[str]) -> bool:
        """Say whether the post is worth its cost: by its value, and by what is still missing of what it gives."""
        weights = self._problem.weights
        gain = -weights.hired
        for offset, _ in enumerate(paid):
            when = year + offset
            gain += weights.value * one.value - weights.cost * in_year(one.pay, when)
            for need in self._problem.needs:
                gives = one.functions.get(need.function, 0.0)
                if gives and need.shortage_price:
                    missing = in_year(need.required, when) - self._given(need.function, when)
                    gain += weights.value * need.shortage_price * min(gives, max(0.0, missing))
        return gain > 0

    def _given(self, function: str, year: int) -> float:
        return self._there.get((function, year), 0.0)

    def _longest(self, one: PostClass, year: int, *, opening: bool, until: int | None = None) -> list[str]:
        """Return who pays for one more post from a year on, one source a year, as long as somebody can."""
        paid: list[str] = []
        for when in range(year, until or len(self._problem.years)):
            payer = next(
                (s for s in self._payers(one) if self._fits(one, when, s, opening=opening and when == year)), None
            )
            if payer is None:
                break
            paid.append(payer)
        return paid

    def _payers(self, one: PostClass) -> tuple[str, ...]:
        return one.sources or ("",)

    def _fits(self, one: PostClass, year: int, source: str, *, opening: bool) -> bool:
        step = dict(self._step(one, year, source, opening=opening))
        touched: dict[int, float] = {}
        for column, amount in step.items():
            for position in range(self._rows[column], self._rows[column + 1]):
                row, factor = self._factors[position]
                touched[row] = touched.get(row, 0.0) + factor * amount
        return all(
            not self._checked[row] or self._activity[row] + by <= self._program.row_high[row] + _ROOM or by <= 0
            for row, by in touched.items()
        )

    def _step(self, one: PostClass, year: int, source: str, *, opening: bool) -> Iterator[tuple[int, float]]:
        yield self._columns.of(Quantity(Kind.POSTS, one.key, year)), 1.0
        if source:
            yield self._columns.of(Quantity(Kind.CHARGED, one.key, year, source)), 1.0
        if opening:
            yield self._columns.of(Quantity(Kind.HIRED, one.key, year)), 1.0

    def _add(self, one: PostClass, year: int, paid: list[str], *, opening: bool) -> None:
        for offset, source in enumerate(paid):
            for function, gives in one.functions.items():
                self._there[function, year + offset] = self._given(function, year + offset) + gives
            for column, amount in self._step(one, year + offset, source, opening=opening and not offset):
                self._put(column, amount)
        ends = year + len(paid)
        if ends < len(self._problem.years):
            self._put(self._columns.of(Quantity(Kind.CLOSED, one.key, ends)), 1.0)

    def _put(self, column: int, amount: float) -> None:
        self._values[column] += amount
        for position in range(self._rows[column], self._rows[column + 1]):
            row, factor = self._factors[position]
            self._activity[row] += factor * amount

    def plan(self, how: str) -> Plan:
        """Return what was reached, with what is missing of each need."""
        values = self._values.copy()
        for need in self._problem.needs:
            for year in range(len(self._problem.years)):
                missing = in_year(need.required, year) - self._given(need.function, year)
                kind = Kind.SHORTAGE if missing > 0 else Kind.SURPLUS
                values[self._columns.of(Quantity(kind, need.key, year))] = abs(missing)
        return Plan(self._program, values, float(self._program.cost @ values), -np.inf, how)


def _by_column(program: Compiled) -> tuple[NDArray[np.int64], list[tuple[int, float]]]:
    """Return where the entries of each column begin, and all entries (row, factor) by column."""
    row_of = np.repeat(np.arange(len(program.row_low)), np.diff(program.starts))
    order = np.argsort(program.index, kind="stable")
    begins = np.searchsorted(program.index[order], np.arange(len(program.cost) + 1))
    return begins, list(zip(row_of[order].tolist(), program.value[order].tolist(), strict=True))
