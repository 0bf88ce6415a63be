"""Expressions over one row: columns, literals, comparisons, dates and arithmetic, with their types checked."""

import difflib
from collections.abc import Callable, Sequence

import sqlglot
from sqlglot import exp

from cupola.errors import InvalidInput
from cupola.indicators.expressions import nodes
from cupola.indicators.expressions.errors import ExpressionRefused
from cupola.indicators.expressions.schema import NUMBERS, TIMES, Scalar, Schema, Sort
from cupola.periods import parse_day


def parse(text: str) -> exp.Expr:
    """Return the syntax tree of one expression. Raises ExpressionRefused."""
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        problem = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
        raise ExpressionRefused(
            f"'{text}' cannot be read ({problem})",
            remedy="write one SQL expression, as share(closed_on <= due_on); a column called as"
            ' an SQL word stands in double quotes, as "grant"',
        ) from error
    return tree


def read_condition(text: str, schema: Schema) -> exp.Expr:
    """Return the tree of a condition on rows. Raises ExpressionRefused."""
    return truth(parse(text), schema)


def read_scalar(tree: exp.Expr, schema: Schema) -> Scalar:
    """Return a part of an expression, checked. Raises ExpressionRefused."""
    for kinds, reader in _READERS:
        if isinstance(tree, kinds):
            return reader(tree, schema)
    if isinstance(tree, exp.AggFunc | exp.Filter):
        raise ExpressionRefused(
            f"'{shown(tree)}' aggregates rows where one row is meant", remedy="write aggregates in 'value' only"
        )
    raise ExpressionRefused(f"'{shown(tree)}' is not among the tested functions", remedy=f"the functions are {LISTED}")


def shown(tree: exp.Expr) -> str:
    """Return a part of an expression as people wrote it, about."""
    return tree.sql(dialect="duckdb")


def truth(tree: exp.Expr, schema: Schema) -> exp.Expr:
    """Return a part that must be true or false."""
    read = read_scalar(tree, schema)
    if read.sort not in {Sort.TRUTH, Sort.NOTHING}:
        raise ExpressionRefused(
            f"'{shown(tree)}' is {read.sort.said} where a condition must stand",
            remedy="compare it, as status = 'Closed'",
        )
    return read.tree


def numeric(tree: exp.Expr, schema: Schema) -> Scalar:
    """Return a part that must be a number."""
    read = read_scalar(tree, schema)
    if read.sort not in NUMBERS:
        remedy = (
            "write days(a, b) for the days between two dates" if read.sort in _DATED else "name a column of numbers"
        )
        raise ExpressionRefused(f"'{shown(tree)}' is {read.sort.said}, not a number", remedy=remedy)
    return read


_DATED = TIMES | {Sort.DATE}


def _column(tree: exp.Expr, schema: Schema) -> Scalar:
    assert isinstance(tree, exp.Column)
    if tree.table:
        raise ExpressionRefused(f"'{shown(tree)}' names a table", remedy=f"write '{tree.name}' alone")
    return Scalar(nodes.column(tree.name), schema.sort(tree.name))


def _literal(tree: exp.Expr, _schema: Schema) -> Scalar:
    assert isinstance(tree, exp.Literal)
    if tree.is_string:
        if "\\" in tree.this:
            raise ExpressionRefused("a text holds a backslash", remedy="engines read it differently; leave it out")
        return Scalar(nodes.text(tree.this), Sort.TEXT)
    digits = str(tree.this)
    if not digits.replace(".", "", 1).isdigit() or len(digits) > 18:
        raise ExpressionRefused(f"'{digits}' is not a plain number", remedy="write digits, and a point if need be")
    return Scalar(nodes.number(digits), Sort.DECIMAL if "." in digits else Sort.INTEGER)


def _constant(tree: exp.Expr, _schema: Schema) -> Scalar:
    return Scalar(tree.copy(), Sort.NOTHING if isinstance(tree, exp.Null) else Sort.TRUTH)


def _paren(tree: exp.Expr, schema: Schema) -> Scalar:
    inner = read_scalar(tree.this, schema)
    return Scalar(nodes.operand(inner.tree), inner.sort)


def _connected(tree: exp.Expr, schema: Schema) -> Scalar:
    left, right = truth(tree.this, schema), truth(tree.expression, schema)
    return Scalar(type(tree)(this=nodes.operand(left), expression=nodes.operand(right)), Sort.TRUTH)


