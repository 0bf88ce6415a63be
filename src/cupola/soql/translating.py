"""Typed tree -> SQL syntax tree: columns, constants and whatever the function table says."""

from datetime import datetime

from sqlglot import exp

from cupola.soql.building import cast, column, function, number, operand, text
from cupola.soql.literals import is_exact
from cupola.soql.shapes import position
from cupola.soql.typed import Applied, ColumnValue, Constant, Typed
from cupola.soql.types import SHAPES, SoqlType

_NULLS = {
    SoqlType.NUMBER: "DOUBLE",
    SoqlType.BOOLEAN: "BOOLEAN",
    SoqlType.FLOATING_TIMESTAMP: "TIMESTAMP",
    SoqlType.FIXED_TIMESTAMP: "TIMESTAMPTZ",
    SoqlType.ROW_IDENTIFIER: "BIGINT",
    SoqlType.ROW_VERSION: "BIGINT",
}


class Translator:
    """Translates the expressions of one stage.

    grouped: keys of the stage's GROUP BY. A point that is grouped by has only its text left outside aggregates, so
    its coordinates are then read from that.
    """

    def __init__(self, grouped: frozenset[str] = frozenset()) -> None:
        self.grouped = grouped
        self.paired = not grouped

    def expression(self, value: Typed) -> exp.Expr:
        """Return a value of a select list, a condition or a term to group by."""
        if isinstance(value, Applied):
            return self._applied(value)
        if isinstance(value, ColumnValue):
            return _column(value)
        assert isinstance(value, Constant)
        return _constant(value)

    def _applied(self, value: Applied) -> exp.Expr:
        assert value.overload is not None
        before = self.paired
        # A grouped expression is written as in GROUP BY; within an aggregate every column is there.
        self.paired = before or value.overload.aggregate or value.key in self.grouped
        translated = value.overload.translate(self, value.arguments)
        self.paired = before
        return translated

    def sql(self, value: Typed) -> exp.Expr:
        """Return an argument, ready to stand beside an operator."""
        return operand(self.expression(value))

    def day(self, value: Typed) -> exp.Expr:
        """Return an argument; a constant time is given as a DATE."""
        if isinstance(value, Constant) and isinstance(value.value, datetime):
            return cast(text(value.value.date().isoformat()), "DATE")
        return self.sql(value)

    def coordinates(self, value: Typed) -> tuple[exp.Expr, exp.Expr]:
        """Return longitude and latitude of a point."""
        if isinstance(value, ColumnValue) and value.paired and self.paired:
            return column(f"{value.column.place}:lon"), column(f"{value.column.place}:lat")
        if isinstance(value, Constant) and isinstance(value.value, str):
            east, north = position(value.value)
            return number(repr(east)), number(repr(north))
        geometry = function("ST_GEOMFROMTEXT", self.expression(value))
        return function("ST_X", geometry), function("ST_Y", geometry.copy())

    def geometry(self, value: Typed) -> exp.Expr:
        """Return a point or a shape as the engine's GEOMETRY."""
        if isinstance(value, Constant) and isinstance(value.value, str):
            return function("ST_GEOMFROMTEXT", text(value.value))
        if value.type is not SoqlType.POINT:
            return function("ST_GEOMFROMWKB", self.expression(value))
        if isinstance(value, ColumnValue) and value.paired and self.paired:
            return function("ST_POINT", *self.coordinates(value))
        return function("ST_GEOMFROMTEXT", self.expression(value))


def _column(value: ColumnValue) -> exp.Expr:
    found = column(value.column.place)
    if value.type is SoqlType.ROW_VERSION and value.column.place.startswith("_"):
        return function("EPOCH_MS", found)
    return found


def _constant(value: Constant) -> exp.Expr:
    given = value.value
    if given is None:
        return cast(exp.Null(), "BLOB" if value.type in SHAPES else _NULLS.get(value.type, "VARCHAR"))
    if isinstance(given, bool):
        return exp.Boolean(this=given)
    if isinstance(given, datetime):
        return _moment(given, value.type)
    assert isinstance(given, str)
    if value.type is SoqlType.NUMBER:
        return number(given) if is_exact(given) else cast(text(given), "DOUBLE")
    if value.type in {SoqlType.ROW_IDENTIFIER, SoqlType.ROW_VERSION}:
        return number(given)
    if value.type in SHAPES:
        return function("ST_ASWKB", function("ST_GEOMFROMTEXT", text(given)))
    return text(given)


def _moment(given: datetime, kind: SoqlType) -> exp.Expr:
    written = given.isoformat(sep=" ")
    if kind is SoqlType.FIXED_TIMESTAMP:
        return cast(text(f"{written}+00"), "TIMESTAMPTZ")
    return cast(text(written), "TIMESTAMP")
