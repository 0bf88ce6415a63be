"""Who asks protected tables again and again for little, for staff."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cupola.serving import flush_narrow, read_narrow
from cupola.serving.narrow import KEPT_DAYS, REPEATED
from cupola.web.data.queries import home


@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def narrow(request: HttpRequest) -> HttpResponse:
    """List the clients, the newest day first."""
    path = home() / "narrow.db"
    flush_narrow(path)
    context = {"section": "work", "lines": read_narrow(path), "least": REPEATED, "days": KEPT_DAYS}
    return render(request, "data/narrow.html", context)
