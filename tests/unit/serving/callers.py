"""Ask the public API in this process, without a server."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp


class Client:
    """Asks an application as a client on another machine would."""

    def __init__(self, app: ASGIApp, *, address: str = "203.0.113.5") -> None:
        self._app, self._address = app, address

    def ask(self, method: str, address: str, **given: Any) -> httpx.Response:
        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app, client=(self._address, 4000))
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, address, **given)

        return asyncio.run(asking())

    def get(self, address: str, **given: Any) -> httpx.Response:
        return self.ask("GET", address, **given)

    def head(self, address: str, **given: Any) -> httpx.Response:
        return self.ask("HEAD", address, **given)

    def options(self, address: str, **given: Any) -> httpx.Response:
        return self.ask("OPTIONS", address, **given)
