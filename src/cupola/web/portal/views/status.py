"""Whether the city keeps its promises about data: a page, a feed, and a badge and a document per dataset."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cupola.web.accounts.queries import the_city
from cupola.web.data import queries as data
from cupola.web.ui.badges import badge
from cupola.web.ui.feeds import FeedHead, FeedItem, atom

DATASETS_PER_PAGE = 100
READ = {"ensure_ascii": False, "indent": 1}
TROUBLE = (data.Happening.LATE, data.Happening.UNUSUAL, data.Happening.FINDING, data.Happening.RECALL)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show how every dataset stands, what stands out first."""
    now = timezone.now()
    found = data.status(request.user, now=now)
    page = Paginator(found.lines, DATASETS_PER_PAGE).get_page(request.GET.get("page"))
    known = data.status_known(found, at=now, base=request.build_absolute_uri("/")[:-1])
    context = {"section": "status", "status": found, "page": page, "now": now, "known": known}
    return render(request, "portal/status.html", context)


@require_safe
def status_json(request: HttpRequest) -> HttpResponse:
    """Say the same for programs."""
    found = data.status(request.user, now=timezone.now())
    told = {"checked_at": timezone.now().isoformat(), "datasets": [one.as_json() for one in found.lines]}
    return JsonResponse(told, json_dumps_params=READ)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Feed of what stands out: late data, odd row counts, findings, versions taken back."""
    city = the_city()
    name = city.name if city else "Cupola"
    head = FeedHead(
        identity=data.identity(city.key if city else "", "status"),
        title=_("%(city)s: data that needs a look") % {"city": name},
        says=_("Late data, odd row counts, findings and versions taken back."),
        author=name,
        address=reverse("portal:status"),
    )
    news = data.happenings(by=request.user, now=timezone.now(), only=TROUBLE)
    items = [FeedItem(one.identity, one.heading, one.text, one.at, one.address, (one.happening.value,)) for one in news]
    return atom(request, head, items)


@require_safe
def dataset_json(request: HttpRequest, key: str) -> HttpResponse:
    """Say how one dataset stands, for programs."""
    return JsonResponse(standing(request, key).as_json(), json_dumps_params=READ)


@require_safe
def dataset_badge(request: HttpRequest, key: str) -> HttpResponse:
    """Draw how one dataset stands, for another site to show."""
    entry = standing(request, key).entry
    drawing = badge(entry.title, entry.freshness.word, tone=entry.freshness.state.value)
    answer = HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=300"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def standing(request: HttpRequest, key: str) -> data.DatasetStatus:
    """Return how a dataset stands, for everyone: a badge says nothing of a draft. Raises Http404."""
    known = data.entries(request.user, now=timezone.now())
    entry = next((entry for entry in known if entry.key == key and "elsewhere" not in entry.offers), None)
    if entry is None:
        raise Http404
    return data.status_of(entry, data.open_findings())
