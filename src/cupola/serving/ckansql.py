"""`datastore_search_sql`: one SELECT over one resource, as a checked syntax tree. Double quotes are names here.

Only the nodes and functions listed below pass; each resource named is put in as the public columns of its release, so
nothing else can be reached however the query is written.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlglot
from pyarrow import DataType, types
from sqlglot import exp

from cupola.serving.ckancolumns import shown
from cupola.serving.ckandatastore import ID, MOST_ROWS, records, run
from cupola.serving.ckanerrors import BadAction
from cupola.serving.ckanjoins import JOIN_SECONDS, check_joins, combines
from cupola.serving.entries import Entry
from cupola.serving.errors import QueryNotRun
from cupola.serving.service import Service

_MOST_CHARACTERS, _MOST_NODES, _MOST_TABLES = 20_000, 3_000, 8
_ROWS = "rows"
_NODES = frozenset({
    "Select", "From", "Join", "Where", "Group", "Having", "Order", "Ordered", "Limit", "Offset", "Distinct",
    "With", "CTE", "Subquery", "Union", "Except", "Intersect", "Table", "TableAlias", "Alias", "Column",
    "Identifier", "Star", "Literal", "Boolean", "Null", "Paren", "Tuple", "Interval", "Var", "And", "Or", "Not",
    "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "NullSafeEQ", "NullSafeNEQ", "Is", "In", "Between", "Like", "ILike",
    "Exists", "Case", "If", "Add", "Sub", "Mul", "Div", "IntDiv", "Mod", "Neg", "DPipe", "Cast", "TryCast",
    "DataType", "DataTypeParam", "Filter", "WithinGroup", "Window", "WindowSpec", "Rollup", "Cube", "GroupingSets",
    "Escape",
})  # fmt: skip
_FUNCTIONS = frozenset({
    "Count", "CountIf", "Sum", "Avg", "Min", "Max", "Median", "Stddev", "StddevPop", "StddevSamp", "Variance",
    "VariancePop", "Corr", "CovarPop", "CovarSamp", "PercentileCont", "PercentileDisc", "Quantile", "Mode",
    "ApproxDistinct", "LogicalAnd", "LogicalOr", "Abs", "Ceil", "Floor", "Round", "Trunc", "Sqrt", "Cbrt", "Ln",
    "Log", "Exp", "Pow", "Sign", "Degrees", "Radians", "Sin", "Cos", "Tan", "Lower", "Upper", "Length", "Trim",
    "Substring", "Left", "Right", "Replace", "Concat", "ConcatWs", "SplitPart", "StrPosition", "Initcap",
    "Reverse", "StartsWith", "Contains", "Unicode", "Chr", "Coalesce", "Nullif", "Greatest", "Least", "Extract",
    "DateTrunc", "TimestampTrunc", "Date", "TsOrDsToDate", "Year", "Month", "Day", "DayOfWeek", "DayOfYear",
    "Week", "Quarter", "Hour", "Minute", "Second", "ToChar", "TimeToStr", "StrToTime", "StrToDate", "RowNumber",
    "Rank", "DenseRank", "PercentRank", "CumeDist", "Ntile", "Lag", "Lead", "FirstValue", "LastValue", "NthValue",
})  # fmt: skip


def search_sql(service: Service, given: Mapping[str, Any], resolve: Callable[[str], Entry]) -> dict[str, Any]:
    """Return what the SELECT in `sql` gives. `resolve`: the dataset of a resource. Raises BadAction."""
    sql = given.get("sql")
    if not isinstance(sql, str) or not sql.strip():
        raise BadAction("sql", "Missing value")
    tree = parse(sql)
    seconds = min(JOIN_SECONDS, service.sizes.seconds) if combines(tree) else None
    entry = put_in(tree, resolve)
    check_joins(tree)
    name_outputs(tree)
    cap(tree)
    try:
        whole = tree if isinstance(tree, exp.Select) else exp.select("*").from_(tree.subquery("found"))
        table = run(service, entry, whole, seconds=seconds)
    except QueryNotRun as error:
        raise BadAction("query", error.detail.split("Candidate")[0].strip()[:300]) from error
    more = table.num_rows > MOST_ROWS
    fields = [{"id": field.name, "type": _field_type(field.type)} for field in table.schema]
    result = {"sql": sql, "records": records(table.slice(0, MOST_ROWS), "objects"), "fields": fields}
    return {**result, "records_truncated": True} if more else result


def parse(sql: str) -> exp.Query:
    """Return the one SELECT a text holds, every part of it allowed. Raises BadAction."""
    if len(sql) > _MOST_CHARACTERS:
        raise BadAction("sql", f"the query is longer than {_MOST_CHARACTERS:,} characters")
    try:
        statements = sqlglot.parse(sql, dialect="postgres")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise BadAction("sql", f"this is not SQL: {_said(error)}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise BadAction("sql", "Query is not a single statement that begins with SELECT")
    tree = statements[0]
    for count, node in enumerate(tree.walk()):
        if count > _MOST_NODES:
            raise BadAction("sql", "the query has too many parts")
        check(node)
    return tree


def check(node: exp.Expr) -> None:
    """Refuse a part of a query that is not on the lists. Raises BadAction."""
    name = type(node).__name__
    if isinstance(node, exp.Func) and not isinstance(node, exp.Connector | exp.Case | exp.Cast | exp.If | exp.Exists):
        allowed = name in _FUNCTIONS
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
    else:
        allowed = name in _NODES or name in _FUNCTIONS
    if not allowed or _is_more(node):
        raise BadAction("sql", f"Not authorized to use {name[:60].upper()}")


def _is_more(node: exp.Expr) -> bool:
    """Whether an allowed part carries what is not: another catalogue, recursion, a lock, sampling, a hint."""
    if isinstance(node, exp.Table):
        plain = isinstance(node.this, exp.Identifier) and not node.args.get("db") and not node.args.get("catalog")
        extras = ("sample", "version", "when", "pivots", "hints", "partition", "only", "ordinality", "joins")
        return not plain or any(node.args.get(part) for part in extras)
    if isinstance(node, exp.Select):
        return any(node.args.get(part) for part in ("into", "locks", "laterals", "sample", "hint", "kind", "settings"))
    return isinstance(node, exp.With) and bool(node.args.get("recursive"))


def _said(error: Exception) -> str:
    facts = getattr(error, "errors", None) or [{}]
    return str(facts[0].get("description") or "it is nested too deeply or cut off").rstrip(".")[:200]


def put_in(tree: exp.Query, resolve: Callable[[str], Entry]) -> Entry:
    """Put the public columns of the one release in the place of each resource, and return its entry."""
    own = {cte.alias_or_name.casefold() for cte in tree.find_all(exp.CTE)}
    if _ROWS in own:
        raise BadAction("sql", "rows cannot be the name of a WITH query; choose another")
    tables = [table for table in tree.find_all(exp.Table) if table.name.casefold() not in own]
    entries = {table.name: resolve(table.name) for table in tables[:_MOST_TABLES]}
    found = {entry.public_id: entry for entry in entries.values()}
    if len(tables) > _MOST_TABLES or len(found) != 1:
        raise BadAction("sql", 'a query reads one resource: SELECT ... FROM "resource id"')
    entry = next(iter(found.values()))
    for table in tables:
        alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name, quoted=True))
        table.replace(exp.Subquery(this=_public(entry), alias=alias.copy()))
    return entry


def _public(entry: Entry) -> exp.Select:
    names = (ID, *(column.name for column in entry.columns))
    return exp.select(*(shown(name, entry.columns) for name in names)).from_(_ROWS)


def name_outputs(tree: exp.Query) -> None:
    """Give what has no name the one PostgreSQL gives it: the function's, the column's, or none."""
    taken: set[str] = set()
    select = tree
    while not isinstance(select, exp.Select):
        select = select.this  # the first of a union names its columns
    named = []
    for one in select.expressions:
        plain = _output_name(one)
        name, number = plain, 0
        while name and name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        bare = not name or (isinstance(one, exp.Column | exp.Alias) and name == plain)
        named.append(one if bare else exp.alias_(one.unalias(), name, quoted=True))
    select.set("expressions", named)


def _output_name(one: exp.Expr) -> str:
    if isinstance(one, exp.Alias | exp.Column):
        return "" if isinstance(one.this, exp.Star) else one.alias_or_name
    if isinstance(one, exp.Star):
        return ""
    if isinstance(one, exp.Cast):
        inner = _output_name(one.this)
        return inner if inner != "?column?" else one.to.sql(dialect="postgres").casefold()
    if isinstance(one, exp.Window | exp.Filter | exp.Paren | exp.WithinGroup):
        return _output_name(one.this)
    if isinstance(one, exp.Case | exp.If):
        return "case"
    return one.sql_name().casefold() if isinstance(one, exp.Func) and not isinstance(one, exp.Connector) else "?column?"


def cap(tree: exp.Query) -> None:
    """Let the query give no more rows than one answer may hold. Raises BadAction."""
    most = MOST_ROWS + 1
    for part in ("limit", "offset"):
        held = tree.args.get(part)
        number = held.expression if held is not None else None
        if number is None:
            continue
        if not (isinstance(number, exp.Literal) and number.is_int and len(number.name) < 18):
            raise BadAction("sql", f"{part.upper()} must be a whole number")
        if part == "limit":
            most = min(most, int(number.name))
    tree.limit(most, copy=False)


_KINDS: tuple[tuple[Callable[[DataType], bool], str], ...] = (
    (types.is_boolean, "bool"),
    (types.is_integer, "int8"),
    (types.is_floating, "float8"),
    (types.is_decimal, "numeric"),
    (types.is_date, "date"),
)


def _field_type(kind: DataType) -> str:
    if types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    return next((name for test, name in _KINDS if test(kind)), "text")
