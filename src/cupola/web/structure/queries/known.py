"""What a chart says in one sentence, and how it is known: from which sources, by which rule, with which command."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.orgchart.chart import Chart
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.vocabulary import Function
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number

_MOST_SOURCES = 12
_DATA = (Function.DATA_ANALYTICS, Function.OPEN_DATA)


def reading(chart: Chart) -> str:
    """Return who runs technology and who leads data, in one sentence; empty where neither is recorded."""
    technology = _first(chart, chart.offices, "function", Function.IT_INFRASTRUCTURE)
    data = _first(chart, chart.posts, "role", "cdo-data") or _first(chart, chart.offices, "function", *_DATA)
    said = {
        "technology": _name(chart, technology),
        "data": _name(chart, data),
        "boss": _name(chart, chart.boss(data)) if data else "",
    }
    if technology and data and technology != data and said["boss"]:
        return _("Technology is run by %(technology)s; data is led by %(data)s, which reports to %(boss)s.") % said
    if technology and data:
        return _("Technology is run by %(technology)s; data is led by %(data)s.") % said
    if data and said["boss"]:
        return _("Data is led by %(data)s, which reports to %(boss)s.") % said
    return _("Technology is run by %(technology)s; nobody is recorded as leading data.") % said if technology else ""


def _first(chart: Chart, keys: Iterable[str], attribute: str, *wanted: str) -> str:
    """Return the first key that has one of some values, those that hold more offices before others."""
    found = [key for key in keys if set(chart.values(key, attribute)) & set(wanted)]
    return min(found, key=lambda key: (-len(chart.within(key)), key), default="")


def _name(chart: Chart, key: str) -> str:
    return str(chart.value(key, "name") or key)


def chart_known(one: Jurisdiction, chart: Chart) -> Evidence:
    """Return the chain behind the chart of a day."""
    facts = [held.fact for held in chart.facts()]
    return _known(
        one,
        links=_links(one, (key for fact in facts for key in fact.sources)),
        days=(chart.day,),
        method=_shown_by(),
        result=ngettext("%(count)s fact", "%(count)s facts", len(facts)) % {"count": number(len(facts))},
        command=f"cupola structure show {one.key} --on {chart.day}",
    )


def changes_known(one: Jurisdiction, charts: tuple[Chart, Chart], *, changes: int) -> Evidence:
    """Return the chain behind what changed between two days."""
    first, last = charts
    facts = {held.fact for held in first.facts()} ^ {held.fact for held in last.facts()}
    return _known(
        one,
        links=_links(one, (key for fact in facts for key in fact.sources)),
        days=(first.day, last.day),
        method=_(
            "Offices and posts are matched by their keys. What is said on one day only is an edit; the edits applied to"
            " the first day give the second, and their figures add up to the difference."
        ),
        result=ngettext("%(count)s change", "%(count)s changes", changes) % {"count": number(changes)},
        command=f"cupola structure diff {one.key} --since {first.day} --on {last.day}",
    )


def adoption_known(ours: tuple[Jurisdiction, Chart], theirs: tuple[Jurisdiction, Chart], *, changes: int) -> Evidence:
    """Return the chain behind what would have to change for one chart to be as another is."""
    (one, chart), (other, model) = ours, theirs
    asked = ngettext("%(count)s change", "%(count)s changes", changes) % {"count": number(changes)}
    return _known(
        one,
        days=(chart.day,),
        method=_(
            "Posts are matched by role, offices by what they do, who heads them and where they sit. Only what the model"
            " speaks of changes. The edits applied to the chart give the chart as the model has it, and their figures"
            " add up to the difference. What a model leaves out stays."
        ),
        result=asked,
        command=f"cupola structure compare {one.key} {other.key} --on {chart.day} --model-on {model.day}",
        links=[*_links(one, _cited(chart)), *_links(other, _cited(model))],
    )


def checks_known(one: Jurisdiction, chart: Chart, *, verdicts: int) -> Evidence:
    """Return the chain behind the checks of a day."""
    return _known(
        one,
        links=_links(one, _cited(chart)),
        days=(chart.day,),
        method=_(
            "Each check looks at what held for certain on the day. What is only possible, contradicted by a source as"
            " good, or not recorded is unknown, unless the structure says that it records that part whole."
        ),
        result=ngettext("%(count)s check", "%(count)s checks", verdicts) % {"count": number(verdicts)},
        command=f"cupola structure check {one.key} --on {chart.day}",
    )


def part_known(one: Jurisdiction, chart: Chart, *, subject: str, facts: int) -> Evidence:
    """Return the chain behind what is said of one office or post on a day."""
    return _known(
        one,
        links=_links(one, (key for held in chart.facts() if held.fact.subject == subject for key in held.fact.sources)),
        days=(chart.day,),
        method=_shown_by(),
        result=ngettext("%(count)s fact", "%(count)s facts", facts) % {"count": number(facts)},
        command=f"cupola structure show {one.key} --on {chart.day} --post {subject}",
    )


def library_known(places: Sequence[Jurisdiction]) -> Evidence:
    """Return the chain behind the list of governments."""
    facts = sum(len(one.history.facts) for one in places)
    return _of_library(
        result=ngettext("%(count)s fact", "%(count)s facts", facts) % {"count": number(facts)},
        method=_("Offices and posts, acts and sources are counted in each document. Branches are not among them."),
        command="cupola structure models",
    )


def outcomes_known(outcomes: int) -> Evidence:
    """Return the chain behind what is claimed and what is measured."""
    return _of_library(
        result=ngettext("%(count)s outcome", "%(count)s outcomes", outcomes) % {"count": number(outcomes)},
        method=_(
            "An outcome is measured where somebody counted it, claimed where those responsible say it, and unknown"
            " where it was looked for and not found. Each names its sources beside it."
        ),
        command="cupola structure models --budgeted",
    )


def _shown_by() -> str:
    return _(
        "Every fact whose time covers the day is shown. Where a date is not known to the day, it says possibly;"
        " where sources disagree, both stay, and the better known one is drawn."
    )


def _of_library(*, result: str, method: str, command: str) -> Evidence:
    address = reverse("structure:library")
    return Evidence(
        result=result,
        sources=(Link(_("The sources each government lists"), f"{address}#governments"),),
        dataset=Link(_("The model library and the structures recorded here"), address),
        version=Link(_("as it stands now"), address),
        query=_("every government"),
        method=method,
        command=command,
    )


def _cited(chart: Chart) -> list[str]:
    return [key for held in chart.facts() for key in held.fact.sources]


def _links(one: Jurisdiction, keys: Iterable[str]) -> list[Link]:
    """Return the sources as links, of many the first and how many more."""
    known = sorted(set(keys))
    shown = [one.sources[key] for key in known[:_MOST_SOURCES]]
    links = [Link(source.title or source.url, source.url) for source in shown]
    if len(known) > _MOST_SOURCES:
        more = len(known) - _MOST_SOURCES
        text = ngettext("and %(count)s more source", "and %(count)s more sources", more) % {"count": number(more)}
        links.append(Link(text, f"{reverse('structure:government', args=[one.key])}#sources"))
    return links


def _known(
    one: Jurisdiction,
    *,
    days: tuple[date, ...],
    method: str,
    result: str,
    command: str,
    links: Iterable[Link],
) -> Evidence:
    address = reverse("structure:government", args=[one.key])
    told = ", ".join(date_format(day) for day in days)
    return Evidence(
        result=result,
        sources=tuple(links),
        dataset=Link(one.name, address),
        version=Link(told, f"{address}?on={days[-1]}"),
        query=told,
        method=method,
        command=command,
    )
