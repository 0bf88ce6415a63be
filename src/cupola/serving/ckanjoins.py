"""Joins of `datastore_search_sql`: rows meet rows by an equality of their columns, or not at all.

Without one, a table of a million rows joined to itself is a million million; with one on a column of few values it can
still be, so that what joins has a shorter time than other queries.
"""

from collections.abc import Iterator, Mapping

from sqlglot import exp

from cupola.serving.ckanerrors import BadAction

JOIN_SECONDS = 1.5  # an answer, whatever was asked, in under 2 s
_PREDICATES = (exp.Where, exp.Having, exp.Join, exp.Select)


def combines(tree: exp.Query) -> bool:
    """Whether rows meet other rows in it: by a join, a frame of a window, or a query within a condition or a value."""
    nested = (select.find_ancestor(exp.From, exp.CTE, *_PREDICATES) for select in tree.find_all(exp.Select))
    return tree.find(exp.Join, exp.WindowSpec) is not None or any(isinstance(above, _PREDICATES) for above in nested)


def check_joins(tree: exp.Query) -> None:
    """Refuse a query that joins sources of many rows by no equality. Raises BadAction."""
    named = {cte.alias_or_name.casefold(): cte.this for cte in tree.find_all(exp.CTE)}
    for select in tree.find_all(exp.Select):
        joins = select.args.get("joins") or []
        if joins:
            _check_connected(select, joins, named)


def _check_connected(select: exp.Select, joins: list[exp.Join], named: Mapping[str, exp.Expr]) -> None:
    sources = [select.args["from_"].this, *(join.this for join in joins)]
    names = [source.alias_or_name.casefold() for source in sources]
    groups = [{name} for name, source in zip(names, sources, strict=True) if not _is_one_row(source, named)]
    for one, other in _pairs(select, joins, names):
        met = [group for group in groups if group & {one, other}]
        groups = [group for group in groups if group not in met] + ([set().union(*met)] if met else [])
    if len(groups) > 1:
        apart = " and ".join(sorted(sorted(group)[0] for group in groups)[:2])
        raise BadAction("sql", f"Not authorized to join {apart} without an equality of their columns (a.x = b.y)")


def _is_one_row(source: exp.Expr, named: Mapping[str, exp.Expr]) -> bool:
    """Whether a source is a sum over everything, which may stand beside all rows."""
    query = named.get(source.name.casefold()) if isinstance(source, exp.Table) else source.this
    if not isinstance(query, exp.Select) or query.args.get("group"):
        return False
    sums = [one.find(exp.AggFunc) for one in query.expressions]
    return bool(sums) and all(one is not None and one.find_ancestor(exp.Window) is None for one in sums)


def _pairs(select: exp.Select, joins: list[exp.Join], names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield which sources an equality joins."""
    where = select.args.get("where")
    for at, join in enumerate(joins, 1):
        if join.args.get("using") or join.method.upper() == "NATURAL":
            yield names[at - 1], names[at]
        yield from _equalities(join.args.get("on"), names[at - 1], names[at])
    yield from _equalities(where.this if where is not None else None, names[0], names[-1])


def _equalities(condition: exp.Expr | None, before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the sources of each equality that must hold; a column without a source's name stands for the usual ones."""
    for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
        test = part.unnest() if part is not None else None
        if isinstance(test, exp.And):
            yield from _equalities(test, before, after)
        if isinstance(test, exp.EQ | exp.NullSafeEQ):
            left, right = (_tables(side) for side in (test.this, test.expression))
            one, other = (left or {before}), (right or {after})
            if None not in (left, right) and len(one) == len(other) == 1 and one != other:
                yield next(iter(one)), next(iter(other))


def _tables(side: exp.Expr) -> set[str] | None:
    """Return the sources an expression names; None where it names no column at all."""
    columns = list(side.find_all(exp.Column))
    return {column.table.casefold() for column in columns if column.table} if columns else None
