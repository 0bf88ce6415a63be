"""From the event loop to the engine and back: waiting with an end, long answers in parts, clients that go away."""

import asyncio
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from cupola.errors import CupolaError
from cupola.lake import NotReleased
from cupola.serving.answers import Answer, Streamed, error_answer, redirect
from cupola.serving.counting import ROWS
from cupola.serving.front import conditional, keep, send_answer
from cupola.serving.service import Service
from cupola.serving.work import Job, busy

Result = TypeVar("Result")
_STALLED_SECONDS = 60.0  # a client that takes nothing for so long is let go


async def ask(service: Service, request: Request, work: Callable[[], Result], *, key: Hashable = None) -> Result:
    """Run `work` in the queue of the engine and return what it gives; equal keys asked at once run it once.

    Raises what `work` raises, and Busy where it would wait too long or the client has had its share.
    """
    client = request.scope.get("cupola.client", "")
    service.clients.begin(client)
    job = None
    try:
        job = service.queue.ask(key, work, owner=client)
        found: Result = await _finished(job, patience=service.sizes.patience)
        return found
    finally:
        service.clients.end(client, seconds=job.claim_seconds() if job else 0.0)


async def _finished(job: Job, *, patience: float) -> Any:
    if not job.done():
        # A future of its own for each who waits: when one goes away, the job stays.
        done = asyncio.get_running_loop().create_future()
        loop = asyncio.get_running_loop()
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(_wake, done))
        await asyncio.wait({done}, timeout=patience)
        if not job.started:
            raise busy()
        if not done.done():
            await done
    return job.result()


def _wake(done: "asyncio.Future[None]") -> None:
    if not done.done():
        done.set_result(None)


class Reply:
    """An answer as a response: conditional, kept under its address, or sent part by part."""

    def __init__(self, service: Service, made: Answer | Streamed, *, generation: tuple[int, ...] | None = None) -> None:
        self._service, self._made, self._generation = service, made, generation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        made = self._made
        if isinstance(made, Streamed):
            await _send_parts(self._service, made, (scope, receive, send))
            return
        if made.status == 200 and self._generation is not None and scope["method"] in {"GET", "HEAD"}:
            keep(self._service, scope, made, generation=self._generation)
        await send_answer(conditional(made, dict(reversed(scope["headers"]))), send, method=scope["method"])


async def reply(
    service: Service, request: Request, work: Callable[[], Answer | Streamed], *, key: Hashable = None
) -> Reply:
    """Run `work` and return its answer as a response, errors too. `key`: what else than the address it depends on."""
    generation = service.generation()
    whole = (generation, request.url.path, request.scope["query_string"], key)
    try:
        made = await ask(service, request, work, key=whole)
        if isinstance(made, Streamed) and not made.take():
            made = await ask(service, request, work)  # someone else is sent the parts of the first
    except NotReleased as error:
        return Reply(service, moved(service, request) or error_answer(error))
    except CupolaError as error:
        return Reply(service, error_answer(error))
    return Reply(service, made, generation=generation)


def moved(service: Service, request: Request) -> Answer | None:
    """Return the answer that leads from what a dataset was called before to what it is called now; None without one.

    The path is as the client wrote it but for that name, and so is the query.
    """
    formerly = service.formerly()
    parts = request.url.path.split("/")
    names = [part.partition(".")[0] for part in parts]
    if formerly.keys().isdisjoint(names):
        return None
    now = [formerly.get(name, name) + part[len(name) :] for name, part in zip(names, parts, strict=True)]
    query = request.scope["query_string"].decode("latin-1")
    return redirect("/".join(quote(part) for part in now) + (f"?{query}" if query else ""), status=308)


async def _send_parts(service: Service, made: Streamed, connection: tuple[Scope, Receive, Send]) -> None:
    scope, receive, send = connection
    client = scope.get("cupola.client", "")
    try:
        service.clients.begin(client)
    except CupolaError as error:
        await _close(made)
        await send_answer(error_answer(error), send, method=scope["method"])
        return
    sender = _Sender(service, made)
    try:
        await send({"type": "http.response.start", "status": made.head.status, "headers": list(made.head.headers)})
        if scope["method"] == "HEAD" or await sender.parts(receive, send):
            await send({"type": "http.response.body", "body": b"", ROWS: sum(made.tally)})
    finally:
        service.clients.end(client, seconds=sender.seconds)
        await _close(made)


class _Sender:
    """Sends the parts of one answer, the next one being made while one is on its way. `seconds`: it took to make."""

    def __init__(self, service: Service, made: Streamed) -> None:
        self._service, self._made = service, made
        self.seconds = 0.0

    async def parts(self, receive: Receive, send: Send) -> bool:
        """Send all parts; say whether the client stayed to the end."""
        gone = asyncio.ensure_future(_disconnected(receive))
        part = await self._next()
        try:
            while part is not None and not gone.done():
                following = asyncio.ensure_future(self._next())
                try:
                    body = {"type": "http.response.body", "body": part, "more_body": True}
                    await asyncio.wait_for(send(body), _STALLED_SECONDS)
                finally:
                    part = await following
            return part is None and not gone.done()
        finally:
            gone.cancel()

    async def _next(self) -> bytes | None:
        return await asyncio.wrap_future(self._service.streams.submit(self._make))

    def _make(self) -> bytes | None:
        began = time.thread_time()
        try:
            return next(self._made.parts, None)
        finally:
            self.seconds += time.thread_time() - began


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _close(made: Streamed) -> None:
    close = getattr(made.parts, "close", None)
    if close is not None:
        await asyncio.get_running_loop().run_in_executor(None, close)
