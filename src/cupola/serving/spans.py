"""Groups by year, month or day as groups by a number: the engine truncates every time it reads, and that takes longest.

Of rows counted by month and a text it is half the time. Years begin with 1: the lake takes no time before.
"""

from collections.abc import Callable, Collection

from sqlglot import exp

from cupola.soql import ROWS

_TRUNCATE = "DATE_TRUNC"
Number = Callable[[exp.Column], exp.Expr]


def by_number(query: exp.Query, times: Collection[str]) -> None:
    """Change the groups of every SELECT that reads the rows. `times`: stored columns that are local times."""
    for select in list(query.find_all(exp.Select)):
        source, group = select.args.get("from_"), select.args.get("group")
        if group is None or source is None or not isinstance(source.this, exp.Table) or source.this.name != ROWS:
            continue
        for term in list(group.expressions):
            if _is_span(term, times):
                _change(select, term)


def _is_span(term: exp.Expr, times: Collection[str]) -> bool:
    if not isinstance(term, exp.Anonymous) or str(term.this).upper() != _TRUNCATE:
        return False
    unit, value = term.expressions
    return unit.name in _SPANS and isinstance(value, exp.Column) and value.name in times and value.table == ROWS


def _change(select: exp.Select, term: exp.Anonymous) -> None:
    """Change one term wherever it stands, unless it is part of something: then it has to be there as it is."""
    number, begin = _SPANS[term.expressions[0].name]
    column, same = term.expressions[1], [one for one in select.find_all(exp.Anonymous) if one == term]
    if not all(isinstance(one.parent, exp.Alias | exp.Ordered | exp.Group) for one in same):
        return
    for one in same:
        counted = number(column)
        one.replace(counted if isinstance(one.parent, exp.Group) else exp.cast(begin(counted), "TIMESTAMP"))


def _call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _year(column: exp.Column) -> exp.Expr:
    return _call("YEAR", column.copy())


def _month(column: exp.Column) -> exp.Expr:
    years = exp.Mul(this=_year(column), expression=_number(12))
    return exp.Paren(this=exp.Add(this=years, expression=_call("MONTH", column.copy())))


def _day(column: exp.Column) -> exp.Expr:
    return exp.cast(column.copy(), "DATE")


def _of_year(year: exp.Expr) -> exp.Expr:
    return _call("MAKE_DATE", year, _number(1), _number(1))


def _of_month(month: exp.Expr) -> exp.Expr:
    before = exp.Paren(this=exp.Sub(this=month, expression=_number(1)))
    year = exp.IntDiv(this=before, expression=_number(12))
    within = exp.Add(this=exp.Mod(this=before.copy(), expression=_number(12)), expression=_number(1))
    return _call("MAKE_DATE", year, within, _number(1))


_SPANS: dict[str, tuple[Number, Callable[[exp.Expr], exp.Expr]]] = {
    "year": (_year, _of_year),
    "month": (_month, _of_month),
    "day": (_day, lambda day: day),
}
