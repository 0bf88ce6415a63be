"""The SQL people write in measures: read into a tree of tested functions, each part with its type."""

from cupola.indicators.expressions.errors import ExpressionRefused
from cupola.indicators.expressions.scalars import read_condition, read_scalar
from cupola.indicators.expressions.schema import Scalar, Schema, Sort
from cupola.indicators.expressions.values import Formula, Shape, read_value

__all__ = [
    "ExpressionRefused",
    "Formula",
    "Scalar",
    "Schema",
    "Shape",
    "Sort",
    "read_condition",
    "read_scalar",
    "read_value",
]
