"""Where each kind of catalogue says what: one table of paths, read without trusting any of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from cupola.sources.catalogues import catalogld, datajson, portals

ABSENT = object()
_DCAT: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "description": ("description",),
    "identifier": ("identifier",),
    "publisher": ("publisher.name",),
    "contact": ("contactPoint.fn",),
    "email": ("contactPoint.hasEmail",),
    "license": ("license",),
    "modified": ("modified",),
    "issued": ("issued",),
    "periodicity": ("accrualPeriodicity",),
    "keywords": ("keyword",),
    "access": ("accessLevel",),
    "page": ("landingPage",),
    "dictionary": ("describedBy",),
    "files": ("distribution",),
}
PATHS: dict[str, dict[str, tuple[str, ...]]] = {
    datajson.KIND: _DCAT,
    catalogld.KIND: {
        **_DCAT,
        "identifier": ("identifier", "@id"),
        "access": ("accessRights",),
        "page": ("landingPage.accessURL", "landingPage.@id", "landingPage"),
        "dictionary": ("describedBy.accessURL", "describedBy.downloadURL", "describedBy"),
    },
    portals.CKAN: {
        "title": ("title",),
        "description": ("notes",),
        "identifier": ("id", "name"),
        "publisher": ("organization.title", "organization.name"),
        "contact": ("maintainer", "author"),
        "email": ("maintainer_email", "author_email"),
        "license": ("license_url", "license_title", "license_id"),
        "modified": ("metadata_modified",),
        "issued": ("metadata_created",),
        "keywords": ("tags",),
        "page": ("url",),
        "files": ("resources",),
    },
    portals.SOCRATA: {
        "title": ("resource.name",),
        "description": ("resource.description",),
        "identifier": ("resource.id",),
        "publisher": ("resource.attribution",),
        "email": ("resource.contact_email",),
        "license": ("metadata.license",),
        "modified": ("resource.data_updated_at", "resource.updatedAt"),
        "issued": ("resource.createdAt",),
        "keywords": ("classification.domain_tags", "classification.tags"),
        "page": ("permalink", "link"),
    },
}
# of one file: what it is called in each kind
FILES = {
    "addresses": ("downloadURL", "accessURL", "url"),
    "format": ("format",),
    "media_type": ("mediaType", "mimetype"),
}


def said(document: Mapping[str, Any], kind: str, what: str) -> tuple[str, Any]:
    """Return where a document says something and what it says there: the first place that says anything.

    `ABSENT` where no place is there at all; null stays None.
    """
    paths = PATHS[kind].get(what, ())
    found = [(path, value_at(document, path)) for path in paths]
    filled = [(path, value) for path, value in found if value is not ABSENT and value not in (None, "", [], {})]
    there = [(path, value) for path, value in found if value is not ABSENT]
    return next(iter([*filled, *there, *found]), ("", ABSENT))


def value_at(document: Any, path: str) -> Any:
    """Return the value under a dotted path, of lists the first item; `ABSENT` where the way ends."""
    at = document
    for name in path.split("."):
        at = at[0] if isinstance(at, list) and at else at
        if not isinstance(at, Mapping) or name not in at:
            return ABSENT
        at = at[name]
    return at


def files(document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and value of each file a document lists, whatever stands there."""
    path, given = said(document, kind, "files")
    listed = given if isinstance(given, list) else [given] if isinstance(given, Mapping) else []
    for position, one in enumerate(listed):
        yield f"{path}[{position}]", one
