"""From a checked syntax tree to the SQL that is run: rows found by position first, and only then read whole."""

import secrets

from sqlglot import exp

from cupola.lake import ID
from cupola.soql import ROWS, Compiled

# Stands for the table until it is known which. No text of a request can hold it: it is drawn anew in each process.
PLACE = f"rows_{secrets.token_hex(12)}"
_POSITION = "rowid"
_PARTS = ("where", "order", "limit", "offset")


def sql_of(compiled: Compiled, *, positioned: bool) -> str:
    """Return SQL with PLACE for the table. `positioned`: its rows have a rowid, counted from 0 without gaps."""
    tree: exp.Query = compiled.tree.copy()
    if not compiled.aggregated and isinstance(tree, exp.Select):
        tree = _page(tree, compiled, positioned=positioned)
    for table in tree.find_all(exp.Table):
        if table.name != ROWS:
            continue  # a query's own WITH table, which CKAN's SQL may have
        table.set("this", exp.to_identifier(PLACE))
        table.set("alias", exp.TableAlias(this=exp.to_identifier(ROWS, quoted=True)))
    return tree.sql(dialect="duckdb")


def _page(tree: exp.Select, compiled: Compiled, *, positioned: bool) -> exp.Query:
    key = _POSITION if positioned else ID
    if compiled.ordered:
        return tree if _sorts_by_shown(tree) else _two_steps(tree, key)
    if positioned and compiled.offset and not tree.args.get("where"):
        return _by_position(tree, compiled.offset, compiled.offset + compiled.limit)
    return tree


def _sorts_by_shown(tree: exp.Select) -> bool:
    """Whether a name in ORDER BY may mean something computed in the select list instead of a column."""
    computed = {
        one.alias.lower()
        for one in tree.expressions
        if not (isinstance(one.this, exp.Column) and one.this.name.lower() == one.alias.lower())
    }
    return any(column.name.lower() in computed for column in tree.args["order"].find_all(exp.Column))


def _two_steps(tree: exp.Select, key: str) -> exp.Query:
    """Find which rows the page has, reading only what filters and sorts; then read those rows whole."""
    keys = exp.select(exp.column(key)).from_(exp.to_table(ROWS))
    for part in _PARTS:
        if tree.args.get(part) is not None:
            keys.set(part, tree.args[part].copy())
            if part != "order":
                tree.set(part, None)
    tree.set("where", exp.Where(this=exp.In(this=exp.column(key), query=exp.Subquery(this=keys))))
    return tree


def _by_position(tree: exp.Select, first: int, end: int) -> exp.Query:
    """Rows without an order come as they lie, so a far page is a range of positions."""
    tree.set("limit", None)
    tree.set("offset", None)
    return tree.where(exp.column(_POSITION) >= first, exp.column(_POSITION) < end, copy=False)
