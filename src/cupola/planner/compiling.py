"""A staffing problem -> columns and rows of a mixed-integer program, with the limit each row belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from cupola.planner.limits import all_limits
from cupola.planner.problem import Limit, Need, PostClass, Problem, WrongProblem, in_year
from cupola.planner.quantities import Kind, Quantity, Term
from cupola.sentences import Sentence

MECHANICS = -1  # the owner of rows that are arithmetic: posts of this year from those of the last


class Columns:
    """Where each quantity stands: one column per year, years side by side."""

    def __init__(self, years: int) -> None:
        self._years = years
        self._first: dict[tuple[Kind, str, str], int] = {}
        self.count = 0

    def add(self, kind: Kind, key: str, source: str = "") -> None:
        """Make room for one quantity of every year."""
        self._first[kind, key, source] = self.count
        self.count += self._years

    def has(self, kind: Kind, key: str, source: str = "") -> bool:
        """Say whether the quantity is decided at all."""
        return (kind, key, source) in self._first

    def of(self, quantity: Quantity) -> int:
        """Return the column. Raises WrongProblem for a quantity that is not decided, or a year outside."""
        first = self._first.get((quantity.kind, quantity.key, quantity.source))
        if first is None or not 0 <= quantity.year < self._years:
            name = " ".join(str(part) for part in quantity if part != "")
            raise WrongProblem(what=f"has a limit on {name}, which no class, move, need or year of it describes")
        return first + quantity.year

    def range_of(self, kind: Kind, key: str, source: str = "") -> slice:
        """Return the columns of all years."""
        first = self._first[kind, key, source]
        return slice(first, first + self._years)


@dataclass
class _Building:
    columns: Columns
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    slacks: list[tuple[int, float]] = field(default_factory=list)  # row, price

    def row(self, terms: Iterable[tuple[int, float]], *, low: float, high: float, owner: int = MECHANICS) -> None:
        for column, factor in terms:
            if factor:
                self.index.append(column)
                self.value.append(factor)
        self.starts.append(len(self.index))
        self.low.append(low)
        self.high.append(high)
        self.owner.append(owner)


@dataclass(frozen=True)
class Compiled:
    """A program: minimise cost of the columns within their bounds and the rows' bounds.

    Rows are sparse: the entries of row r are index[starts[r]:starts[r + 1]]. owner: index into limits, or MECHANICS.
    slack_row: the row each slack column eases, slack columns standing last.
    """

    problem: Problem
    columns: Columns
    limits: tuple[Limit, ...]
    cost: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    whole: NDArray[np.bool_]
    starts: NDArray[np.int32]
    index: NDArray[np.int32]
    value: NDArray[np.float64]
    row_low: NDArray[np.float64]
    row_high: NDArray[np.float64]
    owner: NDArray[np.int32]
    slack_row: NDArray[np.int32]

    def activity(self, x: NDArray[np.float64], /) -> NDArray[np.float64]:
        """Return what each row comes to, slacks included."""
        products = self.value * x[self.index]
        sums = np.concatenate([[0.0], np.cumsum(products)])
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]], dtype=np.float64)


def compile_problem(problem: Problem) -> Compiled:
    """Write the problem as a program. Raises WrongProblem for a limit on something that is not decided."""
    columns = _columns(problem)
    building = _Building(columns)
    for one in problem.classes:
        _stock(building, problem, one)
        _paid(building, problem, one)
    limits = [*all_limits(problem)]
    for need in problem.needs:
        _need(building, problem, need, owner=len(limits))
        limits.append(_as_limit(need))
    for number, limit in enumerate(limits):
        _limit(building, limit, number)
    return _finish(building, problem, tuple(limits))


def _columns(problem: Problem) -> Columns:
    columns = Columns(len(problem.years))
    for one in problem.classes:
        for kind in (Kind.POSTS, Kind.HIRED, Kind.CLOSED):
            columns.add(kind, one.key)
        if one.whole and one.attrition:
            columns.add(Kind.MOVED, f"left:{one.key}")
        if one.short_time_most:
            columns.add(Kind.SHORT_TIME, one.key)
        for source in one.sources:
            columns.add(Kind.CHARGED, one.key, source)
    for move in problem.moves:
        columns.add(Kind.MOVED, move.key)
    for need in problem.needs:
        columns.add(Kind.SHORTAGE, need.key)
        columns.add(Kind.SURPLUS, need.key)
    return columns


def _stock(building: _Building, problem: Problem, one: PostClass) -> None:
    """Posts of this year are those of the last that stay, with those who come and without those who go."""
    columns, leaves = building.columns, columns_of_leavers(building.columns, one)
    stays = 1.0 if leaves is not None else 1.0 - one.attrition
    arriving = [move for move in problem.moves if move.target == one.key]
    going = [move for move in problem.moves if move.origin == one.key]
    for year in range(len(problem.years)):
        terms = [
            (columns.of(Quantity(Kind.POSTS, one.key, year)), 1.0),
            (columns.of(Quantity(Kind.HIRED, one.key, year)), -(1.0 - one.first_year_attrition)),
            (columns.of(Quantity(Kind.CLOSED, one.key, year)), 1.0),
        ]
        terms += [(columns.of(Quantity(Kind.MOVED, move.key, year)), 1.0) for move in going]
        terms += [(columns.of(Quantity(Kind.MOVED, move.key, year)), -(1.0 - move.loss)) for move in arriving]
        there = stays * one.start if year == 0 else 0.0
        if year:
            terms.append((columns.of(Quantity(Kind.POSTS, one.key, year - 1)), -stays))
        if leaves is not None:
            terms.append((leaves + year, 1.0))
            _leavers(building, one, year)
        building.row(terms, low=there, high=there)


def columns_of_leavers(columns: Columns, one: PostClass, /) -> int | None:
    """Return the first column of those who leave a class of whole posts, or None where nobody does."""
    name = f"left:{one.key}"
    return columns.range_of(Kind.MOVED, name).start if columns.has(Kind.MOVED, name) else None


def _leavers(building: _Building, one: PostClass, year: int) -> None:
    """Whole posts lose whole people: the share that leaves, to the nearest whole number."""
    leaves = columns_of_leavers(building.columns, one)
    assert leaves is not None
    terms, there = [(leaves + year, 1.0)], one.attrition * one.start
    if year:
        terms.append((building.columns.of(Quantity(Kind.POSTS, one.key, year - 1)), -one.attrition))
        there = 0.0
    building.row(terms, low=there - 0.5, high=there + 0.5)


def _paid(building: _Building, problem: Problem, one: PostClass) -> None:
    """Somebody pays for every post."""
    if not one.sources:
        return
    for year in range(len(problem.years)):
        terms = [(building.columns.of(Quantity(Kind.CHARGED, one.key, year, source)), 1.0) for source in one.sources]
        terms.append((building.columns.of(Quantity(Kind.POSTS, one.key, year)), -1.0))
        building.row(terms, low=0.0, high=0.0)


def _need(building: _Building, problem: Problem, need: Need, *, owner: int) -> None:
    """What is given, with what is too little and without what is too much, is what is required."""
    columns = building.columns
    givers = [(one, one.functions[need.function]) for one in problem.classes if one.functions.get(need.function)]
    for year in range(len(problem.years)):
        terms = []
        for one, gives in givers:
            terms.append((columns.of(Quantity(Kind.POSTS, one.key, year)), gives))
            if one.short_time_most:
                lost = -gives * one.short_time_loss
                terms.append((columns.of(Quantity(Kind.SHORT_TIME, one.key, year)), lost))
        terms.append((columns.of(Quantity(Kind.SHORTAGE, need.key, year)), 1.0))
        terms.append((columns.of(Quantity(Kind.SURPLUS, need.key, year)), -1.0))
        required = in_year(need.required, year)
        building.row(terms, low=required, high=required, owner=owner)


def _as_limit(need: Need) -> Limit:
    """A need stands among the limits, so that it can be named; its rows are written by `_need`."""
    says = need.says or Sentence("There must be enough of this: %(what)s", {"what": need.function.replace("_", " ")})
    return Limit(f"need:{need.key}", says, (), price=need.shortage_price)


def _limit(building: _Building, limit: Limit, number: int) -> None:
    for row in limit.rows:
        if limit.price is not None:
            building.slacks.append((len(building.low), limit.price))
        building.row(_entries(building.columns, row.terms), low=row.least, high=row.most, owner=number)


def _entries(columns: Columns, terms: Sequence[Term]) -> Iterable[tuple[int, float]]:
    if len({term.quantity for term in terms}) == len(terms):
        return [(columns.of(term.quantity), term.factor) for term in terms]
    summed: dict[int, float] = {}
    for term in terms:
        column = columns.of(term.quantity)
        summed[column] = summed.get(column, 0.0) + term.factor
    return summed.items()


def _finish(building: _Building, problem: Problem, limits: tuple[Limit, ...]) -> Compiled:
    columns, slacks = building.columns, building.slacks
    count = columns.count + len(slacks) * 2
    low, high, whole = np.zeros(count), np.full(count, inf), np.zeros(count, dtype=np.bool_)
    _bounds(problem, columns, high=high, whole=whole)
    cost = np.concatenate([price_columns(problem, columns), np.repeat([price for _, price in slacks], 2)])
    eased = _with_slacks(building)
    return Compiled(
        problem=problem,
        columns=columns,
        limits=limits,
        cost=cost,
        low=low,
        high=high,
        whole=whole,
        starts=eased[0],
        index=eased[1],
        value=eased[2],
        row_low=np.array(building.low),
        row_high=np.array(building.high),
        owner=np.array(building.owner, dtype=np.int32),
        slack_row=np.repeat(np.array([row for row, _ in slacks], dtype=np.int32), 2),
    )


def _with_slacks(building: _Building) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Add to each row of a soft limit one column that raises it and one that lowers it."""
    starts, index, value = np.array(building.starts), np.array(building.index), np.array(building.value, dtype=float)
    if building.slacks:
        rows = np.repeat([row for row, _ in building.slacks], 2)
        at = starts[rows + 1]
        count = len(rows)
        index = np.insert(index, at, building.columns.count + np.arange(count))
        value = np.insert(value, at, np.tile([1.0, -1.0], count // 2))
        starts = starts + np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(starts) - 1))])
    return starts.astype(np.int32), index.astype(np.int32), value


