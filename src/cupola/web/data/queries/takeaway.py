"""What can be taken from a dataset: files of its version, addresses for programs, and code that runs as shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cupola import serving
from cupola.lake import NotReleased, Release
from cupola.lake.downloads import too_long_for
from cupola.serving.schemaorg import schemaorg_text
from cupola.web.data.models import Dataset
from cupola.web.data.queries.lake import home
from cupola.web.data.queries.records import find_dataset
from cupola.web.data.queries.rows import shown_columns
from cupola.web.data.queries.shelf import shelf

FIRST = 5
MOST_CITED = 10_000  # rows; a citation takes more, but no one reads more
KINDS: dict[str, tuple[str, Promise]] = {
    "csv.gz": ("CSV", _("One table as text, packed with gzip. Every program reads it.")),
    "xlsx": ("XLSX", _("A workbook for Excel and other spreadsheets.")),
    "parquet": (
        "Parquet",
        _("One table with the types of its columns, for analysis programs. All editions are in it."),
    ),
    "geojson": ("GeoJSON", _("Points or shapes for map programs.")),
    "json": (_("Data package"), _("What every column means, for programs.")),  # type: ignore[dict-item]
}


@dataclass(frozen=True)
class File:
    """One file to download. `bytes` is its size; `url` names the version, so it never changes what it gives."""

    name: str
    says: str
    bytes: int
    url: str


@dataclass(frozen=True)
class TooLong:
    """A kind of file that is not made because the version has more rows than it may hold."""

    name: str
    limit: int


@dataclass(frozen=True)
class Example:
    """Code in one language that runs as shown. `name` is for people, `language` for machines."""

    language: str
    name: str
    code: str


@dataclass(frozen=True)
class TakeAway:
    """Everything that can be taken along of a public version.

    `cite`: the query a citation is made from: all rows where that is not too much (`cites_all`), else their count.
    """

    version: int
    files: tuple[File, ...]
    too_long: tuple[TooLong, ...]
    examples: tuple[Example, ...]
    addresses: tuple[tuple[str, str], ...]
    cite: str
    cites_all: bool


@dataclass(frozen=True)
class Elsewhere:
    """One place of another site where a dataset can be had."""

    title: str
    format: str
    url: str


def take_away(dataset: Dataset, *, base: str) -> TakeAway | None:
    """Return what can be taken from the newest public version; None where none is public. `base`: scheme and host."""
    if not dataset.shows_rows:
        return None
    service = serving.service(home() / "lake")
    try:
        release = service.release(dataset.key)
    except NotReleased:
        return None
    return TakeAway(
        version=release.version,
        files=files_of(service, release),
        too_long=tuple(
            TooLong(KINDS[kind][0], limit) for kind, limit in too_long_for(release).items() if kind in KINDS
        ),
        examples=examples(dataset, base=base),
        addresses=addresses(dataset, base=base),
        cite=f"$select=*&$order=:id&$limit={release.rows}" if release.rows <= MOST_CITED else "$select=count(*)",
        cites_all=release.rows <= MOST_CITED,
    )


def for_search_engines(dataset: Dataset, *, base: str) -> str:
    """Return what search engines read about a public dataset, safe inside a page; empty where it is not public."""
    return schemaorg_text(serving.service(home() / "lake"), dataset.key, base=base)


def example_dataset(*, by: Any) -> Dataset | None:
    """Return the public dataset with the most rows, for examples."""
    held = shelf()
    rows = {pk: version.rows for pk, version in held.versions.items()}
    fit = [card for card in held.cards.values() if card.released and card.shows_rows and card.pk in rows]
    best = max((card for card in fit if not card.retired), key=lambda card: rows[card.pk], default=None)
    return find_dataset(best.key, by=by) if best else None


def files_of(service: serving.Service, release: Release) -> tuple[File, ...]:
    """Return the files of a version, in the order most people want them."""
    order = list(KINDS)
    found = []
    for one in service.lake.downloads(release):
        kind = one.name.partition(".")[2]
        if kind in KINDS:
            name, says = KINDS[kind]
            url = f"/downloads/{release.dataset}/{release.version}/{one.name}"
            found.append((order.index(kind), File(str(name), str(says), one.bytes, url)))
    return tuple(file for _place, file in sorted(found, key=lambda one: one[0]))


def addresses(dataset: Dataset, *, base: str) -> tuple[tuple[str, str], ...]:
    """Return the addresses programs read, each with what it gives."""
    name = dataset.public_id
    return (
        (str(_("Rows as JSON")), f"{base}/resource/{name}.json"),
        (str(_("Rows as CSV")), f"{base}/resource/{name}.csv"),
        (str(_("What it is and its columns")), f"{base}/api/views/{name}.json"),
        (str(_("All rows as one CSV file")), f"{base}/api/views/{name}/rows.csv?accessType=DOWNLOAD"),
        (str(_("Description of its API (OpenAPI)")), f"{base}/openapi.json?dataset={dataset.key}"),
    )


def examples(dataset: Dataset, *, base: str) -> tuple[Example, ...]:
    """Return code that asks for the first rows and for counts, in the languages people use."""
    address = f"{base}/resource/{dataset.public_id}"
    column = grouped(dataset)
    count = f"$select={column},count(*)&$group={column}"
    facts = {"address": address, "id": dataset.public_id, "column": column, "first": FIRST, "host": base}
    return (
        Example("curl", "curl", f"curl '{address}.json?$limit={FIRST}'\n\ncurl --globoff '{address}.csv?{count}'"),
        Example("sodapy", "Python (sodapy)", _sodapy(base) % facts),
        Example("python", "Python (requests)", _PYTHON % facts),
        Example("r", "R", _R % {**facts, "count": quote(count, safe="$=&,()*")}),
        Example("javascript", "JavaScript", _JAVASCRIPT % {**facts, "count": count}),
    )


def grouped(dataset: Dataset) -> str:
    """Return a column worth counting by: a code, else a text, else the first."""
    shown = shown_columns(dataset)
    for kind in ("code", "text"):
        for column in shown:
            if column["type"] == kind and column["name"] not in dataset.definition.get("row_key", []):
                return str(column["name"])
    return str(shown[0]["name"]) if shown else ":id"


_PYTHON = """\
import requests

