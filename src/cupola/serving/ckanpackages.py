"""Datasets as CKAN packages with resources, organizations, groups and tags."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from cupola.lake import City
from cupola.serving import dcat
from cupola.serving.entries import Entry
from cupola.serving.offers import Offer, offers
from cupola.serving.places import Places


def slug(text: str) -> str:
    """Return a name as CKAN writes names."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:100] or "none"


def stamp(at: datetime) -> str:
    """Return a moment as CKAN writes it: UTC, without saying so."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


def package(entry: Entry, city: City, places: Places) -> dict[str, Any]:
    """Return a dataset as `package_show` gives it."""
    name, email = dcat.contact(entry, city)
    license_, rights = dcat.terms(entry, city)
    tags, held = [tag(word) for word in entry.keywords], resources(entry, places)
    office = organization(dcat.publishers(entry, city)[0])
    return {
        "id": entry.public_id,
        "name": entry.key,
        "title": entry.title,
        "notes": entry.description,
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": bool(license_),
        "author": office["title"],
        "author_email": None,
        "maintainer": name,
        "maintainer_email": email or None,
        "license_id": slug(entry.text("license") or license_ or "notspecified"),
        "license_title": entry.text("license") or license_ or rights or None,
        "license_url": license_ or None,
        "url": dcat.landing_page(entry, places.page(entry.key)) or None,
        "version": str(entry.release.version) if entry.release else entry.catalogue.get("version"),
        "creator_user_id": None,
        "owner_org": office["id"],
        "organization": office,
        "groups": [group(topic) for topic in entry.topics],
        "tags": tags,
        "num_tags": len(tags),
        "resources": held,
        "num_resources": len(held),
        "extras": _extras(entry, city, places),
        "metadata_created": stamp(entry.since),
        "metadata_modified": stamp(entry.changed),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _extras(entry: Entry, city: City, places: Places) -> list[dict[str, str]]:
    said = {
        "identifier": dcat.identifier(entry, places.view(entry.public_id)),
        "issued": entry.issued,
        "modified": entry.modified,
        "accessLevel": entry.access_level,
        "accrualPeriodicity": dcat.periodicity(entry),
        "spatial": dcat.spatial(entry, city),
        "temporal": entry.temporal,
        "publisher": " > ".join(dcat.publishers(entry, city)),
        "row": entry.text("row"),
    }
    return [{"key": key, "value": value} for key, value in said.items() if value]


def organization(title: str) -> dict[str, Any]:
    """Return a publisher as an organization."""
    return _collection(title, kind="organization", is_organization=True)


def group(title: str) -> dict[str, Any]:
    """Return a topic as a group."""
    return _collection(title, kind="group", is_organization=False)


def _collection(title: str, *, kind: str, is_organization: bool) -> dict[str, Any]:
    name = slug(title)
    return {
        "id": name,
        "name": name,
        "title": title,
        "display_name": title,
        "description": "",
        "type": kind,
        "state": "active",
        "image_url": "",
        "image_display_url": "",
        "is_organization": is_organization,
        "approval_status": "approved",
    }


def tag(word: str) -> dict[str, Any]:
    """Return a keyword as a tag."""
    return {"id": word, "name": word, "display_name": word, "state": "active", "vocabulary_id": None}


def resources(entry: Entry, places: Places) -> list[dict[str, Any]]:
    """Return where its rows can be had, as resources."""
    if entry.release is not None:
        return [_loaded(position, offer, entry) for position, offer in enumerate(offers(entry, places))]
    found = entry.catalogue.get("distributions") or ()
    return [_hosted(position, one, entry) for position, one in enumerate(found)]


def _loaded(position: int, offer: Offer, entry: Entry) -> dict[str, Any]:
    facts = {
        "id": f"{entry.public_id}-{offer.part}",
        "name": f"{entry.title} ({offer.format})",
        "description": entry.text("row") and f"Each row is {entry.text('row')}.",
        "format": offer.format,
        "mimetype": offer.media_type,
        "url": offer.download or offer.access,
        "size": offer.bytes or None,
        "hash": offer.sha256,
        "datastore_active": True,
    }
    return {**_resource(position, entry), **facts}


def _hosted(position: int, one: dict[str, Any], entry: Entry) -> dict[str, Any]:
    facts = {
        "id": f"{entry.public_id}-{position + 1}",
        "name": one.get("title") or one.get("format") or entry.title,
        "description": one.get("description", ""),
        "format": one.get("format", ""),
        "mimetype": one.get("media_type"),
        "url": one.get("url") or one.get("page") or "",
        "datastore_active": False,
    }
    return {**_resource(position, entry), **facts}


def _resource(position: int, entry: Entry) -> dict[str, Any]:
    return {
        "package_id": entry.public_id,
        "position": position,
        "state": "active",
        "created": stamp(entry.since),
        "last_modified": stamp(entry.changed),
        "metadata_modified": stamp(entry.changed),
        "resource_type": None,
        "cache_url": None,
        "cache_last_updated": None,
        "mimetype_inner": None,
        "hash": "",
        "size": None,
        "url_type": None,
    }


def collections(entries: Iterable[Entry], city: City, *, kind: str) -> list[dict[str, Any]]:
    """Return every organization or group with how many datasets it has, by title."""
    counts: Counter[str] = Counter()
    for entry in entries:
        counts.update([dcat.publishers(entry, city)[0]] if kind == "organization" else entry.topics)
    made = organization if kind == "organization" else group
    return [{**made(title), "package_count": counts[title]} for title in sorted(counts)]
