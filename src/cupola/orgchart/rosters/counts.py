"""Posts of a roster, counted by period, department and title: the one query and what it gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlglot import exp

from cupola.orgchart.rosters.columns import BudgetColumns, RosterColumns

FULL_WEEK_HOURS = 40
WEEKS = 52
_MONEY = exp.DataType.build("DECIMAL(18, 2)")
Where = Mapping[str, Sequence[str]]  # column to the values whose rows count


@dataclass(frozen=True)
class PostCount:
    """The posts of one title in one department and period.

    `posts`: how many; `fte`: full-time equivalents, None where the roster does not say; `cost_cents`: their pay in a
    year without benefits, None where unknown for all; `costed`: for how many posts pay is known.
    """

    period: str
    department: str
    unit: str
    title: str
    fund: str
    posts: int
    fte: float | None
    cost_cents: int | None
    costed: int


@dataclass(frozen=True)
class Amount:
    """One account of one department and fund in one period, in cents."""

    period: str
    department: str
    program: str
    account: str
    fund: str
    cents: int


def roster_query(columns: RosterColumns, *, period: str, where: Where | None = None) -> exp.Select:
    """Return the query that counts a roster of the name `data`; `period`: a column, or empty for a single one."""
    keys = {
        "period": period,
        "department": columns.department,
        "unit": columns.unit,
        "title": columns.title,
        "fund": columns.fund,
    }
    one = exp.cast(_column(columns.posts), "BIGINT") if columns.posts else exp.Literal.number(1)
    cost, fte = _cost(columns), _fte(columns)
    sums: dict[str, exp.Expression] = {
        "posts": exp.cast(exp.Sum(this=one), "BIGINT"),
        "fte": exp.cast(exp.Sum(this=fte), "DOUBLE"),
        "without_fte": exp.Count(this=exp.Case().when(_is_null(fte), exp.Literal.number(1))),
        "cost": exp.cast(exp.Sum(this=cost), "DECIMAL(28, 2)"),
        "costed": exp.Count(this=cost.copy()),
    }
    return _grouped(keys, sums, where=where)


def budget_query(columns: BudgetColumns, *, period: str, where: Where | None = None) -> exp.Select:
    """Return the query that sums a budget of the name `data` by period, department, program, account and fund."""
    keys = {
        "period": period,
        "department": columns.department,
        "program": columns.program,
        "account": columns.account,
        "fund": columns.fund,
    }
    amount = exp.Cast(this=_column(columns.amount), to=_MONEY)
    return _grouped(keys, {"amount": exp.cast(exp.Sum(this=amount), "DECIMAL(28, 2)")}, where=where)


def read_counts(table: pa.Table) -> tuple[PostCount, ...]:
    """Return the rows of `roster_query`. Full-time equivalents are known only where they are for every post."""
    return tuple(
        PostCount(
            **_names(row, "period", "department", "unit", "title", "fund"),
            posts=row["posts"] or 0,
            fte=row["fte"] if not row["without_fte"] else None,
            cost_cents=None if row["cost"] is None else int(row["cost"] * 100),
            costed=row["costed"],
        )
        for row in table.to_pylist()
    )


def read_amounts(table: pa.Table) -> tuple[Amount, ...]:
    """Return the rows of `budget_query` that have an amount."""
    return tuple(
        Amount(
            **_names(row, "period", "department", "program", "account", "fund"),
            cents=int(row["amount"] * 100),
        )
        for row in table.to_pylist()
        if row["amount"] is not None
    )


def periods_of(groups: Iterable[PostCount | Amount]) -> tuple[str, ...]:
    """Return the periods that occur, oldest first."""
    return tuple(sorted({one.period for one in groups}))


def _cost(columns: RosterColumns) -> exp.Expression:
    """Pay of a year: the annual rate where there is one, else rate x hours a week x 52, else what was earned."""
    ways: list[exp.Expression] = []
    if columns.annual:
        ways.append(exp.Cast(this=_column(columns.annual), to=_MONEY))
    if columns.hourly and columns.hours:
        rate = exp.Cast(this=_column(columns.hourly), to=_MONEY)
        hours = exp.cast(_column(columns.hours), "DECIMAL(9, 2)")
        ways.append(
            exp.Cast(this=exp.Mul(this=exp.Mul(this=rate, expression=hours), expression=_number(WEEKS)), to=_MONEY)
        )
    if columns.earned and not ways:
        ways.append(exp.Cast(this=_column(columns.earned), to=_MONEY))
    if not ways:
        return exp.Cast(this=exp.Null(), to=_MONEY)
    return ways[0] if len(ways) == 1 else exp.Coalesce(this=ways[0], expressions=ways[1:])


def _fte(columns: RosterColumns) -> exp.Expression:
    """Full-time equivalents of a row: as said, else 1 for full time and a share of 40 hours for part time."""
    if columns.fte:
        return exp.cast(_column(columns.fte), "DOUBLE")
    if not columns.basis:
        return exp.cast(exp.Null(), "DOUBLE")
    first = exp.Upper(this=exp.Left(this=exp.cast(_column(columns.basis), "VARCHAR"), expression=_number(1)))
    case = exp.Case().when(first.eq(exp.Literal.string("F")), exp.cast(_number(1), "DOUBLE"))
    if columns.hours:
        hours = exp.cast(_column(columns.hours), "DOUBLE")
        share = exp.Div(this=hours, expression=exp.cast(_number(FULL_WEEK_HOURS), "DOUBLE"))
        case = case.when(first.copy().eq(exp.Literal.string("P")), share)
    return case


def _grouped(keys: Mapping[str, str], sums: Mapping[str, exp.Expression], *, where: Where | None) -> exp.Select:
    named = [
        (exp.cast(_column(column), "VARCHAR") if column else exp.Literal.string("")).as_(name)
        for name, column in keys.items()
    ]
    query = exp.select(*named, *(value.as_(name) for name, value in sums.items())).from_("data")
    for column, values in (where or {}).items():
        query = query.where(exp.cast(_column(column), "VARCHAR").isin(*values))
    places = [_number(place + 1) for place in range(len(keys))]
    return query.group_by(*places).order_by(*(place.copy() for place in places))


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _number(value: int) -> exp.Expression:
    return exp.Literal.number(value)


def _is_null(value: exp.Expression) -> exp.Is:
    return exp.Is(this=value.copy(), expression=exp.Null())


def _names(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: " ".join((row[name] or "").split()) for name in names}