address = "%(address)s.json"
rows = requests.get(address, params={"$limit": %(first)s}).json()
print(rows)

counts = requests.get(address, params={"$select": "%(column)s, count(*)", "$group": "%(column)s"}).json()
print(counts)"""
_R = """\
rows <- read.csv("%(address)s.csv?$limit=%(first)s")
print(rows)

counts <- read.csv("%(address)s.csv?%(count)s")
print(counts)"""
_JAVASCRIPT = """\
const address = "%(address)s.json";
const rows = await (await fetch(`${address}?$limit=%(first)s`)).json();
console.log(rows);

const counts = await (await fetch(`${address}?%(count)s`)).json();
console.log(counts);"""


def _sodapy(base: str) -> str:
    """Return code for sodapy, which speaks TLS unless it is told otherwise."""
    scheme, _mark, host = base.partition("://")
    if scheme == "https":
        opening = f'from sodapy import Socrata\n\nclient = Socrata("{host}", None)\n'
    else:
        opening = (
            "from requests.adapters import HTTPAdapter\nfrom sodapy import Socrata\n\n"
            'plain = {"prefix": "http://", "adapter": HTTPAdapter()}\n'
            f'client = Socrata("{host}", None, session_adapter=plain)\n'
        )
    asking = 'print(client.get("%(id)s", limit=%(first)s))\n\n'
    return opening + asking + 'print(client.get("%(id)s", select="%(column)s, count(*)", group="%(column)s"))'


def elsewhere(definition: Mapping[str, Any]) -> tuple[Elsewhere, ...]:
    """Return where a dataset that another site keeps can be had."""
    told = definition.get("catalogue", {}).get("distributions", [])
    found = [
        Elsewhere(str(one.get("title") or one.get("format") or address), str(one.get("format", "")), address)
        for one in told
        if (address := str(one.get("url") or one.get("page") or "")).startswith(("http://", "https://"))
    ]
    page = str(definition.get("landing_page") or "")
    return (*((Elsewhere(page, "", page),) if page else ()), *found)
