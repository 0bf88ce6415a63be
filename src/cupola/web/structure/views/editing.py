"""What staff change of structures: offices, posts, their history, branches and bringing them back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cupola.errors import Conflict, InvalidInput, NotFound
from cupola.folder import FolderInvalid
from cupola.web.structure import queries
from cupola.web.structure.actions import Signed, change_part, undo
from cupola.web.structure.forms import PartForm, lives_of
from cupola.web.structure.models import Act, Office, Post, Structure
from cupola.web.structure.queries import recorded
from cupola.web.structure.views.library import MAY_EDIT

GROUPS = {"office": Office.group, "post": Post.group, "act": Act.group}


@never_cache
@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str, subject: str, *, act: bool = False) -> HttpResponse:
    """Change what is recorded of an office or a post, or of an act."""
    structure = structure_named(key)
    group = recorded.group_of(structure, subject, act=act)
    now = recorded.fields_of(structure, group, subject)
    if now is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = PartForm(group, now, sent, known=recorded.names_of(structure), life=_life(request, now, act=act))
    title = _title(structure, subject, now, act=act)
    return _edited(request, structure, form, part=(group, subject), title=title)


@never_cache
@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Record a new office, post or act."""
    structure = structure_named(key)
    if kind not in GROUPS:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = PartForm(GROUPS[kind], None, sent, known=recorded.names_of(structure))
    title = {"office": _("A new office"), "post": _("A new post"), "act": _("A new act")}[kind]
    return _edited(request, structure, form, part=(GROUPS[kind], ""), title=title)


def _edited(
    request: HttpRequest, structure: Structure, form: PartForm, *, part: tuple[str, str], title: str
) -> HttpResponse:
    status = 200
    if form.is_bound and form.is_valid():
        group, key = part[0], part[1] or str(form.cleaned_data["key"])
        try:
            seen = form.cleaned_data["seen"]
            found = change_part(
                structure,
                (group, key),
                form.definition(key),
                seen=seen,
                signed=_signed(request, form.cleaned_data["reason"]),
            )
        except FolderInvalid as error:
            form.take_problems(error, key)
            status = 400
        except (InvalidInput, Conflict) as error:
            form.add_error(None, _conflict() if isinstance(error, Conflict) else str(error))
            status = 409 if isinstance(error, Conflict) else 400
        else:
            messages.success(request, _("Saved.") if found else _("Nothing was different, so nothing was saved."))
            return redirect(_page_of(structure, group, key))
    elif form.is_bound:
        status = 400
    context = {
        "section": "structure",
        "one": structure,
        "form": form,
        "title": title,
        "subject": part[1],
        "act": part[0] == Act.group,
        "back": _page_of(structure, *part),
    }
    return render(request, "structure/edit.html", context, status=status)


def _life(request: HttpRequest, now: Mapping[str, Any], *, act: bool) -> int:
    """Return which of its times is asked for, the one after the last for a further one. Raises Http404."""
    text = request.GET.get("life", "0")
    if not text.isdecimal() or int(text) > (0 if act else len(lives_of(now))):
        raise Http404
    return int(text)


def _title(structure: Structure, key: str, now: Mapping[str, Any], *, act: bool) -> str:
    """Return what people know it by: of an office or post the newest name, also where that is a part of its life's."""
    if act:
        return str(now.get("title") or key)
    return queries.jurisdiction(structure.key).history.names.get(key, key)


def _page_of(structure: Structure, group: str, key: str) -> str:
    """Return the address of what was edited, of the government where it is new."""
    if not key or group == Act.group:
        return reverse("structure:government", args=[structure.key]) + (f"#act-{key}" if key else "")
    return reverse("structure:part", args=[structure.key, key])


@never_cache
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@require_safe
def history(request: HttpRequest, key: str, subject: str, *, act: bool = False) -> HttpResponse:
    """Show who changed an office, a post or an act, when and why."""
    structure = structure_named(key)
    group = recorded.group_of(structure, subject, act=act)
    if not group:
        raise Http404
    now = recorded.fields_of(structure, group, subject)
    context: dict[str, Any] = {
        "section": "structure",
        "one": structure,
        "subject": subject,
        "title": _title(structure, subject, now or {}, act=act),
        "act": act,
        "there": now is not None,
        "lines": recorded.history_of(structure, group, subject),
    }
    return render(request, "structure/history.html", context)


@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_POST
def undo_change(request: HttpRequest, key: str, subject: str, *, number: int, act: bool = False) -> HttpResponse:
    """Put back, by a new change, what stood before the newest one."""
    structure = structure_named(key)
    group = recorded.group_of(structure, subject, act=act)
    if not group:
        raise Http404
    try:
        undo(structure, (group, number), signed=_signed(request, request.POST.get("reason", "")[:500]))
    except NotFound as error:
        raise Http404 from error
    except FolderInvalid as error:
        messages.error(request, str(error))
    except InvalidInput:
        messages.error(request, _("Say why in one sentence: the history shows it beside the change."))
    except Conflict:
        messages.error(request, _("This was changed again since, so it cannot be put back. Edit it instead."))
    else:
        messages.success(request, _("Put back."))
    return redirect("structure:act_history" if act else "structure:part_history", key=key, subject=subject)


def structure_named(key: str) -> Structure:
    """Return the record. Raises Http404, also for a government that is only in the library."""
    try:
        return queries.find_structure(key)
    except queries.StructureUnknown as error:
        raise Http404 from error


def _signed(request: HttpRequest, reason: str) -> Signed:
    return Signed(by=request.user, at=timezone.now(), reason=reason)  # type: ignore[arg-type]


def _conflict() -> str:
    return _("Someone else changed this since you opened it. Nothing was saved. Open it again and repeat your change.")
