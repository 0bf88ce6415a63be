"""Pieces of the SQL syntax tree that both engines know. Names and literals go in as nodes, never as text."""

from sqlglot import exp

_TYPES = {
    "BIGINT": exp.DataType.Type.BIGINT,
    "DATE": exp.DataType.Type.DATE,
    "DOUBLE": exp.DataType.Type.DOUBLE,
    "HUGEINT": exp.DataType.Type.INT128,
    "TIMESTAMP": exp.DataType.Type.TIMESTAMP,
    "VARCHAR": exp.DataType.Type.VARCHAR,
}
_LOOSE = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Case, exp.AtTimeZone)
MICROSECONDS_A_DAY = "86400000000"


def column(name: str) -> exp.Column:
    """Return a column."""
    return exp.column(exp.Identifier(this=name, quoted=True))


def cast(value: exp.Expr, kind: str) -> exp.Expr:
    """Return a cast; what cannot be cast fails."""
    return exp.Cast(this=value, to=exp.DataType(this=_TYPES[kind]))


def number(digits: str | int) -> exp.Literal:
    """Return a number literal."""
    return exp.Literal(this=str(digits), is_string=False)


def text(value: str) -> exp.Literal:
    """Return a text literal."""
    return exp.Literal(this=value, is_string=True)


def day(value: str) -> exp.Expr:
    """Return a date literal."""
    return cast(text(value), "DATE")


def operand(value: exp.Expr) -> exp.Expr:
    """Return an expression that can stand beside an operator."""
    return exp.Paren(this=value) if isinstance(value, _LOOSE) else value


def both(*conditions: exp.Expr | None) -> exp.Expr | None:
    """Return what holds when all of `conditions` do, None where there are none."""
    found = [one.copy() for one in conditions if one is not None]
    if not found:
        return None
    joined = found[0]
    for one in found[1:]:
        joined = exp.And(this=operand(joined), expression=operand(one))
    return joined


def where(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    """Return an aggregate over the rows for which `condition` holds."""
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))


def double(value: exp.Expr) -> exp.Expr:
    """Return a value as a double: what is exact before may be a decimal, which the engines divide differently."""
    return cast(value, "DOUBLE")


def rows() -> exp.Expr:
    """Return the count of rows."""
    return exp.Count(this=exp.Star())
