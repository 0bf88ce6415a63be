"""Statements of measures in Spark's SQL: each node rendered by a rule of its own, and anything else refused.

sqlglot's own rendering for Spark is not used: it turns an exact percentile into an approximate one without a word.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from cupola.errors import InvalidInput

_TYPES = {
    exp.DataType.Type.BIGINT: "BIGINT",
    exp.DataType.Type.DATE: "DATE",
    exp.DataType.Type.DOUBLE: "DOUBLE",
    exp.DataType.Type.INT128: "DECIMAL(38, 0)",  # sums of BIGINT run over in Spark
    exp.DataType.Type.TIMESTAMP: "TIMESTAMP_NTZ",
    exp.DataType.Type.VARCHAR: "STRING",
    exp.DataType.Type.TEXT: "STRING",
}
_TRUNCATED = {"WEEK": "WEEK", "MONTH": "MONTH", "QUARTER": "QUARTER", "YEAR": "YEAR"}
_INFIX: Mapping[type[exp.Expr], str] = {
    exp.And: "AND",
    exp.Or: "OR",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Is: "IS",
    exp.Like: "LIKE",
}
_CALLS: Mapping[type[exp.Expr], str] = {
    exp.Abs: "abs",
    exp.Lower: "lower",
    exp.Upper: "upper",
    exp.Year: "year",
    exp.Month: "month",
    exp.Min: "min",
    exp.Sum: "sum",
    exp.Max: "max",
}


class NotForSpark(InvalidInput):
    """A statement holds something that was not tested on Spark."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(f"'{part}' was not tested on Spark. Compute it with CUPOLA_ENGINE=duckdb.")


def spark_sql(tree: exp.Expr) -> str:
    """Return a statement of measures as Spark's SQL. Raises NotForSpark."""
    kind = type(tree)
    if kind in _INFIX:
        return f"{spark_sql(tree.this)} {_INFIX[kind]} {spark_sql(tree.expression)}"
    if kind in _CALLS:
        return f"{_CALLS[kind]}({spark_sql(tree.this)})"
    rule = _RULES.get(kind)
    if rule is None:
        raise NotForSpark(tree.sql(dialect="duckdb"))
    return rule(tree)


def quoted(name: str) -> str:
    """Return a name quoted as Spark does."""
    return "`" + name.replace("`", "``") + "`"


def _listed(parts: Sequence[exp.Expr]) -> str:
    return ", ".join(spark_sql(one) for one in parts)


def _literal(tree: exp.Expr) -> str:
    if not tree.args.get("is_string"):
        return str(tree.this)
    text = str(tree.this).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def _boolean(tree: exp.Expr) -> str:
    return "TRUE" if tree.this else "FALSE"


def _not(tree: exp.Expr) -> str:
    return f"NOT ({spark_sql(tree.this)})"


def _cast(tree: exp.Expr) -> str:
    kind = tree.args["to"].this
    if kind not in _TYPES:
        raise NotForSpark(tree.sql(dialect="duckdb"))
    return f"CAST({spark_sql(tree.this)} AS {_TYPES[kind]})"


def _in(tree: exp.Expr) -> str:
    return f"{spark_sql(tree.this)} IN ({_listed(tree.expressions)})"


def _between(tree: exp.Expr) -> str:
    return f"{spark_sql(tree.this)} BETWEEN {spark_sql(tree.args['low'])} AND {spark_sql(tree.args['high'])}"


def _case(tree: exp.Expr) -> str:
    branches = "".join(f" WHEN {spark_sql(one.this)} THEN {spark_sql(one.args['true'])}" for one in tree.args["ifs"])
    default = tree.args.get("default")
    return f"CASE{branches}{' ELSE ' + spark_sql(default) if default is not None else ''} END"


def _coalesce(tree: exp.Expr) -> str:
    return f"coalesce({_listed([tree.this, *tree.expressions])})"


def _nullif(tree: exp.Expr) -> str:
    return f"nullif({spark_sql(tree.this)}, {spark_sql(tree.expression)})"


