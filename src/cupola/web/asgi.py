"""The application a server runs."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from functools import cache, cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.http.response import HttpResponseBase
from starlette.applications import Starlette

from cupola import serving
from cupola.errors import CupolaError
from cupola.web.warming import warm

PARTS = 64  # so many at a time: a step into a thread costs more than reading 4 kB


class Application(ASGIHandler):
    """Django, with files read in a thread: left to itself it reads them whole first, and warns that it does."""

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """Send a response; the parts of a file one after the other."""
        content = getattr(response, "streaming_content", None)
        if content is not None and not response.is_async:  # type: ignore[attr-defined]
            response.streaming_content = read_in_thread(content)  # type: ignore[attr-defined]
        await super().send_response(response, send)


async def read_in_thread(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Yield what `parts` yields, read in a thread, several parts at a time."""
    rest = iter(parts)
    while chunk := await sync_to_async(lambda: b"".join(islice(rest, PARTS)))():
        yield chunk


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cupola.web.settings")
django.setup(set_prefix=False)
pages = Application()


class Entrance:
    """Where requests for one home come in: counted, watched, and given to whom they are for (decision 0014).

    What they need is looked up once and not at each request: an answer from memory takes less time than a path.
    """

    def __init__(self, home: Path, site: serving.Site) -> None:
        self.site = site
        self._home = home
        log = partial(serving.narrow_log, home / "narrow.db")
        watched = serving.Watched(self._answer, service=lambda: self.service, log=log, site=site)
        self.answer = serving.Counted(watched, lambda: self._usage)

    @cached_property
    def service(self) -> serving.Service:
        """What is public of the home's lake."""
        sizes = serving.Sizes(
            memory=settings.QUERY_MEMORY,
            seconds=settings.QUERY_SECONDS,
            client=serving.Allowance(refill=settings.QUERY_SHARE),
        )
        return serving.service(self._home / "lake", sizes=sizes)

    @cached_property
    def public_api(self) -> Starlette:
        """The public API over it."""
        return serving.application(self.service.root, site=self.site)

    @cached_property
    def _usage(self) -> serving.Usage:
        names, zone = partial(serving.names_of, self.service), partial(serving.zone_of, self.service)
        return serving.usage(self._home / "usage.db", names=names, zone=zone)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and serving.answers(scope["path"]):
            await self.public_api(scope, receive, send)
        else:
            await pages(scope, receive, send)


@cache
def entrance(home: str, hosts: tuple[str, ...], https: bool) -> Entrance:
    """Return the entrance of a home, the same each time while the settings stay."""
    return Entrance(Path(home), serving.Site(allowed_hosts=hosts, https=https))


def here() -> Entrance:
    """Return the entrance of the home that is set."""
    return entrance(str(settings.CUPOLA_HOME), tuple(settings.ALLOWED_HOSTS), settings.SESSION_COOKIE_SECURE)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Give each request to the entrance of the home."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await here().answer(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    """Make ready and say so; at the end, let go of the lake."""
    while (await receive())["type"] == "lifespan.startup":
        with suppress(CupolaError):  # of a lake that cannot be opened, pages can still tell
            entered = here()
            await warm(application, site=entered.site, releases=entered.service.releases())
        await send({"type": "lifespan.startup.complete"})
    entrance.cache_clear()
    serving.close_usage()
    serving.close_narrow()
    serving.close_services()
    await send({"type": "lifespan.shutdown.complete"})
