"""A dataset as search engines read it: schema.org Dataset in JSON-LD, for its page."""

import json
from typing import Any

from cupola.lake import City, NotReleased
from cupola.serving import dcat
from cupola.serving.datajson import distributions
from cupola.serving.dcat import filled
from cupola.serving.entries import Entry
from cupola.serving.places import Places
from cupola.serving.service import Service
from cupola.serving.visits import shelf_of

_MOST_COLUMNS = 200
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def schemaorg(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    """Return the dataset as a schema.org document."""
    license_, rights = dcat.terms(entry, city)
    name, email = dcat.contact(entry, city)
    return filled({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": places.page(entry.key),
        "url": places.page(entry.key),
        "sameAs": entry.text("landing_page"),
        "identifier": dcat.identifier(entry, places.view(entry.public_id)),
        "name": entry.title,
        "description": entry.description,
        "keywords": [*entry.keywords, *entry.topics],
        "inLanguage": dcat.languages(entry, city),
        "isAccessibleForFree": True,
        "license": license_,
        "conditionsOfAccess": rights,
        "creator": _organizations(dcat.publishers(entry, city)),
        "publisher": _organizations([city.name]) if city.name else None,
        "maintainer": filled({"@type": "Organization", "name": name, "email": email}),
        "datePublished": entry.issued,
        "dateModified": entry.modified,
        "version": str(entry.release.version) if entry.release else entry.catalogue.get("version"),
        "spatialCoverage": dcat.spatial(entry, city),
        "temporalCoverage": entry.temporal,
        "variableMeasured": [_variable(column) for column in entry.columns[:_MOST_COLUMNS]],
        "distribution": [_download(one) for one in distributions(entry, places)],
        "includedInDataCatalog": {"@type": "DataCatalog", "name": f"Open data of {city.name}".strip(),
                                  "url": f"{places.base}/data/"},
    })  # fmt: skip


def _organizations(names: list[str]) -> dict[str, Any]:
    first, *rest = names
    return {"@type": "Organization", "name": first, **({"parentOrganization": _organizations(rest)} if rest else {})}


def _variable(column: Any) -> dict[str, Any]:
    facts = {"@type": "PropertyValue", "name": column.name, "alternateName": column.title}
    return filled({**facts, "description": column.meaning, "unitText": column.unit})


def _download(one: dict[str, Any]) -> dict[str, Any]:
    return filled(
        {
            "@type": "DataDownload",
            "name": one.get("title"),
            "encodingFormat": one.get("mediaType") or one.get("format"),
            "contentUrl": one.get("downloadURL") or one.get("accessURL"),
        }
    )


def schemaorg_text(service: Service, key: str, *, base: str) -> str:
    """Return the document of a public dataset as text that is safe inside a page; empty where it is not public.

    Put it on a page as `<script type="application/ld+json">{{ text|safe }}</script>`: a browser does not run a block
    of that type, so the strict content security policy lets it stand, and `<`, `>` and `&` are written as escapes, so
    that nothing in a title can end the block. `base`: scheme and host of the page, as in https://data.example.gov.
    """
    shelf = shelf_of(service)
    try:
        entry = shelf.entry(key)
    except NotReleased:
        return ""
    return json.dumps(schemaorg(entry, shelf.city(), Places(base)), ensure_ascii=False).translate(_ESCAPES)
