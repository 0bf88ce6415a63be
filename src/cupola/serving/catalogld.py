"""`/catalog.jsonld`: the catalogue as DCAT-US 3.0, with versions, measurements and where the rows come from."""

from collections.abc import Iterable, Mapping
from typing import Any

from cupola.lake import City, Release
from cupola.serving import dcat
from cupola.serving.dcat import filled
from cupola.serving.entries import Entry, instant
from cupola.serving.jsonldcontext import context
from cupola.serving.offers import Offer, offers
from cupola.serving.places import Places

KIND = "dcat-us-3"
STANDARD = "https://resources.data.gov/dcat-us/3.0.0/"
_VERSIONS = 25  # of one dataset; the page lists all
_METRICS = "https://www.w3.org/TR/vocab-dqv/#"
_DATATYPES = {
    "integer": "integer",
    "decimal": "decimal",
    "money": "decimal",
    "percent": "decimal",
    "float": "double",
    "duration": "double",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "dateTime",
    "instant": "dateTimeStamp",
    "url": "anyURI",
}


def catalog_jsonld(entries: Iterable[Entry], city: City, places: Places) -> dict[str, Any]:
    """Return the whole catalogue, with its context in it.

    The standard wants an e-mail address for every dataset. One that has none is left out, for it would make the whole
    invalid; the description says how many are.
    """
    name = city.name or "The city"
    held = [dataset(entry, city, places) for entry in entries]
    told = [one for one in held if _has_address(one)]
    lacking = len(held) - len(told)
    without = f" Left out, for want of an e-mail address to write to: {lacking}; all are in /data.json."
    catalog = {
        "@context": context(),
        "@id": f"{places.base}/catalog.jsonld",
        "@type": "Catalog",
        "title": f"Open data of {name}",
        "description": f"Every dataset {name} makes known.{without if lacking else ''}",
        "publisher": {"@type": "Organization", "name": name},
        "homepage": {"@type": "Document", "title": f"{name}: open data", "accessURL": f"{places.base}/data/"},
        "language": [language[:2] for language in city.languages],
        "conformsTo": {"@type": "Standard", "@id": STANDARD, "title": "DCAT-US 3.0"},
        "themeTaxonomy": [_scheme(city, places)],
        "service": _services(city, places),
    }
    # a catalogue without datasets is still one: the list is there
    return {**filled(catalog), "dataset": told}


def _has_address(told: Mapping[str, Any]) -> bool:
    said = told.get("contactPoint")
    return any(isinstance(one, Mapping) and one.get("hasEmail") for one in (said if isinstance(said, list) else [said]))


