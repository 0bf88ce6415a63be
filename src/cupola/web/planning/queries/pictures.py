"""Charts of posts and money, each with its sentence, its numbers and how it is known."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.data.models import Dataset
from cupola.web.planning.models import StaffingPlan
from cupola.web.planning.queries.overview import Overview
from cupola.web.planning.queries.reading import ReadBudget, ReadRoster
from cupola.web.planning.queries.words import money, period_words, short_money
from cupola.web.ui.charts import Chart, Point, bars, columns
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number

MOST_BARS = 12


def departments_chart(found: Overview) -> Chart:
    """Draw the posts in technology, data and innovation by department, most first."""
    lines = found.departments[:MOST_BARS]
    points = tuple(Point(one.name, float(one.sum.posts), number(one.sum.posts)) for one in lines)
    rest = sum(one.sum.posts for one in found.departments[MOST_BARS:])
    reading = ""
    if lines:
        said = {"name": lines[0].name, "posts": number(lines[0].sum.posts), "all": number(found.now.sum.posts)}
        reading = _("%(name)s has the most, %(posts)s of %(all)s.") % said
    return Chart(
        title=_("Posts in technology, data and innovation by department, %(period)s")
        % {"period": period_words(found.period)},
        reading=reading,
        label_header=_("Department"),
        value_header=_("Posts"),
        points=points,
        drawings=bars(points, rest=Point(_("All others"), float(rest), number(rest)) if rest else None),
        evidence=roster_known(found.read, result=number(found.now.sum.posts)),
    )


def over_time_chart(found: Overview) -> Chart | None:
    """Draw the posts over the periods of the roster; None where there is only one."""
    if len(found.over_time) < 2:
        return None
    points = tuple(
        Point(period_words(one.period), float(one.sum.posts), number(one.sum.posts)) for one in found.over_time
    )
    first, last = found.over_time[0], found.over_time[-1]
    said = {
        "first": number(first.sum.posts),
        "since": period_words(first.period),
        "last": number(last.sum.posts),
        "until": period_words(last.period),
    }
    return Chart(
        title=_("Posts in technology, data and innovation over time"),
        reading=_("From %(first)s in %(since)s to %(last)s in %(until)s.") % said,
        label_header=_("When"),
        value_header=_("Posts"),
        points=points,
        drawings=columns(points),
        evidence=roster_known(found.read, result=f"{first.sum.posts} → {last.sum.posts}"),
    )


def money_chart(read: ReadBudget, year: str, sums: Sequence[tuple[str, int]]) -> Chart:
    """Draw the technology money of a year by department, most first."""
    points = tuple(Point(name, cents / 100, short_money(cents)) for name, cents in sums[:MOST_BARS])
    rest = sum(cents for _name, cents in sums[MOST_BARS:])
    whole = sum(cents for _name, cents in sums)
    said = {"all": short_money(whole), "year": year, "count": number(len(sums))}
    return Chart(
        title=_("Technology accounts by department, %(year)s") % {"year": year},
        reading=ngettext(
            "%(all)s in %(year)s, in %(count)s department.", "%(all)s in %(year)s, in %(count)s departments.", len(sums)
        )
        % said,
        label_header=_("Department"),
        value_header=_("Amount"),
        points=points,
        drawings=bars(points, rest=Point(_("All others"), rest / 100, short_money(rest)) if rest else None),
        evidence=budget_known(read, result=money(whole)),
    )


def roster_known(read: ReadRoster, *, result: str) -> Evidence:
    """Return the chain behind a figure of a roster."""
    return _known(
        read,
        result=result,
        method=_(
            "Titles are read by ordered rules that are data, after what people of this city settled; a title no rule"
            " is sure of waits for a person and counts as nothing. Each post counts once, by its first function."
        ),
        command=f"cupola plan posts {read.record.key}",
        uncertain=_("A title says what a post is called, not what its holder does all day."),
    )


def budget_known(read: ReadBudget, *, result: str) -> Evidence:
    """Return the chain behind a figure of a budget."""
    return _known(
        read,
        result=result,
        method=_(
            "Accounts are read by ordered rules over their names, after what people of this city settled. Technology"
            " that is bought under other names is not found."
        ),
        command=f"cupola plan money {read.record.key}",
        uncertain=_("An account's name says what it is meant for, not what was bought."),
    )


def grants_known(read: ReadBudget, *, result: str) -> Evidence:
    """Return the chain behind the grants of the budget books."""
    return _known(
        read,
        result=result,
        method=_(
            "Grants whose name speaks of technology, data or innovation. What is carried over stands in several years,"
            " so that years are not added up."
        ),
        command=f"cupola plan money {read.record.key}",
        uncertain=_("The books say what was expected, not what was spent, and not which posts it paid."),
    )


def awards_known(*, result: str) -> Evidence:
    """Return the chain behind the awards of the agenda."""
    address = reverse("agenda_work:records")
    return Evidence(
        result=result,
        sources=(Link(_("award letters, as entered in the agenda")),),
        dataset=Link(_("Agenda"), address),
        version=Link(_("as it stands today"), address),
        query=_("awards that pay posts, or whose purpose speaks of technology, data or innovation"),
        method=_("An award ends as its last amendment says. A post counts while the award pays it."),
        command="cupola award list",
    )


def calendar_known(*, result: str) -> Evidence:
    """Return the chain behind the days of the budget."""
    address = reverse("portal:about")
    return Evidence(
        result=result,
        sources=(Link(_("the city's own document, city.yaml")),),
        dataset=Link(_("City"), address),
        version=Link(_("as it stands today"), address),
        query="fiscal_year_start",
        method=_("The next fiscal year begins on the day the city's document says; without one, on January 1."),
        command="cupola plan memo",
    )


def plan_known(record: StaffingPlan, gap: float) -> Evidence:
    """Return the chain behind a staffing plan."""
    address = reverse("planning:plan", args=[record.key])
    return Evidence(
        result=_("at most %(gap)s %% from the best plan there is") % {"gap": number(round(100 * gap, 2))},
        sources=tuple(Link(fact) for fact in record.definition.get("facts", ())) or (Link(_("no source is given")),),
        dataset=Link(record.title, address),
        version=Link(_("as the city folder states it"), address),
        query=_("posts and money of every year, within the limits"),
        method=_(
            "A mixed-integer program: hard limits are never broken, soft ones have a price; of equally good plans it is"
            " the one with the least change. The same document gives the same plan."
        ),
        command=f"cupola plan solve plans/{record.key}.yaml",
        uncertain="; ".join(record.definition.get("assumed", ())),
    )


def _known(read: ReadRoster | ReadBudget, *, result: str, method: str, command: str, uncertain: str) -> Evidence:
    dataset = Dataset.objects.get(key=read.record.dataset)
    address = reverse("data:dataset", args=[dataset.key])
    number_of = read.version.number
    return Evidence(
        result=result,
        sources=(Link(dataset.title, dataset.definition.get("landing_page", "")),),
        dataset=Link(dataset.title, address),
        version=Link(_("version %(number)s") % {"number": number_of}, f"{address}versions/{number_of}/"),
        query=read.query,
        method=method,
        command=command,
        true_at=read.version.committed_at,
        uncertain=uncertain,
    )
