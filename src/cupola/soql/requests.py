"""The parameters of a request: which clauses it gives, as texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from cupola.soql.errors import SoqlError, did_you_mean

_CLAUSES = {
    "$select": "select",
    "$where": "where",
    "$group": "group",
    "$having": "having",
    "$order": "order",
    "$limit": "limit",
    "$offset": "offset",
    "$q": "q",
    "$query": "query",
}
_TAKEN = frozenset({"$$app_token", "$$query_timeout_seconds", "$$version", "$$read_from_nbe"})  # accepted, of no effect
_COUNT = "$$row_count"
_SWITCHES = {"$$bom": "bom", "$$exclude_system_fields": "exclude_system_fields", _COUNT: "row_count"}
_YES_NO = {"true": True, "1": True, "": True, "false": False, "0": False}
MOST_CHARACTERS = 100_000


@dataclass(frozen=True)
class Request:
    """A query as given: each clause as its text, simple filters as pairs of column name and value.

    Either `query` is given, or any of the other clauses. `bom`, `exclude_system_fields` and `row_count` are for whoever
    encodes.
    """

    select: str | None = None
    where: str | None = None
    group: str | None = None
    having: str | None = None
    order: str | None = None
    limit: str | None = None
    offset: str | None = None
    q: str | None = None
    query: str | None = None
    filters: tuple[tuple[str, str], ...] = ()
    bom: bool = False
    exclude_system_fields: bool = True
    row_count: bool = False


def read_request(parameters: Sequence[tuple[str, str]]) -> Request:
    """Return the query that URL parameters ask for; parameters of the address itself must be taken out before.

    Names that begin with `$` are caseless. Everything else is a filter `column=value`. Raises SoqlError.
    """
    if sum(len(name) + len(value) for name, value in parameters) > MOST_CHARACTERS:
        raise too_long()
    clauses: dict[str, str] = {}
    switches: dict[str, bool] = {}
    filters: list[tuple[str, str]] = []
    for name, value in parameters:
        lower = name.lower()
        if not name.startswith("$"):
            filters.append((name, value))
        elif lower in _CLAUSES:
            if _CLAUSES[lower] in clauses:
                raise SoqlError("query.soql.bad-parse", f"{lower} is given twice; give it once.", parameter=name)
            clauses[_CLAUSES[lower]] = value
        elif lower in _SWITCHES:
            switches[_SWITCHES[lower]] = _switch(lower, value)
        elif lower not in _TAKEN:
            raise _unknown(name)
    _check_alone(clauses, filters)
    return Request(**clauses, **switches, filters=tuple(filters))  # type: ignore[arg-type]


def too_long() -> SoqlError:
    """Return the error for a query over the limit."""
    return SoqlError("query.compiler.malformed", f"The query is longer than {MOST_CHARACTERS:,} characters.")


def _switch(name: str, value: str) -> bool:
    if name == _COUNT and value.lower() == "approximate":  # what Socrata's own clients ask for; ours is exact
        return True
    try:
        return _YES_NO[value.lower()]
    except KeyError:
        raise SoqlError("query.soql.bad-parse", f"{name} is true or false.", parameter=name) from None


def _unknown(name: str) -> SoqlError:
    known = [*_CLAUSES, *_SWITCHES, *_TAKEN]
    message = f"Unrecognized parameter {name[:100]}.{did_you_mean(name, known)} Clauses are {', '.join(_CLAUSES)}."
    return SoqlError("query.soql.bad-parse", message, parameter=name[:100])


def _check_alone(clauses: dict[str, str], filters: list[tuple[str, str]]) -> None:
    if "query" not in clauses:
        return
    others = [f"${name}" for name in clauses if name != "query"] + [name for name, _ in filters]
    if others:
        message = f"$query stands alone: put {', '.join(others)[:200]} into it, or leave $query out."
        raise SoqlError("query.soql.bad-parse", message, parameter="$query")
