"""CKAN's action API at /api/action/* and /api/3/action/*, for reading: GET, POST of JSON, POST of a form."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.parser import BytesParser
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cupola.errors import CupolaError
from cupola.lake import NotReleased, Retired
from cupola.serving import ckandatastore, ckanpackages, ckansearch, ckansql
from cupola.serving.asking import ask
from cupola.serving.ckanerrors import ActionRefused, BadAction, NoSuchThing, refusal
from cupola.serving.counting import ASKED, ROWS
from cupola.serving.dcat import LICENSES
from cupola.serving.deprecation import deprecation
from cupola.serving.entries import Entry, Shelf, by_name
from cupola.serving.front import Site
from cupola.serving.parameters import moment
from cupola.serving.places import Places
from cupola.serving.service import Service
from cupola.serving.visits import shelf_of

VERSION = "2.11.0"  # of the actions, as clients compare it
_MOST_BYTES = 1_000_000
_WRITES = re.compile(
    r"(^|_)(create|update|delete|patch|purge|upsert|revise|submit|move|set|invite|import|follow|unfollow|clear|mark)"
    r"(_|$)|^(send|bulk|config_option|task_status|job)_"
)
_RESOURCE = re.compile(r"(?P<id>[a-z0-9]{4}-[a-z0-9]{4})-(?P<part>[a-z0-9-]+)", re.ASCII)
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Portal:
    """What an action works with: the catalogue as of a day, and the addresses of this request.

    `headers`: what actions add to the head of the answer. `named`: the keys of the datasets they found, for what counts
    use.
    """

    service: Service
    shelf: Shelf
    places: Places
    entries: tuple[Entry, ...]
    as_of: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)

    def warn(self, entry: Entry, given: Given, result: Mapping[str, Any]) -> None:
        """Add what a client must know that asks by names which will go, or is shown them."""
        going = {column.name for column in entry.columns if column.until}
        if entry.release is not None and going:
            asked = " ".join(str(given.get(name) or "") for name in ("filters", "sort", "q", "sql"))
            used = {*(one["id"] for one in result["fields"]), *re.findall(r"\w+", asked)}
            self.headers.update(deprecation(entry.release, {name.lower() for name in going & used}))

    def package(self, entry: Entry) -> dict[str, Any]:
        """Return a dataset as a package."""
        return ckanpackages.package(entry, self.shelf.city(), self.places)

    def packages(self) -> list[dict[str, Any]]:
        """Return every dataset as a package, newest change first."""
        newest = sorted(self.entries, key=lambda entry: entry.changed, reverse=True)
        return [self.package(entry) for entry in newest]

    def entry(self, asked: str) -> Entry:
        """Return a dataset by id or name. Raises NoSuchThing, and Retired or Recalled where it was here once."""
        found = next((one for one in by_name(self.entries, asked)), None)
        if found is None:
            try:
                self.service.release(asked, as_of=self.as_of)
            except Retired:
                raise
            except NotReleased:
                pass
            raise NoSuchThing(asked)
        self.named.append(found.key)
        return found

    def resource(self, asked: str) -> dict[str, Any]:
        """Return a resource by id. Raises NoSuchThing."""
        match = _RESOURCE.fullmatch(asked)
        held = ckanpackages.resources(self.entry(match["id"]), self.places) if match else []
        found = next((one for one in held if one["id"] == asked), None)
        if found is None:
            raise NoSuchThing(asked)
        return found

    def rows(self, asked: str) -> Entry:
        """Return the dataset whose rows a resource holds; its own id or name will do. Raises NoSuchThing."""
        match = _RESOURCE.fullmatch(asked)
        if match and not by_name(self.entries, asked):
            self.resource(asked)
            asked = match["id"]
        entry = self.entry(asked)
        if entry.release is None:
            raise NoSuchThing(f"{asked}: no rows of it are here")
        return entry


def _id(given: Given, name: str = "id") -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise BadAction(name, "Missing value")
    return value


def _page(held: list[Any], given: Given) -> list[Any]:
    start = ckansearch.number(given, "offset", 0, most=10**9)
    most = ckansearch.number(given, "limit", len(held) or 1, most=10**9)
    return held[start : start + most]


def _status_show(portal: Portal, given: Given) -> Any:
    city = portal.shelf.city()
    return {
        "site_title": f"Open data of {city.name}".strip(),
        "site_description": "",
        "site_url": portal.places.base,
        "ckan_version": VERSION,
        "error_emails_to": None,
        "locale_default": city.languages[0],
        "extensions": ["datastore"],
    }


def _package_search(portal: Portal, given: Given) -> Any:
    newest = sorted(portal.entries, key=lambda entry: entry.changed, reverse=True)
    return ckansearch.search([(entry, portal.package(entry)) for entry in newest], given)


def _resource_search(portal: Portal, given: Given) -> Any:
    asked = given.get("query")
    queries = asked if isinstance(asked, list) else [asked] if asked else []
    pairs = [str(query).partition(":") for query in queries]
    if not pairs or any(not separator for _, separator, _ in pairs):
        raise BadAction("query", "write field:term, as name:permits")
    held = [resource for package in portal.packages() for resource in package["resources"]]
    for name, _, term in pairs:
        held = [one for one in held if term.casefold() in str(one.get(name, "")).casefold()]
    start = ckansearch.number(given, "offset", 0, most=10**9)
    most = ckansearch.number(given, "limit", 1000, most=1000)
    return {"count": len(held), "results": held[start : start + most]}


def _collections(kind: str) -> Callable[[Portal, Given], Any]:
    def action(portal: Portal, given: Given) -> Any:
        held = ckanpackages.collections(portal.entries, portal.shelf.city(), kind=kind)
        whole = str(given.get("all_fields", "")).casefold() in {"true", "1"}
        return _page(held if whole else [one["name"] for one in held], given)

    return action


def _collection(kind: str) -> Callable[[Portal, Given], Any]:
    def action(portal: Portal, given: Given) -> Any:
        asked = _id(given)
        held = ckanpackages.collections(portal.entries, portal.shelf.city(), kind=kind)
        found = next((one for one in held if asked == one["id"]), None)
        if found is None:
            raise NoSuchThing(asked)
        field = "organization" if kind == "organization" else "groups"
        return {**found, "extras": [], "users": [], "packages": _of(portal, field, asked) if _wants(given) else []}

    return action


def _wants(given: Given) -> bool:
    return str(given.get("include_datasets", "")).casefold() in {"true", "1"}


def _of(portal: Portal, field: str, name: str) -> list[dict[str, Any]]:
    def names(package: dict[str, Any]) -> set[str]:
        held = package[field]
        return {one["name"] for one in (held if isinstance(held, list) else [held])}

    return [package for package in portal.packages() if name in names(package)]


def _tag_list(portal: Portal, given: Given) -> Any:
    part = str(given.get("query") or "").casefold()
    held = sorted({word for entry in portal.entries for word in entry.keywords if part in word.casefold()})
    return [ckanpackages.tag(word) for word in held] if str(given.get("all_fields")).casefold() == "true" else held


def _license_list(portal: Portal, given: Given) -> Any:
    return [{"id": name, "title": name, "url": url, "status": "active"} for name, url in LICENSES.items()]


def _datastore_search(portal: Portal, given: Given) -> Any:
    entry = portal.rows(_id(given, "resource_id"))
    result = ckandatastore.search(portal.service, entry, given)
    portal.warn(entry, given, result)
    return result


def _datastore_search_sql(portal: Portal, given: Given) -> Any:
    read: list[Entry] = []

    def resolve(asked: str) -> Entry:
        read.append(portal.rows(asked))
        return read[-1]

    result = ckansql.search_sql(portal.service, given, resolve)
    portal.warn(read[-1], given, result)
    return result


def _datastore_info(portal: Portal, given: Given) -> Any:
    return ckandatastore.info(portal.rows(_id(given, "resource_id" if given.get("resource_id") else "id")))


def _help_show(portal: Portal, given: Given) -> Any:
    name = _id(given, "name")
    if name not in ACTIONS:
        raise NoSuchThing(name)
    return HELP[name]


ACTIONS: dict[str, Callable[[Portal, Given], Any]] = {
    "status_show": _status_show,
    "site_read": lambda portal, given: True,
    "package_list": lambda portal, given: _page(sorted(entry.key for entry in portal.entries), given),
    "package_search": _package_search,
    "package_show": lambda portal, given: portal.package(portal.entry(_id(given))),
    "resource_show": lambda portal, given: portal.resource(_id(given)),
    "resource_search": _resource_search,
    "organization_list": _collections("organization"),
    "organization_show": _collection("organization"),
    "group_list": _collections("group"),
    "group_show": _collection("group"),
    "tag_list": _tag_list,
    "license_list": _license_list,
    "current_package_list_with_resources": lambda portal, given: _page(portal.packages(), given),
    "datastore_search": _datastore_search,
    "datastore_search_sql": _datastore_search_sql,
    "datastore_info": _datastore_info,
    "help_show": _help_show,
}
HELP = {
    "status_show": "What this portal is.",
    "site_read": "Whether it may be read: always.",
    "package_list": "The names of all datasets. limit, offset.",
    "package_search": "Datasets by words (q) and filters (fq). rows, start, sort, facet.field, facet.limit.",
    "package_show": "One dataset. id: its id or name.",
    "resource_show": "One resource. id.",
    "resource_search": "Resources by query=field:term. limit, offset.",
    "organization_list": "The publishers. all_fields, limit, offset.",
    "organization_show": "One publisher. id; include_datasets.",
    "group_list": "The topics. all_fields, limit, offset.",
    "group_show": "One topic. id; include_datasets.",
    "tag_list": "The keywords. query, all_fields.",
    "license_list": "The licences that have an address.",
    "current_package_list_with_resources": "All datasets whole, newest change first. limit, offset.",
    "datastore_search": "Rows. resource_id, filters, q, fields, sort, distinct, limit, offset, records_format.",
    "datastore_search_sql": 'Rows by one SELECT over "resource id". sql.',
    "datastore_info": "The columns and the number of rows of a resource. resource_id.",
    "help_show": "What an action does. name.",
}


def routes(service: Service, site: Site) -> Sequence[BaseRoute]:
    """Return the addresses of the actions."""
    answer, methods = endpoint(service, site), ["GET", "POST"]
    return [Route(f"/api{version}/action/{{action}}", answer, methods=methods) for version in ("", "/3")]


@dataclass(frozen=True)
class Acted:
    """The envelope with an action's result, headers, the last dataset it found, and how many rows of it are in it."""

    body: bytes
    headers: Mapping[str, str]
    dataset: str
    rows: int