def _negative(tree: exp.Expr) -> str:
    return f"-({spark_sql(tree.this)})"


def _difference(tree: exp.Expr) -> str:
    unit = tree.args["unit"].name.upper()
    last, first = spark_sql(tree.this), spark_sql(tree.expression)
    if unit == "DAY":
        return f"CAST(datediff({last}, {first}) AS BIGINT)"
    if unit == "MICROSECOND":
        return f"timestampdiff(MICROSECOND, {first}, {last})"
    raise NotForSpark(tree.sql(dialect="duckdb"))


def _truncated(tree: exp.Expr) -> str:
    unit = tree.args["unit"].name.upper()
    if unit not in _TRUNCATED:
        raise NotForSpark(tree.sql(dialect="duckdb"))
    return f"trunc({spark_sql(tree.this)}, '{_TRUNCATED[unit]}')"


def _made_date(tree: exp.Expr) -> str:
    parts = (tree.args["year"], tree.args["month"], tree.args["day"])
    return "make_date(" + ", ".join(f"CAST({spark_sql(one)} AS INT)" for one in parts) + ")"


def _local(tree: exp.Expr) -> str:
    """Return an instant as local wall time; the session's zone is UTC."""
    return f"from_utc_timestamp({spark_sql(tree.this)}, {spark_sql(tree.args['zone'])})"


def _count(tree: exp.Expr) -> str:
    inner = tree.this
    if isinstance(inner, exp.Distinct):
        return f"count(DISTINCT {_listed(inner.expressions)})"
    return f"count({spark_sql(inner)})"


def _percentile(tree: exp.Expr) -> str:
    return f"percentile({spark_sql(tree.this)}, {spark_sql(tree.expression)})"


def _filter(tree: exp.Expr) -> str:
    return f"{spark_sql(tree.this)} FILTER (WHERE {spark_sql(tree.expression.this)})"


def _select(tree: exp.Expr) -> str:
    parts = [f"SELECT {'DISTINCT ' if tree.args.get('distinct') else ''}{_listed(tree.expressions)}"]
    parts.append(f"FROM {spark_sql(tree.args['from_'].this)}")
    if tree.args.get("where") is not None:
        parts.append(f"WHERE {spark_sql(tree.args['where'].this)}")
    if tree.args.get("group") is not None:
        parts.append(f"GROUP BY {_grouped(tree.args['group'])}")
    return " ".join(parts)


def _grouped(group: exp.Expr) -> str:
    sets = group.args.get("grouping_sets")
    if not sets:
        return _listed(group.expressions)
    return "GROUPING SETS (" + ", ".join(f"({_listed(one.expressions)})" for one in sets[0].expressions) + ")"


_RULES: Mapping[type[exp.Expr], Callable[[exp.Expr], str]] = {
    exp.Alias: lambda tree: f"{spark_sql(tree.this)} AS {quoted(tree.alias)}",
    exp.AtTimeZone: _local,
    exp.Between: _between,
    exp.Boolean: _boolean,
    exp.Case: _case,
    exp.Cast: _cast,
    exp.Coalesce: _coalesce,
    exp.Column: lambda tree: quoted(tree.name),
    exp.Count: _count,
    exp.DateDiff: _difference,
    exp.DateFromParts: _made_date,
    exp.Filter: _filter,
    exp.Grouping: lambda tree: f"grouping_id({_listed(tree.expressions)})",
    exp.In: _in,
    exp.Literal: _literal,
    exp.Neg: _negative,
    exp.Not: _not,
    exp.Null: lambda tree: "NULL",
    exp.Nullif: _nullif,
    exp.Paren: lambda tree: f"({spark_sql(tree.this)})",
    exp.PercentileCont: _percentile,
    exp.Select: _select,
    exp.Star: lambda tree: "*",
    exp.Subquery: lambda tree: f"({spark_sql(tree.this)}) AS {quoted(tree.alias)}",
    exp.Table: lambda tree: quoted(tree.name),
    exp.TimestampTrunc: _truncated,
}
