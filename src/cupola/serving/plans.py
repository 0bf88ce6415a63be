"""From a checked syntax tree to the SQL that is run: rows found by position first, and only then read whole.

The parts of a tree are written one by one: to copy a tree and change it took longer than many queries run.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlglot import exp

from cupola.lake import ID, sqltext
from cupola.serving.spans import by_number
from cupola.soql import ROWS, Compiled

# Stands for the table until it is known which. No text of a request can hold it: it is drawn anew in each process.
PLACE = f"rows_{secrets.token_hex(12)}"
FROM = f'{PLACE} AS "{ROWS}"'
FIRST, END = f"first_{secrets.token_hex(12)}", f"end_{secrets.token_hex(12)}"
_POSITION = "rowid"


@dataclass(frozen=True)
class Plan:
    """How a query is run. `sql` has PLACE for its table.

    `ranges`: where rows come as they lie and none are skipped, any range of positions can be read by itself, with
    FIRST and END for the first position and the one after the last. The limit is left to whoever reads them.
    `by_key`: the row by way of the index, if it finds one; if not, `sql` has the last word. Whoever reads it compares
    its values: beside the `_id`, the engine would not use its index.
    """

    sql: str
    ranges: str = ""
    by_key: str = ""


def plan_of(compiled: Compiled, *, positioned: bool, times: Collection[str] = ()) -> Plan:
    """Return how to run a query. `positioned`: its rows have a rowid, counted from 0 without gaps.

    `times`: stored columns that are local times.
    """
    tree = compiled.tree
    if compiled.aggregated or not _reads_rows(tree):
        return Plan(_whole(tree, times))
    shown, where = _shown(compiled), _part(tree, "where")
    page = _part(tree, "limit") + _part(tree, "offset")
    if compiled.ordered:
        order = _part(tree, "order")
        if _sorts_by_shown(tree):
            return Plan(f"SELECT {shown} FROM {FROM}{where}{order}{page}")
        key = _POSITION if positioned else ID
        keys = f"SELECT {key} FROM {FROM}{where}{order}{page}"
        return Plan(f"SELECT {shown} FROM {FROM} WHERE {key} IN ({keys}){order}")
    if not positioned:
        return Plan(f"SELECT {shown} FROM {FROM}{where}{page}")
    if compiled.offset and not where:
        return Plan(f"SELECT {shown} FROM {FROM}{_between(compiled.offset, compiled.offset + compiled.limit)}")
    condition = f" AND ({_sql(tree.args['where'].this)})" if where else ""
    ranges = "" if compiled.offset else f"SELECT {shown} FROM {FROM}{_between(FIRST, END)}{condition}"
    return Plan(f"SELECT {shown} FROM {FROM}{where}{page}", ranges)


def _between(first: int | str, end: int | str) -> str:
    return f" WHERE {_POSITION} >= {first} AND {_POSITION} < {end}"


def _whole(tree: exp.Query, times: Collection[str]) -> str:
    copied = tree.copy()
    by_number(copied, times)
    for table in copied.find_all(exp.Table):
        if table.name != ROWS:
            continue  # a query's own WITH table, which CKAN's SQL may have
        table.set("this", exp.to_identifier(PLACE))
        table.set("alias", exp.TableAlias(this=exp.to_identifier(ROWS, quoted=True)))
    return _sql(copied)


def _reads_rows(tree: exp.Query) -> bool:
    source = tree.args.get("from_") if not tree.args.get("with_") else None
    return source is not None and isinstance(source.this, exp.Table)


def _shown(compiled: Compiled) -> str:
    names = [one.name for one in compiled.columns]
    if (
        names
        and not compiled.former
        and all(one.source == one.name and not one.name.startswith(":") for one in compiled.columns)
    ):
        return ", ".join([sqltext.name(name) for name in names])
    return ", ".join([_sql(one) for one in compiled.tree.expressions])


def _part(tree: exp.Select, name: str) -> str:
    held = tree.args.get(name)
    if held is None:
        return ""
    if name in {"limit", "offset"}:
        return f" {name.upper()} {held.expression.this}"
    return (
        f" ORDER BY {', '.join([_sql(one) for one in held.expressions])}"
        if name == "order"
        else f" WHERE {_sql(held.this)}"
    )


def _sql(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb")


def _sorts_by_shown(tree: exp.Select) -> bool:
    """Whether a name in ORDER BY may mean something computed in the select list instead of a column."""
    computed = {
        one.alias.lower()
        for one in tree.expressions
        if not (isinstance(one.this, exp.Column) and one.this.name.lower() == one.alias.lower())
    }
    return bool(computed) and any(one.name.lower() in computed for one in tree.args["order"].find_all(exp.Column))
