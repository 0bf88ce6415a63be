"""The page of one dataset, and the page that says how programs read all of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.data import queries
from cupola.web.data.queries import usage
from cupola.web.data.queries.restricted import counted_in, may_read


def base_of(request: HttpRequest) -> str:
    """Return scheme and host of a request, as addresses for programs begin."""
    return request.build_absolute_uri("/").rstrip("/")


@require_safe
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """Show one dataset."""
    try:
        page = queries.dataset_page(key, by=request.user, now=timezone.now())
    except queries.DatasetUnknown as error:
        raise Http404 from error
    base = base_of(request)
    context = {
        "section": "data",
        "page": page,
        "take": queries.take_away(page.dataset, base=base),
        "counted_in": counted_in(page.dataset, by=request.user),
        "may_see_drafts": request.user.has_perm("data.see_drafts", page.dataset),
        "may_read": may_read(page.dataset, by=request.user),
        "map": queries.dataset_map(page.dataset, page.version) if page.version and page.sample else None,
        "use": usage.dataset_use(page.dataset, today=timezone.localdate()),
        "schemaorg": queries.for_search_engines(page.dataset, base=base),
    }
    return render(request, "data/dataset.html", context)


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """Say in plain words how a program reads the data."""
    base = base_of(request)
    example = queries.example_dataset(by=request.user)
    context: dict[str, Any] = {"section": "data", "base": base, "example": example}
    if example is not None:
        context["take"] = queries.take_away(example, base=base)
    return render(request, "data/api_page.html", context)
