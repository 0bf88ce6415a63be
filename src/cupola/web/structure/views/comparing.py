"""Comparisons with a permanent address: one government over time, or beside another or a template; and the checks."""

import csv
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cupola.folder.library import templates
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.web.structure.queries import comparing, pages
from cupola.web.structure.queries.words import word
from cupola.web.structure.views.library import day_named, find, is_staff, told_since_when

Side = tuple[Jurisdiction, date]


@require_safe
@told_since_when
def compare(request: HttpRequest) -> HttpResponse:
    """Compare what the address names as `a=key@day` and `b=key@day`; without them, offer the choice."""
    context: dict[str, Any] = {
        "section": "structure",
        "choices": [*pages.listed_for(staff=is_staff(request)), *templates().values()],
    }
    sides = _sides(request)
    if len(sides) < 2:
        context |= {"one": sides[0][0], "first": sides[0][1]} if sides else {}
        return render(request, "structure/compare.html", context)
    (one, first), (other, last) = sides
    if one.key == other.key:
        first, last = sorted((first, last))
        context["over_time"] = comparing.over_time(one, first, last)
    else:
        found = comparing.beside((one, first), (other, last))
        context["matched"] = [(match, word(match.code), word(match.match)) for match in found]
        context["names"] = {**other.history.names, **one.history.names}
        context["sums"] = [comparing.sums(*side) for side in sides]
    query = f"?a={one.key}@{first}&b={other.key}@{last}"
    address = request.build_absolute_uri(reverse("structure:compare") + query)
    context |= {"one": one, "other": other, "first": first, "last": last, "address": address, "query": query}
    return render(request, "structure/compare.html", context)


@require_safe
@told_since_when
def edits_csv(request: HttpRequest) -> HttpResponse:
    """Give what changed in one government between two days as a table."""
    sides = _sides(request)
    if len(sides) < 2 or sides[0][0].key != sides[1][0].key:
        raise Http404
    (one, first), (_, last) = sides
    first, last = sorted((first, last))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{one.key}-{first}-{last}.csv"'
    writer = csv.DictWriter(answer, comparing.EDIT_FIELDS)
    writer.writeheader()
    writer.writerows(comparing.edit_rows(comparing.over_time(one, first, last)))
    return answer


def _sides(request: HttpRequest) -> tuple[Side, ...]:
    """Return what is to be compared, none, one or both. Raises Http404."""
    found = []
    for name in ("a", "b"):
        key, _, day = request.GET.get(name, "").partition("@")
        if key:
            found.append((find(request, key), day_named(day or request.GET.get(f"{name}_on", ""))))
    return tuple(found)


@never_cache
@require_safe
@login_required
@permission_required("data.see_drafts", raise_exception=True)
@told_since_when
def checks(request: HttpRequest, key: str) -> HttpResponse:
    """Show each check of a government on a day, with the evidence for and against."""
    one = find(request, key)
    day = day_named(request.GET.get("on", ""))
    lines = pages.verdicts(one, day)
    counts = {answer: sum(line["verdict"].answer == answer for line in lines) for answer in ("pass", "fail", "unknown")}
    context = {"section": "structure", "one": one, "day": day, "lines": lines, "counts": counts}
    return render(request, "structure/checks.html", context)
