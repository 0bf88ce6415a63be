"""`/data.json`: the catalogue as DCAT-US 1.1, in the profile for others than federal agencies."""

from collections.abc import Iterable, Mapping
from typing import Any

from cupola.lake import City
from cupola.serving import dcat
from cupola.serving.dcat import filled
from cupola.serving.entries import Entry
from cupola.serving.offers import Offer, offers
from cupola.serving.places import Places

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
KIND = "dcat-us-1.1"
_ALWAYS = ("issued", "modified", "theme")  # older clients fail where no dataset has them; null is allowed


def data_json(entries: Iterable[Entry], city: City, places: Places) -> dict[str, Any]:
    """Return the whole catalogue."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@id": f"{places.base}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [dataset(entry, city, places) for entry in entries],
    }


def dataset(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    """Return one dataset. One that was harvested from such a catalogue says what it said there, word for word."""
    facts = {**_about(entry, city, places), **_more(entry, city, places)}
    said = entry.catalogue.get("said") if entry.catalogue.get("harvested_as") == KIND else {}
    return {**dict.fromkeys(_ALWAYS), **filled(facts), **(said or {})}


def _about(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    name, email = dcat.contact(entry, city)
    license_, rights = dcat.terms(entry, city)
    return {
        "@type": "dcat:Dataset",
        "identifier": dcat.identifier(entry, places.view(entry.public_id)),
        "title": entry.title,
        "description": entry.description,
        "keyword": entry.keywords,
        "issued": entry.issued,
        "modified": entry.modified,
        "publisher": _organization(dcat.publishers(entry, city)),
        "contactPoint": filled({"@type": "vcard:Contact", "fn": name, "hasEmail": email and f"mailto:{email}"}),
        "accessLevel": entry.access_level,
        "license": license_,
        "rights": rights,
    }


def _more(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    said = entry.catalogue
    here = entry.release is not None
    return {
        "landingPage": dcat.landing_page(entry, places.page(entry.key)),
        "theme": entry.topics,
        "accrualPeriodicity": dcat.iso_periodicity(entry),
        "language": dcat.languages(entry, city),
        "spatial": dcat.spatial(entry, city),
        "temporal": entry.temporal,
        "conformsTo": next(iter(said.get("conforms_to") or ()), ""),
        "describedBy": places.columns(entry.public_id) if here else said.get("described_by"),
        "describedByType": "application/json" if here else said.get("described_by_type"),
        "references": list(said.get("references") or ()),
        "isPartOf": said.get("part_of"),
        "distribution": distributions(entry, places),
    }


def _organization(names: list[str]) -> dict[str, Any]:
    first, *rest = names
    above = {"subOrganizationOf": _organization(rest)} if rest else {}
    return {"@type": "org:Organization", "name": first, **above}


def distributions(entry: Entry, places: Places) -> list[dict[str, Any]]:
    """Return where it can be had: here, or where it is hosted."""
    if entry.release is not None:
        return [filled(_here(offer, entry, places)) for offer in offers(entry, places)]
    return [_elsewhere(one) for one in entry.catalogue.get("distributions") or ()]


def _here(offer: Offer, entry: Entry, places: Places) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "title": f"{entry.title} ({offer.format})",
        "format": offer.format,
        "mediaType": offer.media_type,
        "downloadURL": offer.download,
        "accessURL": offer.access,
        "describedBy": places.columns(entry.public_id),
        "describedByType": "application/json",
    }


def _elsewhere(one: Mapping[str, Any]) -> dict[str, Any]:
    facts = {
        "@type": "dcat:Distribution",
        "title": one.get("title"),
        "description": one.get("description"),
        "format": one.get("format"),
        "mediaType": one.get("media_type") or (one.get("url") and "application/octet-stream"),
        "downloadURL": one.get("url"),
        "accessURL": one.get("page"),
        "conformsTo": one.get("conforms_to"),
        "describedBy": one.get("described_by"),
        "describedByType": one.get("described_by_type"),
    }
    return {**filled(facts), **(one.get("said") or {})}
