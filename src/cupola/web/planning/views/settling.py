"""Staff settle what a title is about, what an account buys, and which office of the chart a department is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.web.planning.actions import SETTLE, Settling, TwoOfficesAtOnce, map_department, settle_account, settle_title
from cupola.web.planning.forms import MapDepartment, SettleAccount, SettleTitle
from cupola.web.planning.models import Budget, Roster
from cupola.web.planning.queries.offices import departments, offices_of_the_chart
from cupola.web.planning.queries.reading import NotLoadedYet, read_budget, read_roster
from cupola.web.planning.views.reading import staff_page


def settling_page(view: Any) -> Any:
    """Show a form to who may settle names."""
    guarded = login_required(permission_required(SETTLE, raise_exception=True)(view))
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


@settling_page
def title(request: HttpRequest, key: str) -> HttpResponse:
    """Settle a title of a roster."""
    roster = get_object_or_404(Roster, key=key, retired_on=None)
    name, department = _named(request, "title"), request.GET.get("department", "")
    known = _held(roster.definition.get("titles", ()), title=name, department=department)
    form = SettleTitle(request.POST or None, initial={**known, "everywhere": bool(known) and not department})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        fields = {"title": name, "department": "" if said["everywhere"] else department, "level": said["level"]}
        settle_title(roster, {**fields, "functions": said["functions"]}, signed=_signed(request, form))
        messages.success(request, _("Settled. It counts from now on."))
        return redirect(reverse("planning:titles", args=[key]))
    return _form(request, form, name=name, department=department)


@settling_page
def account(request: HttpRequest, key: str) -> HttpResponse:
    """Settle what an account of a budget buys."""
    budget = get_object_or_404(Budget, key=key, retired_on=None)
    name = _named(request, "account")
    form = SettleAccount(request.POST or None, initial=_held(budget.definition.get("accounts", ()), account=name))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        fields = {"account": name, "purpose": said["purpose"], "technology": said["technology"]}
        settle_account(budget, fields, signed=_signed(request, form))
        messages.success(request, _("Settled. It counts from now on."))
        return redirect(reverse("planning:budget", args=[key]))
    return _form(request, form, name=name, department="")


LISTED = {"posts": "roster_offices", "money": "budget_offices"}
MAPPED = {"posts": "map_roster", "money": "map_budget"}
READ: dict[str, tuple[Any, Any]] = {"posts": (Roster, read_roster), "money": (Budget, read_budget)}


@staff_page
def offices(request: HttpRequest, of: str, key: str) -> HttpResponse:
    """List the departments of a roster or a budget over its periods, each with the office of the chart it is."""
    model, read = READ[of]
    try:
        found = read(get_object_or_404(model, key=key, retired_on=None))
    except NotLoadedYet as error:
        raise Http404(str(error)) from error
    context = {"section": "work", "of": of, "read": found, "lines": departments(found)}
    context["may_settle"] = request.user.has_perm(SETTLE) and bool(offices_of_the_chart())
    context["address"] = reverse(f"planning:{MAPPED[of]}", args=[key])
    context["up_url"] = reverse(f"planning:{of if of == 'posts' else 'budget'}", args=[key])
    return render(request, "planning/offices.html", context)


@settling_page
def office(request: HttpRequest, of: str, key: str) -> HttpResponse:
    """Say which office of the chart a department is, since when and until when."""
    record = get_object_or_404(READ[of][0], key=key, retired_on=None)
    name, since = _named(request, "name"), request.GET.get("since", "")
    known = _held(record.definition.get("offices", ()), name=name, since=since)
    form = MapDepartment(request.POST or None, initial=known, offices=offices_of_the_chart())
    if request.method == "POST" and form.is_valid():
        fields = {"name": name, **{one: form.cleaned_data[one] for one in ("office", "since", "until")}}
        try:
            map_department(record, fields, signed=_signed(request, form), instead_of=since if known else None)
        except TwoOfficesAtOnce as error:
            form.add_error("since", _("At that time it is %(office)s already.") % {"office": error.office})
        else:
            messages.success(request, _("Settled. It counts from now on."))
            return redirect(reverse(f"planning:{LISTED[of]}", args=[key]))
    return _form(request, form, name=name, department="")


def _named(request: HttpRequest, field: str) -> str:
    name = request.GET.get(field, "").strip()
    if not name:
        raise Http404
    return name


def _held(lines: Any, **wanted: str) -> dict[str, Any]:
    """Return what was settled for a name, or nothing."""
    return next((dict(one) for one in lines if all(one.get(name, "") == value for name, value in wanted.items())), {})


def _signed(request: HttpRequest, form: Form) -> Settling:
    assert request.user.is_authenticated
    return Settling(by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])


def _form(request: HttpRequest, form: Form, *, name: str, department: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"section": "work", "form": form, "name": name, "department": department}
    return render(request, "planning/settle.html", context, status=status)
