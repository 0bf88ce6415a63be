"""The application a server runs."""

import os
from collections.abc import AsyncIterator, Iterable
from itertools import islice
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http.response import HttpResponseBase

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
application = Application()
