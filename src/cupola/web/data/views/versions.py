"""One version of a dataset: what it holds, or the tombstone of one that was taken back; and taking it back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cupola.web.data import actions, queries
from cupola.web.data.forms.recalling import RecallForm
from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries import changing, promised

RECALL = "data.recall_version"


def found(request: HttpRequest, key: str, number: int) -> tuple[Dataset, Version]:
    """Return a version that is or was public; to staff any. Raises Http404."""
    try:
        dataset = queries.find_dataset(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error
    versions = dataset.versions.all()
    if not request.user.has_perm("data.see_drafts", dataset):
        versions = versions.exclude(released_at=None)
    version = versions.filter(number=number).first()
    if version is None:
        raise Http404
    return dataset, version


def context(dataset: Dataset, version: Version) -> dict[str, Any]:
    """Return what both pages of a version say."""
    title = queries.in_language(dataset, "title")
    return {"section": "data", "dataset": dataset, "title": title, "version": version, "days": settings.RECALL_DAYS}


@require_safe
def version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show a version; of one that was taken back, with status 410, that it was, when and why."""
    dataset, held = found(request, key, number)
    given = context(dataset, held)
    if held.recalled_at is not None:
        return render(request, "data/version_gone.html", given, status=410)
    given["correction"] = next((one for one in changing.corrections(dataset) if one.version == number), None)
    checks = held.promise_checks.all() if held.released_at else ()
    given["checks"] = [(check, promised.check_says(dataset, check)) for check in checks]
    given["may_recall"] = request.user.has_perm(RECALL, dataset) and held.released_at is not None
    return render(request, "data/version.html", given)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take a public version back, for good."""
    dataset, held = found(request, key, number)
    if not request.user.has_perm(RECALL, dataset):
        raise PermissionDenied
    if held.recalled_at is not None or held.released_at is None:
        raise Http404
    form = RecallForm(number, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        now = timezone.now()
        actions.recall(key, number, reason=form.cleaned_data["reason"], at=now, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Version %(number)s was taken back.") % {"number": number})
        return redirect("data:version", key=key, number=number)
    if form.is_bound:
        status = 400
    return render(request, "data/recall.html", {**context(dataset, held), "form": form}, status=status)
