"""Two files dropped into a page become the short memo; nothing of them is kept."""

import base64
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.web.planning.forms import BriefForm
from cupola.web.planning.queries.briefs import Brief, Busy, NoBrief, brief
from cupola.web.planning.views.memo import DOCX
from cupola.web.planning.views.reading import SEE


@never_cache
@login_required
@permission_required(SEE, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for the files, or show the memo made of them, or say what it needs."""
    given = request.method == "POST"
    form = BriefForm(request.POST if given else None, request.FILES if given else None)
    context: dict[str, Any] = {"section": "work", "form": form}
    if not form.is_bound or not form.is_valid():
        return render(request, "planning/brief.html", context, status=400 if form.is_bound else 200)
    try:
        found = brief(form.files_given(), city=form.cleaned_data["city"], columns=form.columns())
    except Busy:
        return render(request, "planning/brief.html", {**context, "busy": True}, status=503)
    if isinstance(found, NoBrief):
        return render(request, "planning/brief.html", {**context, "needs": found.why}, status=422)
    return render(request, "planning/brief_made.html", {**context, **_taken_along(found)})


def _taken_along(found: Brief) -> dict[str, Any]:
    """Return the memo and its files as links that hold them: nothing stays here to be fetched."""
    return {
        "body": mark_safe(found.body),  # rendered by the same templates, in the command
        "said": found.said,
        "document": f"data:{DOCX};base64,{base64.b64encode(found.document).decode()}",
        "file": f"data:text/html;base64,{base64.b64encode(found.file).decode()}",
    }
