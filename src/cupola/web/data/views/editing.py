"""What staff see and change of a dataset: its words, its history, what was set aside."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cupola.errors import Conflict, InvalidInput
from cupola.web.data import queries
from cupola.web.data.actions import EditReasonMissing, change_words, note_reading, undo
from cupola.web.data.forms import WordsForm
from cupola.web.data.models import Dataset
from cupola.web.ui.sentences import in_english


def staff_dataset(request: HttpRequest, key: str, permission: str) -> Dataset:
    """Return the dataset, for those who hold `permission` for it; PermissionDenied comes before any word of it."""
    if not request.user.has_perm(permission, Dataset.objects.filter(key=key).first()):
        raise PermissionDenied
    try:
        return queries.find_dataset(key, by=request.user)
    except queries.DatasetUnknown as error:
        raise Http404 from error


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is said of a dataset as a whole."""
    return _edit(request, key, part="edit", paths=lambda dataset: queries.description_paths())


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_columns(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is said of its columns."""
    return _edit(request, key, part="edit_columns", paths=queries.column_paths)


def _edit(request: HttpRequest, key: str, *, part: str, paths: Callable[[Dataset], Iterable[str]]) -> HttpResponse:
    dataset = staff_dataset(request, key, "data.edit_words")
    form = WordsForm(dataset, paths(dataset), request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        given = {"seen": form.cleaned_data["seen"], "reason": form.cleaned_data["reason"]}
        try:
            differences = change_words(key, form.words(), at=timezone.now(), by=request.user, **given)  # type: ignore[arg-type]
        except (InvalidInput, Conflict) as error:
            form.add_error(None, _said(error))
            status = 409 if isinstance(error, Conflict) else 400
        else:
            messages.success(request, _("Saved.") if differences else _("Nothing was different, so nothing was saved."))
            return redirect("data:dataset", key=key)
    elif form.is_bound:
        status = 400
    context = {"section": "data", "dataset": dataset, "title": queries.in_language(dataset, "title"), "form": form}
    return render(request, "data/edit.html", {**context, "part": part}, status=status)


def _said(error: Exception) -> str:
    """Return what to tell a person: in the page's language where it is known what may be wrong."""
    if isinstance(error, EditReasonMissing):
        return _("The public reads this, so say why it changes.")
    if isinstance(error, Conflict):
        return _(
            "Someone else changed this since you opened it. Nothing was saved. Open it again and repeat your change."
        )
    return in_english(error)


@never_cache
@login_required
@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    """Show who changed what, when and why."""
    dataset = staff_dataset(request, key, "data.see_drafts")
    context: dict[str, Any] = {"section": "data", "dataset": dataset, "title": queries.in_language(dataset, "title")}
    context["events"] = queries.history_of(dataset)
    return render(request, "data/record_history.html", context)


@login_required
@require_POST
def undo_change(request: HttpRequest, key: str, event: int) -> HttpResponse:
    """Put back what stood before an earlier change."""
    dataset = staff_dataset(request, key, "data.edit_words")
    reason = request.POST.get("reason", "")[:500]
    try:
        undo(dataset.key, event, reason=reason, at=timezone.now(), by=request.user)  # type: ignore[arg-type]
    except InvalidInput:
        messages.error(request, _("The public reads this, so say why it changes."))
    except Conflict:
        messages.error(request, _("This was changed again since, so it cannot be put back. Edit it instead."))
    else:
        messages.success(request, _("Put back."))
    return redirect("data:history", key=key)


@never_cache
@login_required
@require_safe
def quarantine(request: HttpRequest, key: str) -> HttpResponse:
    """Show what loads set aside; never of a dataset whose rows are not shown."""
    dataset = staff_dataset(request, key, "data.see_quarantine")
    context: dict[str, Any] = {"section": "data", "dataset": dataset, "title": queries.in_language(dataset, "title")}
    if dataset.shows_rows:
        context["aside"] = queries.set_aside(dataset, page=request.GET.get("page"), stopped="stopped" in request.GET)
        detail = {"page": request.GET.get("page", "1")[:20]}
        note_reading(dataset, "quarantine", at=timezone.now(), by=request.user, detail=detail)
    return render(request, "data/quarantine.html", context, status=200 if dataset.shows_rows else 403)
