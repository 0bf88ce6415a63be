"""Datasets of a DCAT-US 1.1 catalogue (`data.json`) as fields of a city folder."""

from collections.abc import Mapping
from typing import Any

from cupola.sources.catalogues.remainder import EMAIL, Remainder, filled, plain, printable, public_id

KIND = "dcat-us-1.1"
CLASSIFICATIONS = {"restricted public": "protected", "non-public": "restricted"}


def dataset(document: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """Return a dataset's fields without its key; `source`: the catalogue's address."""
    left = Remainder(plain(document))
    left.drop_if("@type", "dcat:Dataset")
    identifier, page = left.value("identifier"), left.value("landingPage")
    names = publishers(left, kind="org:Organization", several=False)
    topics = left.texts("theme")
    fields = {
        "id": public_id(identifier, page),
        "title": left.text("title") or printable(str(identifier or "")) or "Untitled",
        "description": left.text("description"),
        "department": names[0] if names else "",
        "topic": topics[0] if topics else "",
        "keywords": left.texts("keyword"),
        **_contact(left),
        "license": licence(left),
        "landing_page": left.address("landingPage"),
        "classification": _classification(left),
    }
    said = {
        "harvested_from": source,
        "harvested_as": KIND,
        "identifier": left.text("identifier"),
        "publisher": names,
        "issued": left.text("issued"),
        "modified": left.text("modified"),
        "periodicity": left.text("accrualPeriodicity"),
        "spatial": left.text("spatial"),
        "temporal": left.text("temporal"),
        "languages": left.texts("language"),
        "rights": left.text("rights"),
        "conforms_to": [standard] if (standard := left.text("conformsTo")) else [],
        "described_by": left.text("describedBy"),
        "described_by_type": left.text("describedByType"),
        "references": left.texts("references"),
        "part_of": left.text("isPartOf"),
        "more_topics": topics[1:],
        "distributions": [_distribution(one) for one in left.mappings("distribution")],
    }
    left.drop("distribution")
    return filled({**fields, "catalogue": filled({**said, "said": left.left})})


def _distribution(document: Mapping[str, Any]) -> dict[str, Any]:
    left = Remainder(document)
    left.drop_if("@type", "dcat:Distribution")
    fields = {
        "title": left.text("title"),
        "description": left.text("description"),
        "format": left.text("format"),
        "media_type": left.text("mediaType"),
        "url": left.address("downloadURL"),
        "page": left.address("accessURL"),
        "conforms_to": left.text("conformsTo"),
        "described_by": left.text("describedBy"),
        "described_by_type": left.text("describedByType"),
    }
    return filled({**fields, "said": left.left})


def publishers(left: Remainder, *, kind: str, several: bool) -> list[str]:
    """Take the publisher and what it belongs to; `several`: what it belongs to is a list."""
    names: list[str] = []
    exact = True
    at = left.mapping("publisher")
    while at and len(names) < 10:
        name = at.get("name")
        clean = printable(name) if isinstance(name, str) else ""
        above = at.get("subOrganizationOf")
        exact = exact and bool(clean) and clean == name and at.get("@type") == kind
        exact = exact and set(at) <= {"@type", "name", "subOrganizationOf"}
        exact = exact and (above is None or (isinstance(above, list) and len(above) == 1) == several)
        names += [clean] if clean else []
        at = dict(above[0] if isinstance(above, list) and above else above) if above else {}
    if exact and names:
        left.drop("publisher")
    return names


def contact(said: Mapping[str, Any]) -> tuple[dict[str, str], bool]:
    """Return whom to ask and where, and whether that is all that was said beside the type."""
    name, written = said.get("fn"), said.get("hasEmail")
    email = str(written or "").removeprefix("mailto:")
    fields = {"steward": printable(str(name or "")), "contact": email if EMAIL.fullmatch(email) else ""}
    exact = fields["steward"] == name and (written is None or written == f"mailto:{fields['contact']}")
    return fields, exact


def _contact(left: Remainder) -> dict[str, str]:
    said = left.mapping("contactPoint")
    fields, exact = contact(said)
    if exact and set(said) <= {"@type", "fn", "hasEmail"} and said.get("@type") == "vcard:Contact":
        left.drop("contactPoint")
    return fields


def licence(left: Remainder) -> str:
    """Take the address of a licence; words stay too, for they are no address."""
    found = left.value("license")
    return left.text("license") if isinstance(found, str) and "://" in found else printable(str(found or ""))


def _classification(left: Remainder) -> str:
    found = left.value("accessLevel")
    if isinstance(found, str) and found in {"public", *CLASSIFICATIONS}:
        left.drop("accessLevel")
    return CLASSIFICATIONS.get(str(found), "")
