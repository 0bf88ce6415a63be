"""Columns that a CKAN portal tells only when its datastore is asked, one resource at a time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cupola.sources.catalogues import portals
from cupola.sources.catalogues.entries import Entry, Inventory
from cupola.sources.catalogues.remainder import printable
from cupola.sources.pages import Pages
from cupola.sources.patience import Patience
from cupola.sources.spec import Limits, SourceUnreachable

_REFUSALS = (400, 401, 403, 404, 405, 409, 410)


def with_columns(inventory: Inventory, *, wanted: Callable[[str], bool], limits: Limits) -> Inventory:
    """Return the inventory with the columns of the entries whose name is `wanted`; others keep what they have.

    One question per entry, for its first resource that has a datastore. What a portal refuses to tell stays unknown;
    a portal that stops answering ends the questions and not the look.
    """
    if inventory.kind != portals.CKAN:
        return inventory
    found = []
    with Pages(Patience(inventory.address, limits)) as pages:
        asking = True
        for entry in inventory.entries:
            resource = _with_datastore(entry) if asking and wanted(entry.name) else ""
            if resource:
                try:
                    entry = replace(entry, columns=_fields(pages, inventory.address, resource))
                except SourceUnreachable:
                    asking = False
            found.append(entry)
    return replace(inventory, entries=tuple(found))


def _with_datastore(entry: Entry) -> str:
    resources = entry.document.get("resources") if isinstance(entry.document, Mapping) else None
    active = (one for one in (resources if isinstance(resources, list) else []) if isinstance(one, Mapping))
    return next((str(one["id"]) for one in active if one.get("datastore_active") is True and one.get("id")), "")


def _fields(pages: Pages, root: str, resource: str) -> tuple[tuple[str, str], ...]:
    params = {"resource_id": resource, "limit": "0"}
    page = pages.get(f"{root}/api/3/action/datastore_search", params, accept=_REFUSALS)
    result: Any = page.body.get("result") if page.status < 400 and isinstance(page.body, Mapping) else None
    fields = result.get("fields") if isinstance(result, Mapping) else None
    return tuple(
        (printable(str(one.get("id"))), printable(str(one.get("type") or "")))
        for one in (fields if isinstance(fields, list) else [])
        if isinstance(one, Mapping) and one.get("id") != "_id"
    )