def dataset(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    """Return one dataset. One that was harvested from such a catalogue says what it said there, word for word."""
    facts = {**_about(entry, city, places), **_more(entry, city, places)}
    if entry.release is not None:
        facts |= _versions(entry, entry.release, city=city, places=places)
    said = entry.catalogue.get("said") if entry.catalogue.get("harvested_as") == KIND else {}
    return {**filled(facts), **(said or {})}


def _about(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    license_, rights = dcat.terms(entry, city)
    identifier = dcat.identifier(entry, places.view(entry.public_id))
    told = entry.catalogue.get("harvested_as") == KIND  # then it said itself what it is called, or did not
    return {
        **_core(entry, city),
        "@id": identifier if "://" in identifier and not told else "",
        "identifier": identifier,
        "keyword": entry.keywords,
        "issued": entry.issued,
        "modified": entry.modified,
        "accessRights": entry.access_level,
        "license": license_,
        "rights": [rights] if rights else [],
        "language": [language[:2] for language in dcat.languages(entry, city)],
        "accrualPeriodicity": dcat.periodicity(entry),
        "theme": [_concept(topic, city, places, plain=entry.harvested) for topic in entry.topics],
    }


def _core(entry: Entry, city: City) -> dict[str, Any]:
    """Return what every dataset must have beside its identifier."""
    name, known = dcat.contact(entry, city)
    email = known or city.contact  # this standard wants an address: then that of whoever lists the dataset
    return {
        "@type": "Dataset",
        "title": entry.title,
        "description": entry.description,
        "publisher": _organization(dcat.publishers(entry, city)),
        "contactPoint": [filled({"@type": "Kind", "fn": name, "hasEmail": email and f"mailto:{email}"})],
    }


def _more(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    said = entry.catalogue
    page, place = dcat.landing_page(entry, places.page(entry.key)), dcat.spatial(entry, city)
    notes = [str(note) for note in entry.metadata.get("notes") or ()]
    return {
        "landingPage": {"@type": "Document", "title": entry.title, "accessURL": page} if page else None,
        "spatial": [{"@type": "Location", "prefLabel": place}] if place else [],
        "temporal": _period(entry.temporal),
        "conformsTo": [{"@type": "Standard", "@id": one, "title": one} for one in said.get("conforms_to") or ()],
        "describedBy": _dictionary(entry, places),
        "relation": list(said.get("references") or ()),
        "version": said.get("version"),
        "liabilityStatement": " ".join(["Known issues:", *notes]) if notes else "",
        "distribution": _distributions(entry, places),
        "csvw:tableSchema": _table_schema(entry),
    }


def _organization(names: list[str]) -> dict[str, Any]:
    first, *rest = names
    above = {"subOrganizationOf": [_organization(rest)]} if rest else {}
    return {"@type": "Organization", "name": first, **above}


def _scheme(city: City, places: Places) -> dict[str, Any]:
    return {"@id": f"{places.base}/data/#topics", "@type": "ConceptScheme", "title": f"Topics of {city.name}".strip()}


def _concept(topic: str, city: City, places: Places, *, plain: bool) -> dict[str, Any]:
    scheme = {} if plain else {"inScheme": _scheme(city, places)}
    return {"@type": "Concept", "prefLabel": topic, **scheme}


def _period(temporal: str) -> list[dict[str, Any]]:
    start, _, end = temporal.partition("/")
    if not temporal or start.startswith(("R", "P")) or end.startswith("P"):
        return []  # a repetition or a length: this standard knows only a start and an end
    return [filled({"@type": "PeriodOfTime", "startDate": start, "endDate": end})]


def _dictionary(entry: Entry, places: Places) -> dict[str, Any] | None:
    said = entry.catalogue
    if entry.release is not None:
        kind, address = "application/json", places.columns(entry.public_id)
    else:
        kind, address = said.get("described_by_type", ""), said.get("described_by", "")
    facts = filled({"@type": "Distribution", "title": "Data dictionary", "accessURL": address, "mediaType": kind})
    return facts if address else None


def _distributions(entry: Entry, places: Places) -> list[dict[str, Any]]:
    if entry.release is not None:
        return [filled(_here(offer, entry)) for offer in offers(entry, places)]
    return [_elsewhere(one) for one in entry.catalogue.get("distributions") or ()]


def _here(offer: Offer, entry: Entry) -> dict[str, Any]:
    checksum = {"@type": "Checksum", "algorithm": "SHA-256", "checksumValue": offer.sha256}
    return {
        "@type": "Distribution",
        "title": f"{entry.title} ({offer.format})",
        "format": offer.format,
        "mediaType": offer.media_type,
        "downloadURL": offer.download,
        "accessURL": offer.access,
        "byteSize": str(offer.bytes or ""),
        "checksum": checksum if offer.sha256 else None,
    }


def _elsewhere(one: Mapping[str, Any]) -> dict[str, Any]:
    dictionary = {
        "@type": "Distribution",
        "accessURL": one.get("described_by"),
        "mediaType": one.get("described_by_type"),
    }
    standard = one.get("conforms_to")
    facts = {
        "@type": "Distribution",
        "title": one.get("title"),
        "description": one.get("description"),
        "format": one.get("format"),
        "mediaType": one.get("media_type"),
        "downloadURL": one.get("url"),
        "accessURL": one.get("page"),
        "conformsTo": [{"@type": "Standard", "@id": standard, "title": standard}] if standard else [],
        "describedBy": filled(dictionary) if one.get("described_by") else None,
    }
    return {**filled(facts), **(one.get("said") or {})}


def _table_schema(entry: Entry) -> dict[str, Any] | None:
    if not entry.columns:
        return None
    columns = [
        filled(
            {
                "@type": "csvw:Column",
                "csvw:name": column.name,
                "csvw:title": column.title,
                "csvw:datatype": _DATATYPES.get(column.type, "string"),
                "dcterms:type": str(column.type),
                "dcterms:description": column.meaning,
                "qb:unitMeasure": column.unit,
                "skos:member": [
                    {"@type": "skos:Concept", "skos:notation": value, "skos:prefLabel": meaning}
                    for value, meaning in column.allowed.items()
                ],
            }
        )
        for column in entry.columns
    ]
    return {"@type": "csvw:Schema", "csvw:column": {"@list": columns}}


def _versions(entry: Entry, release: Release, *, city: City, places: Places) -> dict[str, Any]:
    """Return what the registry knows of its versions: which there are, how many rows, how they came to be."""
    older = [_version(entry, one, city=city, places=places) for one in entry.earlier[:_VERSIONS]]
    source = entry.text("landing_page")
    days = dcat.periodicity(entry).removeprefix("R/")
    measured = [_measurement("completeness", "xsd:integer", value=str(release.rows), unit="rows")]
    if days:
        measured.append(_measurement("timeliness", "xsd:duration", value=days, unit="promised"))
    return {
        "version": str(release.version),
        "versionNotes": f"{release.rows:,} rows, published {instant(release.released_at)}.",
        "hasVersion": older,
        "previousVersion": older[0] if older else None,
        "hasQualityMeasurement": measured,
        "wasGeneratedBy": [{"@type": "Activity", "label": f"Loaded {instant(release.committed_at)}"}],
        "provenance": [f"Read from {source}"] if source else [],
    }


def _version(entry: Entry, release: Release, *, city: City, places: Places) -> dict[str, Any]:
    return {
        **_core(entry, city),
        "identifier": f"{places.view(entry.public_id)}?version={release.version}",
        "version": str(release.version),
        "versionNotes": f"{release.rows:,} rows.",
        "issued": instant(release.released_at),
    }


def _measurement(dimension: str, datatype: str, *, value: str, unit: str) -> dict[str, Any]:
    metric = {"@type": "Metric", "expectedDataType": datatype, "inDimension": f"{_METRICS}{dimension}"}
    return {"@type": "QualityMeasurement", "isMeasurementOf": metric, "value": value, "unitMeasure": unit}


def _services(city: City, places: Places) -> list[dict[str, Any]]:
    """Return the APIs; the standard wants an address to write to, so without one they are left out."""
    if not city.contact:
        return []
    asked = [{"@type": "Kind", "fn": city.name, "hasEmail": f"mailto:{city.contact}"}]
    publisher = {"@type": "Agent", "name": city.name}
    known = (("Query API (SODA 2.1, SoQL)", "/resource/"), ("CKAN action API", "/api/3/action/"))
    return [
        {
            "@type": "DataService",
            "title": title,
            "endpointURL": [f"{places.base}{path}"],
            "endpointDescription": [f"{places.base}/openapi.json"],
            "contactPoint": asked,
            "publisher": publisher,
        }
        for title, path in known
    ]
