"""What can be wrong with a CKAN action, as CKAN says it."""

from typing import Any

from cupola.errors import CupolaError, InvalidInput, NotAllowed, NotFound
from cupola.lake import Recalled, Retired
from cupola.serving.errors import Busy


class ActionRefused(NotAllowed):
    """The action would change something; this API only reads."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(f"Access denied: {action[:100]} changes data, and this API only reads.")


class NoSuchThing(NotFound):
    """No dataset, resource, organization, group or action has that name."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"Not found: {what[:200]}")


class BadAction(InvalidInput):
    """A parameter of an action cannot be used."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}: {problem}")


class BadSearch(InvalidInput):
    """A search query cannot be read."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(f"Search Query is invalid: {problem}")


def refusal(error: CupolaError) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return status, CKAN's error object and further headers."""
    if isinstance(error, Busy):
        busy = {"__type": "Too Many Requests", "message": str(error)}
        return 429, busy, {"Retry-After": str(error.retry_seconds)}
    if isinstance(error, Retired | Recalled):  # the kind that clients know; the status tells it from what never was
        return 410, {"__type": "Not Found Error", "message": f"Not found: {error}"}, {}
    if isinstance(error, BadAction):
        return 409, {"__type": "Validation Error", "message": str(error), error.field: [error.problem]}, {}
    kinds: tuple[tuple[type[CupolaError], int, str], ...] = (
        (BadSearch, 409, "Search Query Error"),
        (NotAllowed, 403, "Authorization Error"),
        (NotFound, 404, "Not Found Error"),
    )
    status, kind = next(((s, k) for one, s, k in kinds if isinstance(error, one)), (409, "Validation Error"))
    message = "Not found" if kind == "Not Found Error" and not isinstance(error, NoSuchThing) else str(error)
    return status, {"__type": kind, "message": message}, {}
