"""How a dataset changes: what is announced, corrected and promised; as a page, a feed and for programs."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.data.models import Dataset
from cupola.web.data.queries import changing, promised
from cupola.web.ui.feeds import FeedHead, FeedItem, atom


def found(request: HttpRequest, key: str) -> Dataset:
    """Return the dataset the address names. Raises Http404."""
    try:
        dataset, _version = queries.dataset_with_version(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    return dataset


@require_safe
def changes(request: HttpRequest, key: str) -> HttpResponse:
    """Show what is announced, corrected and promised of one dataset."""
    dataset = found(request, key)
    context = {
        "section": "data",
        "dataset": dataset,
        "title": queries.in_language(dataset, "title"),
        "announced": changing.announced_lines(dataset, now=timezone.now()),
        "corrections": changing.corrections(dataset, most=20),
        "has_key": bool(dataset.definition.get("row_key")),
        "promises": promised.promise_lines(dataset),
        "example": f"/resource/{dataset.public_id}.json",
    }
    return render(request, "data/changes.html", context)


@require_safe
def changes_json(request: HttpRequest, key: str) -> HttpResponse:
    """Give the same to a program."""
    dataset = found(request, key)
    lines = promised.promise_lines(dataset)
    document = {
        "key": dataset.key,
        "id": dataset.public_id,
        "announced": [one.facts for one in changing.announced_lines(dataset, now=timezone.now())],
        "corrections": [one.as_json() for one in changing.corrections(dataset)],
        "promises": [
            {
                "says": one.says,
                "kept": one.kept,
                "stops": one.stops,
                "history": [
                    {"version": past.version, "kept": past.kept, "found": past.found, "at": past.at.isoformat()}
                    for past in one.history
                ],
            }
            for one in lines
        ],
    }
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def corrections_json(request: HttpRequest, key: str) -> HttpResponse:
    """Give the corrections alone to a program."""
    dataset = found(request, key)
    lines = [one.as_json() for one in changing.corrections(dataset)]
    return JsonResponse({"key": dataset.key, "id": dataset.public_id, "corrections": lines})


@require_safe
def corrections_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Feed of which public rows later versions changed."""
    dataset, city = found(request, key), the_city()
    title, page = queries.in_language(dataset, "title"), reverse("data:changes", args=[dataset.key])
    head = FeedHead(
        identity=queries.identity(dataset.public_id, "corrections"),
        title=_("%(title)s: corrections") % {"title": title},
        says=_("Rows that were public and were changed by a later version."),
        author=dataset.steward or dataset.department or (city.name if city else "Cupola"),
        address=f"{page}#corrections",
    )
    compare = reverse("data:compare", args=[dataset.key])
    items = [
        FeedItem(
            queries.identity(dataset.public_id, "rows-corrected", str(one.version)),
            _("%(title)s: version %(number)s corrects rows") % {"title": title, "number": one.version},
            changing.correction_words(one),
            one.at,
            f"{compare}?a={one.before}&b={one.version}",
            ("correction",),
        )
        for one in changing.corrections(dataset, most=60)
    ]
    return atom(request, head, items)
