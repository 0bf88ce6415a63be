"""What loads set aside, for staff: counted by reason, then line by line. Never of a dataset whose rows are hidden."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.core.paginator import Page, Paginator

from cupola.errors import NotFound
from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.lake import lake
from cupola.web.data.queries.rows import RowsHidden, all_columns

LINES = 100


@dataclass(frozen=True)
class AsideLine:
    """One value that did not fit. `value` is empty where the column is sensitive."""

    source: str
    row: int
    column: str
    value: str
    reason: str
    hidden: bool


@dataclass(frozen=True)
class Aside:
    """What one load set aside. `stopped`: the load that was stopped, not the one that made `version`."""

    version: Version | None
    stopped: bool
    has_stopped: bool
    rows: int
    reasons: tuple[tuple[str, str, int], ...]
    page: Page[Any]
    lines: tuple[AsideLine, ...]


def set_aside(dataset: Dataset, *, page: str | None, stopped: bool) -> Aside:
    """Return what the newest version's load set aside, or what the last stopped load did. Raises RowsHidden."""
    if not dataset.shows_rows:
        raise RowsHidden(dataset.key)
    version = dataset.versions.first()
    held_back = lake().stopped(dataset.key)
    table = held_back if stopped else _of_version(dataset, version)
    lines = Paginator(range(len(table)), LINES).get_page(page)
    first = (lines.number - 1) * LINES
    sensitive = {str(column["name"]) for column in all_columns(dataset) if column.get("sensitive")}
    return Aside(
        version=version,
        stopped=stopped,
        has_stopped=len(held_back) > 0,
        rows=len(table.group_by(["source", "row"]).aggregate([])),
        reasons=_reasons(table),
        page=lines,
        lines=tuple(_line(one, sensitive) for one in table.slice(first, LINES).to_pylist()),
    )


def _of_version(dataset: Dataset, version: Version | None) -> pa.Table:
    try:
        return lake().quarantine(dataset.key, number=version.number if version else 0)
    except NotFound:
        return lake().stopped(dataset.key).slice(0, 0)


def _reasons(table: pa.Table) -> tuple[tuple[str, str, int], ...]:
    """Return column, reason and count, the most frequent first."""
    counted = table.group_by(["column", "reason"]).aggregate([("row", "count")]).to_pylist()
    return tuple(sorted(((one["column"], one["reason"], one["row_count"]) for one in counted), key=lambda one: -one[2]))


def _line(line: dict[str, Any], sensitive: set[str]) -> AsideLine:
    # a row of the wrong shape has no column; what it says may belong to a sensitive one
    hidden = line["column"] in sensitive or (not line["column"] and bool(sensitive))
    facts = {**line, "value": "" if hidden else line["value"], "hidden": hidden and bool(line["value"])}
    return AsideLine(**facts)
