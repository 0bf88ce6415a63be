"""A contract's own SELECT over the table `landed`: parsed, allow-listed node by node, and only then run."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import sqlglot
from sqlglot import exp

from cupola.contracts import ROW, SOURCE, Landing
from cupola.errors import InvalidInput
from cupola.lake import sqltext
from cupola.lake.landing import BatchRelation, csv_relation

TABLE = "landed"
_NODES = (
    *(exp.Select, exp.SetOperation, exp.With, exp.CTE, exp.Subquery, exp.Table, exp.TableAlias, exp.Alias, exp.Column),
    *(exp.Identifier, exp.Star, exp.Literal, exp.Null, exp.Boolean, exp.From, exp.Where, exp.Group, exp.Having),
    *(exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Join, exp.Distinct, exp.Qualify, exp.Binary, exp.Unary),
    *(exp.Between, exp.In, exp.Tuple, exp.Array, exp.Bracket, exp.DataType, exp.DataTypeParam, exp.Interval, exp.Var),
    *(exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup, exp.If, exp.Values, exp.Case, exp.Cast, exp.TryCast),
    *(exp.IntervalSpan, exp.Slice),
)
_ALLOWED = """
abs ceil ceiling floor round trunc sign mod pow power sqrt ln log10 greatest least coalesce ifnull nullif if
lower upper trim ltrim rtrim length char_length substring substr left right replace concat concat_ws
string_split str_to_array split split_part str_position strpos instr contains starts_with ends_with suffix
prefix lpad rpad pad reverse repeat translate regexp_matches regexp_full_match regexp_like regexp_replace
regexp_extract regexp_extract_all initcap format printf ascii chr strip_accents array_to_string array_length
list_extract len string_agg group_concat listagg
count count_if sum avg min max median mode first last any_value arg_min arg_max bool_and bool_or logical_and
logical_or stddev stddev_samp stddev_pop variance var_pop quantile quantile_cont quantile_disc
percentile_cont percentile_disc row_number rank dense_rank lag lead first_value last_value nth_value ntile
percent_rank cume_dist
date_trunc timestamp_trunc date_part extract year month day quarter week dayofweek day_of_week dayofyear
day_of_year hour minute second date_diff datediff date_add date_sub make_date date_from_parts make_timestamp
strftime strptime try_strptime time_to_str str_to_time last_day monthname dayname ts_or_ds_to_date date
time_str_to_time cast try_cast case and or xor not is between in like ilike similar_to glob
json_extract json_extract_string json_extract_scalar json_array_length json_value
"""
_FUNCTIONS = frozenset(_ALLOWED.split())


class SelectRefused(InvalidInput):
    """A `select` uses something it may not, or is not one SELECT."""

    def __init__(self, *, dataset: str, problem: str) -> None:
        self.dataset = dataset
        super().__init__(
            f"{dataset}: select: {problem}. Write one SELECT over the table `{TABLE}`, whose columns are all text,"
            " with plain functions."
        )


@dataclass(frozen=True)
class Selected:
    """The result of a select, as a temporary table: texts c0, c1, ..., `_row` (its position), `o_source`, `o_row`."""

    table: str
    columns: tuple[str, ...]
    landed: int
    kept: int
    traced: bool


def check_select(sql: str, *, dataset: str) -> exp.Query:
    """Return the syntax tree of `sql`. Raises SelectRefused."""
    try:
        trees = sqlglot.parse(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise SelectRefused(dataset=dataset, problem=f"cannot be read: {str(error).splitlines()[0]}") from error
    if len(trees) != 1 or not isinstance(trees[0], (exp.Select, exp.SetOperation)):
        raise SelectRefused(dataset=dataset, problem="is not one SELECT")
    tree = trees[0]
    own = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    for node in tree.walk():
        problem = _problem(node, own)
        if problem:
            raise SelectRefused(dataset=dataset, problem=problem)
    return tree


def _problem(node: exp.Expr, own: set[str]) -> str:
    if isinstance(node, exp.Table):
        plain = isinstance(node.this, exp.Identifier) and not node.args.get("db")
        if not plain or node.name.lower() not in own | {TABLE}:
            return f"reads {node.sql(dialect='duckdb')}, and may read only {TABLE}"
        return ""
    if isinstance(node, exp.Anonymous):
        return "" if node.name.lower() in _FUNCTIONS else f"the function {node.name} is not allowed"
    if isinstance(node, _NODES):
        return ""
    if isinstance(node, exp.Func):
        names = {name.lower() for name in node.sql_names()}
        return "" if names & _FUNCTIONS else f"the function {node.sql_name().lower()} is not allowed"
    return f"{node.key} is not allowed"


def run_select(
    connection: duckdb.DuckDBPyConnection, tree: exp.Query, landings: Sequence[Landing], *, dataset: str
) -> Selected:
    """Land `landings` as texts in `landed`, run `tree` over it, and keep the result as texts. Raises SelectRefused."""
    connection.execute("DROP TABLE IF EXISTS landed; DROP TABLE IF EXISTS selected")
    for landing in landings:
        land(connection, landing)
    traced = _traced(tree)
    try:
        result = connection.sql(traced.sql(dialect="duckdb"))
        columns = tuple(name for name in result.columns if name not in {"o_source", "o_row"})
        texts = ", ".join(f"{sqltext.name(name)}::VARCHAR AS c{position}" for position, name in enumerate(columns))
        carries = "o_row" in result.columns
        origin = "o_source, o_row" if carries else "'select' AS o_source, row_number() OVER () AS o_row"
        connection.execute(
            f"CREATE TEMP TABLE selected AS SELECT {texts}, row_number() OVER () AS {ROW}, {origin}"
            f" FROM ({traced.sql(dialect='duckdb')})"
        )
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError) as error:
        raise SelectRefused(dataset=dataset, problem=str(error).splitlines()[0]) from error
    counts = connection.execute("SELECT (SELECT count(*) FROM landed), (SELECT count(*) FROM selected)").fetchall()
    return Selected("selected", columns, landed=counts[0][0], kept=counts[0][1], traced=carries)


def _traced(tree: exp.Query) -> exp.Query:
    """Return `tree` that also carries source and row of each landed row, where one row in is one row out."""
    plain = isinstance(tree, exp.Select) and not any(
        tree.args.get(part) for part in ("group", "distinct", "joins", "with_", "with", "having", "laterals")
    )
    if not plain or any(tree.find_all(exp.AggFunc, exp.Subquery)):
        return tree
    origins = [f"{SOURCE} AS o_source", f"{ROW} AS o_row"]
    assert isinstance(tree, exp.Select)
    return tree.select(*origins, dialect="duckdb")


def land(connection: duckdb.DuckDBPyConnection, landing: Landing) -> None:
    """Add one landing to the temporary table `landed`: its columns as texts, `_source` and `_row`."""
    names = _distinct(landing.columns)
    columns = "".join(f"c{position} AS {sqltext.name(name)}, " for position, name in enumerate(names))
    held = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'landed'").fetchall()[0][0]
    source = sqltext.text(landing.source)

    def copy(relation: str, row: str) -> None:
        select = f"SELECT {columns}{source} AS {SOURCE}, {row} AS {ROW} FROM {relation}"
        whole = f"SELECT * FROM landed UNION ALL BY NAME {select}" if held else select
        connection.execute(f"CREATE OR REPLACE TEMP TABLE landed AS {whole}")

    if landing.csv is not None:
        try:
            copy(csv_relation(landing.csv, len(landing.columns)), "row_number() OVER ()")
            return
        except (duckdb.DataError, duckdb.NotSupportedError, duckdb.InvalidInputException):
            pass  # the careful reader below says what is wrong with the line
    relation = BatchRelation(landing, name="landing_batches")
    relation.register(connection)
    try:
        copy(relation.name, ROW)
    except duckdb.Error as error:
        if relation.error is not None:
            raise relation.error from error
        raise
    finally:
        connection.unregister(relation.name)


def _distinct(columns: tuple[str, ...]) -> list[str]:
    """Return names that differ in more than case, as a SQL table needs them: a later one gets _2, _3, ..."""
    taken: set[str] = set()
    names = []
    for column in columns:
        name, number = column, 1
        while name.lower() in taken:
            number += 1
            name = f"{column}_{number}"
        taken.add(name.lower())
        names.append(name)
    return names
