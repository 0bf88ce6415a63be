"""The gate of a dataset, for staff: what was checked, what stops it, what helps, and who decided what."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.web.data import actions, queries
from cupola.web.data.forms.deciding import ACCEPT, APPROVE, DecisionForm
from cupola.web.data.views.editing import staff_dataset

DECIDES = "data.approve_release"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: HttpRequest, key: str) -> HttpResponse:
    """Show what the gate says; whoever may decides, with a reason."""
    dataset = staff_dataset(request, key, "data.see_drafts" if request.method != "POST" else DECIDES)
    page = queries.gate_of(dataset, at=timezone.now())
    form = DecisionForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        if _decide(request, page, form.cleaned_data):
            messages.success(request, _("Your decision is recorded."))
            return redirect("data:gate", key=key)
        form.add_error(None, _("Meanwhile something else stands here. Look at it again; nothing was decided."))
        status = 409
    elif form.is_bound:
        status = 400
    context = {"section": "data", "dataset": dataset, "title": queries.in_language(dataset, "title"), "page": page}
    context["may_decide"] = request.user.has_perm(DECIDES, dataset)
    return render(request, "data/gate.html", {**context, "form": form}, status=status)


def _decide(request: HttpRequest, page: queries.GatePage, given: dict[str, Any]) -> bool:
    """Carry a decision out; False when what it is about is no longer what the page showed."""
    said: dict[str, Any] = {"reason": given["reason"], "at": timezone.now(), "by": request.user}
    key = page.dataset.key
    if given["decision"] == APPROVE:
        actions.approve(key, **said)
        return True
    if page.version is None or page.version.number != given["seen"]:
        return False
    if given["decision"] != ACCEPT:
        actions.approve(key, version=given["seen"], **said)
        return True
    stop = given.get("stop")
    if stop is None or stop >= len(page.stops):
        return False
    what = dict(page.stops[stop].accept)
    version = what.pop("version", None)
    actions.accept(key, what=what, version=version, **said)
    return True
