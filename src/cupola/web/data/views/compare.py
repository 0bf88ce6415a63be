"""What changed between two versions or editions of a dataset."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cupola.web.data import queries


@require_safe
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Compare the two editions the address names, or the last two."""
    a, b = request.GET.get("a", "")[:20], request.GET.get("b", "")[:20]
    try:
        found = queries.comparison(key, a, b, by=request.user)
    except (queries.DatasetUnknown, queries.EditionUnknown) as error:
        raise Http404 from error
    return render(request, "data/compare.html", {"section": "data", "compared": found, "dataset": found.dataset})
