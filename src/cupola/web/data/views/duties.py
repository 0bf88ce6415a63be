"""Who has which duty for a dataset or a department, who had it, and handing it over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.errors import CupolaError, NotFound
from cupola.web.data import queries
from cupola.web.data.actions import MayNotEditDuties, NobodyHasIt, hand_over, subject
from cupola.web.data.forms import DutyForm
from cupola.web.data.models import Dataset, Department
from cupola.web.ui.errors import status_of
from cupola.web.ui.sentences import in_english


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """Show and change who has which duty for a dataset."""
    return _duties(request, key, of_department=False)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def department(request: HttpRequest, key: str) -> HttpResponse:
    """Show and change who has which duty for a department, and so for its datasets."""
    return _duties(request, key, of_department=True)


def _duties(request: HttpRequest, key: str, *, of_department: bool) -> HttpResponse:
    kind = Department if of_department else Dataset
    if not request.user.has_perm("data.see_drafts", kind.objects.filter(key=key).first()):
        raise PermissionDenied
    try:
        record = subject(key, of_department=of_department)
    except NotFound as error:
        raise Http404 from error
    form, status = DutyForm(request.POST or None, on=queries.city_today()), 200
    if form.is_bound and form.is_valid():
        try:
            given: dict[str, Any] = {"reason": form.cleaned_data["reason"], "at": timezone.now(), "by": request.user}
            hand_over(record, form.handover(), **given)
        except CupolaError as error:
            form.add_error(None, _said(error))
            status = status_of(error)
        else:
            messages.success(request, _("Saved."))
            return redirect(request.path)
    elif form.is_bound:
        status = 400
    may_edit = request.user.has_perm("data.edit_duties", record)
    context = {**_context(record), "form": form, "may_edit": may_edit}
    return render(request, "data/duties.html", context, status=status)


def _said(error: CupolaError) -> str:
    if isinstance(error, NobodyHasIt):
        said = _("On that day nobody named here has this duty, so nobody can stop. See above who has it.")
    elif isinstance(error, MayNotEditDuties):
        said = _("You may not say who has which duty. A coordinator of the department or the city can.")
    else:
        said = in_english(error)
    return said


def _context(record: Dataset | Department) -> dict[str, Any]:
    today = queries.city_today()
    own = isinstance(record, Dataset)
    written = queries.all_duties(record) if isinstance(record, Dataset) else queries.held(record.definition)
    in_force = queries.in_force(written, today)
    return {
        "section": "data" if own else "work",
        "record": record,
        "dataset": record if own else None,
        "title": queries.in_language(record, "title") if isinstance(record, Dataset) else record.name,
        "duties": [(queries.duty_word(one.duty), one) for one in in_force],
        "past": [(queries.duty_word(one.duty), one) for one in written if one not in in_force],
        "gaps": [(queries.duty_word(one.duty), one) for one in queries.gaps_in(written, today)],
    }
