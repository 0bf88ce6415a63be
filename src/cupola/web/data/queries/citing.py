"""A citation as people read it: who, what, which version, which question, and texts to paste."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cupola import serving
from cupola.lake import Citation, Citations, Release
from cupola.soql import SoqlType
from cupola.web.accounts.queries import the_city
from cupola.web.data.queries.lake import city_zone, home

SHOWN = 20
NUMBERS = {SoqlType.NUMBER, SoqlType.DOUBLE}
OWN = ("dataset", "query", "csrfmiddlewaretoken")
EDITION = ("version", "vintage", "as_of")
_SOQL = re.compile(r"\s*(?:select|where|search|group|having|order|limit|offset)\b", re.IGNORECASE)
_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class CitationPage:
    """What the page of a citation shows. `same`: whether the rows were computed again and are the same."""

    citation: Citation
    title: str
    made_on: date
    question: str
    address: str
    text: str
    bibtex: str
    csl: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]
    same: bool | None = None
    found: str = ""


def service() -> serving.Service:
    """Return the service over this home's lake, the same object the public API uses."""
    return serving.service(home() / "lake")


def find_citation(asked: str) -> Citation:
    """Return a citation. Raises NoSuchCitation."""
    return Citations(service().lake.registry).get(asked)


def asked_pairs(form: QueryDict) -> list[tuple[str, str]]:
    """Return what a form asks to be cited, as parameters of an address of the public API.

    `query` holds a query in the query language, or parameters as an address writes them; without it, each field is a
    parameter.
    """
    text = form.get("query", "")
    pairs = [(name, str(form[name])) for name in EDITION if form.get(name)]
    if text.strip():
        given = [("$query", text)] if _SOQL.match(text) else parse_qsl(text.lstrip("?"), keep_blank_values=True)
        return [*pairs, *(one for one in given if one[0] not in EDITION or not form.get(one[0]))]
    return [*pairs, *((name, str(form[name])) for name in form if name not in (*OWN, *EDITION))]


def citation_page(citation: Citation, *, address: str, client: str, again: bool) -> CitationPage:
    """Return the page of a citation. `address`: of the page itself; `again`: compute the rows now and compare.

    Raises NotReleased, Recalled, CitationWithheld, Busy.
    """
    release = service().release(citation.dataset, version=citation.version)
    compute = serving.recomputed if again else serving.answered
    kept = compute(service(), citation, client=client)
    made_on = release.committed_at.astimezone(ZoneInfo(city_zone())).date()
    title, question = _title(release), serving.question_of(citation)
    numeric = [column.type in NUMBERS for column in kept.columns]
    return CitationPage(
        citation=citation,
        title=title,
        made_on=made_on,
        question=question,
        address=address,
        text=_text(citation, title=title, made_on=made_on, question=question, address=address),
        bibtex=_bibtex(citation, title=title, made_on=made_on, question=question, address=address),
        csl=_csl(citation, title=title, made_on=made_on, question=question, address=address),
        headings=tuple(zip((column.name for column in kept.columns), numeric, strict=True)),
        rows=tuple(tuple(zip(texts, numeric, strict=True)) for texts in kept.texts(SHOWN)),
        same=kept.sha256 == citation.sha256 if again else None,
        found=kept.sha256,
    )


def _title(release: Release) -> str:
    said = release.metadata
    translated = (said.get("translations") or {}).get(get_language() or "", {})
    return str(translated.get("title") or said.get("title") or release.dataset)


def _author() -> str:
    city = the_city()
    return city.name if city else "Cupola"


def _text(citation: Citation, *, title: str, made_on: date, question: str, address: str) -> str:
    rows = ngettext("%(count)s row", "%(count)s rows", citation.rows) % {"count": citation.rows}
    return (
        _("%(author)s (%(year)s). %(title)s, version %(version)s of %(day)s [Data set]. Query: %(question)s.")
        % {
            "author": _author(),
            "year": made_on.year,
            "title": title,
            "version": citation.version,
            "day": date_format(made_on),
            "question": question.rstrip("."),
        }
        + f" {rows}. SHA-256 {citation.sha256}. {address}"
    )


def _note(citation: Citation, question: str) -> str:
    return f"Query: {question}; {citation.rows} rows; SHA-256 {citation.sha256}"


def _bibtex(citation: Citation, *, title: str, made_on: date, question: str, address: str) -> str:
    fields = {
        "author": f"{{{_tex(_author())}}}",
        "title": f"{{{_tex(title)}}}",
        "year": str(made_on.year),
        "version": str(citation.version),
        "howpublished": "Data set",
        "url": address,
        "note": _tex(_note(citation, question)),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{citation.dataset}-{citation.id},\n{lines}\n}}"


def _tex(text: str) -> str:
    """Return text that TeX prints as it is."""
    return "".join(_TEX.get(letter) or (f"\\{letter}" if letter in "&%$#_" else letter) for letter in text)


def _csl(citation: Citation, *, title: str, made_on: date, question: str, address: str) -> str:
    item: dict[str, Any] = {
        "id": f"{citation.dataset}-{citation.id}",
        "type": "dataset",
        "author": [{"literal": _author()}],
        "title": title,
        "version": str(citation.version),
        "issued": {"date-parts": [[made_on.year, made_on.month, made_on.day]]},
        "URL": address,
        "note": _note(citation, question),
    }
    return json.dumps([item], ensure_ascii=False, indent=2)
