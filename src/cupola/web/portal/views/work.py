"""What waits for the person who is signed in."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cupola.web.agenda.queries.waiting import agenda_waiting
from cupola.web.data.queries import waiting
from cupola.web.performance.queries.waiting import commitments_waiting


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """List it, the oldest first."""
    context = {
        "section": "work",
        "at_section_home": True,
        "waiting": waiting.waiting_for(request.user, now=timezone.now()),
        "agenda": agenda_waiting(request.user, now=timezone.now()),
        "commitments": commitments_waiting(request.user, now=timezone.now()),
    }
    return render(request, "portal/work.html", context)
