"""The front page and the page about these pages."""

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.agenda.queries.front import front
from cupola.web.data import queries as data
from cupola.web.data.queries import usage
from cupola.web.performance.queries.counting import counted
from cupola.web.structure.queries.front import own_chart

CHANGES = 6
MOST_USED = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say how much is known, how fresh it is, and what changed."""
    now = timezone.now()
    standing = data.standing(request.user, now=now)
    context = {
        "section": "home",
        "standing": standing,
        "known": data.standing_known(standing, at=now, base=request.build_absolute_uri("/")[:-1]),
        "changes": data.latest_changes(request.user, limit=CHANGES),
        "today": timezone.localdate(),
        "chart": own_chart(timezone.localdate()),
        "measured": counted(now=now),
        "agenda": front(now=now, zone=ZoneInfo(data.city_zone())),
        "most_used": usage.most_used(by=request.user, today=timezone.localdate(), limit=MOST_USED),
    }
    return render(request, "portal/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say on what law this rests, how accessible it is, and how to read it."""
    return render(request, "portal/about.html", {"section": "about"})
