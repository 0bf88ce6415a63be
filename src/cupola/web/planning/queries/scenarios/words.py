"""Deeds, instruments and the reasons of the usual ones in the reader's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
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
