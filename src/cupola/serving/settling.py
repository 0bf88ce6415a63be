"""A query made so that its answer depends on the rows alone: not on files, their order, or how many threads work.

Two things otherwise do: ties in an order (which row comes first, or makes it into a page), and sums of floating point
numbers, which differ in the last digits with the order they are added in.
"""

from collections.abc import Collection
from dataclasses import replace

from sqlglot import exp

from cupola.lake import ID, StoredField
from cupola.soql import ROWS, Compiled

_SUMS = {"SUM": "sum", "AVG": "avg", "STDDEV_POP": "stddev_pop", "STDDEV_SAMP": "stddev_samp"}
_INEXACT = ("DOUBLE", "FLOAT")


def settled(compiled: Compiled, fields: Collection[StoredField], *, most: int) -> Compiled:
    """Return the same query with ties broken and floating point numbers added up in the order of their size.

    Rows of the dataset that tie, or that were asked for in no order, come in the order of their identifiers; groups and
    other computed rows in the order of their columns from left to right. `most`: rows that are of any use.
    """
    tree = compiled.tree.copy()
    exact = {one.name for one in fields if one.type not in _INEXACT}
    for call in list(tree.find_all(exp.Anonymous)):
        if str(call.this).upper() in _SUMS and not _is_exact(call, exact):
            call.replace(_in_order_of_size(call))
    order = tree.args.get("order") or exp.Order(expressions=[])
    tree.set("order", order)
    for tie in _ties(compiled):
        order.append("expressions", exp.Ordered(this=tie, desc=False, nulls_first=True))
    if compiled.limit > most:
        tree.set("limit", exp.Limit(expression=exp.Literal.number(most)))
    return replace(compiled, drawn=lambda: tree, ordered=True, normal=f"settled {compiled.normal}", pick=None)


def _is_exact(call: exp.Anonymous, exact: Collection[str]) -> bool:
    """Whether what is added up are whole or decimal numbers of the dataset, which add up exactly in any order."""
    (value,) = call.expressions
    stored = isinstance(value, exp.Column) and value.name in exact
    return stored and str(call.this).upper() in {"SUM", "AVG"} and not _reads_stage(call)


def _reads_stage(call: exp.Expression) -> bool:
    """Whether the call reads the result of another query, whose columns may be of any type."""
    select = call.find_ancestor(exp.Select)
    source = select.args.get("from") or select.args.get("from_") if select is not None else None
    return source is None or not isinstance(source.this, exp.Table)


def _in_order_of_size(call: exp.Anonymous) -> exp.Anonymous:
    listed = exp.Anonymous(this="LIST", expressions=[one.copy() for one in call.expressions])
    by_size = exp.Anonymous(this="LIST_SORT", expressions=[listed])
    name = exp.Literal.string(_SUMS[str(call.this).upper()])
    return exp.Anonymous(this="LIST_AGGREGATE", expressions=[by_size, name])


def _ties(compiled: Compiled) -> list[exp.Expression]:
    if compiled.aggregated:
        return [exp.Literal.number(at) for at in range(1, len(compiled.columns) + 1)]
    return [exp.column(exp.to_identifier(ID, quoted=True), table=exp.to_identifier(ROWS, quoted=True))]
