"""Public pages of measures: scorecards, one measure, its files, restatements, the CityScore, the self-audit."""

import csv
import io
from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import conditional_page, require_safe

from cupola.errors import InvalidInput
from cupola.web.accounts.queries import the_city
from cupola.web.performance.models import Measure
from cupola.web.performance.queries import cards, cityscores, groups, pages, places, plates, restatements, standard
from cupola.web.performance.queries.charting import visible_measures
from cupola.web.performance.queries.gaps import gaps_of
from cupola.web.performance.queries.measures import MeasureUnknown
from cupola.web.performance.queries.values import Series, all_series, group_of, series
from cupola.web.performance.queries.words import in_language

SECTION = {"section": "performance"}
CSV_COLUMNS = ("value", "numerator", "denominator", "n", "target", "state", "note", "version")
PARTS = ("priority", "office")


@require_safe
def scorecard(request: HttpRequest) -> HttpResponse:
    """Show every measure at a glance, by priority or by office."""
    part = request.GET.get("by", "")
    part = part if part in PARTS else PARTS[0]
    found = cards.scorecard(request.user, now=timezone.now(), part=part)
    context = {**SECTION, "at_section_home": True, "scorecard": found, "part": part}
    return render(request, "performance/scorecard.html", context)


@require_safe
def by_place(request: HttpRequest) -> HttpResponse:
    """Show one measure on the map, and every place with what its values say."""
    page = places.place_page(request.user, request.GET.get("measure", "")[:100], now=timezone.now())
    return render(request, "performance/places.html", {**SECTION, "page": page, "map": page.map if page else None})


@require_safe
def measure(request: HttpRequest, key: str) -> HttpResponse:
    """Show one measure, as a whole or for one group."""
    found = _measure(request, key)
    page = pages.measure_page(found, now=timezone.now(), group=_group(request, found))
    whole = not page.group
    context = {
        **SECTION,
        "page": page,
        "breakdowns": groups.breakdowns(found, now=timezone.now()) if whole else [],
        "gaps": [(one.key, in_language(one, "title")) for one in gaps_of(found, visible_measures(request.user))]
        if whole
        else [],
        "embed": plates.embed(page, base=_base(request)),
    }
    return render(request, "performance/measure.html", context)


@require_safe
def values(request: HttpRequest, key: str) -> HttpResponse:
    """Send the values of a measure as CSV: of everything, of one group, or with `by` of every group."""
    found = _measure(request, key)
    now = timezone.now()
    by = tuple(name for name in request.GET.get("by", "").split(",") if name)
    if by and list(by) not in [list(one) for one in found.definition.get("by", [])]:
        raise Http404
    told = all_series([found], now=now, by=by) if by else [series(found, now=now, group=_group(request, found))]
    response = HttpResponse(_csv(told), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.key}.csv"'
    return response


def _csv(told: list[Series]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    names = list(told[0].group) if told else []
    writer.writerow(["period", "until", *names, *CSV_COLUMNS])
    for one in told:
        for point in one.points:
            facts = (point.value, point.numerator, point.denominator, point.n, point.target, point.state, point.reason)
            members = [one.group[name] for name in names]
            writer.writerow([point.period.since, point.period.until, *members, *facts, point.dataset_version])
    return text.getvalue()


@require_safe
@conditional_page
@xframe_options_exempt
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """Draw the chart alone, for pages of other sites: no script, no style sheet, nothing fetched."""
    found = _measure(request, key, public=True)
    page = pages.measure_page(found, now=timezone.now(), group=_group(request, found))
    city = the_city()
    drawn = plates.plate(page, narrow=request.GET.get("size") == "narrow", site=city.name if city else "Cupola")
    context = {"plate": drawn, "drawing": drawn.drawing, "page": page}
    response = HttpResponse(render_to_string("performance/picture.svg", context), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def restated(request: HttpRequest) -> HttpResponse:
    """List what changed in values of the past, newest first, with before and after."""
    return render(
        request, "performance/restatements.html", {**SECTION, "restatements": restatements.all_restated(request.user)}
    )


@require_safe
def cityscore(request: HttpRequest) -> HttpResponse:
    """Show the scores of Boston's toolkit, and why they sit above one."""
    page = cityscores.score_page(request.user, now=timezone.now())
    return render(request, "performance/cityscore.html", {**SECTION, "page": page})


@require_safe
def standard_page(request: HttpRequest) -> HttpResponse:
    """Show the self-audit, worked out from the records."""
    criteria = standard.self_audit(request.user, now=timezone.now())
    context = {**SECTION, "criteria": criteria, "met": sum(one.met for one in criteria)}
    return render(request, "performance/standard.html", context)


def _measure(request: HttpRequest, key: str, *, public: bool = False) -> Measure:
    try:
        return pages.visible_measure(key, AnonymousUser() if public else request.user)
    except MeasureUnknown as error:
        raise Http404 from error


def _base(request: HttpRequest) -> str:
    """Return scheme and host of the site, as the visitor knows it."""
    return f"{request.scheme}://{request.get_host()}"


def _group(request: HttpRequest, found: Measure) -> Mapping[str, str | None]:
    asked = [text[:200] for text in request.GET.getlist("group")]
    if not asked:
        return {}
    try:
        return group_of(found, asked)
    except InvalidInput as error:
        raise Http404 from error
