"""Staff settle what a title is about and what an account buys."""

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

from cupola.web.planning.actions import SETTLE, Settling, settle_account, settle_title
from cupola.web.planning.forms import SettleAccount, SettleTitle
from cupola.web.planning.models import Budget, Roster


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
