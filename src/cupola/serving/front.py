"""What every request to the public API passes first: the host it asks for, sizes, answers given before."""

import itertools
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cupola.serving.answers import Answer, Headers, fixed, json_error, unchanged
from cupola.serving.cache import Cache
from cupola.serving.counting import ROWS
from cupola.serving.limits import client_address
from cupola.serving.releases import SEEN, Generation
from cupola.serving.service import Service

MOST_ADDRESS = 128_000  # bytes of path and query together
MOST_HEADERS = 64_000
MOST_HOST = 300  # a name has 253 characters at most
MOST_BODY = 1_000_000
_EVERYONE = fixed({
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Deprecation, Sunset, Retry-After, X-Cupola-Version,"
    " X-SODA2-Fields, X-SODA2-Types, X-SODA2-Row-Count, X-SODA2-Warning, X-SODA2-Truth-Last-Modified,"
    " X-SODA2-Data-Out-Of-Date, X-Socrata-RequestId",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
})  # fmt: skip
_PREFLIGHT = fixed({
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Modified-Since, If-None-Match, Range,"
    " X-App-Token, X-CKAN-API-Key, X-Requested-With, X-Socrata-Federation",
    "Access-Control-Max-Age": "86400",
})  # fmt: skip
_HSTS = fixed({"Strict-Transport-Security": "max-age=31536000"})


@dataclass(frozen=True)
class Site:
    """Where this server stands. `https`: a proxy in front ends TLS and says who asks."""

    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    https: bool = False

    def allows(self, host: str) -> bool:
        """Whether this site answers under that name; ".example.org" allows every name below it too."""
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        name = name.lower().rstrip(".")
        return any(
            allowed == "*" or name == allowed or (allowed[0] == "." and (name.endswith(allowed) or name == allowed[1:]))
            for allowed in self.allowed_hosts
            if allowed
        )

    def base(self, host: str) -> str:
        """Return the address of this site as the client wrote it."""
        return f"{'https' if self.https else 'http'}://{host}"


Kept = tuple[Generation, Answer]


class Front:
    """Checks a request, answers at once what was answered before, and hands the rest to `inner`."""

    def __init__(self, inner: ASGIApp, *, service: Service, site: Site) -> None:
        self._inner, self._service, self._site = inner, service, site
        self._kept: Cache[Kept] = service.addresses
        # Counted, not drawn: asking the system for chance lets other threads go first, for a tenth of a millisecond.
        self._prefix, self._requests = secrets.token_hex(8).encode(), itertools.count()
        self._everyone = _EVERYONE + (_HSTS if site.https else ())
        self._allows = lru_cache(maxsize=1024)(lambda host: site.allows(host.decode("latin-1")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = dict(reversed(scope["headers"]))
        refused = self._refusal(scope, headers)
        everyone = (*self._everyone, (b"x-socrata-requestid", b"%s%08x" % (self._prefix, next(self._requests))))
        if refused is not None:
            await send_answer(refused, send, extra=everyone, method=scope["method"])
        elif scope["method"] == "OPTIONS":
            await send_answer(Answer(204, _PREFLIGHT, b""), send, extra=everyone, method="OPTIONS")
        elif (kept := self._known(scope)) is not None:
            await send_answer(conditional(kept, headers), send, extra=everyone, method=scope["method"])
        else:
            peer = (scope.get("client") or ("", 0))[0]
            forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
            scope["cupola.client"] = client_address(peer, forwarded, behind_proxy=self._site.https)
            await self._inner(scope, _bounded(receive), _with_headers(send, everyone))

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> Answer | None:
        host = headers.get(b"host", b"")
        if len(host) > MOST_HOST or not self._allows(host):
            return json_error(400, "host.not-allowed", "This server does not answer under that name.")
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > MOST_ADDRESS:
            return json_error(414, "address.too-long", f"The address is longer than {MOST_ADDRESS:,} bytes.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            return json_error(431, "headers.too-large", f"The headers are larger than {MOST_HEADERS:,} bytes.")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length[:12]) > MOST_BODY:
            return json_error(413, "body.too-large", f"The body is larger than {MOST_BODY:,} bytes.")
        return None

    def _known(self, scope: Scope) -> Answer | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        kept = self._kept.get((scope["path"], scope["query_string"]))
        if kept is None:
            return None
        # Looked up at each request: what was recalled a moment ago must not come out of here.
        generation = scope[SEEN] if SEEN in scope else self._service.generation()
        return kept[1] if kept[0] == generation else None


def keep(service: Service, scope: Scope, answer: Answer, *, generation: Generation) -> None:
    """Keep an answer under its address, for as long as the registry stays as it was when it was asked.

    What asks for the present time is not kept.
    """
    if b"get_utc_date" in unquote_to_bytes(scope["query_string"]).lower():
        return
    key = (scope["path"], scope["query_string"])
    service.addresses.put(key, (generation, answer), size=len(answer.body) + len(scope["query_string"]) + 2000)


def conditional(answer: Answer, headers: dict[bytes, bytes]) -> Answer:
    """Return the answer, or only its head where the client has the rest."""
    none_match, since = headers.get(b"if-none-match", b""), headers.get(b"if-modified-since", b"")
    if answer.status != 200 or not (none_match or since):
        return answer
    given, day = none_match.decode("latin-1"), since.decode("latin-1")
    return not_modified(answer) if unchanged(answer, if_none_match=given, if_modified_since=day) else answer


def not_modified(answer: Answer) -> Answer:
    """Return the head that says that the client's copy is still good."""
    return Answer(304, tuple(one for one in answer.headers if one[0] != b"content-type"), b"")


async def send_answer(answer: Answer, send: Send, *, extra: Headers = (), method: str = "GET") -> None:
    """Send a whole answer; of HEAD only the head."""
    headers = [*answer.headers, *extra]
    if answer.status not in {204, 304}:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers, ROWS: answer.rows})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


def _with_headers(send: Send, extra: Headers) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            held = {name for name, _ in message.get("headers", ())}
            added = [one for one in extra if one[0] not in held]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return sending


def _bounded(receive: Receive) -> Receive:
    """Give no more of a body than is allowed, whatever its length was said to be."""
    left = MOST_BODY

    async def receiving() -> Message:
        nonlocal left
        message: Any = await receive()
        if message["type"] == "http.request":
            left -= len(message.get("body", b""))
            if left < 0:
                return {"type": "http.disconnect"}
        return message  # type: ignore[no-any-return]

    return receiving
