"""What everyone may read: the agenda, an initiative, an award, the savings, the councils. Staff see drafts, too."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cupola.web.agenda.queries import awards, charts, councils, estimates, initiatives, ledger, meetings, naming
from cupola.web.agenda.queries.records import RecordUnknown, find, is_public, records
from cupola.web.data.queries import city_zone

MAY_EDIT, DRAFTS = "agenda.edit_agenda", "data.see_drafts"


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show priorities with their initiatives, initiatives by stage, money, who took part, and what was decided."""
    staff = is_staff(request)
    today = timezone.localdate()
    lines = initiatives.lines(staff=staff)
    priorities = initiatives.priority_lines(staff=staff, on=today)
    decisions = sorted(
        ((line, line.decided) for line in lines if line.decided), key=lambda pair: pair[1]["on"], reverse=True
    )
    context = {
        "section": "agenda",
        "at_section_home": True,
        "administrations": sorted(
            records("administration", staff=staff).values(), key=lambda one: one["since"], reverse=True
        ),
        "priorities": [one for one in priorities if not one.archived],
        "offices": naming.offices(today),
        "measures": naming.measures((one.fields.get("measure", "") for one in priorities), staff=staff),
        "archived": [one for one in priorities if one.archived],
        "stages": initiatives.by_stage(lines),
        "count": len(lines),
        "proven": sum(line.stage in {"scale", "run"} for line in lines),
        "awards": awards.standings(staff=staff),
        "decisions": decisions[:10],
        "engagements": records("engagement", staff=staff).values(),
        **for_staff(request),
    }
    return render(request, "agenda/agenda.html", context)


@require_safe
def initiative(request: HttpRequest, key: str) -> HttpResponse:
    """Show an initiative: criterion, result, deviations, money, savings, advice."""
    staff = is_staff(request)
    fields = seen(request, "initiative", key)
    context = {
        "section": "agenda",
        "page": initiatives.page_of(fields, staff=staff),
        "estimates": estimates.newest(key, staff=staff),
        "offices": naming.offices(timezone.localdate()),
        "measures": naming.measures([fields.get("registration", {}).get("measure", "")], staff=staff),
        "kind": "initiative",
        "key": key,
        **for_staff(request),
    }
    return render(request, "agenda/initiative.html", context)


@require_safe
def award(request: HttpRequest, key: str) -> HttpResponse:
    """Show an award with its life. Its posts are for staff; so is their runway, unless a release names who said so."""
    fields = seen(request, "award", key)
    today = timezone.localdate()
    may_see = bool(fields.get("release")) or (is_staff(request) and request.user.has_perm(DRAFTS))
    outcome = awards.outcome_of(key, today=today) if may_see else None
    standing = awards.standing(fields)
    books, code = fields.get("books"), fields.get("code")
    context = {
        "section": "agenda",
        "standing": standing,
        "fields": fields,
        "kind": "award",
        "key": key,
        "story": charts.book_story(books, code) if books and code else None,
        "offices": naming.offices(today),
        "initiatives": naming.named("initiative", fields.get("initiatives", ()), staff=is_staff(request)),
        "outcome": outcome,
        "runway": None if outcome is None else charts.runway_chart(outcome.runway),
        **for_staff(request),
    }
    return render(request, "agenda/award.html", context)


