"""The application a server runs."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from functools import cache, partial
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


@cache
def public_api(root: Path, site: serving.Site) -> Starlette:
    """Return the public API over the lake at `root`, the same each time."""
    sizes = serving.Sizes(
        memory=settings.QUERY_MEMORY,
        seconds=settings.QUERY_SECONDS,
        client=serving.Allowance(refill=settings.QUERY_SHARE),
    )
    return serving.application(root, site=site, sizes=sizes)


def site() -> serving.Site:
    """Return what the public API must know of where it stands."""
    return serving.Site(allowed_hosts=tuple(settings.ALLOWED_HOSTS), https=settings.SESSION_COOKIE_SECURE)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Give each request to whom it is for: addresses of the public API, and pages (decision 0014)."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await counted(scope, receive, send)


async def answer(scope: Any, receive: Any, send: Any) -> None:
    """Answer one request."""
    if scope["type"] == "http" and serving.answers(scope["path"]):
        await public_api(lake(), site())(scope, receive, send)
    else:
        await pages(scope, receive, send)


@cache
def usage(home: Path) -> serving.Usage:
    """Return the counts of a home, the same each time."""
    here = serving.service(home / "lake")
    return serving.usage(home / "usage.db", names=partial(serving.names_of, here), zone=partial(serving.zone_of, here))


watched = serving.Watched(
    answer,
    service=lambda: serving.service(lake()),
    log=lambda: serving.narrow_log(Path(settings.CUPOLA_HOME) / "narrow.db"),
    site=site,
)
counted = serving.Counted(watched, lambda: usage(Path(settings.CUPOLA_HOME)))


def lake() -> Path:
    """Return where the lake of the home is."""
    return Path(settings.CUPOLA_HOME) / "lake"


async def _live(receive: Any, send: Any) -> None:
    """Make ready and say so; at the end, let go of the lake."""
    while (await receive())["type"] == "lifespan.startup":
        with suppress(CupolaError):  # of a lake that cannot be opened, pages can still tell
            public_api(lake(), site())
            await warm(application, site=site(), releases=serving.service(lake()).releases())
        await send({"type": "lifespan.startup.complete"})
    public_api.cache_clear()
    usage.cache_clear()
    serving.close_usage()
    serving.close_narrow()
    serving.close_services()
    await send({"type": "lifespan.shutdown.complete"})
