"""Values typed in place of computed ones: staff write them with a reason, and take them back with one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.web.performance import actions
from cupola.web.performance.actions.typing_in import PERMISSION
from cupola.web.performance.forms.typed import TypedForm
from cupola.web.performance.models import Measure, TypedValue
from cupola.web.performance.queries.measures import MeasureUnknown, described, find_measure, fiscal_years
from cupola.web.performance.queries.words import in_language, period_words, value_words


@never_cache
@login_required
@permission_required(PERMISSION, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def typed(request: HttpRequest, key: str) -> HttpResponse:
    """Show the typed-in values of a measure, take one down, or take one back."""
    try:
        measure = find_measure(key)
    except MeasureUnknown as error:
        raise Http404 from error
    writes = request.method == "POST" and request.POST.get("do") == "type"
    by: Any = request.user
    form = TypedForm(request.POST if writes else None, initial={"author": by.get_full_name()})
    if request.method == "POST":
        done = _typed_in(request, measure, form) if writes else _taken_back(request, measure)
        if done:
            return redirect("measures:typed", key=key)
    context = {
        "section": "work",
        "measure": measure,
        "title": in_language(measure, "title"),
        "form": form,
        "values": [_line(one) for one in measure.typed_values.select_related("measure")],
    }
    return render(request, "performance/typed.html", context, status=400 if request.method == "POST" else 200)


def _typed_in(request: HttpRequest, measure: Measure, form: TypedForm) -> bool:
    if not form.is_valid():
        return False
    by: Any = request.user
    try:
        actions.type_in(measure, form.typing(measure, fiscal_years()), at=timezone.now(), by=by)
    except actions.TypedAlready:
        form.add_error("period", _("This period has a typed-in value. Take that one back first."))
        return False
    except actions.TypedIncomplete as error:
        form.add_error(error.field, str(error))
        return False
    messages.success(request, _("Saved. The value is marked as typed in wherever it is shown."))
    return True


def _taken_back(request: HttpRequest, measure: Measure) -> bool:
    by: Any = request.user
    try:
        period = date.fromisoformat(request.POST.get("period", ""))
        actions.withdraw(measure, period, reason=request.POST.get("reason", ""), at=timezone.now(), by=by)
    except actions.TypedIncomplete:
        messages.error(request, _("Say in one sentence why the value is taken back."))
        return False
    except (ValueError, actions.NothingTyped) as error:
        raise Http404 from error
    messages.success(request, _("The typed-in value was taken back; the computed one counts again."))
    return True


def _line(one: TypedValue) -> tuple[TypedValue, str, str]:
    record = described(one.measure)
    return one, period_words(one.period, record.grain, fiscal_years()), value_words(one.value, record)