def _not(tree: exp.Expr, schema: Schema) -> Scalar:
    return Scalar(exp.Not(this=nodes.operand(truth(tree.this, schema))), Sort.TRUTH)


def _is(tree: exp.Expr, schema: Schema) -> Scalar:
    inner = read_scalar(tree.this, schema)
    if not isinstance(tree.expression, exp.Null):
        raise ExpressionRefused(f"'{shown(tree)}' is not tested", remedy="write 'is null' or 'is not null'")
    return Scalar(exp.Is(this=nodes.operand(inner.tree), expression=exp.Null()), Sort.TRUTH)


def _compared(tree: exp.Expr, schema: Schema) -> Scalar:
    left, right = _matched(tree.this, tree.expression, schema)
    return Scalar(type(tree)(this=nodes.operand(left), expression=nodes.operand(right)), Sort.TRUTH)


def _matched(left: exp.Expr, right: exp.Expr, schema: Schema) -> tuple[exp.Expr, exp.Expr]:
    """Return two parts that can be compared; a text beside a date is read as a date."""
    a, b = read_scalar(left, schema), read_scalar(right, schema)
    a, b = _dated(a, b, right), _dated(b, a, left)
    _check_code(left, right, schema)
    _check_code(right, left, schema)
    if a.sort is b.sort or {a.sort, b.sort} <= NUMBERS or Sort.NOTHING in {a.sort, b.sort}:
        return a.tree, b.tree
    if {a.sort, b.sort} == {Sort.DATE, Sort.TIMESTAMP}:
        return tuple(nodes.cast(one.tree, "TIMESTAMP") if one.sort is Sort.DATE else one.tree for one in (a, b))  # type: ignore[return-value]
    problem = f"'{shown(left)}' is {a.sort.said} and '{shown(right)}' {b.sort.said}: they cannot be compared"
    remedy = "write date(...) around the other" if Sort.DATE in {a.sort, b.sort} else "compare two of the same kind"
    raise ExpressionRefused(problem, remedy=remedy)


def _dated(one: Scalar, other: Scalar, beside: exp.Expr) -> Scalar:
    """Return a text literal as a date where it stands beside one."""
    if (
        other.sort not in {Sort.DATE, Sort.TIMESTAMP}
        or not isinstance(one.tree, exp.Literal)
        or one.sort is not Sort.TEXT
    ):
        return one
    return _day(str(one.tree.this))


def _day(text: str) -> Scalar:
    try:
        return Scalar(nodes.day(str(parse_day(text))), Sort.DATE)
    except InvalidInput:
        raise ExpressionRefused(f"'{text}' is not a day", remedy="write one like DATE '2015-12-31'") from None


def _check_code(side: exp.Expr, literal: exp.Expr, schema: Schema) -> None:
    """Check that a text compared with a code is one of its values. Raises ExpressionRefused."""
    if not isinstance(side, exp.Column) or not isinstance(literal, exp.Literal) or not literal.is_string:
        return
    allowed = schema.allowed.get(side.name, ())
    if allowed and literal.this not in allowed:
        close = difflib.get_close_matches(literal.this, allowed, n=1, cutoff=0.5)
        remedy = f"did you mean '{close[0]}'?" if close else f"its values are {', '.join(allowed[:12])}"
        raise ExpressionRefused(f"'{literal.this}' is not a value of '{side.name}'", remedy=remedy, text=literal.this)


def _in(tree: exp.Expr, schema: Schema) -> Scalar:
    choices = tree.args.get("expressions") or []
    if not choices or tree.args.get("query") or not all(isinstance(one, exp.Literal) for one in choices):
        raise ExpressionRefused(f"'{shown(tree)}' is not a list of values", remedy="write status in ('Open', 'Closed')")
    pairs = [_matched(tree.this, one, schema) for one in choices]
    return Scalar(exp.In(this=nodes.operand(pairs[0][0]), expressions=[pair[1] for pair in pairs]), Sort.TRUTH)


def _between(tree: exp.Expr, schema: Schema) -> Scalar:
    value, low = _matched(tree.this, tree.args["low"], schema)
    _same, high = _matched(tree.this, tree.args["high"], schema)
    return Scalar(exp.Between(this=nodes.operand(value), low=low, high=high), Sort.TRUTH)


