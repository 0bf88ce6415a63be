"""A dataset of a Socrata portal, page by page by `:id`; or only the rows updated since the last fetch.

Rows carry the portal's `:id`, `:created_at` and `:updated_at` beside their own columns. An incremental fetch asks for
rows updated at or after the newest update seen before the last fetch began: some rows come twice, none is missed.
It cannot see deletions: fetch in full now and then, by passing an empty state.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cupola.sources.addresses import redacted
from cupola.sources.jsontext import cell_text, flat
from cupola.sources.pages import Page, Pages
from cupola.sources.patience import Patience
from cupola.sources.spec import Fetched, Limits, Progress, SourceInvalid, SourceSpec, same_place
from cupola.sources.spool import Origin, Spool

_ID = re.compile(r"(?:^|/)([a-z0-9]{4}-[a-z0-9]{4})(?=$|[/.])")
_SYSTEM = (":id", ":created_at", ":updated_at")


def fetch_socrata(
    spec: SourceSpec, *, cache: Path, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Fetch a dataset given any of its addresses (`/resource/abcd-1234.json`, `/d/abcd-1234`, its page)."""
    url, host, dataset = _api(spec.url)
    place = f"socrata {url}"
    origin = Origin(spec, place, cache, same_place(state, place), f"{host} {dataset}")
    with Pages(Patience(url, limits)) as pages:
        return _Portal(origin, pages, url, limits, progress).fetch()


def _api(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    found = _ID.findall(parts.path)
    if not found:
        raise SourceInvalid(
            redacted(address),
            problem="url: it names no Socrata dataset",
            remedy="Its id looks like abcd-1234, as in https://data.example.gov/resource/abcd-1234.",
        )
    url = urlunsplit((parts.scheme, parts.netloc, f"/resource/{found[-1]}.json", "", ""))
    return url, parts.netloc.rpartition("@")[2], found[-1]


@dataclass
class _Portal:
    origin: Origin
    pages: Pages
    url: str
    limits: Limits
    progress: Progress

    @property
    def headers(self) -> dict[str, str]:
        return {"X-App-Token": self.origin.spec.token} if self.origin.spec.token else {}

    def fetch(self) -> Fetched:
        known = self.origin.known
        total, newest = self._totals()
        since = known.get("cursor", "") if self.origin.spec.incremental else ""
        state = {"cursor": newest, "rows": str(total)}
        if since and since == newest and known.get("rows") == str(total) and self.origin.path.is_file():
            return self.origin.fetched(known["sha256"], state=state, changes_only=True)
        # a portal gives every row a new :id when it replaces a dataset; that is no change unless rows are upserted
        unhashed = () if self.origin.spec.incremental else _SYSTEM
        with Spool(self.origin.path, source=self.origin.source, unhashed=unhashed) as spool:
            for page in self._pages(since):
                spool.declare(*_SYSTEM, *_columns(page))
                for row in page.body:
                    spool.add({name: cell_text(value) for name, value in flat(row).items() if _wanted(name)})
                self.progress(f"downloading {self.origin.source}", min(1.0, spool.rows / max(total, 1)))
            if not since:
                self._check_whole(spool.rows, total)
            content = spool.finish()
        return self.origin.fetched(
            content, state=state, changes_only=bool(since), notes=self._notes(since, total, spool.rows)
        )

    def _totals(self) -> tuple[int, str]:
        page = self.pages.get(
            self.url, {"$select": "count(*) as row_count, max(:updated_at) as newest"}, headers=self.headers
        )
        row = page.body[0] if isinstance(page.body, list) and page.body else {}
        if not str(row.get("row_count", "")).isdigit():
            raise self.pages.patience.unreachable(
                "it did not say how many rows there are", remedy="Check that the address is a Socrata dataset."
            )
        return int(row["row_count"]), str(row.get("newest") or "")

    def _pages(self, since: str) -> Iterator[Page]:
        last = ""
        while True:
            conditions = [f":updated_at >= '{since}'"] if since else []
            if last:
                conditions.append(f":id > '{last}'")
            params = {"$select": ":*,*", "$order": ":id", "$limit": str(self.limits.page_rows)}
            if conditions:
                params["$where"] = " AND ".join(conditions)
            page = self.pages.get(self.url, params, headers=self.headers)
            if not page.body:
                return
            yield page
            newest = str(page.body[-1].get(":id", ""))
            if not newest or newest == last:
                raise self.pages.patience.unreachable(
                    "its pages do not move on by :id", remedy="Fetch its CSV export as a file instead."
                )
            last = newest

    def _check_whole(self, rows: int, before: int) -> None:
        after, _ = self._totals()
        if rows < min(before, after):
            raise self.pages.patience.unreachable(
                f"only {rows:,} of {min(before, after):,} rows came", remedy="Run again; nothing was kept."
            )

    def _notes(self, since: str, total: int, rows: int) -> tuple[str, ...]:
        if not since:
            return ()
        notes = [f"{rows:,} rows updated since {since}; the portal holds {total:,}"]
        before = int(self.origin.known.get("rows", "0"))
        if total < before:
            notes.append(f"at least {before - total:,} rows were deleted at the portal; only a full load removes them")
        return tuple(notes)


def _wanted(name: str) -> bool:
    """Leave out what the portal computes for its own maps."""
    return not name.startswith(":") or name in _SYSTEM


def _columns(page: Page) -> list[str]:
    """Return the columns the portal declares: rows leave out what is null."""
    try:
        names: Any = json.loads(page.headers.get("x-soda2-fields", "[]"))
        kinds: Any = json.loads(page.headers.get("x-soda2-types", "[]"))
    except ValueError:
        return []
    # location, url and the like come as objects, whose parts become columns when they appear
    plain = zip(names, kinds, strict=True) if len(names) == len(kinds) else ()
    return [
        name for name, kind in plain if _wanted(name) and kind not in {"location", "url", "phone", "document", "json"}
    ]