def act(service: Service, name: str, *, given: Given, places: Places) -> Acted:
    """Do an action. Raises CupolaError."""
    if name not in ACTIONS:
        raise ActionRefused(name) if _WRITES.search(name) else NoSuchThing(f"Action name not known: {name}")
    shelf, day = shelf_of(service), str(given.get("as_of") or "")
    as_of = moment(day) if day else None
    portal = Portal(service, shelf, places, shelf.entries(as_of), as_of)
    result = ACTIONS[name](portal, given)
    body = orjson.dumps({"help": help_address(name, places), "success": True, "result": result})
    return Acted(body, portal.headers, portal.named[-1] if portal.named else "", _rows_in(result))


def _rows_in(result: Any) -> int:
    records = result.get("records", ()) if isinstance(result, dict) else ()
    return records.count("\n") if isinstance(records, str) else len(records)


def help_address(name: str, places: Places) -> str:
    """Return where an action is explained."""
    return f"{places.base}/api/3/action/help_show?name={name}"


def endpoint(service: Service, site: Site) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers every action."""

    async def answer(request: Request) -> Response:
        name, places = str(request.path_params["action"]), Places(site.base(request.headers["host"]))
        headers: Mapping[str, str] = {}
        try:
            given = await given_by(request)
            acted = await ask(service, request, partial(act, service, name, given=given, places=places))
            status, body, headers = 200, acted.body, acted.headers
            request.scope[ASKED], request.scope[ROWS] = acted.dataset, acted.rows
        except CupolaError as error:
            status, said, headers = refusal(error)
            body = orjson.dumps({"help": help_address(name, places), "success": False, "error": said})
        return Response(body, status, headers, media_type="application/json;charset=utf-8")

    return answer


async def given_by(request: Request) -> Given:
    """Return an action's parameters: of the address, then of the body, which may be JSON or a form."""
    asked = request.query_params
    given: dict[str, Any] = {name: _one(asked.getlist(name)) for name in asked}
    if request.method != "POST":
        return given
    body, kind = await _body(request), request.headers.get("content-type", "")
    if not body.strip():
        return given
    if kind.startswith("multipart/form-data"):
        return {**given, **_form(_parts(body, kind))}
    if kind.startswith("application/x-www-form-urlencoded") and not body.lstrip().startswith(b"{"):
        return {**given, **_form(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))}
    return {**given, **_json(body)}


def _form(pairs: Sequence[tuple[str, str]]) -> Given:
    return {name: _one([value for other, value in pairs if other == name]) for name in dict(pairs)}


def _parts(body: bytes, kind: str) -> list[tuple[str, str]]:
    message = BytesParser(policy=policy.HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    pairs = []
    for part in message.iter_parts() if message.is_multipart() else ():
        name, payload = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            pairs.append((name, payload.decode("utf-8", "replace")))
    return pairs


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > _MOST_BYTES:
            raise BadAction("body", "larger than 1 MB")
    return bytes(parts)


def _json(body: bytes) -> Given:
    try:
        read = orjson.loads(body)
    except ValueError:
        raise BadAction("body", "JSON Error: the body cannot be read as JSON") from None
    if not isinstance(read, dict):
        raise BadAction("body", "the JSON must be an object of parameters")
    return read
