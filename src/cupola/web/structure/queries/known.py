"""What a chart says in one sentence, and how it is known: from which sources, by which rule, with which command."""

from collections.abc import Iterable
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
        cited=[key for fact in facts for key in fact.sources],
        days=(chart.day,),
        method=_(
            "Every fact whose time covers the day is shown. Where a date is not known to the day, it says possibly;"
            " where sources disagree, both stay, and the better known one is drawn."
        ),
        result=ngettext("%(count)s fact", "%(count)s facts", len(facts)) % {"count": number(len(facts))},
        command=f"cupola structure show {one.key} --on {chart.day}",
    )


def changes_known(one: Jurisdiction, charts: tuple[Chart, Chart], *, changes: int) -> Evidence:
    """Return the chain behind what changed between two days."""
    first, last = charts
    facts = {held.fact for held in first.facts()} ^ {held.fact for held in last.facts()}
    return _known(
        one,
        cited=[key for fact in facts for key in fact.sources],
        days=(first.day, last.day),
        method=_(
            "Offices and posts are matched by their keys. What is said on one day only is an edit; the edits applied to"
            " the first day give the second, and their figures add up to the difference."
        ),
        result=ngettext("%(count)s change", "%(count)s changes", changes) % {"count": number(changes)},
        command=f"cupola structure diff {one.key} --since {first.day} --on {last.day}",
    )


def _known(
    one: Jurisdiction, *, cited: Iterable[str], days: tuple[date, ...], method: str, result: str, command: str
) -> Evidence:
    keys = sorted(set(cited))
    address = reverse("structure:government", args=[one.key])
    shown = [one.sources[key] for key in keys[:_MOST_SOURCES]]
    links = [Link(source.title or source.url, source.url) for source in shown]
    if len(keys) > _MOST_SOURCES:
        more = len(keys) - _MOST_SOURCES
        text = ngettext("and %(count)s more source", "and %(count)s more sources", more) % {"count": number(more)}
        links.append(Link(text, f"{address}#sources"))
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
