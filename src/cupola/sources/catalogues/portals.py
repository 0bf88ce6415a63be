"""Datasets as CKAN and Socrata portals list them, as fields of a city folder."""

import re
from collections.abc import Mapping
from typing import Any

from cupola.contracts import ColumnType
from cupola.sources.catalogues.datajson import CLASSIFICATIONS
from cupola.sources.catalogues.remainder import EMAIL, Remainder, filled, is_address, plain, printable, public_id

CKAN, SOCRATA = "ckan", "socrata"
_COLUMN = re.compile(r"(?!vintage(_precision)?$)[a-z][a-z0-9_]{0,62}", re.ASCII)
_TYPES = {
    "number": ColumnType.FLOAT,
    "checkbox": ColumnType.BOOLEAN,
    "calendar date": ColumnType.TIMESTAMP,
    "fixed timestamp": ColumnType.INSTANT,
    "point": ColumnType.POINT,
    "url": ColumnType.URL,
    **dict.fromkeys(("multipoint", "line", "multiline", "polygon", "multipolygon"), ColumnType.GEOMETRY),
}


def ckan_dataset(document: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """Return a package's fields without its key; `source`: the portal's address."""
    left = Remainder(plain(document))
    extras = {str(one.get("key")): str(one.get("value") or "") for one in left.mappings("extras")}
    office = printable(str(left.mapping("organization").get("title") or ""))
    topics = [printable(str(one.get("title") or one.get("name"))) for one in left.mappings("groups")]
    name, identifier = str(left.value("name") or ""), extras.get("identifier") or str(left.value("id") or "")
    page = left.address("url") or (f"{source}/dataset/{name}" if is_address(source) else "")
    email = str(left.value("maintainer_email") or left.value("author_email") or "")
    licence = left.address("license_url") or printable(str(left.value("license_title") or ""))
    fields = {
        "id": public_id(identifier, left.value("id"), page),
        "title": left.text("title") or name or "Untitled",
        "description": left.text("notes"),
        "department": office,
        "topic": topics[0] if topics else "",
        "keywords": [word for tag in left.mappings("tags") if (word := printable(str(tag.get("name") or "")))],
        "steward": left.text("maintainer") or left.text("author"),
        "contact": email if EMAIL.fullmatch(email) else "",
        "license": licence,
        "landing_page": page,
        "classification": CLASSIFICATIONS.get(extras.get("accessLevel", ""), ""),
    }
    said = {
        "harvested_from": source,
        "harvested_as": CKAN,
        "identifier": identifier,
        "publisher": [part for part in (extras.get("publisher") or office).split(" > ") if part],
        "issued": extras.get("issued") or _text(left.value("metadata_created")),
        "modified": extras.get("modified") or _text(left.value("metadata_modified")),
        "periodicity": extras.get("accrualPeriodicity", ""),
        "spatial": extras.get("spatial", ""),
        "temporal": extras.get("temporal", ""),
        "version": str(left.value("version") or ""),
        "more_topics": topics[1:],
        "distributions": [_resource(one) for one in left.mappings("resources")],
    }
    left.drop("resources")
    return filled({**fields, "catalogue": filled({**said, "said": left.left})})


def _resource(document: Mapping[str, Any]) -> dict[str, Any]:
    left = Remainder(document)
    fields = {
        "title": left.text("name"),
        "description": left.text("description"),
        "format": left.text("format"),
        "media_type": left.text("mimetype"),
        "url": left.address("url"),
    }
    return filled({**fields, "said": left.left})


def socrata_dataset(document: Mapping[str, Any], *, source: str) -> dict[str, Any]:
    """Return a catalogue result's fields without its key; `source`: the portal's address."""
    result = plain(document)
    left, sorted_as = (Remainder(_mapping(result.get(name))) for name in ("resource", "classification"))
    dataset_id = public_id(str(left.value("id") or ""))
    office, email = left.text("attribution"), str(left.value("contact_email") or "")
    licence = printable(str(_mapping(result.get("metadata")).get("license") or ""))
    address = str(result.get("permalink") or "")
    fields = {
        "id": dataset_id,
        "title": left.text("name") or dataset_id or "Untitled",
        "description": left.text("description"),
        "department": office,
        "topic": sorted_as.text("domain_category"),
        "keywords": sorted_as.texts("domain_tags") or sorted_as.texts("tags"),
        "contact": email if EMAIL.fullmatch(email) else "",
        "license": licence,
        "landing_page": address if is_address(address) else "",
        "columns": _columns(left),
    }
    view = f"{source}/api/views/{dataset_id}"
    # of a catalogue kept as a file nobody knows where its portal is
    rows = left.value("type") == "dataset" and dataset_id and is_address(source)
    kinds = (("csv", "CSV", "text/csv"), ("json", "JSON", "application/json"))
    said = {
        "harvested_from": source,
        "harvested_as": SOCRATA,
        "identifier": view if dataset_id else address,
        "publisher": [office] if office else [],
        "issued": _text(left.value("createdAt")),
        "modified": _text(left.value("data_updated_at")) or _text(left.value("updatedAt")),
        "described_by": f"{view}/columns.json" if rows else "",
        "described_by_type": "application/json" if rows else "",
        "distributions": [
            {"format": name, "media_type": kind, "url": f"{view}/rows.{ending}?accessType=DOWNLOAD"}
            for ending, name, kind in kinds
            if rows
        ],
    }
    rest = {**result, "resource": left.left, "classification": sorted_as.left}
    return filled({**fields, "catalogue": filled({**said, "said": rest})})


def _text(value: Any) -> str:
    return printable(value) if isinstance(value, str) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _columns(left: Remainder) -> list[dict[str, Any]]:
    """Return the columns where each has a name a folder knows; the portal's lists stay as well."""
    names = left.value("columns_field_name")
    if not isinstance(names, list) or not all(isinstance(one, str) and _COLUMN.fullmatch(one) for one in names):
        return []
    titles, kinds, meanings = (_beside(left, f"columns_{what}", names) for what in ("name", "datatype", "description"))
    return [
        filled(
            {"name": name, "type": str(_TYPES.get(kind.casefold(), ColumnType.TEXT)), "title": title, "meaning": text}
        )
        for name, title, kind, text in zip(dict.fromkeys(names), titles, kinds, meanings, strict=False)
    ]


def _beside(left: Remainder, name: str, names: list[str]) -> list[str]:
    found = left.value(name)
    given = [printable(str(one)) for one in found] if isinstance(found, list) else []
    return given if len(given) == len(names) else [""] * len(names)
