"""The release board and how long each stage takes, for staff."""

import csv

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cupola.web.data.queries import board as boards
from cupola.web.data.queries import cycletimes


def narrowed(request: HttpRequest) -> dict[str, str]:
    """Return what the address narrows the board to."""
    return {name: request.GET.get(name, "")[:200] for name in ("department", "steward")}


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show where every dataset stands and what it waits for."""
    chosen = narrowed(request)
    found = boards.board(by=request.user, now=timezone.now(), **chosen)
    context = {"section": "work", "board": found, "chosen": chosen, "choices": request.GET.urlencode()}
    return render(request, "data/board.html", context)


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """Show how long each stage takes."""
    chosen, now = narrowed(request), timezone.now()
    found = cycletimes.ways(by=request.user, now=now, **chosen)
    choices = boards.board(by=request.user, now=now)
    context = {"section": "work", "times": cycletimes.stage_times(found), "chosen": chosen, "board": choices}
    context["choices"] = request.GET.urlencode()
    return render(request, "data/board_times.html", context)


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def times_csv(request: HttpRequest) -> HttpResponse:
    """Give when each dataset came to each stage as a table."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="stages.csv"'
    writer = csv.DictWriter(answer, cycletimes.CSV_FIELDS)
    writer.writeheader()
    found = cycletimes.ways(by=request.user, now=timezone.now(), **narrowed(request))
    writer.writerows(cycletimes.way_facts(way) for way in found)
    return answer
