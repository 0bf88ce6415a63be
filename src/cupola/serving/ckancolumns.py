"""Columns as `datastore_search` knows them: by name, in PostgreSQL's types; a former name stands for its column."""

from sqlglot import exp

from cupola.contracts import ColumnType
from cupola.serving.entries import EntryColumn

_TYPES: dict[ColumnType, str] = {
    ColumnType.INTEGER: "int8",
    ColumnType.DECIMAL: "numeric",
    ColumnType.MONEY: "numeric",
    ColumnType.PERCENT: "numeric",
    ColumnType.FLOAT: "float8",
    ColumnType.DURATION: "float8",
    ColumnType.BOOLEAN: "bool",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "timestamp",
    ColumnType.INSTANT: "timestamptz",
}


def shown(name: str, columns: tuple[EntryColumn, ...]) -> exp.Expr:
    """Return a column as this API shows it: shapes as WKT text."""
    known = next((one for one in columns if one.name == name), None)
    place = known.place if known is not None else name
    column = exp.column(place, quoted=True)
    if known is not None and known.type is ColumnType.GEOMETRY:
        shape = exp.Anonymous(
            this="ST_AsText", expressions=[exp.Anonymous(this="ST_GeomFromWKB", expressions=[column])]
        )
        return exp.alias_(shape, name, quoted=True)
    return column if place == name else exp.alias_(column, name, quoted=True)


def held(name: str, columns: tuple[EntryColumn, ...]) -> exp.Column:
    """Return the column of the rows that a name stands for: a former name is none of its own."""
    place = next((one.place for one in columns if one.name == name), "")
    return exp.column(place or name, quoted=True)


def field_type(column: EntryColumn) -> str:
    """Return what PostgreSQL would call a column's type."""
    return _TYPES.get(column.type, "text")
