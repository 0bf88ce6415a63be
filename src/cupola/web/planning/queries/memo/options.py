"""The memo's parts about elsewhere: options side by side, and what speaks for and against."""

from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.folder.library import catalogue, jurisdictions, templates
from cupola.orgchart.checks import evidence
from cupola.orgchart.jurisdiction import Jurisdiction, Outcome
from cupola.orgchart.rosters import GROUPS_OF_ROLE, LabelledPosts, leads
from cupola.web.planning.queries.costs import leading_pay
from cupola.web.planning.queries.memo.parts import RestsOn, Section, Table
from cupola.web.planning.queries.overview import Overview
from cupola.web.planning.queries.words import short_money
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number

_ELSEWHERE = 2  # examples for and against each claim


def options_section(found: Overview | None) -> Section:
    """Return the templates side by side: which of their posts a roster has by title, and which would be created."""
    posts = found.read.of(found.period) if found else ()
    pay = leading_pay(found.read, found.period) if found else None
    rows = tuple(_option(one, posts, pay) for one in templates().values())
    header = (_("Option"), _("Posts it names"), _("There by title"), _("To create"), _("Pay of these a year"))
    note = _(
        "A post counts as there when a chief or director of its functions is in the roster. Created posts are priced at"
        " the average pay of this city's chiefs and directors in technology, data and innovation."
    )
    return Section(
        key="options",
        title=_("Options side by side"),
        paragraphs=(note,) if found else (_("Without a roster, no option can be priced."),),
        tables=(Table(_("Options side by side"), header, rows, numbers=(1, 3, 4)),),
        known=_library_known(ngettext("%(count)s option", "%(count)s options", len(rows)) % {"count": len(rows)}),
    )


def evidence_section() -> Section:
    """Return each claim of the essay with what speaks for and against it elsewhere."""
    rows = []
    for key, claim in catalogue().claims.items():
        found = evidence(key, jurisdictions().values())
        rows.append((claim.title, _told(found.speaks_for), _told(found.speaks_against)))
    header = (_("Claim"), _("Speaks for it"), _("Speaks against it"))
    return Section(
        key="evidence",
        title=_("What happened elsewhere"),
        paragraphs=(
            _(
                "In December 2016, %(under)s of %(all)s data officers of one network reported to a head of technology:"
                " to have data inside technology is a recommendation, not a description."
            )
            % {
                "under": sum(one.under_cio for one in catalogue().data_officers_2016),
                "all": len(catalogue().data_officers_2016),
            },
        ),
        tables=(Table(_("What happened elsewhere"), header, tuple(rows), english=(0, 1, 2)),),
        known=_library_known(_("%(count)s claims") % {"count": len(rows)}),
        rests_on=RestsOn.LIBRARY,
    )


def risks_section() -> Section:
    """Return what binds and what may go wrong, from what happened to offices and grants elsewhere."""
    held = catalogue().incubation
    kept = sum(one.result == "yes" for one in held)
    ended = sum(one.result == "no" for one in held)
    said = {"all": number(len(held)), "kept": number(kept), "ended": number(ended)}
    points = [
        _(
            "Of %(all)s teams that began on grants, %(kept)s are known to be on the budget and %(ended)s to have ended;"
            " of the rest it is not known."
        )
        % said,
        _("Offices beside the chief executive have closed within two years of an election."),
        _("An office of the chief executive can often hire and buy little: work that needs both fits a department."),
        _("A new title needs a civil-service class; posting and examination come before the first day of work."),
    ]
    return Section(
        key="risks",
        title=_("What binds, and what may go wrong"),
        points=tuple(points),
        known=_library_known(""),
        rests_on=RestsOn.LIBRARY,
    )


def _option(one: Jurisdiction, posts: tuple[LabelledPosts, ...], pay: int | None) -> tuple[str, ...]:
    history = one.history
    roles = {fact.subject: str(fact.value) for fact in history.facts if fact.attribute == "role"}
    there: list[str] = []
    lacking: list[str] = []
    for subject, role in roles.items():
        wanted = GROUPS_OF_ROLE.get(role)
        name = history.names.get(subject, subject)
        has = wanted and any(leads(post, wanted) for post in posts)
        (there if has else lacking).append(name)
    if not posts:
        return (one.name, number(len(roles)), _("unknown"), _("unknown"), _("unknown"))
    cost = _("unknown") if pay is None else short_money(pay * len(lacking))
    return (one.name, number(len(roles)), ", ".join(there) or _("none"), number(len(lacking)), cost)


def _cited(place: Jurisdiction, outcome: Outcome) -> str:
    """Return where it is said: a title, else the host of an address."""
    named = (place.sources[key] for key in outcome.sources)
    said = dict.fromkeys(one.title or urlsplit(one.url).hostname or "" for one in named)
    return f" [{'; '.join(filter(None, said))}]" if any(said) else ""


def _told(pairs: tuple[tuple[Jurisdiction, Outcome], ...]) -> str:
    said = [f"{place.name}: {outcome.says}{_cited(place, outcome)}" for place, outcome in pairs[:_ELSEWHERE]]
    more = len(pairs) - len(said)
    if more > 0:
        said.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    return " ".join(said) or _("nothing in the library")


def _library_known(result: str) -> Evidence:
    address = reverse("structure:library")
    return Evidence(
        result=result or _("statements with their sources"),
        sources=(Link(_("The library of governments, each fact with its source"), address),),
        dataset=Link(_("Library"), address),
        version=Link(_("as it comes with Cupola"), address),
        query=_("claims and outcomes of the library"),
        method=_("What is claimed, measured and unknown is told apart; nothing is added up across cities."),
        command="cupola structure models",
    )
