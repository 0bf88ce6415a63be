"""One stage of a query: its clauses checked against what it reads, and translated to one SELECT."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from cupola.soql.building import cast, column, joined, operand
from cupola.soql.checking import Checker, Scope
from cupola.soql.errors import SoqlError
from cupola.soql.searching import search, search_words
from cupola.soql.selecting import Aliases, is_literal
from cupola.soql.translating import Translator
from cupola.soql.tree import Expression, Select
from cupola.soql.typed import ColumnValue, Constant, Typed, columns_outside_aggregates
from cupola.soql.types import Column, Output, SoqlType

_ROW_ID = column("_id")
_MOST_SIZE = 100_000  # parts of all expressions of a stage


@dataclass(frozen=True)
class Sorted:
    """A checked term of ORDER BY."""

    value: Typed
    descending: bool
    nulls_first: bool


@dataclass(frozen=True)
class Stage:
    """A checked stage. `aggregated`: its rows are groups. `used`: former column names it was asked for by."""

    select: Select
    columns: tuple[tuple[str, Typed], ...]
    where: tuple[Typed, ...]
    group: tuple[Typed, ...]
    having: Typed | None
    order: tuple[Sorted, ...]
    words: tuple[tuple[str, ...], ...]
    searched: tuple[Column, ...]
    aggregated: bool
    first: bool
    used: frozenset[str]
    timed: bool = False

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The columns the stage gives."""
        return tuple(Output(name, value.type, _source(value)) for name, value in self.columns)

    def normal(self) -> str:
        """Return the stage in canonical words."""
        select = self.select
        parts = ["select distinct " if select.distinct else "select "]
        parts.append(",".join([f"{value.key} as `{name}`" for name, value in self.columns]))
        parts.append(f" where {' and '.join(sorted(value.key for value in self.where))}" if self.where else "")
        parts.append(f" search {self.words}" if self.words else "")
        parts.append(f" group by {','.join(value.key for value in self.group)}" if self.group else "")
        parts.append(f" having {self.having.key}" if self.having else "")
        if self.order:
            terms = [f"{one.value.key} {_direction(one)}" for one in self.order]
            parts.append(f" order by {','.join(terms)}")
        parts.append(f" limit {select.limit} offset {select.offset}")
        return "".join(parts)

    def tree(self, source: exp.Expr) -> exp.Select:
        """Return the SELECT that reads `source`."""
        plain = Translator()
        keys = frozenset(value.key for value in self.group)
        after = Translator(keys) if self.aggregated else plain
        shown = [
            exp.Alias(this=after.expression(value), alias=exp.Identifier(this=name, quoted=True))
            for name, value in self.columns
        ]
        query = exp.Select(expressions=shown, from_=exp.From(this=source))
        conditions = [operand(plain.expression(value)) for value in self.where]
        conditions += [operand(search(list(words), list(self.searched))) for words in self.words]
        if conditions:
            query.set("where", exp.Where(this=joined(exp.And, conditions)))
        if self.select.distinct:
            query.set("distinct", exp.Distinct())
        if self.group:
            query.set("group", exp.Group(expressions=[_term(plain, value) for value in self.group]))
        if self.having:
            query.set("having", exp.Having(this=after.expression(self.having)))
        if order := self._order(after):
            query.set("order", exp.Order(expressions=order))
        if self.select.limit is not None:
            query.set("limit", exp.Limit(expression=exp.Literal.number(self.select.limit)))
        if self.select.offset:
            query.set("offset", exp.Offset(expression=exp.Literal.number(self.select.offset)))
        return query

    def _order(self, translator: Translator) -> list[exp.Expr]:
        """Return what to sort by: what was asked, and then what tells rows apart, so that pages never overlap."""
        asked = [
            exp.Ordered(this=_term(translator, one.value), desc=one.descending, nulls_first=one.nulls_first)
            for one in self.order
        ]
        if any(one.value.key == "`:id`" for one in self.order):
            return list(asked)
        done = {one.value.key for one in self.order}
        if self.select.distinct:
            rest = [value for _, value in self.columns]
        elif self.aggregated:
            rest = list(self.group)
        elif self.first:
            return [*asked, _ascending(_ROW_ID.copy())] if asked else []
        else:
            rest = [value for _, value in self.columns] if asked else []
        terms = [
            _term(translator, value) for value in rest if value.key not in done and not isinstance(value, Constant)
        ]
        return [*asked, *(_ascending(term) for term in terms)]