def _bounds(problem: Problem, columns: Columns, *, high: NDArray[np.float64], whole: NDArray[np.bool_]) -> None:
    """Say which columns are whole numbers, and that hard needs have no shortage."""
    cut = {one.key: one for one in problem.classes if one.whole}
    for one in cut.values():
        whole[columns.range_of(Kind.POSTS, one.key)] = True
        if columns_of_leavers(columns, one) is not None:
            whole[columns.range_of(Kind.MOVED, f"left:{one.key}")] = True
        if one.longest_years is not None:
            whole[columns.range_of(Kind.HIRED, one.key)] = True
    for move in problem.moves:
        if cut.keys() & {move.origin, move.target}:
            whole[columns.range_of(Kind.MOVED, move.key)] = True
    for need in problem.needs:
        if need.shortage_price is None:
            high[columns.range_of(Kind.SHORTAGE, need.key)] = 0.0


def price_columns(problem: Problem, columns: Columns) -> NDArray[np.float64]:
    """Return what each column but the slacks adds to the sum that is made small."""
    weights, years = problem.weights, len(problem.years)
    price = np.zeros(columns.count)
    discount = (1.0 + weights.discount) ** -np.arange(years)

    def put(kind: Kind, key: str, amount: float | NDArray[np.float64]) -> None:
        price[columns.range_of(kind, key)] += amount * discount

    for one in problem.classes:
        pay = np.array([in_year(one.pay, year) for year in range(years)])
        put(Kind.POSTS, one.key, weights.cost * pay - weights.value * one.value)
        put(Kind.HIRED, one.key, weights.cost * one.hiring_cost + weights.hired)
        if one.longest_years is None:  # a fellowship that is over is not a closure
            put(Kind.CLOSED, one.key, weights.cost * one.closing_cost + weights.closed)
        if one.short_time_most:
            put(Kind.SHORT_TIME, one.key, weights.cost * one.short_time_cost)
    for move in problem.moves:
        put(Kind.MOVED, move.key, weights.cost * move.cost + weights.moved)
    for need in problem.needs:
        put(Kind.SHORTAGE, need.key, weights.value * (need.shortage_price or 0.0))
        put(Kind.SURPLUS, need.key, weights.cost * need.surplus_price)
    return price
