"""The model library, a government on a day, an office or post, and what came of it all."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.folder.library import catalogue, jurisdictions, templates
from cupola.orgchart import NotInChart
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.periods import NotADate, PartialDate
from cupola.web.accounts.queries import the_city
from cupola.web.structure import queries
from cupola.web.structure.models import Structure
from cupola.web.structure.queries import pages
from cupola.web.structure.queries.known import library_known, outcomes_known, part_known

MAY_EDIT = "structure.edit_structure"


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """List the governments, the templates, the roles and the claims."""
    governments = pages.listed_for(staff=is_staff(request))
    city = the_city()
    context = {
        "section": "structure",
        "at_section_home": True,
        "governments": governments,
        "own": next((one for one in governments if city is not None and one.key == city.key), None),
        "may_edit": request.user.has_perm(MAY_EDIT),
        "templates": templates().values(),
        "catalogue": catalogue(),
        "evidence": library_known(governments),
    }
    return render(request, "structure/library.html", context)


def told_since_when(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a question about records older than the first with the day of the first."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *args, **more)
        except queries.NotRecordedYet as error:
            address = request.GET.copy()
            address["recorded"] = str(error.first)
            context = {"section": "structure", "error": error, "address": f"{request.path}?{address.urlencode()}"}
            return render(request, "structure/not_recorded.html", context, status=404)

    return told


@require_safe
@told_since_when
def government(request: HttpRequest, key: str) -> HttpResponse:
    """Show a government on a day: its chart, its acts, its sources, and where they disagree."""
    one = find(request, key)
    shown = pages.shown(one, day_named(request.GET.get("on", "")))
    return render(
        request,
        "structure/government.html",
        {"section": "structure", "shown": shown, "one": one, **_for_staff(request, key)},
    )


@require_safe
@told_since_when
def part(request: HttpRequest, key: str, subject: str) -> HttpResponse:
    """Show an office or a post on a day, each fact with its source."""
    one = find(request, key)
    day = day_named(request.GET.get("on", ""))
    try:
        facts = pages.facts_of(one, subject, day)
    except NotInChart as error:
        raise Http404 from error
    context = {
        "section": "structure",
        "one": one,
        "day": day,
        "subject": subject,
        "name": one.history.names.get(subject, subject),
        "kind": one.history.subjects[subject],
        "facts": facts,
        "acts": pages.acts_of(one, subject),
        "evidence": part_known(one, one.history.on(day), subject=subject, facts=len(facts)),
        **_for_staff(request, key),
    }
    return render(request, "structure/part.html", context)


@require_safe
def worked(request: HttpRequest) -> HttpResponse:
    """Show what is claimed, measured and unknown, by government and claim."""
    lines = pages.worked(staff=is_staff(request))
    claim = request.GET.get("claim", "")
    claims = catalogue().claims
    kept = [line for line in lines if claim in line.claims] if claim in claims else lines
    counts = {proof: sum(line.proof == proof for line in kept) for proof in ("measured", "claimed", "unknown")}
    context = {"section": "structure", "lines": kept, "claims": claims, "claim": claim, "counts": counts}
    names = {key: one.name for key, one in jurisdictions().items()}
    incubation = [(names.get(one.jurisdiction, one.jurisdiction), one) for one in catalogue().incubation]
    more = {"incubation": incubation, "evidence": outcomes_known(len(kept))}
    return render(request, "structure/worked.html", {**context, **more})


def find(request: HttpRequest, key: str) -> Jurisdiction:
    """Return a government the reader may see; for staff as it was recorded on the day `recorded`.

    Raises Http404, and NotRecordedYet for a day before the first record: see `told_since_when`.
    """
    day = recorded_on(request)
    try:
        if day is None:
            return pages.seen_by(key, staff=is_staff(request))
        return queries.jurisdiction(key, recorded_at=datetime.combine(day, time.max, timezone.get_current_timezone()))
    except queries.NotRecordedYet:
        raise
    except queries.StructureUnknown as error:
        raise Http404 from error


def recorded_on(request: HttpRequest) -> date | None:
    """Return the day whose records staff ask for, None for the present ones."""
    text = request.GET.get("recorded", "")
    return day_named(text) if text and is_staff(request) else None


def _for_staff(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return what the page offers people who work here, nothing for others."""
    if not is_staff(request):
        return {}
    record = Structure.objects.filter(key=key, retired_on=None).first()
    return {
        "staff": True,
        "may_edit": request.user.has_perm(MAY_EDIT),
        "recorded_here": record is not None,
        "is_branch": record is not None and record.branch_of is not None,
        "recorded": recorded_on(request),
    }


def is_staff(request: HttpRequest) -> bool:
    """Whether the reader works here."""
    return bool(getattr(request.user, "is_staff", False))


def day_named(text: str) -> date:
    """Return the day a text names, the last one of a month or year; today for nothing or nonsense."""
    try:
        until = PartialDate.parse(text).interval().until if text else None
    except NotADate:
        until = None
    return date.fromordinal(until.toordinal() - 1) if until else timezone.localdate()
