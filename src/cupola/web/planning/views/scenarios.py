"""Scenarios: what another structure takes, costs and turns; and what counsel answers about it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cupola.errors import InvalidInput
from cupola.web.data.queries import city_today
from cupola.web.planning.actions import SETTLE, Settling, record_counsel
from cupola.web.planning.forms import AskScenario, CounselForm
from cupola.web.planning.models import CounselAnswer, Scenario
from cupola.web.planning.queries.scenarios.asking import answer, asked
from cupola.web.planning.queries.scenarios.showing import EDIT_FIELDS, as_json_of, edit_table, shown
from cupola.web.planning.views.reading import staff_page, table
from cupola.web.planning.views.settling import settling_page
from cupola.web.structure.queries import StructureUnknown


@staff_page
def scenarios(request: HttpRequest) -> HttpResponse:
    """List the recorded scenarios, and show the one an address asks for."""
    form = AskScenario(request.GET if request.GET.get("to") else None)
    context: dict[str, Any] = {"section": "work", "form": form, "records": Scenario.objects.filter(retired_on=None)}
    context["answers"] = CounselAnswer.objects.filter(retired_on=None)
    if not form.is_bound:
        return render(request, "planning/scenarios.html", context)
    if not form.is_valid():
        return render(request, "planning/scenarios.html", context, status=400)
    try:
        return _shown(request, form.asked_for(), title=_("What would it take?"))
    except InvalidInput as error:
        form.add_error("to", str(error))
        return render(request, "planning/scenarios.html", context, status=400)


@staff_page
def scenario(request: HttpRequest, key: str) -> HttpResponse:
    """Show a recorded scenario."""
    record = get_object_or_404(Scenario, key=key, retired_on=None)
    return _shown(request, record.definition, title=record.title, record=record)


def _shown(request: HttpRequest, said: dict[str, Any], *, title: str, record: Scenario | None = None) -> HttpResponse:
    today = city_today()
    try:
        page = shown(answer(asked(said, today=today), today=today))
    except StructureUnknown as error:
        raise Http404(str(error)) from error
    form = request.GET.get("format", "")
    if form == "csv":
        name = f"{page.found.asked.of}-{page.found.asked.to}-edits"
        return table(name, list(EDIT_FIELDS), [list(row.values()) for row in edit_table(page)])
    if form == "json":
        return JsonResponse(as_json_of(page))
    query = request.GET.copy()
    context = {
        "section": "work",
        "title": title,
        "record": record,
        "page": page,
        "query": f"{query.urlencode()}&" if query else "",
        "may_settle": request.user.has_perm(SETTLE),
        "here": request.get_full_path(),
    }
    return render(request, "planning/scenario.html", context)


@settling_page
def counsel(request: HttpRequest, key: str = "") -> HttpResponse:
    """Record what counsel answered about edits, or change it; the history keeps what was said before."""
    record = get_object_or_404(CounselAnswer, key=key, retired_on=None) if key else None
    start = record.definition if record else {"edits": request.GET.getlist("edit"), "of": request.GET.get("of", "")}
    if not record and request.GET.get("subject"):
        start = {**start, "subjects": [request.GET["subject"]]}
    form = CounselForm(request.POST or None, start=start, today=city_today())
    if request.method == "POST" and form.is_valid():
        made = record_counsel(record, form.answer(), signed=_signed(request))
        return redirect(_back(request) or reverse("planning:counsel", args=[made.key]))
    status = 422 if form.is_bound else 200
    context = {
        "section": "work",
        "form": form,
        "record": record,
        "name": record.title if record else _("What counsel says"),
    }
    context["history"] = record.history.all() if record else ()
    return render(request, "planning/counsel.html", context, status=status)


def _signed(request: HttpRequest) -> Settling:
    assert request.user.is_authenticated
    return Settling(by=request.user, at=timezone.now(), reason=_("An answer of counsel was recorded."))


def _back(request: HttpRequest) -> str:
    """Return the page the form was opened from, of this site only."""
    path = request.GET.get("next", "")
    return path if path.startswith(reverse("planning:plans")) and not path.startswith("//") else ""
