"""The page of one dataset."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.data import queries


@require_safe
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """Show one dataset."""
    try:
        page = queries.dataset_page(key, by=request.user, now=timezone.now())
    except queries.DatasetUnknown as error:
        raise Http404 from error
    return render(request, "data/dataset.html", {"section": "data", "page": page})
