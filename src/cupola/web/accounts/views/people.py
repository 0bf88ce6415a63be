"""People and their roles, for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cupola.errors import Conflict, InvalidInput
from cupola.web.accounts import actions, queries
from cupola.web.accounts.forms import PersonForm, ReasonForm, RoleForm

MANAGE = "accounts.manage_people"
LATEST = 20  # events shown of an account


def administrators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who administers people; a change asks for the password or the second factor again after a while."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MANAGE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


@administrators_only
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List every account with its roles."""
    facts = queries.people_facts(at=timezone.now())
    return render(request, "accounts/people.html", {"section": "staff", "people": facts})


@administrators_only
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show what each role may do."""
    return render(request, "accounts/roles.html", {"section": "staff", "actions": queries.ACTIONS})


@administrators_only
@reauthentication_required  # type: ignore[untyped-decorator]  # the package has no types
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make an account, and show the link its owner sets a password with."""
    form = PersonForm(request.POST or None)
    if form.is_valid():
        now, by = timezone.now(), request.user
        given = form.cleaned_data
        try:
            made = actions.add_person(
                given["name"],
                email=given["email"],
                full_name=given["full_name"],
                at=now,
                by=by,  # type: ignore[arg-type]
            )
        except (Conflict, InvalidInput):
            form.add_error(None, _("Another account has this name or address, or the name holds a sign it must not."))
        else:
            return _with_link(request, made.username)
    context = {"section": "staff", "form": form}
    return render(request, "accounts/person_add.html", context, status=400 if form.errors else 200)


@administrators_only
@require_safe
def person(request: HttpRequest, name: str) -> HttpResponse:
    """Show one account: roles, sessions, what was done to it."""
    return _shown(request, name)


def _shown(request: HttpRequest, name: str, *, link: str = "", status: int = 200) -> HttpResponse:
    found = actions.find_person(name)
    context = {
        **{"section": "staff", "person": found, "own": found.pk == request.user.pk, "link": link},
        "grants": queries.grants_of(found, at=timezone.now()),
        "events": queries.events_about(found)[:LATEST],
        "sessions": UserSession.objects.filter(user=found).count(),
        "second_factor": queries.has_second_factor(found),
        **{"role_form": RoleForm(), "reason_form": ReasonForm()},
    }
    return render(request, "accounts/person.html", context, status=status)


def _with_link(request: HttpRequest, name: str) -> HttpResponse:
    """Show the account with a fresh link. Whoever gave it on can be told from the log."""
    site = request.build_absolute_uri("/")
    found = actions.find_person(name)
    link = actions.password_link(found, site=site, at=timezone.now(), by=request.user)  # type: ignore[arg-type]
    return _shown(request, name, link=link)


@administrators_only
@reauthentication_required  # type: ignore[untyped-decorator]  # the package has no types
@require_POST
def change(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """Do one thing to an account, and say so."""
    found, now, by = actions.find_person(name), timezone.now(), request.user
    if what == "link":
        return _with_link(request, name)
    form = RoleForm(request.POST) if what in {"give", "take"} else ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was changed: choose a role, and say why."))
        return redirect("person", name=name)
    given: dict[str, Any] = {"reason": form.cleaned_data["reason"], "at": now, "by": by}
    if what in {"give", "take"}:
        held = actions.RoleFor(form.cleaned_data["role"], form.cleaned_data["department"])
        (actions.give_role if what == "give" else actions.take_role)(found, held, **given)
    else:
        CHANGES[what](found, **given)
    messages.success(request, _("Done, and written into the audit log."))
    return redirect("person", name=name)


def _end_sessions(found: Any, *, reason: str, **given: Any) -> None:
    actions.end_sessions(found, **given)


CHANGES: dict[str, Callable[..., Any]] = {
    "block": actions.block_person,
    "unblock": actions.unblock_person,
    "sessions": _end_sessions,
    "second-factor": actions.reset_second_factor,
}
WHAT = "|".join(["give", "take", "link", *CHANGES])
