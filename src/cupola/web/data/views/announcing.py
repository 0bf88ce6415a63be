"""Announcing that a column will change."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.errors import Conflict, InvalidInput
from cupola.web.data import queries
from cupola.web.data.actions import RenameNeedsFolder, announce_change
from cupola.web.data.forms.announcing import AnnounceForm
from cupola.web.data.queries import changing
from cupola.web.data.views.editing import staff_dataset
from cupola.web.ui.errors import status_of
from cupola.web.ui.sentences import in_english


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def announce(request: HttpRequest, key: str) -> HttpResponse:
    """Say in advance how a column will change."""
    dataset = staff_dataset(request, key, "data.announce_change")
    form = AnnounceForm(dataset, request.POST if request.method == "POST" else None, today=queries.city_today())
    status = 200
    if form.is_bound and form.is_valid():
        try:
            announce_change(key, form.planned(), at=timezone.now(), by=request.user)  # type: ignore[arg-type]
        except RenameNeedsFolder as error:
            said = _("%(column)s is also named under %(fields)s. Rename it in the city folder and announce it there.")
            form.add_error(None, said % {"column": error.column, "fields": ", ".join(error.fields)})
            status = status_of(error)
        except (InvalidInput, Conflict) as error:
            form.add_error(None, in_english(error))
            status = status_of(error)
        else:
            messages.success(request, _("It is announced. Whoever follows the dataset is told."))
            return redirect("data:changes", key=key)
    elif form.is_bound:
        status = 400
    context = {
        "section": "data",
        "dataset": dataset,
        "title": queries.in_language(dataset, "title"),
        "form": form,
        "announced": changing.announced_lines(dataset, now=timezone.now()),
    }
    return render(request, "data/announce.html", context, status=status)
