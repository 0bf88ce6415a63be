"""What a query says, before anyone knows the columns: frozen nodes with their offset in the text."""

from dataclasses import dataclass
from functools import cached_property

# Operators and special forms are calls too; their names cannot be written as function names.
AND, OR, NOT = "#and", "#or", "#not"
IS_NULL, IS_NOT_NULL = "#is_null", "#is_not_null"
LIKE, NOT_LIKE = "#like", "#not_like"
BETWEEN, NOT_BETWEEN = "#between", "#not_between"
IN, NOT_IN = "#in", "#not_in"
CASE = "#case"  # condition, value, ..., [else]: an odd number when there is an else
CAST = "#cast"  # Call.word is the type
FIELD = "#field"  # Call.word is the field
COUNT_ROWS = "count(*)"
PARENTHESES = "#parentheses"
MOST_DEPTH = 100


@dataclass(frozen=True)
class Name:
    """A column or an alias, as written."""

    text: str
    offset: int
    depth = 0

    @cached_property
    def word(self) -> str:
        """The name, caseless."""
        return self.text.lower()


@dataclass(frozen=True)
class Literal:
    """A text, a number (as its digits), true or false, or null."""

    kind: str  # text, number, boolean, null
    value: str
    offset: int
    depth = 0


@dataclass(frozen=True)
class Call:
    """A function, an operator or a special form, with its arguments. `written`: the name as written."""

    name: str
    arguments: tuple["Expression", ...]
    offset: int
    written: str = ""
    word: str = ""  # of a cast or a field

    @cached_property
    def depth(self) -> int:
        """How deep it is nested."""
        return 1 + max((argument.depth for argument in self.arguments), default=0)


Expression = Name | Literal | Call


@dataclass(frozen=True)
class Star:
    """`*`, or `:*` when `system`, without the columns named in EXCEPT."""

    system: bool
    without: tuple[Name, ...]
    offset: int


@dataclass(frozen=True)
class Selected:
    """An expression of a select list with its alias, if it has one."""

    expression: Expression
    alias: Name | None


@dataclass(frozen=True)
class Ordering:
    """A term of ORDER BY. Unless told, nulls count as larger than all."""

    expression: Expression
    descending: bool
    nulls_first: bool


@dataclass(frozen=True)
class Count:
    """A LIMIT or an OFFSET."""

    value: int
    offset: int


@dataclass(frozen=True)
class Select:
    """One stage of a query: everything between pipes. `text` is what offsets refer to, one text for each clause."""

    stars: tuple[Star, ...] = ()
    selected: tuple[Selected, ...] = ()
    distinct: bool = False
    where: tuple[Expression, ...] = ()  # all must hold
    group: tuple[Expression, ...] = ()
    having: Expression | None = None
    order: tuple[Ordering, ...] = ()
    search: tuple[str, ...] = ()
    limit: int | None = None
    offset: int = 0
