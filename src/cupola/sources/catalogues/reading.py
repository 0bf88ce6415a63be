"""A portal's catalogue read over the web, whichever of the four kinds it is: page after page, within limits."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cupola.sources.addresses import redacted
from cupola.sources.catalogues import catalogld, datajson, portals
from cupola.sources.catalogues.entries import READERS, Inventory, entries_of, listed_in, portal_of
from cupola.sources.jsontext import parse
from cupola.sources.pages import Pages
from cupola.sources.patience import Patience
from cupola.sources.spec import Limits, SourceInvalid, SourceUnreachable

MOST_DATASETS = 50_000
_PAGE = 100
_GZIP = b"\x1f\x8b"
_LIMITS = Limits(max_bytes=500_000_000, seconds=1800.0, attempts=4)
_ABSENT = (400, 403, 404, 405, 406, 410)
_CKAN = re.compile(r"/api/(3/)?action(/|$)")
_SOCRATA = re.compile(r"/api/catalog/v1")
_FILE = re.compile(r"\.(json|jsonld)$")


def read_any_catalogue(address: str, *, kind: str = "", limits: Limits = _LIMITS) -> Inventory:
    """Return all datasets of the catalogue at an address of the web, or in the file a path names. Raises as both."""
    if "://" in address or not Path(address).exists():
        return read_catalogue(address, kind=kind, limits=limits)
    return read_catalogue_file(Path(address), kind=kind, limits=limits)


def read_catalogue(address: str, *, kind: str = "", limits: Limits = _LIMITS) -> Inventory:
    """Return all datasets of the catalogue at `address`: a data.json, a catalog.jsonld, an API, or a portal's front.

    `kind`: ckan, dcat-us-1.1, dcat-us-3 or socrata; found out where it is not given.
    Raises SourceUnreachable, SourceInvalid.
    """
    _check_kind(address, kind)
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceInvalid(
            redacted(address), problem="it is no file and no address of the web", remedy="Begin it with https://."
        )
    with Pages(Patience(address, limits)) as pages:
        return _Catalogue(pages, address).read(kind)


def read_catalogue_file(path: Path, *, kind: str = "", limits: Limits = _LIMITS) -> Inventory:
    """Return all datasets of a catalogue kept in a file, plain or gzip; its `address` is the file's name.

    Raises SourceUnreachable where there is none, SourceInvalid.
    """
    _check_kind(path.name, kind)
    try:
        raw = path.read_bytes()
        if raw[:2] == _GZIP:
            with gzip.open(path) as packed:
                raw = packed.read(limits.max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        problem = f"the file cannot be read ({getattr(error, 'strerror', None) or error})"
        raise SourceUnreachable(str(path), problem=problem, remedy="Check the path and the file.") from error
    if len(raw) > limits.max_bytes:
        raise SourceInvalid(path.name, problem="it is too large", remedy="Take it apart.")
    try:
        body = parse(raw)
    except ValueError as error:
        raise SourceInvalid(path.name, problem=f"it is no JSON ({error})", remedy="Save it again.") from error
    found, given = listed_in(body, where=path.name)
    front = portal_of(kind or found, given) or path.name
    entries = entries_of(kind or found, given, source=front)
    for entry in entries:
        if entry.fields:
            entry.fields["catalogue"]["harvested_from"] = path.name
    return Inventory(kind or found, path.name, entries)


def _check_kind(where: str, kind: str) -> None:
    if kind and kind not in READERS:
        remedy = f"Write one of {', '.join(sorted(READERS))}."
        raise SourceInvalid(redacted(where), problem=f"--kind {kind}: there is no such catalogue", remedy=remedy)


class _Catalogue:
    def __init__(self, pages: Pages, address: str) -> None:
        self.pages, self.address = pages, address
        parts = urlsplit(address)
        path = re.sub(r"/(api/.*|data\.json|catalog\.jsonld)$|/$", "", parts.path)
        self.root = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        self.host = parts.netloc

    def read(self, kind: str) -> Inventory:
        path = urlsplit(self.address).path
        if kind == portals.CKAN or (not kind and _CKAN.search(path)):
            return self._listed(portals.CKAN, self._packages())
        if kind == portals.SOCRATA or (not kind and _SOCRATA.search(path)):
            return self._listed(portals.SOCRATA, self._results())
        if kind in {datajson.KIND, catalogld.KIND} or _FILE.search(path):
            return self._document(self.pages.get(self.address, {}).body, self.address)
        return self._front()

    def _front(self) -> Inventory:
        """Look for the catalogue a portal has, the fullest first."""
        for name in ("catalog.jsonld", "data.json"):
            found = self._tried(f"{self.root}/{name}", {})
            if isinstance(found, dict) and isinstance(found.get("dataset"), list):
                return self._document(found, f"{self.root}/{name}")
        if self._tried(f"{self.root}/api/3/action/package_list", {"limit": "1"}) is not None:
            return self._listed(portals.CKAN, self._packages())
        if self._tried(f"{self.root}/api/catalog/v1", {"domains": self.host, "limit": "1"}) is not None:
            return self._listed(portals.SOCRATA, self._results())
        raise SourceInvalid(
            redacted(self.address),
            problem="no catalogue was found there",
            remedy="Give the address of its data.json, or say what it is with --kind.",
        )

    def _tried(self, url: str, params: Mapping[str, str]) -> Any:
        limits = replace(self.pages.patience.limits, attempts=2)
        try:
            with Pages(Patience(url, limits)) as pages:
                page = pages.get(url, params, accept=_ABSENT)
        except SourceUnreachable:
            return None
        return page.body if page.status < 400 else None

    def _document(self, body: Any, address: str) -> Inventory:
        kind, given = listed_in(body, where=redacted(address))
        return self._inventory(kind, given, source=address)

    def _packages(self) -> Iterator[Mapping[str, Any]]:
        url, start = f"{self.root}/api/3/action/package_search", 0
        while True:
            params = {"rows": str(_PAGE), "start": str(start), "sort": "name asc"}
            body = self.pages.get(url, params).body
            result = body.get("result") if isinstance(body, dict) else None
            found = result.get("results") if isinstance(result, dict) else None
            if not isinstance(found, list):
                raise self._odd("package_search gave no results")
            yield from found
            start += len(found)
            if not found or start >= _count(result, "count"):
                return

    def _results(self) -> Iterator[Mapping[str, Any]]:
        url, offset = f"{self.root}/api/catalog/v1", 0
        while True:
            params = {"domains": self.host, "limit": str(_PAGE), "offset": str(offset), "order": "dataset_id"}
            body = self.pages.get(url, params).body
            found = body.get("results") if isinstance(body, dict) else None
            if not isinstance(found, list):
                raise self._odd("the catalogue gave no results")
            yield from found
            offset += len(found)
            if not found or offset >= _count(body, "resultSetSize"):
                return

    def _listed(self, kind: str, documents: Iterator[Any]) -> Inventory:
        return self._inventory(kind, documents, source=self.root)

    def _inventory(self, kind: str, documents: Iterable[Any], *, source: str) -> Inventory:
        taken = [*islice(documents, MOST_DATASETS + 1)]
        if len(taken) > MOST_DATASETS:
            raise self._odd(f"it lists more than {MOST_DATASETS:,} datasets")
        return Inventory(kind, source, entries_of(kind, taken, source=source))

    def _odd(self, problem: str) -> SourceInvalid:
        return SourceInvalid(redacted(self.address), problem=problem, remedy="Check that it is the portal meant.")


def _count(body: Any, name: str) -> int:
    text = str(body.get(name, "")) if isinstance(body, Mapping) else ""
    return int(text) if text.isdigit() else 0
