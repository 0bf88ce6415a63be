"""Limits by their usual names, and those that follow from what classes, moves, sources and needs say of themselves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite
from typing import Any

from cupola.planner import saying
from cupola.planner.problem import ByYear, Limit, Problem, Row, Source, in_year
from cupola.planner.quantities import Kind, Quantity, Term
from cupola.planner.saying import Said
from cupola.sentences import Sentence


def posts_at_most(
    problem: Problem, classes: Iterable[str], *, most: ByYear, key: str, says: Said, price: float | None = None
) -> Limit:
    """Head-count caps and caps of exempt posts: no more posts of these classes in a year."""
    kept = tuple(classes)
    rows = tuple(
        Row(tuple(Term(Quantity(Kind.POSTS, one, year)) for one in kept), most=in_year(most, year))
        for year in _years(problem)
    )
    return Limit(key, says, rows, price)


def posts_at_least(
    problem: Problem, classes: Iterable[str], *, least: ByYear, key: str, says: Said, price: float | None = None
) -> Limit:
    """No fewer posts of these classes in a year."""
    kept = tuple(classes)
    rows = tuple(
        Row(tuple(Term(Quantity(Kind.POSTS, one, year)) for one in kept), least=in_year(least, year))
        for year in _years(problem)
    )
    return Limit(key, says, rows, price)


def charged_at_most(
    problem: Problem, classes: Iterable[str], *, source: str, most: ByYear, key: str, says: str
) -> Limit:
    """No more posts of these classes paid by one source: the general fund in a mayor's office."""
    kept = tuple(one for one in classes if source in problem.class_of[one].sources)
    rows = tuple(
        Row(tuple(Term(Quantity(Kind.CHARGED, one, year, source)) for one in kept), most=in_year(most, year))
        for year in _years(problem)
    )
    return Limit(key, says, rows)


def spending_at_most(
    problem: Problem, classes: Iterable[str], *, most: ByYear, key: str, says: Said, sources: Sequence[str] = ()
) -> Limit:
    """Spending authority: no more currency a year for these classes, from these sources or from all."""
    chosen = set(sources)
    rows = []
    for year in _years(problem):
        terms = [
            Term(Quantity(Kind.CHARGED, one.key, year, source), in_year(one.pay, year))
            for one in (problem.class_of[key] for key in classes)
            for source in one.sources
            if not chosen or source in chosen
        ]
        rows.append(Row(tuple(terms), most=in_year(most, year)))
    return Limit(key, says, tuple(rows))


def span_at_most(problem: Problem, below: str, above: str, *, most: float, key: str, says: Said) -> Limit:
    """No more than `most` posts of a class for each post of the class that leads it."""
    return prerequisite(problem, below, above, most=most, key=key, says=says)


def prerequisite(problem: Problem, later: str, earlier: str, *, most: float, key: str, says: Said) -> Limit:
    """Posts of a class only where another is there: at most `most` for each of it."""
    rows = tuple(
        Row((Term(Quantity(Kind.POSTS, later, year)), Term(Quantity(Kind.POSTS, earlier, year), -most)), most=0.0)
        for year in _years(problem)
    )
    return Limit(key, says, rows)


def disruption_at_most(problem: Problem, *, most: float, key: str, says: Said) -> Limit:
    """No more hires, closures and moves together over all years."""
    ending = tuple(one for one in problem.classes if one.longest_years is None)
    counted = ((Kind.HIRED, problem.classes), (Kind.CLOSED, ending), (Kind.MOVED, problem.moves))
    terms = [
        Term(Quantity(kind, one.key, year)) for year in _years(problem) for kind, records in counted for one in records
    ]
    return Limit(key, says, (Row(tuple(terms), most=most),))


def all_limits(problem: Problem) -> tuple[Limit, ...]:
    """Return every limit: those that follow from the records, and the problem's own."""
    return (
        *source_limits(problem),
        *_class_limits(problem),
        *_move_limits(problem),
        *problem.limits,
    )


