"""Branches: a copy to try changes in, how it differs from what it came from, and bringing it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cupola.folder.library import templates
from cupola.web.accounts.queries import the_city
from cupola.web.structure import queries
from cupola.web.structure.actions import BranchKeyTaken, branch, merge_branch
from cupola.web.structure.queries import comparing, pages, recorded
from cupola.web.structure.queries.words import ATTRIBUTES
from cupola.web.structure.views.editing import structure_named
from cupola.web.structure.views.library import MAY_EDIT, day_named


class BranchForm(forms.Form):
    """What to copy, and the key of the copy."""

    of = forms.ChoiceField(label=gettext_lazy("Copy of"), widget=forms.Select({"class": "usa-select"}))
    name = forms.SlugField(
        max_length=100,
        label=gettext_lazy("Key of the copy"),
        help_text=gettext_lazy("Small letters, digits and hyphens, as two-teams."),
        widget=forms.TextInput({"class": "usa-input"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known = (*pages.listed_for(staff=True), *templates().values())
        self.fields["of"].choices = [(one.key, one.name) for one in known]  # type: ignore[attr-defined]


@never_cache
@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def branches(request: HttpRequest) -> HttpResponse:
    """List the branches, and begin another."""
    city = the_city()
    usual = request.GET.get("of", "") or (city.key if city is not None else "")
    form = BranchForm(request.POST if request.method == "POST" else None, initial={"of": usual})
    if form.is_bound and form.is_valid():
        try:
            made = branch(form.cleaned_data["of"], form.cleaned_data["name"], at=timezone.now(), by=request.user)  # type: ignore[arg-type]
        except BranchKeyTaken:
            form.add_error("name", _("That key is taken. Write another."))
        else:
            messages.success(request, _("The branch is there. Change its offices and posts; nothing else changes."))
            return redirect("structure:branch", key=made.key)
    context = {"section": "structure", "form": form, "branches": recorded.branches()}
    return render(request, "structure/branches.html", context, status=400 if form.is_bound else 200)


@never_cache
@login_required
@permission_required(MAY_EDIT, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def one_branch(request: HttpRequest, key: str) -> HttpResponse:
    """Show how a branch differs, and bring it back; what clashes is named and nothing is overwritten."""
    record = structure_named(key)
    if record.branch_of is None:
        raise Http404
    status = 200
    if request.method == "POST":
        reason = " ".join(request.POST.get("reason", "")[:500].split())
        if not reason:
            messages.error(request, _("Say why in one sentence: the history shows it beside the change."))
            status = 400
        else:
            done = merge_branch(key, at=timezone.now(), by=request.user, reason=reason)  # type: ignore[arg-type]
            if not done.clashes:
                messages.success(request, _("The branch was brought back."))
                return redirect("structure:government", key=record.branch_of.key)
            messages.error(request, _("Both sides changed the same things. Nothing was brought back."))
            status = 409
    day = day_named(request.GET.get("on", ""))
    mine, origin = queries.jurisdiction(key), queries.jurisdiction(record.branch_of.key)
    result = merge_branch(key, at=timezone.now(), by=request.user, dry_run=True)  # type: ignore[arg-type]
    names = {**origin.history.names, **mine.history.names}
    context = {
        "section": "structure",
        "one": mine,
        "origin": origin,
        "day": day,
        "found": comparing.in_branch(origin, mine, day),
        "brings": [names.get(name, name) for group, name in result.changes],
        "clashes": [
            (names.get(clash[0], clash[0]), ATTRIBUTES.get(clash[1], clash[1]), *clash[2:]) for clash in result.clashes
        ],
    }
    return render(request, "structure/branch.html", context, status=status)