def _like(tree: exp.Expr, schema: Schema) -> Scalar:
    value, pattern = read_scalar(tree.this, schema), tree.expression
    if value.sort is not Sort.TEXT or not isinstance(pattern, exp.Literal) or not pattern.is_string:
        raise ExpressionRefused(f"'{shown(tree)}' is not a text and a pattern", remedy="write title like 'DIRECTOR%'")
    return Scalar(exp.Like(this=nodes.operand(value.tree), expression=_literal(pattern, schema).tree), Sort.TRUTH)


def _arithmetic(tree: exp.Expr, schema: Schema) -> Scalar:
    """Whole numbers stay whole but for division; all others are doubles, in which both engines agree."""
    left, right = numeric(tree.this, schema), numeric(tree.expression, schema)
    if left.sort is right.sort is Sort.INTEGER and not isinstance(tree, exp.Div):
        kept = type(tree)(this=nodes.operand(left.tree), expression=nodes.operand(right.tree))
        return Scalar(kept, Sort.INTEGER)
    first, second = nodes.double(left.tree), nodes.double(right.tree)
    if isinstance(tree, exp.Div):
        second = exp.Nullif(this=second, expression=nodes.number(0))
    return Scalar(type(tree)(this=first, expression=second), Sort.FLOAT)


def _negative(tree: exp.Expr, schema: Schema) -> Scalar:
    inner = numeric(tree.this, schema)
    return Scalar(exp.Neg(this=nodes.operand(inner.tree)), inner.sort)


def _abs(tree: exp.Expr, schema: Schema) -> Scalar:
    inner = numeric(tree.this, schema)
    return Scalar(exp.Abs(this=inner.tree), inner.sort)


def _lowered(tree: exp.Expr, schema: Schema) -> Scalar:
    inner = read_scalar(tree.this, schema)
    if inner.sort is not Sort.TEXT:
        raise ExpressionRefused(
            f"'{shown(tree.this)}' is {inner.sort.said}, not a text", remedy="name a column of text"
        )
    return Scalar(type(tree)(this=inner.tree), Sort.TEXT)


def _one_sort(parts: Sequence[exp.Expr], schema: Schema) -> list[Scalar]:
    """Return parts of which each may stand for another."""
    read = [read_scalar(one, schema) for one in parts]
    sorts = {one.sort for one in read} - {Sort.NOTHING}
    if len(sorts) > 1 and sorts <= NUMBERS:
        return [Scalar(nodes.double(one.tree), Sort.FLOAT) if one.sort in NUMBERS else one for one in read]
    if len(sorts) > 1:
        problem = f"{' and '.join(sorted(sorts))} stand where one kind must"
        raise ExpressionRefused(problem, remedy="let all parts be of one kind")
    return read


def _coalesce(tree: exp.Expr, schema: Schema) -> Scalar:
    parts = _one_sort([tree.this, *tree.expressions], schema)
    tree = exp.Coalesce(this=parts[0].tree, expressions=[one.tree for one in parts[1:]])
    return Scalar(tree, _known_sort(parts))


def _nullif(tree: exp.Expr, schema: Schema) -> Scalar:
    left, right = _matched(tree.this, tree.expression, schema)
    return Scalar(exp.Nullif(this=left, expression=right), read_scalar(tree.this, schema).sort)


def _case(tree: exp.Expr, schema: Schema) -> Scalar:
    if tree.this is not None:
        raise ExpressionRefused("a case compares one value", remedy="write case when a = 1 then ... end")
    branches = tree.args["ifs"]
    default = tree.args.get("default") or exp.Null()
    parts = _one_sort([*(one.args["true"] for one in branches), default], schema)
    ifs = [exp.If(this=truth(one.this, schema), true=part.tree) for one, part in zip(branches, parts[:-1], strict=True)]
    return Scalar(exp.Case(ifs=ifs, default=parts[-1].tree), _known_sort(parts))


def _known_sort(parts: Sequence[Scalar]) -> Sort:
    """Return what parts give that may each stand for another; nulls give nothing away."""
    return next((one.sort for one in parts if one.sort is not Sort.NOTHING), Sort.NOTHING)


