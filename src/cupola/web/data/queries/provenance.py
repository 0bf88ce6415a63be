"""How we know: the chain behind a figure of a dataset."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cupola.web.data.models import Dataset, Version
from cupola.web.data.queries.wording import in_language
from cupola.web.ui.evidence import Evidence, Link

SHOWN_SOURCES = 6
INNER = (".internal", ".intranet", ".local", ".lan", ".corp", ".home", ".localhost")


def sources(dataset: Dataset) -> tuple[Link, ...]:
    """Return where the rows come from: the public page of the source, then each file or public address."""
    links = [_web_link(dataset.landing_page)] if dataset.landing_page else []
    for source in dataset.definition.get("sources", []):
        address = str(source.get("url", ""))
        name = str(source.get("file", "")).rsplit("/", 1)[-1]
        links.append(_web_link(address) if is_public(address) else Link(name or _("a system of the city")))
    counted = (dataset.definition.get("aggregates") or {}).get("of")
    if counted:
        links.append(Link(str(counted), reverse("data:dataset", args=[counted])))
    unique = tuple(dict.fromkeys(links))
    more = len(unique) - SHOWN_SOURCES
    return unique if more <= 0 else (*unique[:SHOWN_SOURCES], Link(_("and %(count)s more") % {"count": more}))


def is_public(address: str) -> bool:
    """Whether an address is of the open web: databases and inner systems are named to no one."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        open_host = ip_address(host).is_global
    except ValueError:
        open_host = "." in host and not host.endswith(INNER)
    return parts.scheme in {"http", "https"} and open_host


def _web_link(address: str) -> Link:
    """Link to an address without the parts that may hold a secret: user, password, query."""
    parts = urlsplit(address)
    last = parts.path.rstrip("/").rsplit("/", 1)[-1]
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return Link(f"{host} · {last}" if last else host, f"{parts.scheme}://{host}{port}{parts.path}")


def evidence(dataset: Dataset, version: Version, *, query: str, method: str, result: str) -> Evidence:
    """Return the chain of one figure computed by `query` over the table `data`, which is this version."""
    page = reverse("data:dataset", args=[dataset.key])
    title = in_language(dataset, "title")
    name = _("version %(number)s") % {"number": version.number}
    on = date_format(localtime(version.committed_at))
    quarantined = sum(report.rows_quarantined for report in version.load_reports.all())
    return Evidence(
        result=result,
        sources=sources(dataset),
        dataset=Link(title, page),
        version=Link(name, f"{page}#versions"),
        query=query,
        method=method,
        command=f'cupola data query {dataset.key} "{query}" --version {version.number}',
        responsible=in_language(dataset, "steward") or in_language(dataset, "department"),
        true_at=version.committed_at,
        uncertain=_("%(count)s rows did not fit and are not counted.") % {"count": quarantined} if quarantined else "",
        citation=f"{title}, {name}, {on}. {dataset.public_id}.",
    )
