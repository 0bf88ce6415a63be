"""Python functions inside the engine, called with whole Arrow vectors and with their nulls."""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType


def register(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    function: Callable[..., pa.Array],
    *,
    takes: list[str],
    gives: str,
    notes: bool = False,
) -> None:
    """Give `connection` the function. `notes`: it keeps something, so each row is passed exactly once."""
    given: list[Any] = list(takes)
    connection.create_function(
        name,
        function,
        given,
        gives,
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=notes,
    )
