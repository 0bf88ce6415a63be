"""Who does technology, data and innovation here, and what it costs; down to titles and accounts."""

import csv
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cupola.orgchart.rosters import Family, queue, total, with_a_family
from cupola.web.data.queries import city_today
from cupola.web.planning.models import Budget, Roster, Scenario, StaffingPlan
from cupola.web.planning.queries import pictures
from cupola.web.planning.queries.costs import legal_basis, loaded
from cupola.web.planning.queries.overview import MOST_QUEUED_SHARE, departments_over_time, overview
from cupola.web.planning.queries.paying import paying
from cupola.web.planning.queries.reading import (
    NotLoadedYet,
    ReadBudget,
    ReadRoster,
    is_anothers,
    read_budget,
    read_budgets,
    read_roster,
    read_rosters,
)
from cupola.web.planning.queries.solving import solved
from cupola.web.planning.queries.spending import (
    accounts,
    money_of,
    named_for_technology,
    over_years,
    programs_named_for_it,
)
from cupola.web.planning.queries.words import money, period_words, purpose_words, unseen_words

SEE = "planning.see_plans"
MOST_YEARS = 6  # beside each other; an older one is a choice of the year away


def staff_page(view: Any) -> Any:
    """Show a page to staff who may see plans, never from a cache."""
    guarded = login_required(permission_required(SEE, raise_exception=True)(view))
    return never_cache(require_safe(guarded))


@staff_page
def plans(request: HttpRequest) -> HttpResponse:
    """List what is known of posts and money."""
    rosters, budgets = read_rosters(), read_budgets()
    own = any(not is_anothers(one.record) for one in rosters) or any(not is_anothers(one.record) for one in budgets)
    context = {"section": "work", "rosters": rosters, "budgets": budgets, "memo": own}
    context["plans"] = StaffingPlan.objects.filter(retired_on=None)
    context["scenarios"] = Scenario.objects.filter(retired_on=None)
    return render(request, "planning/plans.html", context)


@staff_page
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Show a staffing plan, solved."""
    record = get_object_or_404(StaffingPlan, key=key, retired_on=None)
    found = solved(record)
    context = {"section": "work", "record": record, "found": found, "known": pictures.plan_known(record, found.gap)}
    return render(request, "planning/plan.html", context)


@staff_page
def posts(request: HttpRequest, key: str) -> HttpResponse:
    """Show who does technology, data and innovation by a roster."""
    read, period = _roster(key, request.GET.get("period", ""))
    found = overview(read, period)
    paid = paying(read, period, on=city_today())
    context = {
        "section": "work",
        "found": found,
        "periods": [(one, period_words(one)) for one in reversed(read.periods)],
        "families": list(Family),
        "departments_chart": pictures.departments_chart(found),
        "over_time_chart": pictures.over_time_chart(found),
        "paid": paid,
        "unseen": unseen_words(paid.unseen),
        "grants_known": pictures.grants_known(paid.grants[0].read, result=str(len(paid.grants)))
        if paid.grants
        else None,
        "department_years": departments_over_time(found),
        "too_many_queued": found.queued_share > MOST_QUEUED_SHARE,
        "known": pictures.roster_known(read, result=str(found.now.sum.posts)),
    }
    return render(request, "planning/posts.html", context)


@staff_page
def posts_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Give the table of departments."""
    read, period = _roster(key, request.GET.get("period", ""))
    rows = [
        [
            period,
            line.name,
            *(line.posts[one] for one in Family),
            line.sum.posts,
            _units(line.cost_cents),
            line.everybody,
        ]
        for line in overview(read, period).departments
    ]
    header = ["period", "department", *Family, "posts", "cost", "all_posts"]
    return table(f"{key}-{period}", header, rows)


