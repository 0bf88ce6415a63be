"""A web server and a fetch for the tests of this folder."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from source_world import Handler, Server, Site, Taker, Waits

from cupola.sources import Limits


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = Server(("127.0.0.1", 0), type("SiteHandler", (Handler,), {"site": site}))
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def taker(tmp_path: Path) -> Taker:
    waits = Waits()
    return Taker(tmp_path / "taker", waits, Limits(attempts=4, pace=waits.pace()))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "base"
    folder.mkdir()
    return folder
