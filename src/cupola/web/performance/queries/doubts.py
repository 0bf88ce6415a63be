"""Why the value of a period is in doubt, as a sentence in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.web.performance.models import Doubt, DoubtKind
from cupola.web.ui.templatetags.ui import day


def doubt_words(doubt: Doubt) -> str:
    """Say what is missing of the period."""
    facts: dict[str, Any] = doubt.facts
    if doubt.kind == DoubtKind.ROWS_GONE:
        said = ngettext(
            "%(count)s row of this period is no longer in the data since version %(version)s.",
            "%(count)s rows of this period are no longer in the data since version %(version)s.",
            facts["rows"],
        )
        return said % {"count": facts["rows"], "version": facts["version"]}
    if facts["count"] == 1:
        return _("The data has no row of %(day)s.") % {"day": day(facts["first"])}
    if facts["together"]:
        says = _("The data has no row from %(first)s to %(last)s.")
        return says % {"first": day(facts["first"]), "last": day(facts["last"])}
    named = {"count": facts["count"], "days": "; ".join(map(day, facts["days"]))}
    return _("The data has no row of %(count)s days, such as %(days)s.") % named
