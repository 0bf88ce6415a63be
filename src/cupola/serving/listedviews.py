"""The view of a dataset that is only listed here: what it is and where it is kept, and no rows.

Clients of SODA read it as they read a link to another site (`viewType: href`).
"""

from typing import Any

from cupola.serving.entries import Entry
from cupola.serving.schemas import soql_type


def listed_view(entry: Entry) -> dict[str, Any]:
    """Return what a client may know of a dataset of which no row is public here."""
    link = entry.text("landing_page")
    at = int(entry.changed.timestamp())
    document = {
        "id": entry.public_id,
        "name": entry.title,
        "assetType": "href",
        "attribution": entry.text("department"),
        "attributionLink": link,
        "category": next(iter(entry.topics), ""),
        "createdAt": int(entry.since.timestamp()),
        "description": entry.description,
        "displayType": "href",
        "hideFromCatalog": False,
        "hideFromDataJson": False,
        "provenance": "official",
        "publicationDate": int(entry.since.timestamp()),
        "publicationStage": "published",
        "resourceName": entry.key,
        "viewLastModified": at,
        "viewType": "href",
        "license": {"name": entry.text("license")} if entry.text("license") else "",
        "columns": listed_columns(entry),
        "metadata": {"accessPoints": {"url": link} if link else {}, "accessLevel": entry.access_level},
        "tags": entry.keywords,
        "rights": ["read"],
    }
    return {name: value for name, value in document.items() if value != ""}


def listed_columns(entry: Entry) -> list[dict[str, Any]]:
    """Return its columns with what each means; they are described, and cannot be asked for."""
    return [
        {
            "id": number,
            "name": column.heading,
            "dataTypeName": soql_type(column.type).view_name,
            "description": column.meaning,
            "fieldName": column.name,
            "position": number,
            "format": {},
        }
        for number, column in enumerate(entry.columns, start=1)
    ]
