"""The web server on one port."""

import ctypes
import os
import socket
from contextlib import suppress
from pathlib import Path

from cupola.cli.output import console
from cupola.errors import Conflict

# glibc's numbers for the settings, and what they are set to
_HEAPS, _MAPPED = (-8, 2), (-3, 1_000_000)


def serve_home(home: Path, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Start the web server on `home` and block until it is stopped."""
    from granian import Granian
    from granian.constants import Interfaces

    port = free_port(host, wanted=port)
    share_heaps()
    os.environ["CUPOLA_HOME"] = str(home)
    console.print(f"Serving at [bold]http://{host}:{port}/[/]  (stop with Ctrl-C)")
    server = Granian(
        "cupola.web.asgi:application", address=host, port=port, interface=Interfaces.ASGI, log_enabled=False, workers=1
    )
    server.serve()


def share_heaps() -> None:
    """Let the threads of this process and of those it forks share two heaps of the C library. Elsewhere: nothing.

    With a heap for each thread, as is usual, what one gave back lies where no other can use it. Parts of long answers,
    some 5 MB each, come from the system and go back to it instead of tearing holes into the heaps.
    """
    with suppress(AttributeError, OSError):
        for setting in (_HEAPS, _MAPPED):
            ctypes.CDLL(None).mallopt(*setting)


def free_port(host: str, *, wanted: int, tries: int = 20) -> int:
    """Return `wanted` or the first free port after it; 0 lets the system choose. Raises Conflict."""
    for port in range(wanted, wanted + tries) if wanted else (0,):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Conflict(f"Ports {wanted} to {wanted + tries - 1} on {host} are all taken. Choose another with --port.")