def source_limits(problem: Problem) -> Iterator[Limit]:
    """Yield what each source has, year by year, with the savings it may count on."""
    terms = _charges(problem)
    for saving in problem.savings:
        for year in range(saving.lag, len(problem.years)):
            if saving.counted:
                quantity = Quantity(Kind.POSTS, saving.cls, year - saving.lag)
                terms[saving.source, year].append(Term(quantity, -saving.counted))
    for source in problem.sources:
        rows = tuple(
            Row(tuple(terms[source.key, year]), most=in_year(source.amount, year))
            for year in _years(problem)
            if isfinite(in_year(source.amount, year)) and terms[source.key, year]
        )
        if rows:
            yield Limit(f"source:{source.key}", source.says or _has(source, problem), rows)


def _charges(problem: Problem) -> dict[tuple[str, int], list[Term]]:
    """Return what each source pays in each year."""
    terms: dict[tuple[str, int], list[Term]] = {
        (source.key, year): [] for source in problem.sources for year in _years(problem)
    }
    for one in problem.classes:
        for year in _years(problem):
            pay = in_year(one.pay, year)
            for paying in one.sources:
                terms[paying, year].append(Term(Quantity(Kind.CHARGED, one.key, year, paying), pay))
    return terms


def _has(source: Source, problem: Problem) -> Sentence:
    name = source.name or source.key
    amounts = [in_year(source.amount, year) for year in _years(problem)]
    paid = [problem.years[year] for year, amount in enumerate(amounts) if amount]
    if paid and not amounts[-1]:
        return Sentence("%(name)s: nothing after %(year)s", {"name": name, "year": saying.year(paid[-1])})
    if len(set(amounts)) == 1:
        return Sentence("%(name)s has %(amount)s a year", {"name": name, "amount": saying.amount(amounts[0])})
    ends = {"least": saying.amount(min(amounts)), "most": saying.amount(max(amounts))}
    return Sentence("%(name)s has from %(least)s to %(most)s a year", {"name": name, **ends})


def _class_limits(problem: Problem) -> Iterator[Limit]:
    years = list(_years(problem))
    for one in problem.classes:
        named = {"name": one.name or one.key}
        if one.least != 0:
            rows = tuple(Row((Term(Quantity(Kind.POSTS, one.key, y)),), least=in_year(one.least, y)) for y in years)
            yield Limit(f"least:{one.key}", Sentence("%(name)s: no fewer posts than the city requires", named), rows)
        if one.first_hire:
            first = {**named, "year": _label(problem, one.first_hire)}
            says = one.why_first_hire or Sentence("%(name)s: nobody can be hired before %(year)s", first)
            yield _bound(Quantity(Kind.HIRED, one.key, 0), f"first_hire:{one.key}", says, years=years[: one.first_hire])
        if one.longest_years is not None:
            yield _longest(problem, one.key, one.longest_years)
        for kind, what, most, says in (
            (Kind.POSTS, "most", one.most, _posts_most(one.most, named)),
            (Kind.HIRED, "most_hired", one.most_hired, _hiring(one.most_hired, named)),
            (Kind.CLOSED, "keep", inf if one.may_close else 0.0, Sentence("%(name)s: posts are not closed", named)),
            (
                Kind.SHORT_TIME,
                "short_time",
                one.short_time_most or inf,
                Sentence("%(name)s: no more than so many on short time", named),
            ),
        ):
            if most != inf:
                yield _bound(Quantity(kind, one.key, 0), f"{what}:{one.key}", says, years=years, most=most)


def _posts_most(most: ByYear, named: Mapping[str, str]) -> Sentence:
    return Sentence("%(name)s: no more than %(most)s posts", {**named, "most": _told(most)})


def _hiring(most: ByYear, named: Mapping[str, str]) -> Sentence:
    if not most:
        return Sentence("%(name)s: nobody is hired from outside", named)
    return Sentence("%(name)s: no more than %(most)s hired in a year", {**named, "most": _told(most)})


