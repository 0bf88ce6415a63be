"""The memo's parts about today: posts, money, and what became of departments."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.orgchart.rosters import Change, Family, Joined, Reorganisation, with_a_family
from cupola.web.planning.queries import pictures
from cupola.web.planning.queries.memo.parts import Section, Table
from cupola.web.planning.queries.overview import Overview
from cupola.web.planning.queries.paying import Paying
from cupola.web.planning.queries.spending import Money, Named, named_for_technology, programs_named_for_it
from cupola.web.planning.queries.words import FAMILIES, money, period_words, purpose_words, short_money, told_words
from cupola.web.ui.templatetags.ui import number

MOST_ROWS = 12


def posts_section(found: Overview) -> Section:
    """Return who does technology, data and innovation."""
    now = found.now
    said = {
        "posts": number(now.sum.posts),
        "all": number(now.everybody),
        "rate": f"{now.per_thousand or 0:.1f}",
        "departments": number(len(found.departments)),
        "when": period_words(found.period),
        "name": found.read.name,
    }
    first = _(
        "In %(when)s, %(name)s had %(posts)s posts in technology, data and innovation among %(all)s, or %(rate)s of"
        " 1,000, spread over %(departments)s departments."
    )
    sentences = [first % said, _families(found), _cost(found)]
    if not now.sum.posts:
        sentences.append(
            _(
                "No title was told to be of this work. The rules read titles in English; what others mean a person"
                " settles."
            )
        )
    moved = [told_words(one) for told in found.told for one in told.changes if concerns_us(found, one)]
    charts = [pictures.departments_chart(found), pictures.over_time_chart(found)]
    return Section(
        key="posts",
        title=_("Today: who does it"),
        paragraphs=tuple(filter(None, sentences)),
        points=tuple(moved[:8]),
        tables=(_departments(found), *_lists(found)),
        charts=tuple(filter(None, charts)),
        known=pictures.roster_known(found.read, result=number(now.sum.posts)),
    )


def concerns_us(found: Overview, one: Reorganisation) -> bool:
    """Whether a reorganisation touched a department that does technology, data or innovation, by more than its name."""
    if one.change is Change.RENAMED:
        return False
    doing = {post.count.department for post in with_a_family(found.read.posts)}
    return bool(doing & {name for name, _posts in (*one.before, *one.after)})


def money_section(found: Money, together: Sequence[Joined] = ()) -> Section:
    """Return what technology costs beyond posts. `together`: programs whose posts stand elsewhere."""
    named = named_for_technology(found.read, found.year)
    said = {
        "amount": short_money(found.technology_cents),
        "all": short_money(found.all_cents),
        "year": found.year,
        "departments": number(len(found.departments)),
    }
    pattern = ngettext(
        "Posts are not the cost of technology. In %(year)s, %(amount)s stand in accounts that are technology by"
        " their name, in %(departments)s department, of a budget of %(all)s.",
        "Posts are not the cost of technology. In %(year)s, %(amount)s stand in accounts that are technology by"
        " their name, in %(departments)s departments, of a budget of %(all)s.",
        len(found.departments),
    )
    sentences = [pattern % said]
    if not found.technology_cents:
        sentences = [
            _(
                "Posts are not the cost of technology. No account of the budget of %(year)s, %(all)s in all, is"
                " technology by its name: what is bought elsewhere cannot be told from it."
            )
            % said
        ]
    if found.services_cents:
        said |= {"services": money(found.services_cents)}
        sentences.append(_("Of these, %(services)s are for information technology services and software.") % said)
    sentences += [_named_words(one) for one in named[:3]]
    sentences += [_joined_words(one) for one in together]
    programs = programs_named_for_it(found.read, found.year)
    purposes = tuple((purpose_words(purpose), money(cents)) for purpose, cents in found.purposes)
    tables = [Table(_("What it buys"), (_("Purpose"), _("Amount")), purposes, numbers=(1,))] if purposes else []
    if programs:
        rows = tuple((program, department, money(cents)) for department, program, cents in programs[:MOST_ROWS])
        header = (_("Program"), _("Department"), _("Amount"))
        tables.append(Table(_("Programs named for it"), header, rows, numbers=(2,)))
    return Section(
        key="money",
        title=_("Today: what it costs"),
        paragraphs=tuple(sentences),
        tables=tuple(tables),
        charts=(pictures.money_chart(found.read, found.year, found.departments),) if found.departments else (),
        known=pictures.budget_known(found.read, result=money(found.technology_cents)),
    )


def _named_words(one: Named) -> str:
    """Say what a department named for it has, and for what."""
    said = {
        "name": one.department,
        "all": money(one.cents),
        "salaries": money(one.payroll[1]),
        "account": one.payroll[0],
        "technology": money(one.technology_cents),
        "services": money(one.services_cents),
    }
    pattern = _(
        "%(name)s: %(all)s, of it %(salaries)s in %(account)s and %(technology)s in technology accounts; of these,"
        " %(services)s for services and software."
    )
    if not one.payroll[1]:
        pattern = _("%(name)s: %(all)s, of it %(technology)s in technology accounts.")
    return pattern % said


def unknown_section(found: Overview | None, spent: Money | None, paid: Paying | None) -> Section:
    """Return what is not known, and what would tell."""
    points = [_("Who reports to whom: a roster says departments and titles, not lines.")]
    if found is None:
        points.append(_("Posts: no roster was given."))
    else:
        queued = {"posts": number(found.now.sum.queued), "titles": number(found.queued_titles)}
        if found.queued_titles:
            told = ngettext(
                "What %(titles)s title is about (posts: %(posts)s): a person has to settle it.",
                "What %(titles)s titles are about (posts: %(posts)s): a person has to settle them.",
                found.queued_titles,
            )
            points.append(told % queued)
        points.append(_("Which posts are vacant: the roster lists who is employed."))
        if not found.read.benefits:
            points.append(_("What benefits add to pay: no share is given for this roster."))
        if found.now.cost_cents is None:
            points.append(_("What the posts cost: pay is missing for some, or may not be shown."))
    if spent is None:
        points.append(_("Contracts, software and telephones: no budget was given."))
    else:
        share = {"share": number(round(100 * spent.unread_share))}
        points.append(_("What accounts with %(share)s %% of the budget buy: their names do not say.") % share)
    if not paid or not paid.ends:
        points.append(_("Until when grants pay for posts: enter the award letters to see it."))
    known = (
        pictures.budget_known(spent.read, result=number(len(points)))
        if spent
        else pictures.roster_known(found.read, result=number(len(points)))
        if found
        else None
    )
    return Section(key="unknown", title=_("What is not known"), points=tuple(points), known=known)


def _joined_words(one: Joined) -> str:
    """Say that a program of the budget has posts under another department of the roster."""
    titles = ", ".join(f"{title} ({number(posts)})" for title, posts in one.titles[:4])
    said = {"program": one.program, "department": one.department, "amount": short_money(one.cents), "titles": titles}
    said["elsewhere"] = ", ".join(one.elsewhere[:4])
    pattern = _(
        "%(program)s is a program of %(department)s with %(amount)s; posts of its name stand under"
        " %(elsewhere)s: %(titles)s."
    )
    return pattern % said


def _families(found: Overview) -> str:
    parts = [
        ngettext("%(count)s post in %(family)s", "%(count)s posts in %(family)s", found.now.families[family])
        % {"count": number(found.now.families[family]), "family": str(FAMILIES[family]).lower()}
        for family in Family
    ]
    return _("Of these, %(parts)s.") % {"parts": ", ".join(parts)}


def _cost(found: Overview) -> str:
    if found.now.cost_cents is None:
        return ""
    said = {"amount": short_money(found.now.cost_cents)}
    if found.read.earned:
        return _("Those who held them earned %(amount)s in the year.") % said
    if found.read.benefits:
        return _("They cost %(amount)s a year with benefits.") % said
    return _("Their pay is %(amount)s a year, without benefits.") % said


def _departments(found: Overview) -> Table:
    rows = []
    for line in found.departments[:MOST_ROWS]:
        cost = (
            money(line.cost_cents) if line.cost_cents is not None else _("not shown") if line.hidden else _("unknown")
        )
        posts = (number(line.posts[family]) for family in Family)
        rows.append((line.name, *posts, number(line.sum.posts), cost))
    header = (_("Department"), *(str(FAMILIES[one]) for one in Family), _("Together"), _("Cost"))
    return Table(_("By department"), header, tuple(rows), numbers=(1, 2, 3, 4, 5))


def _lists(found: Overview) -> tuple[Table, ...]:
    """Return the posts from list to list, where there is more than one."""
    if len(found.over_time) < 2:
        return ()
    rows = tuple(
        (
            period_words(line.period),
            *(number(line.families[family]) for family in Family),
            number(line.sum.posts),
            number(line.everybody),
            f"{line.per_thousand or 0:.1f}",
        )
        for line in found.over_time
    )
    header = (_("When"), *(str(FAMILIES[one]) for one in Family), _("Together"), _("All posts"), _("Per 1,000 posts"))
    return (Table(_("From list to list"), header, rows, numbers=(1, 2, 3, 4, 5, 6)),)
