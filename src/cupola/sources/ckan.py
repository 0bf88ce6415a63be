"""A resource of a CKAN portal: its datastore page by page, or its file when the datastore does not hold it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit, urlunsplit

from cupola.sources.addresses import redacted
from cupola.sources.downloads import fetch_url
from cupola.sources.formats import FILES
from cupola.sources.jsontext import cell_text
from cupola.sources.pages import Page, Pages
from cupola.sources.patience import Patience
from cupola.sources.spec import Fetched, Limits, Progress, SourceInvalid, SourceSpec, same_place
from cupola.sources.spool import Origin, Spool

_RESOURCE = re.compile(r"/resource/([^/]+)")
_ROOT = re.compile(r"/(?:[a-z]{2}(?:[-_][A-Za-z]+)?/)?(?:dataset|api)(?:/|$)")
_ROW_ID = "_id"  # CKAN numbers rows anew with every upload


def fetch_ckan(
    spec: SourceSpec, *, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Fetch a resource given its page, an API address with `resource_id`, or the portal's address and `resource:`."""
    root, host, resource = _address(spec)
    place = f"ckan {root} {resource}"
    origin = Origin(spec, place, cache, same_place(state, place), f"{host} {resource}")
    with Pages(Patience(root, limits)) as pages:
        portal = _Portal(origin, pages, root, resource, limits)
        first = portal.page(0)
        if first is not None:
            return portal.fetch(first, progress)
        file, kind = portal.file()
    plain = replace(spec, url=file, format=kind, resource="", token="")
    return fetch_url(plain, cache=cache, state=state, limits=limits, progress=progress)


def _address(spec: SourceSpec) -> tuple[str, str, str]:
    parts = urlsplit(spec.url)
    match = _RESOURCE.search(parts.path)
    asked = parse_qs(parts.query)
    resource = spec.resource or (match[1] if match else "") or (asked.get("resource_id") or asked.get("id") or [""])[0]
    if not resource:
        raise SourceInvalid(
            redacted(spec.url),
            problem="url: it names no CKAN resource",
            remedy="Give the address of the resource's page, or its id with resource:.",
        )
    start = _ROOT.search(parts.path)
    folder = parts.path[: start.start()] if start else parts.path.rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, folder, "", "")), parts.netloc.rpartition("@")[2], resource


@dataclass
class _Portal:
    origin: Origin
    pages: Pages
    root: str
    resource: str
    limits: Limits

    def page(self, offset: int) -> Any | None:
        """Return the datastore's answer, or None when it does not hold the resource."""
        params = {
            "resource_id": self.resource,
            "limit": str(self.limits.page_rows),
            "offset": str(offset),
            "sort": _ROW_ID,
        }
        page = self._call("datastore_search", params, accept=(404,) if not offset else ())
        return None if page.status == 404 else page.body["result"]

    def file(self) -> tuple[str, str]:
        """Return the address of the resource's file and its format, empty when unknown."""
        result = self._call("resource_show", {"id": self.resource}).body["result"]
        url = str(result.get("url") or "")
        if not url:
            raise self.pages.patience.unreachable(
                "the resource has neither rows nor a file", remedy="Ask the publisher."
            )
        kind = str(result.get("format") or "").lower()
        return urljoin(f"{self.root}/", url), kind if kind in FILES else ""

    def fetch(self, first: Any, progress: Progress) -> Fetched:
        """Fetch all rows of the datastore; `first` is its first page."""
        last = -1
        with Spool(self.origin.path, source=self.origin.source) as spool:
            spool.declare(*(field["id"] for field in first.get("fields", ()) if field["id"] != _ROW_ID))
            for result in self._results(first):
                for record in result["records"]:
                    number = int(record.pop(_ROW_ID, last + 1))
                    if number <= last:
                        raise self._torn("rows came twice")
                    last = number
                    spool.add({name: cell_text(value) for name, value in record.items()})
                total = int(result.get("total", spool.rows))
                progress(f"downloading {self.origin.source}", min(1.0, spool.rows / max(total, 1)))
            if spool.rows < total:
                raise self._torn(f"only {spool.rows:,} of {total:,} rows came")
            content = spool.finish()
        return self.origin.fetched(content, state={"rows": str(spool.rows)})

    def _results(self, first: Any) -> Iterator[Any]:
        """Yield pages up to and including the first empty one: a portal may give fewer rows than asked for."""
        result, offset = first, 0
        while result["records"]:
            yield result
            offset += len(result["records"])
            result = self.page(offset)
        yield result

    def _torn(self, problem: str) -> Exception:
        return self.pages.patience.unreachable(
            f"{problem}; the resource changed meanwhile", remedy="Run again; nothing was kept."
        )

    def _call(self, action: str, params: Mapping[str, str], *, accept: tuple[int, ...] = ()) -> Page:
        headers = {"Authorization": self.origin.spec.token} if self.origin.spec.token else {}
        page = self.pages.get(f"{self.root}/api/3/action/{action}", params, headers=headers, accept=accept)
        if page.status in accept:
            return page
        if not (isinstance(page.body, dict) and page.body.get("success") is True and "result" in page.body):
            raise self.pages.refused(page)
        return page
