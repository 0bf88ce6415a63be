"""A staffing problem as frozen values: classes of posts, years, who pays, what is needed, what may not be exceeded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf

from cupola.errors import InvalidInput
from cupola.planner.quantities import Term
from cupola.planner.saying import Said

ByYear = float | tuple[float, ...]


class WrongProblem(InvalidInput):
    """A staffing problem contradicts itself before anything is solved."""

    def __init__(self, *, what: str) -> None:
        super().__init__(f"The staffing problem {what}.")


@dataclass(frozen=True)
class PostClass:
    """Posts that are alike: one office, one role, one grade, the same purses.

    start: posts on the day before the first year. pay: cost of one post for one year, in currency, with benefits.
    sources: keys of what may pay for it; empty where money is not looked at. functions: how much of each function
    one post gives. value: what one post is worth in a year, in currency, beside its functions. whole: posts are
    counted in whole ones. attrition, first_year_attrition: share, 0 to 1, that leaves within a year, of those there
    and of those just hired. first_hire: index of the first year somebody can be hired, after posting, examination
    and bargaining. longest_years: how long one person may stay (fellowships). short_time_most: posts that may work
    short time, each giving 1 - short_time_loss of its functions, at short_time_cost a year.
    """

    key: str
    name: str = ""
    office: str = ""
    start: float = 0.0
    pay: ByYear = 0.0
    sources: tuple[str, ...] = ()
    functions: Mapping[str, float] = field(default_factory=dict)
    value: float = 0.0
    whole: bool = True
    exempt: bool = False
    most: ByYear = inf
    least: ByYear = 0.0
    attrition: float = 0.0
    first_year_attrition: float = 0.0
    first_hire: int = 0
    why_first_hire: Said = ""
    most_hired: ByYear = inf
    hiring_cost: float = 0.0
    closing_cost: float = 0.0
    may_close: bool = True
    longest_years: int | None = None
    short_time_most: float = 0.0
    short_time_cost: float = 0.0
    short_time_loss: float = 0.5


@dataclass(frozen=True)
class Move:
    """Posts of one class that become posts of another: a transfer, a retraining, a conversion from grant to budget.

    loss: share of those moved who leave on the way. first: index of the first year it can be done.
    """

    key: str
    origin: str
    target: str
    name: str = ""
    cost: float = 0.0
    most: ByYear = inf
    loss: float = 0.0
    first: int = 0
    why_first: Said = ""


@dataclass(frozen=True)
class Source:
    """What pays. amount: of each year, in currency; 0 after a grant ends. chance: that it is paid as promised, 0 to
    1.
    """

    key: str
    name: str = ""
    amount: ByYear = inf
    says: str = ""
    chance: float = 1.0
    recurring: bool = True


@dataclass(frozen=True)
class Saving:
    """What posts of a class save elsewhere and the source may count on, once verified.

    per_post: verified saving of one post in a year, in currency. lag: years until it may be counted. haircut: share
    of it that is not counted. Until `verified` is true nothing is.
    """

    cls: str
    source: str
    per_post: float
    lag: int = 2
    haircut: float = 0.6
    verified: bool = False

    @property
    def counted(self) -> float:
        """Return what one post adds to the source after the lag, in currency a year."""
        return self.per_post * (1 - self.haircut) if self.verified else 0.0


@dataclass(frozen=True)
class Need:
    """How much of a function should be there each year.

    shortage_price: cost of one unit too few for a year; None: there may be none too few. surplus_price: of one too
    many.
    """

    key: str
    function: str
    required: ByYear
    shortage_price: float | None = None
    surplus_price: float = 0.0
    says: str = ""


@dataclass(frozen=True)
class Row:
    """One inequality: least <= sum of the terms <= most."""

    terms: tuple[Term, ...]
    least: float = -inf
    most: float = inf


@dataclass(frozen=True)
class Limit:
    """Something that holds, in a sentence people read, as rows (mostly one a year).

    says: a sentence of the planner, or a text the city wrote. price: None for a hard limit, which is never broken; else
    the cost of breaking a row by one unit, which is reported.
    """

    key: str
    says: Said
    rows: tuple[Row, ...]
    price: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Weights:
    """What a good plan is. The sum is made small: cost - value + disruption, each times its weight, later years
    discounted.

    hired, closed, moved: disruption of one post, in currency. discount: yearly, 0.03 for 3 %.
    """

    cost: float = 1.0
    value: float = 1.0
    hired: float = 0.0
    closed: float = 0.0
    moved: float = 0.0
    discount: float = 0.0


@dataclass(frozen=True)
class Problem:
    """A staffing problem. years: labels, in order; every index of a year points into them."""

    years: tuple[int, ...]
    classes: tuple[PostClass, ...]
    sources: tuple[Source, ...] = ()
    moves: tuple[Move, ...] = ()
    needs: tuple[Need, ...] = ()
    savings: tuple[Saving, ...] = ()
    limits: tuple[Limit, ...] = ()
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        check(self)

    @cached_property
    def class_of(self) -> Mapping[str, PostClass]:
        """Return classes by key."""
        return {one.key: one for one in self.classes}

    @cached_property
    def source_of(self) -> Mapping[str, Source]:
        """Return sources by key."""
        return {one.key: one for one in self.sources}

    def without(self, *keys: str) -> "Problem":
        """Return the problem without some limits of its own; see `limits.relaxed` for those that follow from
        classes.
        """
        return replace(self, limits=tuple(one for one in self.limits if one.key not in keys))


def in_year(given: ByYear, year: int, /) -> float:
    """Return what holds in a year: one number for all, or one for each."""
    return given[year] if isinstance(given, tuple) else given


def check(problem: Problem) -> None:
    """Raise WrongProblem where keys repeat, point nowhere, or whole posts would be cut."""
    for what, records in (
        ("classes", problem.classes),
        ("sources", problem.sources),
        ("moves", problem.moves),
        ("needs", problem.needs),
        ("limits", problem.limits),
    ):
        keys = [one.key for one in records]
        twice = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
        if twice:
            raise WrongProblem(what=f"has {what} of the same key: {', '.join(twice)}; give each its own")
    _check_references(problem)
    for one in problem.classes:
        _check_class(one, len(problem.years))


def _check_references(problem: Problem) -> None:
    classes, sources = {one.key for one in problem.classes}, {one.key for one in problem.sources}
    named = {key for move in problem.moves for key in (move.origin, move.target)} | {s.cls for s in problem.savings}
    paid = {key for one in problem.classes for key in one.sources} | {one.source for one in problem.savings}
    for what, missing in (("class", named - classes), ("source", paid - sources)):
        if missing:
            raise WrongProblem(what=f"names a {what} it does not describe: {', '.join(sorted(missing))}")
    whole = {one.key for one in problem.classes if one.whole}
    for move in problem.moves:
        if move.loss and move.target in whole:
            raise WrongProblem(
                what=f"loses a share of the posts of move {move.key}, which would cut whole posts; say `whole: false`"
            )


def _check_class(one: PostClass, years: int) -> None:
    if one.whole and one.first_year_attrition:
        raise WrongProblem(
            what=f"loses a share of those hired into {one.key}, which would cut whole posts; say `whole: false`"
        )
    for name in ("pay", "most", "least", "most_hired"):
        given = getattr(one, name)
        if isinstance(given, tuple) and len(given) != years:
            raise WrongProblem(what=f"gives {one.key}.{name} for {len(given)} years; it has {years}")