def check_stage(select: Select, scope: Scope, *, system_fields: bool = False) -> Stage:
    """Return a stage with its names and types checked. Raises SoqlError."""
    aliases = Aliases(select, scope, system_fields=system_fields)
    columns = aliases.selection().columns
    checker = aliases.checker
    where = tuple(_unaggregated(checker, checker.condition(one, "WHERE"), one, clause="WHERE") for one in select.where)
    group = tuple(_grouping(checker, one) for one in select.group)
    having = checker.condition(select.having, "HAVING") if select.having is not None else None
    order = tuple(Sorted(_sortable(checker, one.expression), one.descending, one.nulls_first) for one in select.order)
    shown = [value for _, value in columns] + [one.value for one in order] + ([having] if having else [])
    aggregated = bool(group) or having is not None or any(value.aggregate for value in shown)
    if aggregated:
        _check_grouped(checker, shown, frozenset(value.key for value in group))
    if select.distinct:
        _check_distinct(checker, columns, order)
    _check_size([*shown, *where, *group])
    words = tuple(tuple(search_words(asked)) for asked in select.search)
    searched = tuple(column for column in scope.columns.values() if column.searchable) if words else ()
    used = frozenset(aliases.used)
    return Stage(
        select, columns, where, group, having, order, words, searched, aggregated, scope.first, used, checker.timed
    )


def _unaggregated(checker: Checker, value: Typed, written: Expression, *, clause: str) -> Typed:
    if value.aggregate:
        message = f"An aggregate cannot stand in {clause}" + ("; use HAVING" if clause == "WHERE" else "")
        raise checker.fault("aggregate-in-ungrouped-context", message, written.offset, clause=clause)
    return value


def _grouping(checker: Checker, written: Expression) -> Typed:
    _refuse_literal(checker, written, "GROUP BY")
    return _unaggregated(checker, checker.check(written), written, clause="GROUP BY")


def _sortable(checker: Checker, written: Expression) -> Typed:
    _refuse_literal(checker, written, "ORDER BY")
    return checker.check(written)


def _refuse_literal(checker: Checker, written: Expression, clause: str) -> None:
    if is_literal(written):
        raise checker.fault("bad-parse", f"A literal cannot stand in {clause}; name a column", written.offset)


def _check_grouped(checker: Checker, shown: Sequence[Typed], keys: frozenset[str]) -> None:
    for value in shown:
        for found in columns_outside_aggregates(value, grouped=keys):
            name = found.column.name
            message = f"Column '{name}' is not in group by; group by it, or take an aggregate such as max(`{name}`)"
            raise checker.fault("column-not-in-group-bys", message, found.offset, column=name)


def _check_size(values: Sequence[Typed]) -> None:
    if sum(value.size for value in values) > _MOST_SIZE:
        raise SoqlError("query.compiler.malformed", f"The query has more than {_MOST_SIZE:,} parts.")


def _check_distinct(checker: Checker, columns: Sequence[tuple[str, Typed]], order: Sequence[Sorted]) -> None:
    keys = {value.key for _, value in columns}
    for one in order:
        if one.value.key not in keys:
            message = "With DISTINCT, rows can only be ordered by what is selected"
            raise checker.fault("bad-parse", message, _offset(one.value))


def _offset(value: Typed) -> int:
    return value.offset if isinstance(value, ColumnValue) else -1


def _source(value: Typed) -> str | None:
    return value.column.name if isinstance(value, ColumnValue) else None


def _direction(one: Sorted) -> str:
    return f"{'desc' if one.descending else 'asc'} nulls {'first' if one.nulls_first else 'last'}"


def _term(translator: Translator, value: Typed) -> exp.Expr:
    """Return a term of GROUP BY or ORDER BY. A bare number there would mean a position."""
    found = translator.expression(value)
    return cast(found, "VARCHAR") if isinstance(found, exp.Literal | exp.Boolean | exp.Null) else found


def _ascending(value: exp.Expr) -> exp.Expr:
    return exp.Ordered(this=value, desc=False, nulls_first=False)


def columns_of(stage: Stage) -> dict[str, Column]:
    """Return what the next stage may name."""
    return {
        name.lower(): Column(
            name, value.type, stored=name, searchable=value.type is SoqlType.TEXT, physical=value.physical
        )
        for name, value in stage.columns
    }
