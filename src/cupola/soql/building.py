"""Pieces of the SQL syntax tree. Literals and names go in as nodes; there is no SQL text of ours or of a request."""

from sqlglot import exp

from cupola.soql.types import ROWS

_TYPES = {
    "BIGINT": exp.DataType.Type.BIGINT,
    "BLOB": exp.DataType.Type.VARBINARY,
    "BOOLEAN": exp.DataType.Type.BOOLEAN,
    "DATE": exp.DataType.Type.DATE,
    "DOUBLE": exp.DataType.Type.DOUBLE,
    "HUGEINT": exp.DataType.Type.INT128,
    "INTEGER": exp.DataType.Type.INT,
    "TIMESTAMP": exp.DataType.Type.TIMESTAMP,
    "TIMESTAMPTZ": exp.DataType.Type.TIMESTAMPTZ,
    "VARCHAR": exp.DataType.Type.VARCHAR,
}
# What needs parentheses as an operand of anything.
_LOOSE = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Escape, exp.AtTimeZone)


def column(name: str) -> exp.Column:
    """Return a column of the rows. Always qualified, so that an alias never takes its place."""
    return exp.Column(
        this=exp.Identifier(this=name, quoted=True), table=exp.Identifier(this=ROWS, quoted=True)
    )  # fmt: skip


def text(value: str) -> exp.Literal:
    """Return a text literal."""
    return exp.Literal(this=value, is_string=True)


def number(digits: str | float) -> exp.Literal:
    """Return a number literal."""
    return exp.Literal(this=str(digits), is_string=False)


def function(name: str, *arguments: exp.Expr) -> exp.Expr:
    """Return a call of a function of the engine."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(value: exp.Expr, kind: str) -> exp.Expr:
    """Return a cast; what cannot be cast fails."""
    return exp.Cast(this=value, to=exp.DataType(this=_TYPES[kind]))


def try_cast(value: exp.Expr, kind: str) -> exp.Expr:
    """Return a cast that gives null for what cannot be cast."""
    return exp.TryCast(this=value, to=exp.DataType(this=_TYPES[kind]))


def operand(value: exp.Expr) -> exp.Expr:
    """Return an expression that can stand beside an operator."""
    loose = isinstance(value, _LOOSE) and not isinstance(value, exp.Paren)
    return exp.Paren(this=value) if loose else value


def finite(value: exp.Expr) -> exp.Expr:
    """Return a DOUBLE, or null where it is infinite or not a number."""
    return when((function("ISFINITE", value), value.copy()))


def when(*branches: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Expr:
    """Return a CASE of conditions and values."""
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    return exp.Case(ifs=ifs, default=otherwise)


def joined(kind: type[exp.Connector], parts: list[exp.Expr]) -> exp.Expr:
    """Return conditions joined by AND or OR, as a balanced tree: a thousand of them are ten deep."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    left, right = joined(kind, parts[:middle]), joined(kind, parts[middle:])
    return kind(this=operand(left), expression=operand(right))
