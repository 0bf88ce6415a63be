"""A condition that stands by itself, such as the rows a role may see: checked against a contract's columns."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from cupola.contracts import Column as ContractColumn
from cupola.contracts import ColumnType
from cupola.soql.compiling import compile_request
from cupola.soql.errors import SoqlError
from cupola.soql.requests import Request
from cupola.soql.types import Column, Schema, SoqlType

TYPES: Mapping[ColumnType, SoqlType] = {
    ColumnType.TEXT: SoqlType.TEXT,
    ColumnType.INTEGER: SoqlType.NUMBER,
    ColumnType.DECIMAL: SoqlType.NUMBER,
    ColumnType.FLOAT: SoqlType.NUMBER,
    ColumnType.MONEY: SoqlType.NUMBER,
    ColumnType.PERCENT: SoqlType.NUMBER,
    ColumnType.BOOLEAN: SoqlType.BOOLEAN,
    ColumnType.DATE: SoqlType.FLOATING_TIMESTAMP,
    ColumnType.TIMESTAMP: SoqlType.FLOATING_TIMESTAMP,
    ColumnType.INSTANT: SoqlType.FIXED_TIMESTAMP,
    ColumnType.DURATION: SoqlType.NUMBER,
    ColumnType.POINT: SoqlType.POINT,
    ColumnType.GEOMETRY: SoqlType.MULTIPOLYGON,  # unless its shapes say otherwise
    ColumnType.CODE: SoqlType.TEXT,
    ColumnType.URL: SoqlType.URL,
}


def condition(text: str, columns: Iterable[ContractColumn]) -> exp.Expr:
    """Return a condition as SQL that names `columns` alone. Raises SoqlError.

    It may not ask for the present time: what it lets through must be the same for as long as the rows are.
    """
    schema = Schema(tuple(Column(one.name, TYPES[one.type]) for one in columns))
    compiled = compile_request(Request(select="count(*)", where=text), schema)
    found = compiled.tree.args.get("where")
    if compiled.timed or found is None:
        raise SoqlError("query.compiler.malformed", "A condition compares columns with values, and not with the time.")
    made: exp.Expr = found.this
    for column in made.find_all(exp.Column):
        column.set("table", None)  # whatever the rows are called where it is used
    return made
