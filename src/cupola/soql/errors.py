"""What can be wrong with a query: one error with SODA's codes."""

import difflib
from collections.abc import Iterable

from cupola.errors import InvalidInput


class SoqlError(InvalidInput):
    """The query is not valid, or asks for something there is not. `code` is SODA's name for the fault.

    `data` holds the facts: the name meant, and `position` with row, column (both from 1) and the line.
    """

    def __init__(self, code: str, message: str, **data: object) -> None:
        self.code = code
        self.message = message
        self.data = data
        super().__init__(message)


def located(code: str, message: str, *, text: str, offset: int, **data: object) -> SoqlError:
    """Return an error that says where in `text` it is."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)]
    column = offset - start + 1
    row = text.count("\n", 0, offset) + 1
    first = max(0, column - 61)
    around = line[first : column + 59]
    where = f" (row {row}, column {column}" + (f": {around.strip()})" if around.strip() else ")")
    position = {"row": row, "column": column, "line": around}
    return SoqlError(code, message + where, **data, position=position)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean x?" when one known name is close, else nothing. Long names are not compared."""
    if len(name) > 100:
        return ""
    close = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.7)
    return f" Did you mean `{close[0]}`?" if close else ""
