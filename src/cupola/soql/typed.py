"""A checked query: every expression with its type, its canonical text and the overload that computes it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlglot import exp

from cupola.soql.types import Column, SoqlType

Interval = tuple[tuple[int, str], ...]  # ((1, "month"), (3, "day"))
_NO_COLUMN = Column("", SoqlType.TEXT)
Value = str | bool | datetime | Interval | None


@dataclass(frozen=True, eq=False)
class Typed:
    """An expression of known type.

    `key`: canonical text; two expressions with one key are the same. `physical`: the DuckDB type where it matters
    (numbers and timestamps), else "". `size` and `depth`: how many nodes and levels its SQL
    has, about. `aggregate`: contains an aggregate.
    """

    type: SoqlType
    key: str
    physical: str = ""
    size: int = 1
    aggregate: bool = False
    depth: int = 0


@dataclass(frozen=True, eq=False)
class ColumnValue(Typed):
    """A column. `paired`: it is a point whose coordinates stand beside it in `rows`."""

    column: Column = _NO_COLUMN
    paired: bool = False
    offset: int = -1


@dataclass(frozen=True, eq=False)
class Constant(Typed):
    """A value: text for texts, links, shapes (WKT) and numbers (digits); None is null."""

    value: Value = None


class Context(Protocol):
    """What a translation may ask for."""

    def sql(self, value: Typed) -> exp.Expr:
        """Return an argument, ready to stand beside an operator."""

    def day(self, value: Typed) -> exp.Expr:
        """Return an argument; a constant time is given as a DATE."""

    def coordinates(self, value: Typed) -> tuple[exp.Expr, exp.Expr]:
        """Return longitude and latitude of a point."""

    def geometry(self, value: Typed) -> exp.Expr:
        """Return a point or a shape as the engine's GEOMETRY."""


Translate = Callable[[Context, Sequence[Typed]], exp.Expr]
Physical = Callable[[Sequence[Typed]], str]


@dataclass(frozen=True)
class Slot:
    """A parameter: the types it takes. Parameters with the same `variable` take one type together."""

    types: frozenset[SoqlType]
    variable: str = ""


@dataclass(frozen=True)
class Overload:
    """One way to call a function. `result` is a type or the variable of a slot; `rest` repeats at the end.

    `literals`: positions of arguments that must be literals. `physical` tells the DuckDB type of the result.
    `copies`: how often the SQL holds an argument, at most; nested copies multiply, and are limited.
    `levels`: how much deeper its SQL is than its arguments, about.
    """

    name: str
    slots: tuple[Slot, ...]
    result: SoqlType | str
    translate: Translate
    doc: str
    rest: tuple[Slot, ...] = ()
    aggregate: bool = False
    physical: Physical = lambda arguments: ""
    literals: frozenset[int] = frozenset()
    copies: Callable[[Typed], int] = lambda argument: 1
    levels: int = 1

    def slots_for(self, count: int) -> tuple[Slot, ...] | None:
        """Return a slot for each of so many arguments, or None where it does not take so many."""
        more = count - len(self.slots)
        if more == 0:
            return self.slots
        if more < 0 or not self.rest or more % len(self.rest):
            return None
        return self.slots + self.rest * (more // len(self.rest))


@dataclass(frozen=True, eq=False)
class Applied(Typed):
    """A function or an operator on arguments."""

    overload: Overload | None = None
    arguments: Sequence[Typed] = ()


def columns_outside_aggregates(value: Typed, *, grouped: frozenset[str]) -> Iterator[ColumnValue]:
    """Yield the columns of an expression that neither an aggregate nor a grouped expression covers."""
    if value.key in grouped:
        return
    if isinstance(value, ColumnValue):
        yield value
    elif isinstance(value, Applied) and not (value.overload and value.overload.aggregate):
        for argument in value.arguments:
            yield from columns_outside_aggregates(argument, grouped=grouped)
