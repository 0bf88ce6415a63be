"""What Socrata calls a view: a dataset as a document, with its columns and a summary of each."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cupola.lake import ColumnProfile, Profile, Release
from cupola.serving.deprecation import going_words
from cupola.serving.encoding import instant, local_time, plain_number
from cupola.serving.schemas import Public
from cupola.soql import Schema, SoqlType

_MOST_ITEM, _MOST_TOP = 300, 20  # characters of a value in a summary, and so many values
_SYSTEM = (
    ("sid", ":sid", "meta_data"),
    ("id", ":id", "meta_data"),
    ("position", ":position", "meta_data"),
    ("created_at", ":created_at", "meta_data"),
    ("created_meta", ":created_meta", "meta_data"),
    ("updated_at", ":updated_at", "meta_data"),
    ("updated_meta", ":updated_meta", "meta_data"),
    ("meta", ":meta", "meta_data"),
)


class View:
    """One release as a view."""

    def __init__(self, public: Public, schema: Schema, profile: Profile | None) -> None:
        self._public, self._schema = public, schema
        self._release: Release = public.release
        self._said = {str(one["name"]): one for one in self._release.metadata.get("columns") or () if one.get("name")}
        self._profiles = {one.name: one for one in profile.columns} if profile is not None else {}

    def document(self) -> dict[str, Any]:
        """Return everything a client may want to know before it asks for rows."""
        said, release = self._release.metadata, self._release
        committed, released = int(release.committed_at.timestamp()), int(release.released_at.timestamp())
        document = {
            "id": release.public_id,
            "name": said.get("title") or release.dataset,
            "assetType": "dataset",
            "attribution": said.get("department"),
            "attributionLink": said.get("landing_page"),
            "category": said.get("topic"),
            "createdAt": released,
            "description": said.get("description"),
            "displayType": "table",
            "hideFromCatalog": False,
            "hideFromDataJson": False,
            "newBackend": True,
            "oid": release.version,
            "provenance": "official",
            "publicationDate": released,
            "publicationStage": "published",
            "resourceName": release.dataset,
            "rowIdentifierColumnId": self._identifier(),
            "rowsUpdatedAt": committed,
            "viewLastModified": max(committed, released),
            "viewType": "tabular",
            "license": {"name": said["license"]} if said.get("license") else None,
            "columns": self.columns(),
            "metadata": {
                "rowLabel": said.get("row"),
                "rowCount": release.rows,
                "version": release.version,
                "attachments": [],
                "availableDisplayTypes": ["table"],
            },
            "tags": list(said.get("keywords") or ()),
            "rights": ["read"],
            "flags": ["default", "ownerMayBeContacted"],
        }
        return _filled(document)

    def columns(self) -> list[dict[str, Any]]:
        """Return the columns with what each means and holds."""
        return [self._column(number, name) for number, name in enumerate(self.names(), start=1)]

    def names(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [column.name for column in self._schema.columns]

    def titles(self) -> dict[str, str]:
        """Return what each column is called by people, each title once."""
        titles: dict[str, str] = {}
        for name in self.names():
            title = str(self._said.get(name, {}).get("title") or name)
            titles[name] = title if title not in titles.values() else f"{title} ({name})"
        return titles

    def system_columns(self) -> list[dict[str, Any]]:
        """Return the columns that come before a row's own in `rows.json`."""
        return [
            {"id": -1, "name": name, "dataTypeName": kind, "fieldName": field, "position": 0, "renderTypeName": kind}
            for name, field, kind in _SYSTEM
        ]

    def _column(self, number: int, name: str) -> dict[str, Any]:
        column = self._schema.by_name[name.lower()]
        said, going = self._said.get(column.place, {}), self._public.standing.going.get(name)
        kind = column.type.view_name
        return _filled({
            "id": number,
            "name": self.titles()[name],
            "dataTypeName": kind,
            "description": going_words(going) if going and column.place != name else said.get("meaning"),
            "flags": ["deprecated"] if going else None,
            "deprecation": going.as_json() if going else None,
            "fieldName": name,
            "position": number,
            "renderTypeName": kind,
            "tableColumnId": number,
            "unit": said.get("unit"),
            "cachedContents": self._summary(column.place, column.type),
            "format": {},
        })  # fmt: skip

    def _identifier(self) -> int | None:
        key, names = self._release.contract.key, self.names()
        return names.index(key[0]) + 1 if len(key) == 1 and key[0] in names else None

    def _summary(self, name: str, kind: SoqlType) -> dict[str, Any] | None:
        profile = self._profiles.get(name)
        if profile is None or profile.hidden:
            return None
        filled = self._rows_measured() - profile.nulls
        summary: dict[str, Any] = {
            "non_null": str(filled),
            "null": str(profile.nulls),
            "count": str(filled + profile.nulls),
            "cardinality": str(profile.distinct),
        }
        if kind in {SoqlType.NUMBER, SoqlType.TEXT, SoqlType.FLOATING_TIMESTAMP, SoqlType.FIXED_TIMESTAMP}:
            summary |= {"smallest": _shown(profile.minimum), "largest": _shown(profile.maximum)}
        if profile.mean is not None:
            summary["average"] = plain_number(profile.mean)
        summary["top"] = _top(profile)
        return _filled(summary)

    def _rows_measured(self) -> int:
        counts = [one.nulls + sum(part.count for part in one.histogram) for one in self._profiles.values()]
        return max([self._release.rows if not self._public.vintaged else 0, *counts])


def _top(profile: ColumnProfile) -> list[dict[str, str]]:
    found = [(_shown(one.value), one.count) for one in profile.top[:_MOST_TOP]]
    return [{"item": item, "count": str(count)} for item, count in found if item is not None]


def _shown(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value[:_MOST_ITEM] if value else value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime) and value.tzinfo is not None:
        return instant(value)
    return local_time(value) if isinstance(value, date) else plain_number(value)


def _filled(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value is not None}