@staff_page
def department(request: HttpRequest, key: str) -> HttpResponse:
    """Show the titles of one department, with the rule that reads each."""
    read, period = _roster(key, request.GET.get("period", ""))
    name = request.GET.get("name", "")
    everyone = [one for one in read.of(period) if one.count.department == name]
    if not everyone:
        raise Http404
    basis = legal_basis(read)
    lines = [
        {
            "posts": one,
            "cost": loaded(one.count.cost_cents, read.benefits)
            if basis and one.count.cost_cents is not None and one.count.costed == one.count.posts
            else None,
        }
        for one in sorted(everyone, key=lambda one: (one.family is None, -one.count.posts, one.count.title))
    ]
    context = {"section": "work", "read": read, "period": period, "name": name, "lines": lines, "basis": basis}
    context |= {"ours": total(with_a_family(everyone)), "all": total(everyone)}
    context["known"] = pictures.roster_known(read, result=str(len(lines)))
    return render(request, "planning/department.html", context)


@staff_page
def titles(request: HttpRequest, key: str) -> HttpResponse:
    """List the titles that wait for a person, and those people settled."""
    read, period = _roster(key, request.GET.get("period", ""))
    context = {
        "section": "work",
        "read": read,
        "period": period,
        "waiting": queue(read.of(period)),
        "settled": read.record.definition.get("titles", ()),
        "may_settle": request.user.has_perm("planning.settle_names"),
    }
    return render(request, "planning/titles.html", context)


@staff_page
def budget(request: HttpRequest, key: str) -> HttpResponse:
    """Show a year's technology money, city-wide and by department."""
    read, year = _budget(key, request.GET.get("year", ""))
    found = money_of(read, year)
    context = {
        "section": "work",
        "found": found,
        "years": list(reversed(read.periods)),
        "chart": pictures.money_chart(read, year, found.departments),
        "purposes": [(one, purpose_words(one), money(cents)) for one, cents in found.purposes],
        "named": named_for_technology(read, year),
        "programs": programs_named_for_it(read, year),
        "over_years": over_years(read, most=MOST_YEARS),
        "last_years": read.periods[-MOST_YEARS:],
        "known": pictures.budget_known(read, result=money(found.technology_cents)),
    }
    return render(request, "planning/budget.html", context)


@staff_page
def accounts_page(request: HttpRequest, key: str) -> HttpResponse:
    """List the accounts behind a figure: of one department, of some purposes, or all technology."""
    read, year = _budget(key, request.GET.get("year", ""))
    name, purposes = request.GET.get("department", ""), request.GET.getlist("purpose")
    lines = accounts(read, year, department=name, purposes=purposes, technology=not name and not purposes)
    if request.GET.get("format") == "csv":
        rows = [[year, one.department, one.name, one.purpose, one.technology, _units(one.cents)] for one in lines]
        header = ["year", "department", "account", "purpose", "technology", "amount"]
        return table(f"{key}-{year}-accounts", header, rows)
    whole = sum(one.cents for one in lines)
    context = {
        "section": "work",
        "read": read,
        "year": year,
        "name": name,
        "purposes": [purpose_words(one) for one in purposes],
        "lines": [(one, purpose_words(one.purpose), money(one.cents)) for one in lines],
        "whole": money(whole),
        "query": request.GET.urlencode(),
        "known": pictures.budget_known(read, result=money(whole)),
        "may_settle": request.user.has_perm("planning.settle_names"),
    }
    return render(request, "planning/accounts.html", context)


def table(name: str, header: list[str], rows: list[list[Any]]) -> HttpResponse:
    """Return a table as CSV."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(answer)
    writer.writerow(header)
    writer.writerows(rows)
    return answer


def _units(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02}"


def _roster(key: str, period: str) -> tuple[ReadRoster, str]:
    """Return a roster and the period asked for, the newest where none is. Raises Http404."""
    try:
        read = read_roster(get_object_or_404(Roster, key=key, retired_on=None))
    except NotLoadedYet as error:
        raise Http404(str(error)) from error
    return read, _one_of(read.periods, period)


def _budget(key: str, year: str) -> tuple[ReadBudget, str]:
    try:
        read = read_budget(get_object_or_404(Budget, key=key, retired_on=None))
    except NotLoadedYet as error:
        raise Http404(str(error)) from error
    return read, _one_of(read.periods, year)


def _one_of(periods: tuple[str, ...], asked: str) -> str:
    if not periods or (asked and asked not in periods):
        raise Http404
    return asked or periods[-1]
