"""Rows asked for by plain values, `?column=value`: the commonest question, answered without the whole way of a query.

What comes out is the same as by that way; a test holds the two together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cupola.lake import ID, known_id, sqltext
from cupola.serving.plans import FROM, Plan
from cupola.serving.schemas import Public
from cupola.soql import Compiled, Condition, Pick, Request, Schema, SoqlType

_PLAIN = Request()
_NO_PLAN = Plan("")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Lookup(Compiled):
    """A checked query for rows with given values. Its `tree` is that of all rows; `found` says which.

    `row`: the `_id` that the row with these values has, unless it was loaded under an older contract. `must`: places of
    the values in an answer's row, and the values.
    """

    found: Plan = _NO_PLAN
    row: int | None = None
    must: tuple[tuple[int, str | int], ...] = ()

    def holds(self, row: Sequence[Any]) -> bool:
        """Whether a row of the answer has the values."""
        return all(row[at] == value for at, value in self.must)


def values_of(request: Request, schema: Schema) -> dict[str, str | int] | None:
    """Return the values by column, where a request asks for rows by plain texts and whole numbers and nothing else."""
    if not request.filters or without_filters(request) != _PLAIN:
        return None
    values: dict[str, str | int] = {}
    for name, value in request.filters:
        column = schema.by_name.get(name.lower())
        if column is None or column.name in values or column.going or column.name.startswith(":"):
            return None
        if column.type is SoqlType.TEXT and column.physical == "VARCHAR" and value.isprintable():
            values[column.name] = value
        elif column.physical == "BIGINT" and _WHOLE.fullmatch(value) and value != "-0":
            values[column.name] = int(value)
        else:
            return None
    return values


def without_filters(request: Request) -> Request:
    """Return the request without its filters."""
    return replace(request, filters=(), bom=False)


def lookup(all_rows: Compiled, public: Public, values: Mapping[str, str | int]) -> Lookup:
    """Return the query for rows with `values`. `all_rows`: the query that has no condition."""
    conditions = [f"{sqltext.name(name)} = {_literal(value)}" for name, value in values.items()]
    places = {column.name: column.place for column in public.columns}
    shown = ", ".join([_shown(column.name, places[column.name]) for column in all_rows.columns])
    row = known_id(public.release.contract, values)
    head = f"SELECT {shown} FROM {FROM} WHERE "
    found = " AND ".join(conditions)
    by_key = f"{head}{ID} = {row:d}" if row is not None else ""
    pick = all_rows.pick
    if pick is not None:
        pick = Pick(pick.shown, tuple([Condition(name, "=", value) for name, value in values.items()]))
    must = tuple((at, values[one.name]) for at, one in enumerate(all_rows.columns) if one.name in values)
    return Lookup(
        drawn=all_rows.drawn,
        columns=all_rows.columns,
        normal=f"{all_rows.normal} lookup {sorted(values.items())!r}",
        limit=all_rows.limit,
        offset=0,
        ordered=False,
        aggregated=False,
        former=all_rows.former,
        pick=pick,
        found=Plan(f"{head}{found} LIMIT {all_rows.limit:d}", by_key=by_key),
        row=row,
        must=must,
    )


def _shown(name: str, place: str) -> str:
    return sqltext.name(name) if place == name else f"{sqltext.name(place)} AS {sqltext.name(name)}"


def _literal(value: str | int) -> str:
    return f"{value:d}" if isinstance(value, int) else sqltext.text(value)
