"""The types of the query language, and what a query is written against: the schema of one table of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

ROWS = "rows"  # the one table every query reads


class SoqlType(StrEnum):
    """The types of SODA 2.1 by their names in `X-SODA2-Types`; `view_name` is the name in views and older clients."""

    TEXT = "text"
    NUMBER = "number"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    FLOATING_TIMESTAMP = "floating_timestamp"  # a day or a local time, without zone
    FIXED_TIMESTAMP = "fixed_timestamp"  # an instant
    INTERVAL = "interval"
    POINT = "point"
    MULTIPOINT = "multipoint"
    LINE = "line"
    MULTILINE = "multiline"
    POLYGON = "polygon"
    MULTIPOLYGON = "multipolygon"
    URL = "url"
    ROW_IDENTIFIER = "row_identifier"
    ROW_VERSION = "row_version"

    # The names of views and of SODA 2.0.
    CHECKBOX = "boolean"
    CALENDAR_DATE = "floating_timestamp"

    @property
    def view_name(self) -> str:
        """What views and SODA 2.0 call this type."""
        return _VIEW_NAMES.get(self, self.value)


_VIEW_NAMES = {SoqlType.BOOLEAN: "checkbox", SoqlType.FLOATING_TIMESTAMP: "calendar_date"}

SHAPES = frozenset({
    SoqlType.MULTIPOINT, SoqlType.LINE, SoqlType.MULTILINE, SoqlType.POLYGON, SoqlType.MULTIPOLYGON,
})  # fmt: skip
GEOMETRIES = SHAPES | {SoqlType.POINT}


@dataclass(frozen=True)
class Column:
    """A public column.

    `stored`: its name in `rows`. `searchable`: `$q` looks into it (texts, links and numbers).
    `physical`: its DuckDB type (`BIGINT`, `DECIMAL(18,2)`, `DATE` ...): exact numbers and fast comparisons of days
    need it; without it numbers are treated as DOUBLE and days as TIMESTAMP.
    `going`: it was announced that this name will no longer answer as it does.
    """

    name: str
    type: SoqlType
    stored: str = ""
    searchable: bool = False
    physical: str = ""
    going: bool = False

    @property
    def place(self) -> str:
        """The name in `rows`: the column's own unless told otherwise."""
        return self.stored or self.name


SYSTEM_COLUMNS = (
    Column(":id", SoqlType.ROW_IDENTIFIER, stored="_id", physical="BIGINT"),
    Column(":created_at", SoqlType.FIXED_TIMESTAMP, stored="_created_at"),
    Column(":updated_at", SoqlType.FIXED_TIMESTAMP, stored="_updated_at"),
    Column(":version", SoqlType.ROW_VERSION, stored="_updated_at"),
)


@dataclass(frozen=True)
class Schema:
    """What one release shows: its public columns in order, and former column names with the present ones.

    Columns nobody may see are simply not here. `gone`: names that answer no more, and a sentence what to ask for.
    """

    columns: tuple[Column, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Every column a query can name, system columns too, by its name in lower case."""
        return {column.name.lower(): column for column in (*SYSTEM_COLUMNS, *self.columns)}

    @cached_property
    def former(self) -> dict[str, str]:
        """Former names in lower case, with the present names; a present column of that name wins."""
        return {old.lower(): new for old, new in self.aliases.items() if old.lower() not in self.by_name}


@dataclass(frozen=True)
class Output:
    """A column of an answer. `source` is the schema column it shows unchanged, if it does."""

    name: str
    type: SoqlType
    source: str | None = None


def row_identifier(number: int) -> str:
    """Return what clients see as `:id` of the row with this `_id`; a query may give either form."""
    return f"row-{number}"


def row_version(milliseconds: int) -> str:
    """Return what clients see as `:version`; the tree gives milliseconds since 1970 of the last change."""
    return f"rv-{milliseconds}"
