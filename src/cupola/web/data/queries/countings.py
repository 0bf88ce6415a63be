"""How we know: the chain behind a count of datasets, which no single version gives."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.web.data.queries.catalogue import Catalogue
from cupola.web.data.queries.news import Standing
from cupola.web.data.queries.status import Status
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number


def standing_known(found: Standing, *, at: datetime, base: str) -> Evidence:
    """Return the chain behind the numbers of the front page. `base`: scheme and host of the site."""
    result = _("Datasets: %(datasets)s. Rows: %(rows)s. As fresh as promised: %(kept)s of %(all)s.") % {
        "datasets": number(found.datasets),
        "rows": number(found.rows),
        "kept": number(found.keeping),
        "all": number(found.watched),
    }
    method = _(
        "Each dataset in the catalogue counts once, with the rows of its newest version. It is as fresh as promised"
        " while its last good check is no older than the promise, plus one day."
    )
    return _counted(result, method, address=reverse("data:list_json"), at=at, base=base)


def catalogue_known(found: Catalogue, *, query: str, at: datetime, base: str) -> Evidence:
    """Return the chain behind the numbers beside a list. `query`: what the address asks for."""
    facts = {"found": number(len(found.entries)), "all": number(found.total)}
    result = _("%(found)s of %(all)s datasets") % facts
    method = _("Each dataset that has all that is asked for counts once. Beside a choice stands what it would leave.")
    address = f"{reverse('data:list_json')}{'?' if query else ''}{query}"
    return _counted(result, method, address=address, at=at, base=base)


def status_known(found: Status, *, at: datetime, base: str) -> Evidence:
    """Return the chain behind the numbers of the status page."""
    facts = {"kept": number(found.keeping), "all": number(len(found.lines)), "late": number(found.late)}
    result = _("%(kept)s of %(all)s as fresh as promised, %(late)s late") % facts
    method = _("Each dataset kept here is judged by the rules at the end of this page, and counted.")
    return _counted(result, method, address=reverse("portal:status_json"), at=at, base=base)


def _counted(result: str, method: str, *, address: str, at: datetime, base: str) -> Evidence:
    return Evidence(
        result=result,
        sources=(Link(_("The catalogue and the load reports of this site")),),
        dataset=Link(_("All datasets"), reverse("data:catalogue")),
        version=Link(_("how each one stands"), reverse("portal:status")),
        query=address,
        method=method,
        command=f'curl "{base}{address}"',
        true_at=at,
    )
