"""`/openapi.json`: the public API as OpenAPI 3.1, for all datasets, or with `?dataset=` for one with its columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute, Route

from cupola.contracts import ColumnType
from cupola.serving.answers import Answer, json_answer
from cupola.serving.ckan import ACTIONS, HELP
from cupola.serving.dcat import filled
from cupola.serving.entries import Entry, EntryColumn
from cupola.serving.front import Site
from cupola.serving.service import Service
from cupola.serving.visits import Visit, endpoint

_TYPES: dict[str, dict[str, Any]] = {
    "csv": {"text/csv": {"schema": {"type": "string"}}},
    "tsv": {"text/tab-separated-values": {"schema": {"type": "string"}}},
    "geojson": {"application/vnd.geo+json": {"schema": {"type": "object"}}},
}
_CLAUSES = {
    "$select": "Columns and expressions, as in: ward, count(*) AS permits.",
    "$where": "A condition, as in: issued_on >= '2025-01-01'.",
    "$group": "What to group by.",
    "$having": "A condition on groups.",
    "$order": "What to sort by, as in: permits DESC.",
    "$q": "Words to look for in every text.",
}
_EDITION = {
    "as_of": "Answer as of this day or moment, from what was published by then.",
    "vintage": "Only this vintage, as 2020-01-01, or all; of a dataset that has vintages.",
}
_SEARCH = {
    "q": "Words to look for in titles, descriptions, column names and meanings.",
    "ids": "Ids of datasets, repeated or between commas.",
    "domains": "Hosts; only this one has datasets here.",
    "names": "Exact titles.",
    "categories": "Topics.",
    "tags": "Keywords.",
    "only": "Kinds: dataset, href.",
    "column_names": "Columns that must be there.",
    "attribution": "Publisher.",
    "license": "Licence.",
    "order": "name, createdAt, updatedAt, dataset_id; with ASC or DESC.",
    "scroll_id": "Go on after this id.",
    "as_of": _EDITION["as_of"],
}
_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "package_list": ("limit", "offset"),
    "package_search": ("q", "fq", "rows", "start", "sort", "facet.field", "facet.limit"),
    "package_show": ("id",),
    "resource_show": ("id",),
    "resource_search": ("query", "limit", "offset"),
    "organization_list": ("all_fields", "limit", "offset"),
    "organization_show": ("id", "include_datasets"),
    "group_list": ("all_fields", "limit", "offset"),
    "group_show": ("id", "include_datasets"),
    "tag_list": ("query", "all_fields"),
    "current_package_list_with_resources": ("limit", "offset"),
    "datastore_search": (
        "resource_id", "q", "filters", "fields", "sort", "distinct", "limit", "offset", "include_total",
        "records_format", "vintage",
    ),
    "datastore_search_sql": ("sql",),
    "datastore_info": ("resource_id",),
    "help_show": ("name",),
}  # fmt: skip
_NUMBERS = (
    ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.MONEY, ColumnType.PERCENT, ColumnType.FLOAT, ColumnType.DURATION,
)  # fmt: skip


def routes(service: Service, site: Site) -> Sequence[BaseRoute]:
    """Return the address of the document."""
    return [Route("/openapi.json", endpoint(service, site, document))]


def document(visit: Visit) -> Answer:
    """Return the document. Raises NotReleased."""
    asked = visit.asked.get("dataset", "")
    if not asked:
        return visit.kept("openapi.json", lambda: whole(visit))
    return json_answer(of_dataset(visit, visit.shelf.entry(asked, visit.as_of)))


def whole(visit: Visit) -> dict[str, Any]:
    """Return the document of the whole API."""
    name = _path("name", "A dataset's id or its short name, as ydr8-5enu or building-permits.")
    paths = {
        **{f"/resource/{{name}}.{ending}": _rows(ending, [name]) for ending in ("json", *_TYPES)},
        "/resource/{name}/{row}.json": _get(
            "One row, by its key or its :id.", [name, _path("row", "The row."), *_queries(_EDITION)], _ROW
        ),
        "/api/views/{name}.json": _get("What a dataset is.", [name, *_queries(_EDITION)], _OBJECT),
        "/api/views/{name}/columns.json": _get("Its columns.", [name, *_queries(_EDITION)], _LIST),
        "/api/catalog/v1": _get("Search the catalogue.", [*_queries(_SEARCH), *_PAGE], _RESULTS),
        **{
            f"/api/catalog/v1/{part}": _get(f"{part.capitalize()} with counts.", _queries(_SEARCH), _RESULTS)
            for part in ("domains", "tags", "categories", "domain_categories")
        },
        "/api/catalog/v1/autocomplete": _get("Titles that may be meant.", _queries({"q": _SEARCH["q"]}), _RESULTS),
        "/data.json": _get("The catalogue as DCAT-US 1.1.", _queries({"as_of": _EDITION["as_of"]}), _CATALOG),
        "/catalog.jsonld": {
            "get": _operation(
                "The catalogue as DCAT-US 3.0.",
                _queries({"as_of": _EDITION["as_of"]}),
                {"application/ld+json": {"schema": _CATALOG}},
            )
        },
        "/openapi.json": _get("This document.", _queries({"dataset": "Only this dataset."}), _OBJECT),
        **{f"/api/3/action/{action}": _action(action) for action in ACTIONS},
        "/d/{name}": {"get": _redirect(name)},
        **{f"/api/views/{{name}}/rows.{ending}": _whole(ending, name) for ending in ("csv", "tsv", "json")},
        **{f"/cite/{{citation}}.{ending}": _cited(ending) for ending in ("csv", "json")},
        "/downloads/{name}/{version}/{file}": {"get": _file(name, _path("file", "The name of the file."))},
        "/tiles/{name}/{version}.pmtiles": {"get": _file(name)},
    }
    city = visit.city.name
    return _document(visit, title=f"Open data of {city}" if city else "Open data", paths=paths)


def of_dataset(visit: Visit, entry: Entry) -> dict[str, Any]:
    """Return the document of one dataset: each column as a parameter, with its values where they are known."""
    base = f"/resource/{entry.public_id}"
    columns = {column.name: column for column in entry.columns}
    filters = [_filter(column) for column in entry.columns if column.type is not ColumnType.GEOMETRY]
    rows = {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
    paths: dict[str, Any] = {}
    if entry.release is not None:
        paths = {f"{base}.{ending}": _rows(ending, [], filters=filters, rows=rows) for ending in ("json", *_TYPES)}
    view = f"/api/views/{entry.public_id}"
    if entry.release is not None:
        paths |= {f"{view}.json": _get("What the dataset is.", [], _OBJECT)}
        paths |= {"/api/3/action/datastore_search": _datastore(entry)}
    made = _document(visit, title=entry.title, paths=paths, description=entry.description)
    made["components"]["schemas"] |= {
        "Row": {"type": "object", "properties": {name: _value(column) for name, column in columns.items()}},
        "Column": {"type": "string", "enum": [*columns, ":id", ":created_at", ":updated_at"]},
    }
    return made


def _document(visit: Visit, *, title: str, paths: Mapping[str, Any], description: str = "") -> dict[str, Any]:
    city = visit.city
    contact = filled({"name": city.name, "url": city.website, "email": city.contact})
    info = {
        "title": title,
        "version": "1",
        "summary": "Public data to read: no key, no account.",
        "description": description or "Rows by SoQL, the catalogue, CKAN actions and metadata documents.",
        "contact": contact,
    }
    error = {
        "type": "object",
        "required": ["code", "error", "message"],
        "properties": {"code": {"type": "string"}, "error": {"const": True}, "message": {"type": "string"}},
    }
    envelope = {
        "type": "object",
        "required": ["help", "success"],
        "properties": {"help": {"type": "string"}, "success": {"type": "boolean"}, "error": {"type": "object"}},
    }
    return {
        "openapi": "3.1.0",
        "info": filled(info),
        "servers": [{"url": visit.places.base}],
        "paths": dict(paths),
        "components": {"schemas": {"Error": error, "Envelope": envelope}},
    }


_OBJECT: dict[str, Any] = {"type": "object"}
_LIST: dict[str, Any] = {"type": "array", "items": _OBJECT}
_ROW: dict[str, Any] = {"type": "object"}
_RESULTS: dict[str, Any] = {"type": "object", "required": ["results"], "properties": {"results": _LIST}}
_CATALOG: dict[str, Any] = {"type": "object", "required": ["dataset"], "properties": {"dataset": _LIST}}
_WHOLE_NUMBER = {"type": "integer", "minimum": 0}
_KINDS: dict[str, dict[str, Any]] = {
    "as_of": {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
    "vintage": {"anyOf": [{"type": "string", "format": "date"}, {"const": "all"}]},
    "records_format": {"type": "string", "enum": ["objects", "lists", "csv", "tsv"]},
}
_PAGE = [
    {"name": "limit", "in": "query", "description": "Most results.", "schema": {**_WHOLE_NUMBER, "default": 100}},
    {"name": "offset", "in": "query", "description": "Results to pass over.", "schema": _WHOLE_NUMBER},
]


def _path(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9_:-]+$"}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _queries(described: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": description, "schema": _kind(name)}
        for name, description in described.items()
    ]


def _kind(name: str) -> dict[str, Any]:
    """Return what a parameter may be, by its name."""
    if name in {"limit", "offset", "rows", "start", "facet.limit"}:
        return _WHOLE_NUMBER
    if name in {"distinct", "include_total", "include_datasets", "all_fields"}:
        return {"type": "boolean"}
    return _KINDS.get(name, {"type": "string"})


def _filter(column: EntryColumn) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if column.allowed:
        schema["enum"] = list(column.allowed)
    described = column.meaning or f"Only rows with this {column.heading}."
    return {"name": column.name, "in": "query", "description": described, "schema": schema}


def _value(column: EntryColumn) -> dict[str, Any]:
    """Return what a value looks like in an answer: numbers are texts there, and places are GeoJSON."""
    told = filled({"title": column.title, "description": column.meaning})
    if column.type in {ColumnType.POINT, ColumnType.GEOMETRY}:
        return {**told, "type": "object"}
    if column.type is ColumnType.BOOLEAN:
        return {**told, "type": "boolean"}
    if column.type is ColumnType.URL:
        return {**told, "type": "object", "properties": {"url": {"type": "string"}}}
    text = {**told, "type": "string"}
    if column.type in _NUMBERS:
        return {**text, "pattern": "^-?[0-9]"}
    return {**text, "enum": list(column.allowed)} if column.allowed else text


def _rows(
    ending: str,
    path: Sequence[dict[str, Any]],
    *,
    filters: Sequence[dict[str, Any]] = (),
    rows: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    limit = {"name": "$limit", "in": "query", "description": "Most rows.", "schema": {**_WHOLE_NUMBER, "default": 1000}}
    offset = {"name": "$offset", "in": "query", "description": "Rows to pass over.", "schema": _WHOLE_NUMBER}
    alone = {"$query": "A whole SoQL query, alone."}
    asked = [*path, *_queries(_CLAUSES), limit, offset, *_queries(alone), *_queries(_EDITION), *filters]
    content = _TYPES.get(ending) or {"application/json": {"schema": rows or {"type": "array", "items": _ROW}}}
    return {"get": _operation(f"Rows as {ending.upper()}.", asked, content)}


def _get(summary: str, asked: Sequence[dict[str, Any]], schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"get": _operation(summary, asked, {"application/json": {"schema": schema}})}


def _operation(summary: str, asked: Sequence[dict[str, Any]], content: Mapping[str, Any]) -> dict[str, Any]:
    wrong = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    said = {"400": "The request cannot be read.", "404": "Nothing public has that name.", "410": "It was taken back."}
    refused = {status: {"description": text, "content": wrong} for status, text in said.items()}
    retry = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    busy = {"description": "Too many queries at once.", "content": wrong, "headers": retry}
    return {
        "summary": summary,
        "parameters": list(asked),
        "responses": {
            "200": {"description": "The answer.", "content": dict(content)},
            "304": {"description": "The client's copy is still good."},
            **refused,
            "429": busy,
        },
    }


def _whole(ending: str, name: dict[str, Any]) -> dict[str, Any]:
    content = _TYPES.get(ending) or {"application/json": {"schema": _OBJECT}}
    return {"get": _operation(f"All rows as one {ending.upper()} file.", [name, *_queries(_EDITION)], content)}


def _cited(ending: str) -> dict[str, Any]:
    content = _TYPES.get(ending) or {"application/json": {"schema": _LIST}}
    return {"get": _operation("The rows of a citation.", [_path("citation", "The citation's id.")], content)}


def _file(name: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    """Return what answers with a file made for a version: whole, in parts, or not yet."""
    version = {**_path("version", "The number of a version, or latest."), "example": "latest"}
    made = _operation("A file made once for each version.", [name, version, *more], {"*/*": {}})
    wrong = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    parts = {"description": "The parts that were asked for.", "content": {"*/*": {}}}
    later = {"description": "It is being made; Retry-After says when to come back.", "content": wrong}
    outside = {"description": "The range asked for is not in it.", "content": {"*/*": {}}}
    return {**made, "responses": {**made["responses"], "206": parts, "416": outside, "503": later}}


def _redirect(name: dict[str, Any]) -> dict[str, Any]:
    wrong = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    refused = {"description": "Nothing public has that name.", "content": wrong}
    return {
        "summary": "Its page, by the short address.",
        "parameters": [name],
        "responses": {"302": {"description": "Where its page is."}, "404": refused, "429": refused},
    }


def _datastore(entry: Entry) -> dict[str, Any]:
    """Return the CKAN search over one dataset: its columns are what may be shown and sorted by."""
    said = _action("datastore_search")["get"]
    columns = [column.name for column in entry.columns]
    known = {
        "resource_id": {"type": "string", "enum": [entry.public_id]},
        "fields": {"type": "string", "enum": columns},
        "sort": {"type": "string", "enum": [f"{name} {way}" for name in columns for way in ("asc", "desc")]},
    }
    parameters = [{**one, "schema": known.get(one["name"], one["schema"])} for one in said["parameters"]]
    parameters = [{**one, "required": True} if one["name"] == "resource_id" else one for one in parameters]
    return {"get": {**said, "parameters": parameters}}


def _action(action: str) -> dict[str, Any]:
    names = (*_ARGUMENTS.get(action, ()), "as_of")
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Envelope"}}}
    said = {"200": "Done.", "403": "Not for reading.", "404": "Not found.", "409": "Not valid.", "429": "Too many."}
    responses = {status: {"description": text, "content": content} for status, text in said.items()}
    body = {"type": "object", "properties": {name: {} for name in names}}
    posted = {"content": {"application/json": {"schema": body}}, "required": False}
    asked = [{"name": name, "in": "query", "schema": _kind(name)} for name in names]
    said_by_all = {"summary": HELP[action], "responses": responses}
    return {"get": {**said_by_all, "parameters": asked}, "post": {**said_by_all, "requestBody": posted}}
