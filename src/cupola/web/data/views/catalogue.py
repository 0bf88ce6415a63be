"""The catalogue, a dataset, its rows: input checked, queries asked, a template filled."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.data import queries

DATASETS_PER_PAGE = 25


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the datasets that match what the address says."""
    filters = queries.Filters(
        words=request.GET.get("q", "").strip()[:200],
        department=request.GET.get("department", ""),
        topic=request.GET.get("topic", ""),
        freshness=request.GET.get("freshness", ""),
    )
    found = queries.catalogue(filters, by=request.user, now=timezone.now())
    page = Paginator(found.entries, DATASETS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": "data", "at_section_home": True, "filters": filters, "catalogue": found, "page": page}
    return render(request, "data/catalogue.html", context)


@require_safe
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """Show one dataset."""
    try:
        page = queries.dataset_page(key, by=request.user, now=timezone.now())
    except queries.DatasetUnknown as error:
        raise Http404 from error
    return render(request, "data/dataset.html", {"section": "data", "page": page})


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
    return render(request, "data/rows.html", context)
