"""A request and a schema -> one checked query: its tree, its columns, its canonical text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from itertools import chain

from sqlglot import exp

from cupola.soql.checking import Scope
from cupola.soql.errors import SoqlError
from cupola.soql.parser import Parser
from cupola.soql.picking import Pick, pick_of
from cupola.soql.requests import MOST_CHARACTERS, Request, too_long
from cupola.soql.staging import Stage, check_stage, columns_of
from cupola.soql.tree import Call, Expression, Literal, Name, Select
from cupola.soql.types import ROWS, Output, Schema

DEFAULT_LIMIT = 1000
_CLAUSES = (
    ("select", "SELECT "),
    ("where", "WHERE "),
    ("group", "GROUP BY "),
    ("having", "HAVING "),
    ("order", "ORDER BY "),
    ("limit", "LIMIT "),
    ("offset", "OFFSET "),
)


@dataclass(frozen=True)
class Compiled:
    """A query ready to run.

    drawn: makes `tree`, which costs more than to check the query.
    normal: canonical text; two queries on one schema with the same text have the same answer.
    ordered: rows were asked for in an order. Without, rows come as they lie in `rows` (groups: by their terms).
    aggregated: the rows of the answer are not rows of the dataset: groups, distinct values, or a piped query.
    by_id: the order asked is `:id` and nothing else. former: former column names it was asked by.
    timed: it asks for the present time, so its answer is of one second only.
    pick: the same rows without the engine's help, where a pick can say which.
    """

    drawn: Callable[[], exp.Select]
    columns: tuple[Output, ...]
    normal: str
    limit: int
    offset: int
    ordered: bool
    aggregated: bool
    by_id: bool = False
    former: frozenset[str] = frozenset()
    timed: bool = False
    pick: Pick | None = None

    @cached_property
    def tree(self) -> exp.Select:
        """One SELECT over `rows`, with its LIMIT and OFFSET; its columns are `columns`, in order and by name."""
        return self.drawn()


def compile_request(
    request: Request, schema: Schema, *, default_limit: int = DEFAULT_LIMIT, now: datetime | None = None
) -> Compiled:
    """Check a request against a schema and translate it. Raises SoqlError.

    now: what get_utc_date() is, to the second; part of `normal` where it is asked for.
    """
    selects, text = _read(request)
    last = selects[-1]
    selects[-1] = replace(last, limit=default_limit if last.limit is None else last.limit)
    stages = _checked(selects, Scope(schema.by_name, schema.former, text, True, now, schema.gone), request)
    final = stages[-1]
    order = [(one.value.key, one.descending) for one in final.order]
    return Compiled(
        partial(_drawn, stages),
        final.outputs if len(stages) == 1 else tuple(replace(one, source=None) for one in final.outputs),
        " |> ".join([stage.normal() for stage in stages]),
        final.select.limit or 0,
        final.select.offset,
        bool(order),
        len(stages) > 1 or final.aggregated or final.select.distinct,
        len(stages) == 1 and order == [("`:id`", False)],
        frozenset().union(*(stage.used for stage in stages)),
        any(stage.timed for stage in stages),
        pick_of(stages),
    )


def _drawn(stages: Sequence[Stage]) -> exp.Select:
    source: exp.Expr = exp.Table(this=exp.Identifier(this=ROWS, quoted=True))
    for stage in stages[:-1]:
        inner = exp.Subquery(this=stage.tree(source), alias=exp.TableAlias(this=exp.Identifier(this=ROWS, quoted=True)))
        source = inner
    return stages[-1].tree(source)


def _checked(selects: Sequence[Select], scope: Scope, request: Request) -> list[Stage]:
    stages: list[Stage] = []
    for select in selects:
        stages.append(check_stage(select, scope, system_fields=scope.first and not request.exclude_system_fields))
        scope = replace(scope, columns=columns_of(stages[-1]), former={}, gone={}, first=False)
    return stages


def _read(request: Request) -> tuple[list[Select], str]:
    """Return the stages of a request, and the text their offsets refer to."""
    if request.query is not None:
        return Parser(request.query).query(), request.query
    given = [(name, head, getattr(request, name)) for name, head in _CLAUSES]
    lines, starts = "", {}
    for name, head, value in given:
        if value is not None and value.strip():
            lines += head
            starts[name] = len(lines)
            lines += value + "\n"
    if len(lines) > MOST_CHARACTERS:
        raise too_long()
    if any("\0" in text for text in (request.q or "", *chain.from_iterable(request.filters))):
        raise SoqlError("query.soql.bad-parse", "A NUL character cannot be part of a query.")
    return [_Clauses(request, lines, starts).select()], lines


class _Clauses:
    """Reads clauses given one by one. None can reach into another."""

    def __init__(self, request: Request, text: str, starts: dict[str, int]) -> None:
        self.request = request
        self.text = text
        self.starts = starts

    def select(self) -> Select:
        """Return the one stage."""
        select = Select()
        if parser := self._parser("select"):
            select = parser.selection()
            parser.end()
        where = [*self._filters()]
        if parser := self._parser("where"):
            where.append(parser.expression())
            parser.end()
        select = replace(select, where=tuple(where))
        if parser := self._parser("group"):
            select = replace(select, group=parser.group())
            parser.end()
        if parser := self._parser("having"):
            select = replace(select, having=parser.expression())
            parser.end()
        if parser := self._parser("order"):
            select = replace(select, order=parser.order())
            parser.end()
        return self._counted(select)

    def _counted(self, select: Select) -> Select:
        if parser := self._parser("limit"):
            select = replace(select, limit=parser.count("LIMIT").value)
            parser.end()
        if parser := self._parser("offset"):
            select = replace(select, offset=parser.count("OFFSET").value)
            parser.end()
        asked = self.request.q
        return replace(select, search=(asked,)) if asked is not None and asked.strip() else select

    def _parser(self, name: str) -> Parser | None:
        if name not in self.starts:
            return None
        return Parser(getattr(self.request, name), whole=self.text, base=self.starts[name])

    def _filters(self) -> list[Expression]:
        return [
            Call("=", (Name(name, -1), Literal("text", value, -1)), -1, "=") for name, value in self.request.filters
        ]
