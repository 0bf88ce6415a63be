"""Ask a dataset in the browser: the address is the question, the page its answer."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.data.actions import note_reading
from cupola.web.data.queries import exploring
from cupola.web.data.views.restricted import READ
from cupola.web.ui.errors import status_of

MOST_CHARACTERS = 20_000
CACHED, PINNED = "public, max-age=300", "public, max-age=31536000, immutable"


@require_safe
def explore(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the question in the address; an address a form wrote becomes the short one that says the same."""
    one = _opened(request, key)
    context: dict[str, Any] = {"section": "data", "dataset": one.dataset, "title": _title(one)}
    if one.reading is None:
        return render(request, "data/explore_closed.html", context)
    asked = one.reading.exploration
    wanted = exploring.query_string(asked)
    # values are compared, not the text: a proxy may write %27 where the page wrote a quote
    if not one.reading.problems and _given(request) != exploring.parameters(asked):
        return HttpResponseRedirect(f"{request.path}?{wanted}" if wanted else request.path)
    page = exploring.explore_page(one, base=_base(request))
    status = status_of(page.failure) if page.failure else 200
    answer = render(request, "data/explore.html", {**context, "page": page}, status=status)
    if one.readable is not None:
        rows = page.result.matching if page.result else 0
        told = one.readable.told("explore", rows, wanted)
        note_reading(one.dataset, READ, at=timezone.now(), by=request.user, detail=told)
    return answer


@require_safe
@conditional_page
@xframe_options_exempt
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the public answer alone, for pages of other sites: no script, no style sheet, nothing fetched."""
    given = dict(_given(request))
    one = _opened(request, key, by=AnonymousUser())
    if one.reading is None:
        raise Http404
    size = exploring.NARROW if given.get("size") == exploring.NARROW else exploring.WIDE
    drawn = exploring.plate(one, size=size, site=_site())
    response = HttpResponse(render_to_string("data/explore.svg", {"plate": drawn}), content_type="image/svg+xml")
    # a version never changes; without one the newest may be another soon
    response["Cache-Control"] = PINNED if one.reading.exploration.version else CACHED
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _site() -> str:
    """Return who publishes, for people who see the picture elsewhere."""
    city = the_city()
    return city.name if city else "Cupola"


def _opened(request: HttpRequest, key: str, *, by: Any = None) -> exploring.Opened:
    now, reader = timezone.now(), by or request.user
    try:
        found = exploring.opened(key, _given(request), by=reader, now=now)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    if found.reading is not None and found.readable is None:  # what rules let through is noted with its rows
        asked = request.META["QUERY_STRING"][:MOST_CHARACTERS]
        note_reading(found.dataset, "rows", at=now, by=reader, detail={"asked": asked})
    return found


def _given(request: HttpRequest) -> list[tuple[str, str]]:
    return parse_qsl(request.META["QUERY_STRING"][:MOST_CHARACTERS], keep_blank_values=True, errors="replace")


def _base(request: HttpRequest) -> str:
    """Return scheme and host of the site, as the visitor knows it."""
    return f"{request.scheme}://{request.get_host()}"


def _title(one: exploring.Opened) -> str:
    return one.subject.title if one.subject else queries.in_language(one.dataset, "title")
