"""datapackage.json (Data Package, version 1): what a version's files are, for people and for checkers."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from cupola.contracts import VINTAGE, Column, ColumnType, Contract, Duplicates
from cupola.lake.downloads.listed import Download
from cupola.lake.downloads.taken import Taken
from cupola.lake.registry import Release

NAME = "datapackage.json"
MEDIA_TYPE = "application/json"
_TYPES = {
    ColumnType.INTEGER: "integer",
    ColumnType.BOOLEAN: "boolean",
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "datetime",
    ColumnType.INSTANT: "datetime",
    **dict.fromkeys(
        (ColumnType.DECIMAL, ColumnType.FLOAT, ColumnType.MONEY, ColumnType.PERCENT, ColumnType.DURATION), "number"
    ),
}
_FORMATS = {"csv.gz": "csv", "parquet": "parquet", "geojson": "geojson", "xlsx": "xlsx"}


def package_text(release: Release, what: Taken, *, downloads: Sequence[Download]) -> str:
    """Return the text of a version's datapackage.json. Nothing in it says where the city got its data from."""
    said = release.metadata
    facts = {
        "profile": "data-package",
        "name": release.dataset,
        "id": release.public_id,
        "title": said.get("title", release.dataset),
        "description": said.get("description", ""),
        "version": str(release.version),
        "created": release.committed_at.isoformat(timespec="seconds"),
        "homepage": said.get("landing_page", ""),
        "licenses": _licences(str(said.get("license", ""))),
        "keywords": list(said.get("keywords", [])),
        "contributors": _contributors(said),
        "resources": [_resource(release, what, download=one) for one in downloads if one.name != NAME],
    }
    return json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False, indent=2) + "\n"


def _licences(text: str) -> list[dict[str, str]]:
    """Return the licence in the words of the city; the profile wants a short name or an address beside them."""
    if not text:
        return []
    if urlsplit(text).scheme in {"http", "https"}:
        return [{"path": text}]
    return [{"name": re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-") or "other", "title": text}]


def _contributors(said: Mapping[str, Any]) -> list[dict[str, str]]:
    roles = (("department", "publisher"), ("steward", "maintainer"))
    return [{"title": str(said[name]), "role": role} for name, role in roles if said.get(name)]


def _resource(release: Release, what: Taken, *, download: Download) -> dict[str, Any]:
    kind = download.name.removeprefix(f"{release.dataset}.")
    facts: dict[str, Any] = {
        "name": f"{release.dataset}-{kind.replace('.', '-')}",
        "path": download.name,
        "format": _FORMATS[kind],
        "mediatype": download.media_type,
        "bytes": download.bytes,
        "hash": f"sha256:{download.sha256}",
        "rows": download.rows,
    }
    if kind == "csv.gz":
        facts |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "compression": "gz",
            "dialect": {
                "delimiter": ",",
                "quoteChar": '"',
                "doubleQuote": True,
                "lineTerminator": "\n",
                "header": True,
            },
            "schema": schema(release, what),
        }
    return facts


def schema(release: Release, what: Taken) -> dict[str, Any]:
    """Return the Table Schema of a version: types, titles and meanings as they are said now, keys as they were kept."""
    columns = {one.name: one for one in release.contract.columns}
    said = {str(one.get("name")): one for one in release.metadata.get("columns", [])}
    fields = [_field(name, kind, column=columns.get(name), said=said.get(name, {})) for name, kind in what.columns]
    found: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    key = primary_key(release.contract, what)
    return {**found, "primaryKey": list(key)} if key else found


def _field(name: str, kind: ColumnType, *, column: Column | None, said: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": name, "type": _TYPES.get(kind, "string")}
    facts["title"] = said.get("title") or (column.title if column else "")
    facts["description"] = said.get("meaning") or (column.meaning if column else "")
    facts["unit"] = said.get("unit") or (column.unit if column else "")
    if kind in {ColumnType.POINT, ColumnType.GEOMETRY}:
        facts["comment"] = "Well-known text; longitude, then latitude (WGS 84)."
    if column is not None and column.required:
        facts["constraints"] = {"required": True}
    if column is not None and kind is ColumnType.CODE:
        facts["values"] = [{"value": value, "meaning": meaning} for value, meaning in column.allowed]
    return {key: value for key, value in facts.items() if value}


def primary_key(contract: Contract, what: Taken) -> tuple[str, ...]:
    """Return the columns that name a row of the file; none where a part of the key is not in it or may be missing."""
    if not contract.key or contract.duplicates is Duplicates.KEYLESS:
        return ()
    key = (*contract.key, *((VINTAGE,) if contract.vintaged and VINTAGE not in contract.key else ()))
    required = {one.name for one in contract.columns if one.required} | {VINTAGE}
    return key if set(key) <= set(what.names) and set(key) <= required else ()
