"""The memo's parts with the chart: as it is, as an option has it, its checks, and the path over the years."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.folder.library import templates
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.web.accounts.queries import the_city
from cupola.web.agenda.queries.ledger import fiscal_years
from cupola.web.planning.models import StaffingPlan
from cupola.web.planning.queries import pictures
from cupola.web.planning.queries.memo.parts import OrgChart, RestsOn, Section, Table
from cupola.web.planning.queries.solving import Solved, solved
from cupola.web.planning.queries.words import units
from cupola.web.structure.queries import pages
from cupola.web.structure.queries.drawing import draw
from cupola.web.structure.queries.known import chart_known, checks_known, reading
from cupola.web.structure.queries.structures import jurisdictions_here
from cupola.web.ui.templatetags.ui import number

MOST_PLANS = 3


def own_chart() -> Jurisdiction | None:
    """Return the city's own structure, None where it has none."""
    city = the_city()
    return jurisdictions_here().get(city.key) if city else None


def chart_section(one: Jurisdiction, on: date) -> Section:
    """Return the city's chart of technology, data and innovation on a day."""
    chart = one.history.on(on)
    return Section(
        key="chart",
        title=_("Today: where it stands"),
        orgcharts=(
            OrgChart(_("Offices and posts on %(day)s") % {"day": date_format(on)}, one, draw(chart), reading(chart)),
        ),
        known=chart_known(one, chart),
        rests_on=RestsOn.RECORDS,
    )


def option_chart(on: date) -> OrgChart:
    """Return the chart of the option that names most posts."""
    charts = {key: one.history.on(on) for key, one in templates().items()}
    key = max(charts, key=lambda one: (len(charts[one].posts), one))
    one, chart = templates()[key], charts[key]
    return OrgChart(_("One option as a chart: %(name)s") % {"name": one.name}, one, draw(chart), reading(chart))


def checks_section(one: Jurisdiction, on: date) -> Section:
    """Return the checks of the city's own chart."""
    lines = pages.verdicts(one, on)
    rows = tuple((line["question"], str(line["answer_words"]), line["reason"]) for line in lines)
    header = (_("Question"), _("Answer"), _("Why"))
    return Section(
        "checks",
        _("Checks of the chart"),
        tables=(Table(_("Checks of the chart"), header, rows),),
        known=checks_known(one, one.history.on(on), verdicts=len(rows)),
        rests_on=RestsOn.RECORDS,
    )


def path_section(on: date) -> Section:
    """Return the path over the years and what binds: by the staffing plans, or by the calendar alone."""
    begins = fiscal_years().interval(fiscal_years().year_of(on) + 1).since
    assert begins is not None, "a fiscal year has a first day"
    said = {"day": date_format(begins)}
    points = [
        _("From today: what the chief executive alone decides. It costs no new post and can be undone as easily."),
        _("With the budget that begins on %(day)s: posts, moves of money, and what grants leave behind.") % said,
        _("After a vote: duties in the code, a department of its own. It takes longest and lasts longest."),
    ]
    plans = list(StaffingPlan.objects.filter(retired_on=None)[:MOST_PLANS])
    tables: list[Table] = []
    for plan in plans:
        found = solved(plan)
        tables += _tables(plan, found)
        points += [f"{plan.title}: {one}" for one in (*found.binding, *found.conflicts)]
    if not plans:
        points.append(_("No staffing plan is described yet, so that no path over the years has been computed."))
    return Section(
        key="path",
        title=_("The path, and what binds"),
        points=tuple(points),
        tables=tuple(tables),
        known=pictures.plan_known(plans[0], solved(plans[0]).gap)
        if plans
        else pictures.calendar_known(result=date_format(begins)),
        rests_on=RestsOn.RECORDS,
    )


def _tables(plan: StaffingPlan, found: Solved) -> list[Table]:
    if found.conflicts:
        return []
    places = tuple(range(1, len(found.years) + 1))
    posts = tuple((line.name, *(number(round(value, 2)) for value in line.values)) for line in found.posts)
    cost = tuple(
        (line.name or _("hiring, closing and moving"), *(units(value) for value in line.values)) for line in found.cost
    )
    return [
        Table(_("%(plan)s: posts by year") % {"plan": plan.title}, (_("Posts"), *found.years), posts, places, (0,)),
        Table(
            _("%(plan)s: cost by source and year") % {"plan": plan.title},
            (_("Paid by"), *found.years),
            cost,
            places,
            (0,),
        ),
    ]
