"""Deeds, instruments and the reasons of the usual ones in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

from cupola.orgchart.scenarios import Counsel, Deed, Instrument, Usual
from cupola.web.structure.queries.words import word
from cupola.web.ui.templatetags.ui import number

INSTRUMENTS: Mapping[Instrument, Promise] = {
    Instrument.MAYORAL_DECISION: _("decision of the chief executive"),
    Instrument.EXECUTIVE_ORDER: _("executive order"),
    Instrument.BUDGET_AMENDMENT: _("budget or budget amendment"),
    Instrument.ORDINANCE: _("ordinance"),
    Instrument.CHARTER: _("change of the charter"),
    Instrument.CIVIL_SERVICE_ACTION: _("civil-service action"),
    Instrument.BARGAINING_NOTICE: _("notice to the unions, or bargaining"),
}
DEEDS: Mapping[Deed, Promise] = {
    Deed.CREATE: _("Create"),
    Deed.MOVE: _("Move"),
    Deed.CONVERT: _("Convert"),
    Deed.CLOSE: _("Close or merge"),
    Deed.CHANGE: _("Change"),
}
# why such an edit usually takes these; the engine says them in English, and a test holds this list to it
REASONS = (
    gettext_noop(
        "An advisory council is set up by order or by ordinance; its meetings may fall under a law on open meetings."
    ),
    gettext_noop(
        "A chief executive can often set up an office by order; its posts and its money come with the budget."
    ),
    gettext_noop(
        "Charter or code often name the departments; a new one needs an appropriation, and unions get notice."
    ),
    gettext_noop("A team inside a department can often be formed by its head; posts and money come with the budget."),
    gettext_noop(
        "Charter or code often name the departments, the appropriation goes with the work, and unions get notice."
    ),
    gettext_noop("What an order set up an order can end; its posts and its money are changed in the budget."),
    gettext_noop("An exempt post takes no examination, but it must fit the number the law allows and be paid for."),
    gettext_noop("Posts beside the chief executive are often exempt; their number and their money are limited."),
    gettext_noop(
        "A fellowship or a contract for a term is agreed with who pays it; accepting the money may need a vote."
    ),
    gettext_noop(
        "A new post needs authority and money in the budget, and a civil-service class with posting and examination."
    ),
    gettext_noop("A post that ends leaves the budget; seniority decides who may displace whom, and unions get notice."),
    gettext_noop(
        "A post that changes department takes its authority and money along; its class may not be used there."
    ),
    gettext_noop("To whom somebody reports is usually the chief executive's to say, unless the code names the line."),
    gettext_noop("Work that changes department takes its money along; where the code assigns it, the code is amended."),
    gettext_noop("Where an office or a post sits decides whose budget and whose rules it is under."),
    gettext_noop("A duty across departments lasts longer in an order, and longest in the code."),
    gettext_noop("A dotted line is agreed between the two and whoever leads them."),
    gettext_noop("Who does what is the chief executive's to assign, unless charter or code assign it."),
    gettext_noop("New duties can be given within a post's class; duties outside it need another class."),
    gettext_noop("A conversion makes a budgeted post, posted and examined like any other; nobody has a right to it."),
    gettext_noop("Who pays is what the budget says; accepting a grant may need a vote of its own."),
    gettext_noop("Pay follows the salary ordinance and the agreements with the unions."),
    gettext_noop("The name of a department stands in charter, code and budget."),
    gettext_noop("A title of the classified service is a class; another name is another class, or a working title."),
    gettext_noop("Who holds a post is appointed by whoever may appoint to it."),
    gettext_noop("Nothing more is usually needed than a decision of whoever leads it."),
)


def usual_words(usual: Usual) -> str:
    """Return the instruments an edit usually takes."""
    return ", ".join(str(INSTRUMENTS[one]) for one in usual.instruments)


def why_words(usual: Usual) -> str:
    """Return why it usually takes these."""
    return gettext(usual.why)


def needs_words(counsel: Counsel) -> tuple[str, ...]:
    """Return what counsel says an edit needs, one text for each instrument: who decides, days and source with it."""
    if not counsel.needs:
        return (gettext("nothing is needed"),)
    return tuple(
        "; ".join(filter(None, (str(INSTRUMENTS[one.instrument]), one.decides, days_words(one.lead_days), one.source)))
        for one in counsel.needs
    )


def days_words(days: int | None) -> str:
    """Return a lead time in words; unknown where nobody said."""
    if days is None:
        return gettext("lead time unknown")
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)}


def fund_words(fund: str) -> str:
    """Return who pays."""
    return word(fund) if fund else gettext("nobody says who pays")
