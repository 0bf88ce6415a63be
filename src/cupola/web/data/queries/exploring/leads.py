"""Ways on from a question: the questions most people ask first, and the other views of the same answer."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.address import address
from cupola.web.data.queries.exploring.exploration import By, Exploration, Grouping, Show
from cupola.web.data.queries.exploring.fields import Field, Kind, Subject


@dataclass(frozen=True)
class Lead:
    """One click to another question or view. `current`: it is what is shown."""

    label: str
    url: str
    current: bool = False


def shortcuts(asked: Exploration, subject: Subject, *, where: Field | None) -> tuple[Lead, ...]:
    """Return the questions most people ask first, of the rows that are chosen. `where`: the column of places."""
    found: list[tuple[str, Grouping, Show]] = []
    if subject.time:
        found.append((_("Count per month"), Grouping(subject.time, By.MONTH), Show.CHART))
        found.append((_("Count per year"), Grouping(subject.time, By.YEAR), Show.CHART))
    code = _first(subject, lambda one: one.kind is Kind.CODE and len(one.offered) > 1)
    money = _first(subject, lambda one: one.kind is Kind.MONEY)
    if where:
        found.append((_per(where), Grouping(where.name), Show.MAP))
    if code:
        found.append((_per(code), Grouping(code.name), Show.CHART))
    if money:
        words = _("Spread of “%(title)s”") % {"title": money.title}
        found.append((words, Grouping(money.name, By.STEPS), Show.CHART))
    rows = Lead(_("Rows"), address(_plain(asked)), not asked.summarises)
    return (rows, *(_lead(label, one, show, asked=asked) for label, one, show in found)) if found else ()


def _plain(asked: Exploration) -> Exploration:
    return asked.but(groups=(), measures=(), sort=None, show=Show.TABLE)


def _lead(label: str, one: Grouping, show: Show, *, asked: Exploration) -> Lead:
    there = asked.but(groups=(one,), measures=(), sort=None, columns=(), show=show)
    same = len(asked.groups) == 1 and (asked.groups[0].column, asked.groups[0].by) == (one.column, one.by)
    return Lead(label, address(there), same and not asked.measures)


def _per(one: Field) -> str:
    return _("Count per “%(title)s”") % {"title": one.title}


def _first(subject: Subject, fits: Callable[[Field], bool]) -> Field | None:
    return next((one for one in subject.fields if fits(one)), None)


def views(asked: Exploration, subject: Subject, *, map_of: Exploration | None) -> tuple[Lead, ...]:
    """Return the ways the answer can be shown. `map_of`: the question a map answers, where one can be drawn."""
    here = [(_("Table"), asked.but(show=Show.TABLE)), (_("Chart"), _in_a_chart(asked, subject))]
    if map_of is not None or asked.show is Show.MAP:
        here.append((_("Map"), map_of or asked))
    return tuple(Lead(words, address(there), there.show is asked.show) for words, there in here)


def _in_a_chart(asked: Exploration, subject: Subject) -> Exploration:
    """Return the question for a chart: this one where it has groups, else the same over time or per code."""
    code = _first(subject, lambda one: one.kind is Kind.CODE and len(one.offered) > 1)
    first = Grouping(subject.time, By.MONTH) if subject.time else Grouping(code.name) if code else None
    if asked.groups or first is None:
        return asked.but(show=Show.CHART)
    return asked.but(groups=(first,), sort=None, columns=(), show=Show.CHART)
