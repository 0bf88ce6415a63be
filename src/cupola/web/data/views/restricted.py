"""Rows that are not public, for staff whom a rule of the dataset lets read them."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.data import queries
from cupola.web.data.actions import note_reading
from cupola.web.data.models import Dataset
from cupola.web.data.queries import restricted

READ = "restricted"  # what the audit log calls it


def rows_of(dataset: Dataset, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of rows shows to this person, and write down that they read it; empty for nothing."""
    one = restricted.readable(dataset, by=request.user)
    if one is None:
        return {}
    page = Paginator(queries.RowCount(one.release.rows), queries.PAGE).get_page(request.GET.get("page"))
    rows = restricted.readable_rows(one, page=page.number)
    note_reading(dataset, READ, at=timezone.now(), by=request.user, detail=one.told("rows", len(rows.cells)))
    return {"page": page, "rows": rows, "readable": one}


@login_required
@require_safe
def download(request: HttpRequest, key: str) -> StreamingHttpResponse:
    """Give all rows this person may read as CSV."""
    try:
        dataset = queries.find_dataset(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    one = restricted.readable(dataset, by=request.user)
    if one is None:
        raise PermissionDenied
    note_reading(dataset, READ, at=timezone.now(), by=request.user, detail=one.told("download", one.release.rows))
    answer = StreamingHttpResponse(_lines(one), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{key}-{one.version.number}-{one.role}.csv"'
    return answer


def _lines(one: restricted.Readable) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(one.columns)
    for batch in restricted.readable_batches(one):
        writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()
