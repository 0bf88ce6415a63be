"""The catalogue, as a page and as a list for programs, and the rows of a dataset."""

import csv
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.data import queries
from cupola.web.data.actions import note_reading
from cupola.web.data.views.restricted import rows_of

DATASETS_PER_PAGE = 25


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the datasets that match what the address says."""
    filters, now = filters_of(request), timezone.now()
    found = queries.catalogue(filters, by=request.user, now=now)
    page = Paginator(found.entries, DATASETS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "data",
        "at_section_home": True,
        "filters": filters,
        "catalogue": found,
        "page": page,
        "shown": queries.with_matches(page.object_list, found.asked),
        "sorts": [(name, words) for name, words in queries.SORTS.items() if filters.words or name != "match"],
        "choices": request.GET.urlencode(),
        "known": queries.catalogue_known(
            found, query=request.GET.urlencode(), at=now, base=request.build_absolute_uri("/")[:-1]
        ),
    }
    return render(request, "data/catalogue.html", context)


def filters_of(request: HttpRequest) -> queries.Filters:
    """Return what the address asks for."""
    given = {name: request.GET.get(name, "")[:200] for name in ("department", "topic", "has", "freshness", "sort")}
    return queries.Filters(words=request.GET.get("q", "").strip()[:200], **given)


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """List the same datasets for a program."""
    return JsonResponse({"datasets": list(facts(request))}, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """List the same datasets as a table."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="datasets.csv"'
    lines = list(facts(request))
    names = list(lines[0]) if lines else ["key"]
    writer = csv.writer(answer)
    writer.writerow(names)
    writer.writerows([" ".join(line[name]) if name == "offers" else line[name] for name in names] for line in lines)
    return answer


def facts(request: HttpRequest) -> Iterable[dict[str, Any]]:
    """Yield what is known of each dataset that matches, as plain values."""
    found = queries.catalogue(filters_of(request), by=request.user, now=timezone.now())
    for entry in found.entries:
        version = entry.version
        yield {
            "key": entry.key,
            "id": entry.public_id,
            "title": entry.title,
            "row": entry.row,
            "description": entry.description,
            "department": entry.department,
            "topic": entry.topic,
            "steward": entry.steward,
            "version": version.number if version else None,
            "rows": version.rows if version else None,
            "changed_at": version.committed_at.isoformat() if version else None,
            "freshness": entry.freshness.state.value,
            "checked_at": entry.freshness.checked_at.isoformat() if entry.freshness.checked_at else None,
            "offers": list(entry.offers),
            "url": request.build_absolute_uri(reverse("data:dataset", args=[entry.key])),
        }


@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """Show the rows of a dataset's latest version, page by page."""
    try:
        found, version = queries.dataset_with_version(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    context: dict[str, Any] = {"section": "data", "dataset": found, "version": version}
    context["title"] = queries.in_language(found, "title")
    if version is not None and found.shows_rows:
        count = queries.RowCount(queries.rows_shown(found, version))
        page = Paginator(count, queries.PAGE).get_page(request.GET.get("page"))
        context.update(page=page, rows=queries.rows(found, version, page=page.number))
        detail = {"version": version.number, "page": page.number}
        note_reading(found, "rows", at=timezone.now(), by=request.user, detail=detail)
    elif version is not None:
        context.update(rows_of(found, request))
    return render(request, "data/rows.html", context)
