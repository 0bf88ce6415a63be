"""What can go wrong between a request and its answer, beyond the query itself, and how each is said to a client."""

from collections.abc import Mapping
from typing import Any

from cupola.errors import CupolaError, InvalidInput, NotFound, Unsolvable
from cupola.lake import NotReleased, Recalled, Retired
from cupola.soql import SoqlError


class BadParameter(InvalidInput):
    """A parameter of the address cannot be read."""

    def __init__(self, name: str, *, value: str, wanted: str) -> None:
        self.name, self.value = name, value
        super().__init__(f"{name}={value[:100]} cannot be read: write {wanted}.")


class NoSuchVintage(NotFound):
    """The dataset has no rows of that vintage."""

    def __init__(self, *, dataset: str, vintage: str, held: tuple[str, ...]) -> None:
        self.dataset, self.vintage, self.held = dataset, vintage, held
        has = f"It has {', '.join(held[-12:])}" if held else "Its rows have no vintages"
        super().__init__(f"{dataset} has no vintage {vintage[:40]}. {has}, or all.")


class NoSuchRow(NotFound):
    """No row has that identifier."""

    def __init__(self, row: str) -> None:
        self.row = row
        super().__init__(f"No row has the identifier {row[:100]}.")


class NoSuchAddress(NotFound):
    """Nothing answers at that address."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"Nothing answers at {path[:200]}. The catalogue at /api/catalog/v1 lists what does.")


class QueryTooSlow(Unsolvable):
    """The query ran past its time."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"The query took over {seconds:g} s and was stopped. Ask for fewer rows, or filter more.")


class QueryTooBig(Unsolvable):
    """The query needs more memory than one may have."""

    def __init__(self) -> None:
        super().__init__("The query needs more memory than one may have and was stopped. Group or filter more.")


class QueryNotRun(InvalidInput):
    """The engine could not run the query: a value did not fit where it was put."""

    def __init__(self, *, detail: str) -> None:
        self.detail = detail
        super().__init__(f"The query could not be run: {detail}")


class CitationWithheld(NotFound):
    """A column that a citation shows is no longer public."""

    def __init__(self, citation: str) -> None:
        self.citation = citation
        super().__init__(f"The citation {citation} shows a column that is no longer public: its rows are withheld.")


class Busy(Unsolvable):
    """Too many queries are waiting, or this client has had its share for now."""

    def __init__(self, message: str, *, retry_seconds: int) -> None:
        self.retry_seconds = retry_seconds
        super().__init__(message)


_CODES: tuple[tuple[type[CupolaError], str, int], ...] = (
    (Retired, "query.dataset.retired", 410),
    (NotReleased, "query.dataset.does-not-exist", 404),
    (Recalled, "query.dataset.recalled", 410),
    (CitationWithheld, "citation.withheld", 410),
    (NoSuchVintage, "query.dataset.does-not-exist", 404),
    (NoSuchRow, "row.not-found", 404),
    (NoSuchAddress, "not-found", 404),
    (BadParameter, "query.parameter.invalid", 400),
    (QueryTooSlow, "query.execution.timeout", 400),
    (QueryTooBig, "query.execution.too-big", 400),
    (QueryNotRun, "query.execution.failed", 400),
    (Busy, "too-many-requests", 429),
    (NotFound, "not-found", 404),
    (InvalidInput, "query.invalid", 400),
)


def described(error: CupolaError) -> tuple[int, dict[str, Any], Mapping[str, str]]:
    """Return status, SODA's error body and further headers of an error."""
    if isinstance(error, SoqlError):
        return 400, error_body(error.code, error.message, error.data), {}
    code, status = next(((code, status) for kind, code, status in _CODES if isinstance(error, kind)), ("error", 500))
    headers = {"Retry-After": str(error.retry_seconds)} if isinstance(error, Busy) else {}
    # Nothing but a recall or an end may tell what is private from what does not exist.
    hidden = isinstance(error, NotReleased) and not isinstance(error, Retired)
    message = "No dataset has that name or id." if hidden else str(error)
    return status, error_body(code, message, {}), headers


def error_body(code: str, message: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an error in SODA's shape."""
    return {"code": code, "error": True, "message": message, "data": dict(data)}
