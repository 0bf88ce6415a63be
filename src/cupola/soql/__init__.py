"""Socrata's query language: text -> tree -> checked tree -> one SQL syntax tree.

Nothing of a request's text reaches the engine: names are columns of the schema, values are literals.
"""

from cupola.soql.compiling import DEFAULT_LIMIT, Compiled, compile_request
from cupola.soql.conditions import TYPES, condition
from cupola.soql.errors import SoqlError
from cupola.soql.picking import Condition, Pick
from cupola.soql.reference import reference
from cupola.soql.requests import Request, read_request
from cupola.soql.types import (
    GEOMETRIES,
    ROWS,
    SHAPES,
    SYSTEM_COLUMNS,
    Column,
    Output,
    Schema,
    SoqlType,
    row_identifier,
    row_version,
)

__all__ = [
    "DEFAULT_LIMIT",
    "GEOMETRIES",
    "ROWS",
    "SHAPES",
    "SYSTEM_COLUMNS",
    "TYPES",
    "Column",
    "Compiled",
    "Condition",
    "Output",
    "Pick",
    "Request",
    "Schema",
    "SoqlError",
    "SoqlType",
    "compile_request",
    "condition",
    "read_request",
    "reference",
    "row_identifier",
    "row_version",
]
