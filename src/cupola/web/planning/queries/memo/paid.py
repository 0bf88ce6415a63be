"""The memo's parts about who pays: funds, awards and grants, and technology money by fund and year."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.web.planning.queries import pictures
from cupola.web.planning.queries.memo.parts import RestsOn, Section, Table
from cupola.web.planning.queries.paying import Paying
from cupola.web.planning.queries.reading import ReadBudget, ReadRoster
from cupola.web.planning.queries.spending import over_years
from cupola.web.planning.queries.words import money, unseen_words
from cupola.web.ui.templatetags.ui import number, share

MOST_GRANTS = 8
MOST_YEARS = 5


def paid_sections(read: ReadRoster, paid: Paying) -> list[Section]:
    """Return who pays the posts by the roster and the budget books, and by the awards of the agenda."""
    books = paid.grants[0].read if paid.grants else None
    found = [_by_the_books(read, paid, books)]
    if paid.awards:
        found.append(_awards(paid))
    return found


def _by_the_books(read: ReadRoster, paid: Paying, books: ReadBudget | None) -> Section:
    tables = []
    if paid.funds:
        rows = tuple((one.name, number(one.posts)) for one in paid.funds)
        tables.append(Table(_("Posts by fund"), (_("Fund"), _("Posts")), rows, numbers=(1,)))
    if paid.grants:
        lines = tuple(
            (one.name, one.department, f"{money(one.most[1])} ({one.most[0]})", f"{money(one.last[1])} ({one.last[0]})")
            for one in paid.grants[:MOST_GRANTS]
        )
        header = (_("Grant"), _("Department"), _("Most in a year"), _("Last year with money"))
        tables.append(Table(_("Grants in the budget books"), header, lines, numbers=(2, 3)))
    stated = {"share": share(float(paid.benefits)), "source": paid.benefits_source}
    sentences = [
        _("Cost is pay with benefits of %(share)s on top, by: %(source)s") % stated
        if paid.benefits
        else _("Cost is pay without benefits: nobody has stated a share for this list.")
    ]
    if not paid.funds:
        sentences.append(_("This list does not say which fund pays a post."))
    return Section(
        key="paid",
        title=_("Paid by what, until when"),
        paragraphs=(*sentences, *unseen_words(paid.unseen)),
        tables=tuple(tables),
        known=pictures.grants_known(books, result=number(len(paid.grants)))
        if books
        else pictures.roster_known(read, result=number(len(paid.funds))),
    )


def _awards(paid: Paying) -> Section:
    rows = tuple(
        (one.name, one.funder, number(one.posts), date_format(one.until) if one.until else _("not known"))
        for one in paid.awards
    )
    header = (_("Award"), _("Funder"), _("Posts it pays"), _("Until"))
    told = [
        _("%(name)s ends on %(day)s; what becomes of its posts has to be decided before.")
        % {"name": one.name, "day": date_format(one.until)}
        for one in paid.ends
        if one.until
    ]
    return Section(
        key="awards",
        title=_("Awards that pay for it"),
        points=tuple(told),
        tables=(Table(_("Awards"), header, rows, numbers=(2,)),),
        known=pictures.awards_known(result=number(len(rows))),
        rests_on=RestsOn.RECORDS,
    )


def years_section(read: ReadBudget) -> Section:
    """Return technology money by fund and year."""
    years = read.periods[-MOST_YEARS:]
    header = _("Fund"), *(year or _("Amount") for year in years)
    rows = tuple(
        (fund or _("all funds: the budget does not tell them apart"), *(money(cents) for cents in amounts))
        for fund, amounts in over_years(read, most=MOST_YEARS)
    )
    return Section(
        key="years",
        title=_("What it costs, by fund and year"),
        paragraphs=() if rows else (_("No account is technology by its name in any of these years."),),
        tables=(Table(_("Technology accounts"), header, rows, numbers=tuple(range(1, len(years) + 1))),)
        if rows
        else (),
        known=pictures.budget_known(read, result=number(len(rows))),
    )
