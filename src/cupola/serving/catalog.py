"""`/api/catalog/v1`: the catalogue as clients of SODA search it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from cupola.contracts import ColumnType
from cupola.lake import City
from cupola.serving import dcat
from cupola.serving.entries import Entry, instant
from cupola.serving.errors import BadParameter
from cupola.serving.finding import find
from cupola.serving.places import Places

_USUAL, _MOST = 100, 10_000
# what we have none of, whatever is asked: one of these values, and nothing is found
_NONE_OF: dict[str, frozenset[str]] = {
    "public": frozenset({"false"}),
    "published": frozenset({"false"}),
    "explicitly_hidden": frozenset({"true"}),
    "derived": frozenset({"true"}),
    "visibility": frozenset({"internal"}),
    "provenance": frozenset({"community"}),
    "approval_status": frozenset({"pending", "rejected", "not_ready"}),
}
_NOBODY = ("for_user", "shared_to", "parent_ids", "derived_from")
_TYPES: dict[ColumnType, str] = {
    ColumnType.INTEGER: "Number",
    ColumnType.DECIMAL: "Number",
    ColumnType.MONEY: "Number",
    ColumnType.PERCENT: "Number",
    ColumnType.FLOAT: "Number",
    ColumnType.DURATION: "Number",
    ColumnType.BOOLEAN: "Checkbox",
    ColumnType.DATE: "Calendar date",
    ColumnType.TIMESTAMP: "Calendar date",
    ColumnType.INSTANT: "Fixed timestamp",
    ColumnType.POINT: "Point",
    ColumnType.GEOMETRY: "MultiPolygon",
    ColumnType.URL: "URL",
}
_ORDERS: dict[str, Callable[[Entry], Any]] = {
    "name": lambda entry: entry.title.casefold(),
    "dataset_id": lambda entry: entry.public_id,
    "createdat": lambda entry: entry.since,
    "updatedat": lambda entry: entry.changed,
}


@dataclass(frozen=True)
class Catalogue:
    """What a request for the catalogue sees: its entries, the city, and its own addresses."""

    entries: tuple[Entry, ...]
    city: City
    places: Places


def whole(asked: QueryParams, name: str, *, default: int, most: int) -> int:
    """Return a whole number from 0 on, `most` when it is larger. Raises BadParameter."""
    text = asked.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise BadParameter(name, value=text, wanted="a whole number, as 100")
    return min(int(text[:20]), most)


def search(catalogue: Catalogue, asked: QueryParams) -> dict[str, Any]:
    """Return one page of what was asked for. Raises BadParameter.

    Without the `timings` other portals send: with them no answer would equal the one before, and its ETag be useless.
    """
    found = [entry for entry, _ in _found(catalogue, asked)]
    found = _ordered(found, asked)
    offset = whole(asked, "offset", default=0, most=2**31)
    limit = whole(asked, "limit", default=_USUAL, most=_MOST)
    last = asked.get("scroll_id", "")
    if last:
        rest = sorted((one for one in found if one.public_id > last), key=lambda entry: entry.public_id)
        offset, page = 0, rest[:limit]
    else:
        page = found[offset : offset + limit]
    return {
        "results": [result(entry, catalogue) for entry in page],
        "resultSetSize": len(found),
        "warnings": [],
    }


def _found(catalogue: Catalogue, asked: QueryParams) -> list[tuple[Entry, float]]:
    if _asks_for_what_is_not_here(catalogue, asked):
        return []
    kept = [entry for entry in catalogue.entries if _matches(entry, asked, catalogue)]
    return find(kept, asked.get("q", ""))


def _asks_for_what_is_not_here(catalogue: Catalogue, asked: QueryParams) -> bool:
    domains = _several(asked, "domains")
    other_site = bool(domains) and catalogue.places.domain.casefold() not in domains
    none_of = any(asked.get(name, "").casefold() in values for name, values in _NONE_OF.items())
    people = any(one and one != "site" for name in _NOBODY for one in asked.getlist(name))
    return other_site or none_of or people


def _several(asked: QueryParams, name: str) -> set[str]:
    """Return the values of a parameter that may be repeated, or hold several between commas."""
    given = [*asked.getlist(name), *asked.getlist(f"{name}[]")]
    return {part.strip().casefold() for text in given for part in text.split(",") if part.strip()}


def _matches(entry: Entry, asked: QueryParams, catalogue: Catalogue) -> bool:
    license_, _ = dcat.terms(entry, catalogue.city)
    licences = {license_.casefold(), entry.text("license").casefold()}
    tests: dict[str, Iterable[str]] = {
        "ids": (entry.public_id,),
        "names": (entry.title.casefold(),),
        "categories": (topic.casefold() for topic in entry.topics),
        "tags": (word.casefold() for word in entry.keywords),
        "only": (_kind(entry), f"{_kind(entry)}s"),
        "attribution": (name.casefold() for name in dcat.publishers(entry, catalogue.city)),
        "license": licences,
    }
    if any(wanted and not wanted & set(held) for name, held in tests.items() if (wanted := _wanted(asked, name))):
        return False
    columns = {part for column in entry.columns for part in (column.name.casefold(), column.heading.casefold())}
    return _several(asked, "column_names") <= columns


def _wanted(asked: QueryParams, name: str) -> set[str]:
    whole = {text.strip().casefold() for text in (*asked.getlist(name), *asked.getlist(f"{name}[]")) if text.strip()}
    # names, categories and licences may hold commas themselves
    return whole | (_several(asked, name) if name in {"ids", "tags", "only"} else set())


def _ordered(found: list[Entry], asked: QueryParams) -> list[Entry]:
    name, _, direction = asked.get("order", "").strip().partition(" ")
    key = _ORDERS.get(name.casefold().replace("_", "") if name.casefold() != "dataset_id" else "dataset_id")
    if key is None:
        return found  # by relevance, or by something nobody counts here
    return sorted(found, key=key, reverse=direction.strip().casefold() == "desc")


def _kind(entry: Entry) -> str:
    return "href" if entry.metadata.get("catalogue") and entry.release is None else "dataset"


def result(entry: Entry, catalogue: Catalogue) -> dict[str, Any]:
    """Return one dataset as the catalogue shows it."""
    city, places = catalogue.city, catalogue.places
    publisher = dcat.publishers(entry, city)[0]
    license_, rights = dcat.terms(entry, city)
    owner = {"id": "", "user_type": "interactive", "display_name": publisher}
    return {
        "resource": _resource(entry, publisher, catalogue),
        "classification": {
            "categories": [],
            "tags": [],
            "domain_category": next(iter(entry.topics), ""),
            "domain_tags": entry.keywords,
            "domain_metadata": [],
        },
        "metadata": {"domain": catalogue.places.domain, "license": license_ or rights or entry.text("license")},
        "permalink": f"{places.base}/d/{entry.public_id}",
        "link": dcat.landing_page(entry, places.page(entry.key)) or places.page(entry.key),
        "owner": owner,
        "creator": owner,
    }


def _resource(entry: Entry, publisher: str, catalogue: Catalogue) -> dict[str, Any]:
    _, email = dcat.contact(entry, catalogue.city)
    columns = entry.columns
    changed = instant(entry.changed)
    return {
        "name": entry.title,
        "id": entry.public_id,
        "parent_fxf": [],
        "description": entry.description,
        "attribution": publisher,
        "attribution_link": entry.text("landing_page") or None,
        "contact_email": email or None,
        "type": _kind(entry),
        "createdAt": instant(entry.since),
        "updatedAt": changed,
        "metadata_updated_at": changed,
        "data_updated_at": changed if entry.release else None,
        "publication_date": instant(entry.since),
        "columns_name": [column.heading for column in columns],
        "columns_field_name": [column.name for column in columns],
        "columns_datatype": [_TYPES.get(column.type, "Text") for column in columns],
        "columns_description": [column.meaning for column in columns],
        "columns_format": [{} for _ in columns],
        "provenance": "official",
        "lens_view_type": "tabular" if entry.release else "href",
        "lens_display_type": "table" if entry.release else "href",
        "blob_mime_type": None,
        "hide_from_data_json": False,
        "download_count": None,
    }


def counted(catalogue: Catalogue, asked: QueryParams, *, what: str) -> dict[str, Any]:
    """Return the domains, tags or categories of what was asked for, with how many datasets have each."""
    values: Mapping[str, Callable[[Entry], Iterable[str]]] = {
        "domain": lambda entry: (catalogue.places.domain,),
        "tag": lambda entry: entry.keywords,
        "category": lambda entry: entry.topics,
        "domain_category": lambda entry: entry.topics,
    }
    counts = Counter(value for entry, _ in _found(catalogue, asked) for value in dict.fromkeys(values[what](entry)))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {"results": [{what: value, "count": count} for value, count in ordered], "resultSetSize": len(ordered)}


def autocomplete(catalogue: Catalogue, asked: QueryParams) -> dict[str, Any]:
    """Return the titles that what was typed may become."""
    limit = whole(asked, "limit", default=10, most=100)
    found = [entry for entry, _ in _found(catalogue, asked)][:limit]
    results = [{"title": entry.title, "display_title": entry.title, "match_offsets": []} for entry in found]
    return {"results": results, "resultSetSize": len(results)}