def _cast(tree: exp.Expr, schema: Schema) -> Scalar:
    """Read DATE '2015-12-31', and a cast to a date."""
    if tree.args["to"].this is not exp.DataType.Type.DATE:
        raise ExpressionRefused(f"'{shown(tree)}' is not tested", remedy="only casts to a date are: date(opened_at)")
    if isinstance(tree.this, exp.Literal):
        return _day(str(tree.this.this))
    return local_day(tree.this, schema)


def local_day(tree: exp.Expr, schema: Schema) -> Scalar:
    """Return the day of a date, a timestamp or an instant, on the city's calendar."""
    inner = read_scalar(tree, schema)
    if inner.sort is Sort.DATE:
        return inner
    if inner.sort is Sort.TIMESTAMP:
        return Scalar(nodes.cast(inner.tree, "DATE"), Sort.DATE)
    if inner.sort is Sort.INSTANT:
        local = exp.AtTimeZone(this=inner.tree, zone=nodes.text(schema.zone))
        return Scalar(nodes.cast(local, "DATE"), Sort.DATE)
    raise ExpressionRefused(f"'{shown(tree)}' is {inner.sort.said}, not a date", remedy="name a date or a timestamp")


def _date(tree: exp.Expr, schema: Schema) -> Scalar:
    return local_day(tree.this, schema)


def _part(tree: exp.Expr, schema: Schema) -> Scalar:
    return Scalar(type(tree)(this=local_day(tree.this, schema).tree), Sort.INTEGER)


def _called(tree: exp.Expr, schema: Schema) -> Scalar:
    assert isinstance(tree, exp.Anonymous)
    name = str(tree.this).lower()
    if name != "days" or len(tree.expressions) != 2:
        close = difflib.get_close_matches(name, FUNCTIONS, n=1)
        remedy = f"did you mean {close[0]}(...)?" if close else f"the functions are {LISTED}"
        raise ExpressionRefused(f"the function '{name}' with {len(tree.expressions)} parts is not known", remedy=remedy)
    return _days(tree.expressions[0], tree.expressions[1], schema)


def _days(first: exp.Expr, last: exp.Expr, schema: Schema) -> Scalar:
    """Calendar days between dates; between timestamps, or instants, what elapsed as days of 86,400 seconds."""
    a, b = read_scalar(first, schema), read_scalar(last, schema)
    a, b = _dated(a, b, last), _dated(b, a, first)
    if a.sort is not b.sort or a.sort not in _DATED:
        problem = f"days() is given {a.sort.said} and {b.sort.said}"
        raise ExpressionRefused(
            problem, remedy="give it two dates or two timestamps; date(x) is the day of a timestamp"
        )
    if a.sort is Sort.DATE:
        return Scalar(exp.DateDiff(this=b.tree, expression=a.tree, unit=exp.var("DAY")), Sort.INTEGER)
    elapsed = exp.DateDiff(this=b.tree, expression=a.tree, unit=exp.var("MICROSECOND"))
    return Scalar(
        exp.Div(this=nodes.double(elapsed), expression=nodes.double(nodes.number(nodes.MICROSECONDS_A_DAY))), Sort.FLOAT
    )


Reader = Callable[[exp.Expr, Schema], Scalar]
_READERS: tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Reader], ...] = (
    (exp.Column, _column),
    (exp.Literal, _literal),
    ((exp.Null, exp.Boolean), _constant),
    (exp.Paren, _paren),
    ((exp.And, exp.Or), _connected),
    (exp.Not, _not),
    (exp.Is, _is),
    ((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _compared),
    (exp.In, _in),
    (exp.Between, _between),
    (exp.Like, _like),
    ((exp.Add, exp.Sub, exp.Mul, exp.Div), _arithmetic),
    (exp.Neg, _negative),
    (exp.Abs, _abs),
    ((exp.Lower, exp.Upper), _lowered),
    (exp.Coalesce, _coalesce),
    (exp.Nullif, _nullif),
    (exp.Case, _case),
    (exp.Cast, _cast),
    (exp.Date, _date),
    ((exp.Year, exp.Month), _part),
    (exp.Anonymous, _called),
)
FUNCTIONS = ("days", "date", "year", "month", "abs", "lower", "upper", "coalesce", "nullif")
LISTED = "days(a, b), date(x), year(x), month(x), abs(x), lower(x), upper(x), coalesce(a, b), nullif(a, b), case"
