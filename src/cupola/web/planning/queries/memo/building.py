"""Putting the memo together from what a home holds: its rosters, budgets, chart and the library."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from cupola.errors import NotFound
from cupola.orgchart.rosters import Change, Family, Joined, joined, with_a_family
from cupola.web.accounts.queries import the_city
from cupola.web.planning.queries import pictures
from cupola.web.planning.queries.memo.changes import changes_section
from cupola.web.planning.queries.memo.options import evidence_section, options_section, risks_section
from cupola.web.planning.queries.memo.paid import paid_sections, years_section
from cupola.web.planning.queries.memo.parts import Memo, Section, Table
from cupola.web.planning.queries.memo.path import chart_section, checks_section, option_chart, own_chart, path_section
from cupola.web.planning.queries.memo.steps import steps_section
from cupola.web.planning.queries.memo.today import money_section, posts_section, unknown_section
from cupola.web.planning.queries.overview import Overview, overview
from cupola.web.planning.queries.paying import paying
from cupola.web.planning.queries.reading import is_anothers, pins_of, read_budgets, read_grants, read_rosters
from cupola.web.planning.queries.spending import Money, money_of
from cupola.web.ui.templatetags.ui import number

SPREAD = 0.5  # share of the posts outside the largest department, beyond which technology is spread


class NothingToSay(NotFound):
    """There is no roster and no budget to write a memo from."""

    def __init__(self) -> None:
        super().__init__(
            "There is neither a roster nor a budget to write a memo from. Give files with --roster and --budget, or"
            " describe loaded datasets in the city folder, in plans/."
        )


def memo(*, on: date) -> Memo:
    """Return the memo of this home as of a day. Raises NothingToSay."""
    own = [one for one in read_rosters() if not is_anothers(one.record) and one.periods]
    budgets = [one for one in read_budgets() if not is_anothers(one.record) and one.periods]
    if not own and not budgets:
        raise NothingToSay
    found = overview(own[0], own[0].periods[-1]) if own else None
    spent = money_of(budgets[0], budgets[0].periods[-1]) if budgets else None
    city = the_city()
    chart = own_chart()
    paid = paying(found.read, found.period, on=on) if found else None
    sections = [
        steps_section(true_here(found)),
        *([chart_section(chart, on)] if chart else []),
        *([posts_section(found)] if found else []),
        *(paid_sections(found.read, paid) if found and paid else []),
        *([money_section(spent, together(found, spent))] if spent else []),
        *_beside(found),
        replace(changes_section(chart, on) if chart else options_section(found), orgcharts=(option_chart(on),)),
        *([years_section(spent.read)] if spent else []),
        *([checks_section(chart, on)] if chart else []),
        evidence_section(),
        risks_section(),
        path_section(on),
        unknown_section(found, spent, paid),
    ]
    name = city.name if city else _("This city")
    records = [one.record.definition for one in own[:1]] + [one.record.definition for one in budgets[:1]]
    notes = tuple(note for definition in records for note in definition.get("notes", ()))
    pins = pins_of((*read_rosters(), *read_budgets(), *read_grants()))
    return Memo(_("Technology, data and innovation: where we stand"), name, on, tuple(sections), notes, pins)


def together(found: Overview | None, spent: Money) -> tuple[Joined, ...]:
    """Return the programs of innovation whose posts a roster of any year has under another department."""
    if found is None:
        return ()
    posts = [one.count for one in with_a_family(found.read.posts, Family.INNOVATION)]
    year = [one for one in spent.read.amounts if one.period == spent.year]
    return joined(year, posts)


def true_here(found: Overview | None) -> tuple[str, ...]:
    """Return which conditions of the steps hold by what is known."""
    if found is None:
        return ("technology", "data")
    holds = ["technology", "data"]
    if not found.now.families[Family.INNOVATION]:
        holds.append("no_innovation")
    largest = found.departments[0].sum.posts if found.departments else 0
    if found.now.sum.posts and 1 - largest / found.now.sum.posts > SPREAD:
        holds.append("spread")
    merged = any(one.change is Change.MERGED for told in found.told for one in told.changes)
    if merged:
        holds.append("merged")
    return tuple(holds)


def _beside(found: Overview | None) -> list[Section]:
    if not found or not found.beside:
        return []
    rows = tuple(
        (
            one.name,
            one.line.period,
            str(one.line.sum.posts),
            f"{one.line.per_thousand or 0:.1f}",
            f"{one.per_resident:.1f}" if one.per_resident is not None else _("unknown"),
        )
        for one in found.beside
    )
    header = (_("City"), _("When"), _("Posts"), _("Per 1,000 posts"), _("Per 100,000 residents"))
    title = _("Beside other cities")
    known = pictures.roster_known(found.read, result=number(len(rows)))
    return [Section("beside", title, tables=(Table(title, header, rows, numbers=(2, 3, 4)),), known=known)]