@require_safe
def savings(request: HttpRequest) -> HttpResponse:
    """Show the ledger: what is banked, verified, claimed and lapsed, by fund and fiscal year, then every row."""
    staff = is_staff(request)
    found = ledger.the_ledger(staff=staff)
    status = request.GET.get("status", "")
    rows = [row for row in ledger.rows(staff=staff) if not status or row.claim.status == status]
    context = {
        "section": "savings",
        "at_section_home": True,
        "ledger": found,
        "rows": rows,
        "status": status,
        "statuses": sorted({str(claim.status) for claim in found.claims}),
        "chart": charts.savings_chart(found),
        "totals": [(name, found.total(name)) for name in ("banked", "verified", "claimed", "lapsed")],
        "rules": ledger.rules(),
        **for_staff(request),
    }
    return render(request, "agenda/savings.html", context)


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Show one row of the ledger with its years, its proof and its steps."""
    staff = is_staff(request)
    fields = seen(request, "claim", key)
    row = next(one for one in ledger.rows(staff=staff) if one.claim.key == key)
    context = {
        "section": "savings",
        "row": row,
        "fields": fields,
        "kind": "claim",
        "key": key,
        "evidence": charts.claim_evidence(row),
        **for_staff(request),
    }
    return render(request, "agenda/claim.html", context)


@require_safe
def all_councils(request: HttpRequest) -> HttpResponse:
    """List the councils with vacancies and the next meeting."""
    staff = is_staff(request)
    pages = [_council(fields, staff=staff) for fields in records("body", staff=staff).values()]
    context = {"section": "councils", "at_section_home": True, "pages": pages, **for_staff(request)}
    return render(request, "agenda/councils.html", context)


@require_safe
def council(request: HttpRequest, key: str) -> HttpResponse:
    """Show a council: seats, vacancies, meetings with their notice deadlines, recommendations and answers."""
    fields = seen(request, "body", key)
    context = {
        "section": "councils",
        "page": _council(fields, staff=is_staff(request)),
        "offices": naming.offices(timezone.localdate()),
        "kind": "body",
        "key": key,
        **for_staff(request),
    }
    return render(request, "agenda/council.html", context)


@require_safe
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """Show a meeting: its notice and the rule it kept, agenda, attendance, votes, and what they led to."""
    fields = seen(request, "meeting", key)
    body = seen(request, "body", fields["body"])
    context = {
        "section": "councils",
        "page": meetings.meeting_page(
            fields, body, staff=is_staff(request), now=timezone.now(), zone=ZoneInfo(city_zone())
        ),
        "kind": "meeting",
        "key": key,
        **for_staff(request),
    }
    return render(request, "agenda/meeting.html", context)


@require_safe
def recommendation(request: HttpRequest, key: str) -> HttpResponse:
    """Trace a recommendation: who said it, what the city answered, which budget line came of it, and what followed."""
    staff = is_staff(request)
    fields = seen(request, "recommendation", key)
    claims = {row.claim.key: row for row in ledger.rows(staff=staff)}
    results = fields.get("results", ())
    context = {
        "section": "councils",
        "fields": fields,
        "body": records("body", staff=staff).get(fields["body"]),
        "meeting": next(iter(naming.named("meeting", [fields.get("meeting", "")], staff=staff)), None),
        "about": [(one["type"], naming.subject(one, staff=staff)) for one in fields.get("about", ())],
        "results": [(result, claims.get(result.get("claim", ""))) for result in results],
        "tried": {one.key: one for one in naming.named("initiative", _keys(results, "initiative"), staff=staff)},
        "measures": naming.measures(_keys(results, "measure"), staff=staff),
        "kind": "recommendation",
        "key": key,
        **for_staff(request),
    }
    return render(request, "agenda/recommendation.html", context)


def seen(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    """Return the fields of a record the reader may see. Raises Http404."""
    try:
        record = find(kind, key)
    except RecordUnknown as error:
        raise Http404 from error
    if not is_staff(request) and not is_public(kind, record.definition):
        raise Http404
    return dict(record.definition)


def is_staff(request: HttpRequest) -> bool:
    """Whether the reader works here."""
    return bool(getattr(request.user, "is_staff", False))


def for_staff(request: HttpRequest) -> dict[str, Any]:
    """Return what the pages offer people who work here, nothing for others."""
    if not is_staff(request):
        return {}
    return {"staff": True, "may_edit": request.user.has_perm(MAY_EDIT)}


def _keys(results: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    return [str(one[name]) for one in results if one.get(name)]


def _council(fields: Any, *, staff: bool) -> councils.CouncilPage:
    return councils.council_page(fields, staff=staff, now=timezone.now(), zone=ZoneInfo(city_zone()))
