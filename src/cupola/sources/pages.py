"""JSON pages of a portal, asked for one after another with the same patience."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx

from cupola.sources.addresses import without_secrets
from cupola.sources.jsontext import parse
from cupola.sources.patience import Passing, Patience, is_passing, passing_status, trouble, web_client
from cupola.sources.spec import SourceUnreachable

_SHOWN = 300


@dataclass(frozen=True)
class Page:
    """One answer. `body`: parsed JSON with numbers as their text; `status`: the body's own where it carries one."""

    status: int
    body: Any
    headers: Mapping[str, str]


def no_status(body: Any) -> int:
    """Say that bodies carry no status of their own."""
    return 0


class Pages:
    """A connection to one portal. `body_status` finds an error status inside a body that came with HTTP 200."""

    def __init__(self, patience: Patience, *, body_status: Callable[[Any], int] = no_status) -> None:
        self.patience = patience
        self._body_status = body_status
        self._received = 0

    def __enter__(self) -> "Pages":
        self._client = web_client(self.patience.limits)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Page:
        """Return one page. Raises SourceUnreachable for any error status that is not in `accept`."""
        while True:
            try:
                page = self._attempt(url, params, headers or {})
            except httpx.TooManyRedirects as error:
                raise self.patience.unreachable("it redirects too often", remedy="Give the final address.") from error
            except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
                raise self.patience.unreachable(str(error), remedy="Use an http or https address.") from error
            except httpx.HTTPError as error:
                self.patience.pause(trouble(error))
            except Passing as passing:
                self.patience.pause(passing)
            else:
                self.patience.progressed()
                if page.status >= 400 and page.status not in accept:
                    raise self.refused(page)
                return page

    def refused(self, page: Page) -> SourceUnreachable:
        """Return the error for a page that is one."""
        said = without_secrets(_said(page.body))[:_SHOWN]
        return self.patience.unreachable(f"it answered {page.status}{f': {said}' if said else ''}", status=page.status)

    def _attempt(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Page:
        with self._client.stream(
            "GET", url, params=params, headers={"Accept": "application/json", **headers}
        ) as response:
            if is_passing(response.status_code):
                raise passing_status(response, self.patience.limits)
            chunks = []
            for chunk in response.iter_bytes():
                self._received += len(chunk)
                self.patience.check_size(self._received)
                chunks.append(chunk)
        try:
            body = parse(b"".join(chunks))
        except ValueError as error:
            if response.status_code < 400:
                raise Passing("it answered something that is not JSON") from error
            body = None
        status = self._body_status(body) or response.status_code
        if is_passing(status):
            raise Passing(f"it answered {status}: {_said(body)[:_SHOWN]}", status=status)
        return Page(status, body, response.headers)


def _said(body: Any) -> str:
    """Return what an error body says: portals differ in where they put it."""
    if isinstance(body, str):
        return body
    if not isinstance(body, dict):
        return ""
    error = body.get("error")
    said = body.get("message") or (error.get("message") if isinstance(error, dict) else error)
    if isinstance(said, dict | list) or said is None:
        return ""
    details = error.get("details") if isinstance(error, dict) else None
    more = "; ".join(str(item) for item in details if item) if isinstance(details, list) else ""
    return f"{said} ({more})" if more else str(said)