def _told(amount: ByYear) -> Sentence | int | str:
    """Return an amount as a fact; where years differ, all of them in order."""
    if isinstance(amount, tuple) and len(set(amount)) > 1:
        return Sentence("%(each)s (year by year)", {"each": ", ".join(f"{one:g}" for one in amount)})
    return saying.amount(in_year(amount, 0))


def _longest(problem: Problem, key: str, longest: int) -> Limit:
    """Whoever is there was hired within the last years; those there at the start have one year behind them."""
    one = problem.class_of[key]
    rows = []
    for year in _years(problem):
        recent = range(max(0, year - longest + 1), year + 1)
        arrivals = [move for move in problem.moves if move.target == key]
        terms = [Term(Quantity(Kind.POSTS, key, year))]
        terms += [Term(Quantity(Kind.HIRED, key, when), -1.0) for when in recent]
        terms += [Term(Quantity(Kind.MOVED, move.key, when), -1.0) for move in arrivals for when in recent]
        rows.append(Row(tuple(terms), most=one.start if year < longest - 1 else 0.0))
    named = {"name": one.name or key}
    says = Sentence("%(name)s: nobody stays longer than one year", named)
    if longest > 1:
        says = Sentence("%(name)s: nobody stays longer than %(years)s years", {**named, "years": longest})
    return Limit(f"longest:{key}", says, tuple(rows))


def _move_limits(problem: Problem) -> Iterator[Limit]:
    years = list(_years(problem))
    for one in problem.moves:
        quantity = Quantity(Kind.MOVED, one.key, 0)
        named = {"name": one.name or one.key}
        if one.most != inf:
            says: Said = Sentence("%(name)s: no more than %(most)s in a year", {**named, "most": _told(one.most)})
            yield _bound(quantity, f"most_moved:{one.key}", says, years=years, most=one.most)
        if one.first:
            first = {**named, "year": _label(problem, one.first)}
            says = one.why_first or Sentence("%(name)s: cannot be done before %(year)s", first)
            yield _bound(quantity, f"first_move:{one.key}", says, years=years[: one.first])


def _bound(quantity: Quantity, key: str, says: Said, *, years: Sequence[int], most: ByYear = 0.0) -> Limit:
    rows = (Row((Term(quantity._replace(year=year)),), most=in_year(most, year)) for year in years)
    return Limit(key, says, tuple(row for row in rows if isfinite(row.most)))


def relaxed(problem: Problem, key: str) -> Problem:
    """Return the problem without one limit, whether it is its own or follows from a record."""
    what, _, of = key.partition(":")
    if any(one.key == key for one in problem.limits):
        return problem.without(key)
    records, attribute, free = _LIFTED[what]
    lifted = tuple(replace(one, **{attribute: free}) if one.key == of else one for one in getattr(problem, records))
    changed: dict[str, Any] = {records: lifted}
    return replace(problem, **changed)


# What a limit is called -> the records it follows from, and what says there that there is none.
_LIFTED: Mapping[str, tuple[str, str, object]] = {
    "most": ("classes", "most", inf),
    "least": ("classes", "least", 0.0),
    "most_hired": ("classes", "most_hired", inf),
    "first_hire": ("classes", "first_hire", 0),
    "keep": ("classes", "may_close", True),
    "longest": ("classes", "longest_years", None),
    "short_time": ("classes", "short_time_most", inf),
    "most_moved": ("moves", "most", inf),
    "first_move": ("moves", "first", 0),
    "source": ("sources", "amount", inf),
    "need": ("needs", "shortage_price", 0.0),
}


def _years(problem: Problem) -> range:
    return range(len(problem.years))


def _label(problem: Problem, year: int) -> Sentence | str:
    if year < len(problem.years):
        return saying.year(problem.years[year])
    return Sentence("after %(year)s", {"year": saying.year(problem.years[-1])})
