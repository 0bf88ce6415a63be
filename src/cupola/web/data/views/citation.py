"""Citations: made from any query by a plain form, and a page each that prints and proves it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cupola import serving
from cupola.errors import Unsolvable
from cupola.lake import Recalled
from cupola.web.data.queries import citing


@csrf_exempt  # it changes nothing of anyone's, and programs make citations too
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Keep a citation of the query that was posted, and lead to its page."""
    pairs = citing.asked_pairs(request.POST)
    try:
        citation = serving.cite(
            citing.service(),
            request.POST.get("dataset", "")[:200],
            pairs=pairs,
            now=timezone.now(),
            client=client(request),
        )
    except Recalled as error:
        return gone(request, error.reason)
    except Unsolvable as error:
        return refused(request, error)
    answer = HttpResponseRedirect(reverse("citation:citation", args=[citation.id]))
    answer.status_code = 303
    return answer


@require_safe
def citation(request: HttpRequest, asked: str) -> HttpResponse:
    """Show a citation; `?check=1` computes its rows again and compares."""
    found = citing.find_citation(asked)
    address = request.build_absolute_uri(f"/cite/{found.id}/")  # the same in every language
    again = request.GET.get("check") == "1"
    try:
        page = citing.citation_page(found, address=address, client=client(request), again=again)
    except Recalled as error:
        return gone(request, error.reason)
    except serving.CitationWithheld:
        return gone(request, _("It shows a column that is no longer public."))
    except Unsolvable as error:
        return refused(request, error)
    return render(request, "data/citation.html", {"section": "data", "page": page})


def gone(request: HttpRequest, reason: str) -> HttpResponse:
    """Say that what is asked for was taken back, and why."""
    return render(request, "data/citation_gone.html", {"section": "data", "reason": reason}, status=410)


def refused(request: HttpRequest, error: Unsolvable) -> HttpResponse:
    """Say what the engine would not do: too slow, too big, too many at once."""
    busy = isinstance(error, serving.Busy)
    heading = _("Too many questions at once") if busy else _("There is no answer to this question")
    answer = render(request, "ui/error.html", {"heading": heading, "message": str(error)}, status=429 if busy else 422)
    if isinstance(error, serving.Busy):
        answer["Retry-After"] = str(error.retry_seconds)
    return answer


def client(request: HttpRequest) -> str:
    """Return who asks, as the public API tells its clients apart."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return serving.client_address(
        request.META.get("REMOTE_ADDR", ""), forwarded, behind_proxy=settings.SESSION_COOKIE_SECURE
    )
