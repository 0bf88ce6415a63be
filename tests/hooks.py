"""A receiver of webhooks on this machine: it answers the challenge and keeps what it is sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any


class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given, server = json.loads(body), self.server
        server.got.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(server.status)  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(str(given.get("challenge", "")).encode())

    def log_message(self, *given: object) -> None:
        pass


@contextmanager
def listening(settings: Any) -> Iterator[Any]:
    """Yield a server that keeps headers and bodies in `got` and answers with `status`; the settings allow it."""
    server: Any = HTTPServer(("127.0.0.1", 0), Hook)
    server.got, server.status = [], 200
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.ADDRESS, settings.MAIL = "https://data.example.gov", False
    settings.WEBHOOK_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield server
    server.shutdown()
    server.server_close()
