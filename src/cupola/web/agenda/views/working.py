"""What staff do: the runway of grant-paid posts, records of every kind, their forms, history and steps."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cupola.errors import Conflict, CupolaError, InvalidInput, NotAllowed, NotFound
from cupola.folder import FolderInvalid
from cupola.periods import NotADate, parse_day
from cupola.web.agenda.actions import add_step, change_record, undo
from cupola.web.agenda.forms import RecordForm, StepForm
from cupola.web.agenda.models import MODELS
from cupola.web.agenda.queries import awards, charts
from cupola.web.agenda.queries.naming import address_of
from cupola.web.agenda.queries.records import find, history_of, records, retention_of
from cupola.web.agenda.queries.words import said
from cupola.web.agenda.views.reading import DRAFTS, MAY_EDIT
from cupola.web.structure.actions import ChangedMeanwhile, Signed

SECTIONS = {"claim": "savings", "body": "councils", "meeting": "councils", "recommendation": "councils"}


@never_cache
@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_safe
def runway(request: HttpRequest) -> HttpResponse:
    """Show each grant-paid team: its cliff, its gap, what its savings carry, and by when a position must be filed."""
    day = day_named(request.GET.get("on", ""))
    teams = [(one, charts.runway_chart(one.runway)) for one in awards.outcomes(today=day)]
    return render(request, "agenda/runway.html", {"section": "agenda", "teams": teams, "day": day, "staff": True})


@never_cache
@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_safe
def all_records(request: HttpRequest) -> HttpResponse:
    """List every record by kind, for whoever edits them."""
    today = timezone.localdate()
    kinds = [
        (kind, [(key, fields, retention_of(kind, fields, on=today)) for key, fields in records(kind).items()])
        for kind in MODELS
    ]
    context = {"section": "agenda", "kinds": kinds, "may_edit": request.user.has_perm(MAY_EDIT), "staff": True}
    return render(request, "agenda/records.html", context)


@never_cache
@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Record something new."""
    if kind not in MODELS:
        raise Http404
    form = RecordForm(kind, None, request.POST if request.method == "POST" else None)
    return _edited(request, form, key="", title=_("New: %(kind)s") % {"kind": said(kind)})


@never_cache
@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Change what is recorded."""
    now = _recorded(kind, key)
    form = RecordForm(kind, now, request.POST if request.method == "POST" else None)
    return _edited(request, form, key=key, title=str(now["name"]))


@never_cache
@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_safe
def history(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Show who changed a record, when and why."""
    lines = history_of(kind, key) if kind in MODELS else ()
    if not lines:
        raise Http404
    there = MODELS[kind]._default_manager.filter(key=key, retired_on=None).first()
    context = {
        **_place(kind, key),
        "title": there.name if there is not None else key,
        "there": there is not None,
        "retention": None if there is None else retention_of(kind, there.definition, on=timezone.localdate()),
        "lines": lines,
        "may_edit": request.user.has_perm(MAY_EDIT),
    }
    return render(request, "agenda/history.html", context)


@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_POST
def undo_change(request: HttpRequest, kind: str, key: str, *, number: int) -> HttpResponse:
    """Put back, by a new change, what stood before the newest one."""
    if kind not in MODELS:
        raise Http404
    try:
        undo(kind, key, number, signed=_signed(request, request.POST.get("reason", "")[:500]))
    except NotFound as error:
        raise Http404 from error
    except ChangedMeanwhile:
        messages.error(request, _("This was changed again since, so it cannot be put back. Edit it instead."))
    except CupolaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Put back."))
    return redirect("agenda_work:history", kind=kind, key=key)


@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_POST
def retire(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Retire a record; it and its history stay."""
    _recorded(kind, key)
    reason, seen = request.POST.get("reason", "")[:500], request.POST.get("seen", "")
    try:
        change_record(kind, key, None, seen=seen, signed=_signed(request, reason))
    except CupolaError as error:
        messages.error(request, str(error))
        return redirect("agenda_work:edit", kind=kind, key=key)
    messages.success(request, _("Retired. Its history stays."))
    return redirect("agenda_work:records")


@never_cache
@login_required
@permission_required(DRAFTS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: str) -> HttpResponse:
    """Let a claim take its next step."""
    now = _recorded("claim", key)
    form = StepForm(now, request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        signed = _signed(request, _("Recorded as %(status)s") % {"status": form.cleaned_data["status"]})
        try:
            add_step(key, form.step(), seen=form.cleaned_data["seen"], signed=signed)
        except NotAllowed as error:
            form.add_error(None, str(error))
            status = 403
        except CupolaError as error:
            form.add_error(None, str(error))
            status = 409 if isinstance(error, Conflict) else 400
        else:
            messages.success(request, _("Saved."))
            return redirect("agenda:claim", key=key)
    elif form.is_bound:
        status = 400
    context = {**_place("claim", key), "form": form, "title": str(now["name"])}
    return render(request, "agenda/step.html", context, status=status)


def _edited(request: HttpRequest, form: RecordForm, *, key: str, title: str) -> HttpResponse:
    status = 200
    if form.is_bound and form.is_valid():
        wanted = key or str(form.cleaned_data["key"])
        signed = _signed(request, form.cleaned_data["reason"])
        try:
            found = change_record(form.kind, wanted, form.definition(), seen=form.cleaned_data["seen"], signed=signed)
        except FolderInvalid as error:
            form.take_problems(error)
            status = 400
        except CupolaError as error:
            form.add_error(None, _conflict() if isinstance(error, ChangedMeanwhile) else str(error))
            status = 403 if isinstance(error, NotAllowed) else 400 if isinstance(error, InvalidInput) else 409
        else:
            messages.success(request, _("Saved.") if found else _("Nothing was different, so nothing was saved."))
            return redirect(address_of(form.kind, wanted))
    elif form.is_bound:
        status = 400
    context = {**_place(form.kind, key), "form": form, "title": title}
    return render(request, "agenda/edit.html", context, status=status)


def day_named(text: str) -> date:
    """Return the day a text names; today for nothing or nonsense."""
    try:
        return parse_day(text) if text else timezone.localdate()
    except NotADate:
        return timezone.localdate()


def _place(kind: str, key: str) -> dict[str, Any]:
    return {
        "section": SECTIONS.get(kind, "agenda"),
        "kind": kind,
        "kind_said": capfirst(said(kind)),
        "key": key,
        "page": address_of(kind, key) if key else "",
        "staff": True,
    }


def _recorded(kind: str, key: str) -> dict[str, Any]:
    if kind not in MODELS:
        raise Http404
    try:
        return dict(find(kind, key).definition)
    except NotFound as error:
        raise Http404 from error


def _signed(request: HttpRequest, reason: str) -> Signed:
    return Signed(by=request.user, at=timezone.now(), reason=reason)  # type: ignore[arg-type]


def _conflict() -> str:
    return _("Someone else changed this since you opened it. Nothing was saved. Open it again and repeat your change.")
