"""`cupola serve` in a process of its own, asked over plain sockets so that nothing is tidied up on the way."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests import commands
from tests.records import kept

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers with names in small letters, body, and how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")


@dataclass(frozen=True)
class Server:
    """A server on a port of this machine."""

    port: int
    pid: int

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def get(
        self, target: str, headers: Mapping[str, str] | None = None, *, method: str = "GET", source: str = ""
    ) -> Answer:
        """Ask for a target, which goes over the wire as it is. `source`: the address of this machine to ask from."""
        given = {"Host": self.host, **(headers or {})}
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        return self.send(f"{method} {target} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode(), source=source)

    def send(self, request: bytes, *, source: str = "") -> Answer:
        """Send bytes and read one answer."""
        began = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), SECONDS, (source, 0)) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough; the answer may be there
                connection.sendall(request)
            answer = http.client.HTTPResponse(connection, method=request[:5].split(b" ")[0].decode(errors="replace"))
            try:
                answer.begin()
                body = answer.read()
            finally:
                answer.close()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, body, time.perf_counter() - began)

    def held_mb(self) -> float:
        """Return the memory its processes hold now."""
        return sum(_resident_mb(pid) for pid in family(self.pid))

    def open_files(self) -> int:
        """Return how many files its processes hold open."""
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in family(self.pid))


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def command_environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a command on a home: nothing of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CUPOLA_", "DJANGO_"))}
    return {**kept, "CUPOLA_HOME": str(home), "COLUMNS": "200", **more}


def run_folder(home: Path, folder: Path, *options: str) -> None:
    """Run the main job on a city folder, and fail with what it said when it fails."""
    if not home.exists():
        shutil.copytree(empty_home(), home)
    done = commands.run("run", folder, *options, environment=command_environment(home))
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def empty_home() -> Path:
    """Return a home with empty records, to copy: making them anew takes seconds."""
    home = Path(tempfile.mkdtemp(prefix="empty-", dir=os.environ["CUPOLA_HOME"]))
    if kept().exists():
        shutil.copyfile(kept(), home / "records.db")
    done = commands.run("data", "list", environment=command_environment(home))
    assert done.returncode == 0, done.stdout + done.stderr
    return home


@contextmanager
def serving(home: Path, *, log: Path, **environment: str) -> Iterator[Server]:
    """Serve a home until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    given = command_environment(home, **environment)
    process = commands.start("serve", "--port", port, environment=given, out=log, err=log)
    server = Server(port, process.pid)
    try:
        _wait(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)


def _wait(server: Server, process: commands.Command, log: Path) -> None:
    until, answer = time.monotonic() + SECONDS, None
    while answer is None and time.monotonic() < until and process.poll() is None:
        try:
            answer = server.get("/data/")
        except OSError:
            time.sleep(0.1)
    assert answer is not None, f"the server does not answer:\n{log.read_text()[-2000:]}"
    assert answer.status == 200, f"the first page answers {answer.status}:\n{log.read_text()[-2000:]}"
