"""Comparisons with a permanent address: one government over time, or beside another or a template; and the checks."""

import csv
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cupola.folder.library import templates
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.web.accounts.queries import the_city
from cupola.web.structure.queries import comparing, pages
from cupola.web.structure.queries.known import checks_known
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
        context |= {"one": sides[0][0], "first": sides[0][1]} if sides else {"one": _own(context["choices"])}
        return render(request, "structure/compare.html", {**context, "examples": not sides})
    (one, first), (other, last) = sides
    found = _compared(sides)
    if isinstance(found, comparing.Beside):
        context["beside"] = found
        context["matched"] = [(match, pages.role_or_word(match.code), word(match.match)) for match in found.matched]
        context["names"] = {**other.history.names, **one.history.names}
    else:
        first, last = sorted((first, last))
        context["over_time"] = found
    query = f"?a={one.key}@{first}&b={other.key}@{last}"
    address = request.build_absolute_uri(reverse("structure:compare") + query)
    context |= {"one": one, "other": other, "first": first, "last": last, "address": address, "query": query}
    return render(request, "structure/compare.html", context)


@require_safe
@told_since_when
def edits_csv(request: HttpRequest) -> HttpResponse:
    """Give the edits of a comparison as a table: what changed over time, or what a model asks for."""
    sides = _both(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = "-".join(f"{one.key}-{day}" for one, day in sides)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.DictWriter(answer, comparing.EDIT_FIELDS)
    writer.writeheader()
    writer.writerows(comparing.edit_rows(_compared(sides)))
    return answer


@require_safe
@told_since_when
def edits_json(request: HttpRequest) -> JsonResponse:
    """Give the edits of a comparison for machines, with the totals they lead from and to."""
    sides = _both(request)
    found = _compared(sides)
    return JsonResponse(
        {
            "compared": [{"key": one.key, "name": one.name, "on": str(day)} for one, day in sides],
            "before": comparing.totals_row(found.first),
            "after": comparing.totals_row(found.last),
            "edits": list(comparing.edit_rows(found)),
        }
    )


def _own(choices: Sequence[Jurisdiction]) -> Jurisdiction | None:
    """Return the city's own chart, where it is among the choices."""
    city = the_city()
    return next((one for one in choices if city is not None and one.key == city.key), None)


def _both(request: HttpRequest) -> tuple[Side, ...]:
    """Return both sides of a comparison, one government's two days in their order. Raises Http404."""
    sides = _sides(request)
    if len(sides) < 2:
        raise Http404
    return tuple(sorted(sides, key=lambda side: side[1])) if sides[0][0].key == sides[1][0].key else sides


def _compared(sides: tuple[Side, ...]) -> comparing.OverTime:
    """Return one government over time, or two side by side."""
    (one, first), (other, last) = sides
    if one.key == other.key:
        return comparing.over_time(one, *sorted((first, last)))
    return comparing.beside((one, first), (other, last))


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
    known = checks_known(one, one.history.on(day), verdicts=len(lines))
    context = {"section": "structure", "one": one, "day": day, "lines": lines, "counts": counts, "evidence": known}
    return render(request, "structure/checks.html", context)
