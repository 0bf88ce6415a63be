"""Datasets of a DCAT-US 3 catalogue (`catalog.jsonld`) as fields of a city folder."""

import re
from collections.abc import Mapping
from typing import Any

from cupola.contracts import ColumnType
from cupola.sources.catalogues.datajson import CLASSIFICATIONS, contact, licence, publishers
from cupola.sources.catalogues.remainder import Remainder, filled, is_address, plain, printable, public_id

KIND = "dcat-us-3"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_RESERVED = frozenset({"vintage", "vintage_precision"})
_COLUMN = {
    "@type", "csvw:name", "csvw:title", "csvw:datatype", "dcterms:type", "dcterms:description", "qb:unitMeasure",
    "skos:member",
}  # fmt: skip


def dataset(document: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """Return a dataset's fields without its key; `source`: the catalogue's address."""
    left = Remainder(plain(document))
    left.drop_if("@type", "Dataset")
    identifier = _identifier(left)
    names = publishers(left, kind="Organization", several=True)
    topics = _labels(left, "theme", kind="Concept")
    title = left.text("title") or identifier or "Untitled"
    page = _page(left, title)
    fields = {
        "id": public_id(identifier, left.value("@id"), page),
        "title": title,
        "description": left.text("description"),
        "department": names[0] if names else "",
        "topic": topics[0] if topics else "",
        "keywords": left.texts("keyword"),
        **_contact(left),
        "license": licence(left),
        "landing_page": page,
        "classification": _classification(left),
        "columns": _columns(left),
    }
    said: dict[str, Any] = {"harvested_from": source, "harvested_as": KIND, "identifier": identifier}
    said |= {"publisher": names, **_said(left, topics)}
    said["distributions"] = [_distribution(one) for one in left.mappings("distribution")]
    left.drop("distribution")
    return filled({**fields, "catalogue": filled({**said, "said": left.left})})


def _said(left: Remainder, topics: list[str]) -> dict[str, Any]:
    described_by, described_by_type = _dictionary(left, title="Data dictionary")
    rights = _single(left, "rights")
    return {
        "issued": left.text("issued"),
        "modified": left.text("modified"),
        "periodicity": left.text("accrualPeriodicity"),
        "spatial": next(iter(_labels(left, "spatial", kind="Location")), ""),
        "temporal": _period(left),
        "languages": left.texts("language"),
        "rights": rights,
        "conforms_to": _standards(left),
        "described_by": described_by,
        "described_by_type": described_by_type,
        "references": left.texts("relation"),
        "version": left.text("version"),
        "more_topics": topics[1:],
    }


def _identifier(left: Remainder) -> str:
    found = left.value("identifier")
    if isinstance(found, Mapping):
        return printable(str(found.get("@id") or found.get("notation") or ""))
    return left.text("identifier") or printable(str(left.value("@id") or ""))


def _single(left: Remainder, name: str) -> str:
    """Take a list of one text; of a longer one the first, which stays too."""
    found = left.value(name)
    if isinstance(found, list) and len(found) > 1:
        return printable(str(found[0]))
    return next(iter(left.texts(name)), "")


def _labels(left: Remainder, name: str, *, kind: str) -> list[str]:
    """Take labelled things that say no more than their label; words alone stay too, for we write things."""
    found = left.value(name)
    given = found if isinstance(found, list) else [found] if found else []
    labels = [one if isinstance(one, str) else str(_label(one)) for one in given]
    clean = [printable(label) for label in labels if printable(label)]
    if isinstance(found, list) and found == [{"@type": kind, "prefLabel": label} for label in clean]:
        left.drop(name)
    return clean


def _label(thing: Any) -> Any:
    if not isinstance(thing, Mapping):
        return ""
    return next((thing[key] for key in ("prefLabel", "altLabel", "geometry", "bbox", "@id") if thing.get(key)), "")


def _page(left: Remainder, title: str) -> str:
    found = left.mapping("landingPage")
    address = next((found[key] for key in ("accessURL", "@id", "downloadURL") if found.get(key)), "")
    if not isinstance(address, str) or not is_address(address):
        return ""
    if left.value("landingPage") == {"@type": "Document", "title": title, "accessURL": address}:
        left.drop("landingPage")
    return address


def _period(left: Remainder) -> str:
    found = left.mapping("temporal")
    start, end = str(found.get("startDate") or ""), str(found.get("endDate") or "")
    if not (start or end):
        return ""
    if left.value("temporal") == [filled({"@type": "PeriodOfTime", "startDate": start, "endDate": end})]:
        left.drop("temporal")
    return f"{start}/{end}" if end else start


def _standards(left: Remainder) -> list[str]:
    given = left.mappings("conformsTo")
    addresses = [str(one.get("@id") or one.get("title") or "") for one in given]
    clean = [printable(address) for address in addresses if printable(address)]
    if clean and left.value("conformsTo") == [{"@type": "Standard", "@id": one, "title": one} for one in clean]:
        left.drop("conformsTo")
    return clean


def _dictionary(left: Remainder, *, title: str = "") -> tuple[str, str]:
    found = left.mapping("describedBy")
    address, kind = found.get("accessURL") or found.get("downloadURL") or "", found.get("mediaType") or ""
    exact = filled({"@type": "Distribution", "title": title, "accessURL": address, "mediaType": kind})
    if address and left.value("describedBy") == exact:
        left.drop("describedBy")
    return printable(str(address)), printable(str(kind))


def _contact(left: Remainder) -> dict[str, str]:
    said = left.mapping("contactPoint")
    fields, exact = contact(said)
    plainly = left.value("contactPoint") == [said] and set(said) <= {"@type", "fn", "hasEmail"}
    if exact and plainly and said.get("@type") == "Kind":
        left.drop("contactPoint")
    return fields


def _classification(left: Remainder) -> str:
    found = left.value("accessRights")
    if isinstance(found, str) and found in {"public", *CLASSIFICATIONS}:
        left.drop("accessRights")
    return CLASSIFICATIONS.get(str(found), "")


def _distribution(document: Mapping[str, Any]) -> dict[str, Any]:
    left = Remainder(document)
    left.drop_if("@type", "Distribution")
    described_by, described_by_type = _dictionary(left)
    standards = _standards(left) if len(left.mappings("conformsTo")) == 1 else []
    fields = {
        "title": left.text("title"),
        "description": left.text("description"),
        "format": left.text("format"),
        "media_type": left.text("mediaType"),
        "url": left.address("downloadURL"),
        "page": left.address("accessURL"),
        "conforms_to": standards[0] if standards else "",
        "described_by": described_by,
        "described_by_type": described_by_type,
    }
    return filled({**fields, "said": left.left})


def _columns(left: Remainder) -> list[dict[str, Any]]:
    """Take the columns, where each has a name and a type that a folder knows; any other list stays as it was said."""
    schema = left.mapping("csvw:tableSchema")
    listed = schema.get("csvw:column")
    given = listed.get("@list") if isinstance(listed, Mapping) else None
    if not isinstance(given, list) or not all(isinstance(one, Mapping) and _is_known(one) for one in given):
        return []
    left.drop("csvw:tableSchema")
    return [_column(one) for one in given]


def _is_known(column: Mapping[str, Any]) -> bool:
    name, kind = str(column.get("csvw:name")), column.get("dcterms:type")
    named = bool(_NAME.fullmatch(name)) and name not in _RESERVED
    return named and kind in set(ColumnType) and set(column) <= _COLUMN


def _column(said: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(said["dcterms:type"])
    values = [one for one in said.get("skos:member") or () if isinstance(one, Mapping)]
    allowed = {str(one.get("skos:notation", "")): printable(str(one.get("skos:prefLabel", ""))) for one in values}
    return filled(
        {
            "name": said["csvw:name"],
            "type": kind if allowed or kind != "code" else "text",
            "title": printable(str(said.get("csvw:title") or "")),
            "meaning": printable(str(said.get("dcterms:description") or "")),
            "unit": printable(str(said.get("qb:unitMeasure") or "")),
            "allowed": allowed,
        }
    )
