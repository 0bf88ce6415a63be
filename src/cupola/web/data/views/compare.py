"""What changed between two versions or editions of a dataset: a page, and the row diff for programs."""

import csv
import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.lake import DiffRow
from cupola.serving import Allowance, Busy, Clients
from cupola.web.data import queries
from cupola.web.data.actions import note_reading
from cupola.web.data.models import Dataset
from cupola.web.data.views.citation import client

USUAL, MOST = 1_000, 10_000  # rows and cells of each kind in one answer
# A comparison reads both versions whole: ten at once, then one every five seconds for one client.
READERS = Clients(Allowance(burst=10.0, refill=0.2, at_once=2))


@require_safe
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Compare the two editions the address names, or the last two."""
    a, b = request.GET.get("a", "")[:20], request.GET.get("b", "")[:20]
    try:
        found = queries.comparison(key, a, b, by=request.user)
    except (queries.DatasetUnknown, queries.EditionUnknown) as error:
        raise Http404 from error
    note_reading(found.dataset, "rows", at=timezone.now(), by=request.user, detail={"compared": [a, b]})
    return render(request, "data/compare.html", {"section": "data", "compared": found, "dataset": found.dataset})


@require_safe
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """Give the row diff of two editions to a program: counts complete, rows and cells up to a limit."""
    found = _row_difference(request, key)
    if isinstance(found, HttpResponse):
        return found
    dataset, difference, hidden = found
    return JsonResponse(diff_document(dataset, difference, hidden), json_dumps_params={"ensure_ascii": False})


@require_safe
def as_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Give the row diff as a table: a line for every changed cell, and for every row added or removed."""
    found = _row_difference(request, key)
    if isinstance(found, HttpResponse):
        return found
    dataset, difference, hidden = found
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{dataset.key}-{difference.a}-{difference.b}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(answer).writerows(diff_lines(difference, hidden))
    return answer


def _row_difference(request: HttpRequest, key: str) -> tuple[Dataset, queries.Difference, set[str]] | HttpResponse:
    a, b = request.GET.get("a", "")[:20], request.GET.get("b", "")[:20]
    who = client(request)
    try:
        READERS.begin(who)
    except Busy as error:
        answer = JsonResponse({"error": str(error)}, status=429)
        answer["Retry-After"] = str(error.retry_seconds)
        return answer
    began = time.thread_time()
    try:
        found = queries.row_difference(key, a, b, by=request.user, most=_most(request.GET.get("limit", "")))
    except (queries.DatasetUnknown, queries.EditionUnknown) as error:
        raise Http404 from error
    finally:
        READERS.end(who, seconds=max(1.0, time.thread_time() - began))
    if found is None:
        raise Http404
    note_reading(found[0], "rows", at=timezone.now(), by=request.user, detail={"compared": [a, b]})
    return found


def _most(text: str) -> int:
    return min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 7 else USUAL


def diff_document(dataset: Dataset, found: queries.Difference, hidden: set[str]) -> dict[str, Any]:
    """Return a row diff as JSON values, without the columns in `hidden`; keys that are hidden name no row."""
    diff = found.diff
    named = not set(diff.key) & hidden
    document: dict[str, Any] = {
        "key": dataset.key,
        "id": dataset.public_id,
        "a": found.a,
        "b": found.b,
        "row_key": [name for name in diff.key if name not in hidden],
        "rows_before": diff.rows_before,
        "rows_after": diff.rows_after,
        "rows_added": diff.rows_added,
        "rows_removed": diff.rows_removed,
        "rows_changed": diff.rows_changed,
        "columns_added": [name for name in diff.columns_added if name not in hidden],
        "columns_removed": [name for name in diff.columns_removed if name not in hidden],
        "columns_retyped": [one.column for one in diff.columns_retyped if one.column not in hidden],
        "values_changed": {name: count for name, count in diff.cells_changed.items() if name not in hidden},
        "shows_values": found.shows_values,
    }
    if not found.shows_values:
        return document
    return document | {
        "changed": [
            {
                "row": list(map(plain, one.key)),
                "column": one.column,
                "before": plain(one.before),
                "after": plain(one.after),
            }
            for one in diff.cells
            if named and one.column not in hidden
        ],
        "added": [_row(one, hidden) for one in diff.added],
        "removed": [_row(one, hidden) for one in diff.removed],
    }


def diff_lines(found: queries.Difference, hidden: set[str]) -> Iterator[Sequence[Any]]:
    """Yield the header and the lines of a row diff as a table: what happened, to which row, from which value to which.

    A row that was added or removed stands whole in `before` or `after`, as JSON.
    """
    diff = found.diff
    keys = [name for name in diff.key if name not in hidden]
    yield ["change", *keys, "column", "before", "after", "times"]
    if not found.shows_values:
        return
    if len(keys) == len(diff.key):
        for one in diff.cells:
            if one.column not in hidden:
                yield ["changed", *map(plain, one.key), one.column, plain(one.before), plain(one.after), 1]
    for change, rows in (("removed", diff.removed), ("added", diff.added)):
        for row in rows:
            whole = json.dumps(_row(row, hidden)["row"], ensure_ascii=False)
            sides = [whole, ""] if change == "removed" else ["", whole]
            yield [change, *(plain(row.values.get(name)) for name in keys), "", *sides, row.count]


def _row(one: DiffRow, hidden: set[str]) -> dict[str, Any]:
    values = {name: plain(value) for name, value in one.values.items() if name not in hidden}
    return {"row": {name: value for name, value in values.items() if name != "vintage_precision"}, "times": one.count}


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: exact numbers as text, days and moments as ISO, shapes as WKB in hex."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value != value:
        return None
    return str(value) if isinstance(value, Decimal) else value
