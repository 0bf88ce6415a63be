"""A request for a document about the catalogue: what it sees, and how it is answered."""

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any
from weakref import WeakKeyDictionary

from starlette.datastructures import QueryParams
from starlette.requests import Request

from cupola.errors import CupolaError
from cupola.lake import City
from cupola.serving.answers import Answer, error_answer, json_answer
from cupola.serving.asking import Reply, ask
from cupola.serving.entries import Entry, Shelf
from cupola.serving.front import Site
from cupola.serving.parameters import moment
from cupola.serving.places import Places
from cupola.serving.service import Service

_lock = threading.Lock()
_shelves: "WeakKeyDictionary[Service, Shelf]" = WeakKeyDictionary()


def shelf_of(service: Service) -> Shelf:
    """Return the catalogue of a service's lake, the same object each time."""
    with _lock:
        found = _shelves.get(service)
        if found is None:
            found = _shelves[service] = Shelf(service.root, service.generation, lambda: service.clock())
        return found


@dataclass(frozen=True)
class Visit:
    """One request: the catalogue, its own addresses as this client wrote them, and the parameters."""

    service: Service
    places: Places
    asked: QueryParams

    @cached_property
    def shelf(self) -> Shelf:
        """The catalogue."""
        return shelf_of(self.service)

    @cached_property
    def as_of(self) -> datetime | None:
        """The moment that is asked for, None for now. Raises BadParameter."""
        text = self.asked.get("as_of", "").strip()
        return moment(text) if text else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was public at that moment. Raises BadParameter."""
        return self.shelf.entries(self.as_of)

    @property
    def city(self) -> City:
        """The city the catalogue belongs to."""
        return self.shelf.city()

    def kept(self, name: str, make: Callable[[], Any], *, content_type: str = "") -> Answer:
        """Return a JSON document made once for each state of the catalogue and each host."""
        key = (name, self.shelf.state(), self.places, self.as_of)
        found: Answer | None = self.service.cache.get(key)
        if found is None:
            found = json_answer(make(), headers={"Content-Type": content_type} if content_type else None)
            self.service.cache.put(key, found, size=len(found.body))
        return found


def endpoint(service: Service, site: Site, work: Callable[[Visit], Answer]) -> Callable[[Request], Awaitable[Reply]]:
    """Return what answers with a document made by `work`. Not kept by address: it names the host that was asked."""

    async def answer(request: Request) -> Reply:
        visit = Visit(service, Places(site.base(request.headers["host"])), request.query_params)
        key = (service.generation(), visit.places, request.url.path, request.scope["query_string"])
        try:
            return Reply(service, await ask(service, request, partial(work, visit), key=key))
        except CupolaError as error:
            return Reply(service, error_answer(error))

    return answer
