"""One writer per dataset, across processes: a lock the kernel lets go of when its holder dies, however it dies."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cupola.errors import Conflict


@dataclass(frozen=True)
class Holder:
    """Who writes: what they run and since when."""

    command: str
    since: datetime


class BeingWritten(Conflict):
    """Another process is writing the same dataset."""

    def __init__(self, *, dataset: str, pid: int | None, host: str, command: str, since: str) -> None:
        self.dataset, self.pid, self.host, self.command, self.since = dataset, pid, host, command, since
        who = f"process {pid} on {host} ({command}) since {since}" if pid else "another process"
        super().__init__(f"{dataset}: {who} is writing it. Wait until that is done, or end that process.")


@contextmanager
def exclusive(path: Path, *, dataset: str, holder: Holder) -> Iterator[None]:
    """Hold the lock file `path` while the block runs. Raises BeingWritten at once when someone else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _told(path, dataset) from error
        facts = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": holder.command,
            "since": holder.since.isoformat(timespec="seconds"),
        }
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(facts).encode(), 0)
        yield
    finally:
        os.close(handle)


def _told(path: Path, dataset: str) -> BeingWritten:
    try:
        facts = json.loads(path.read_text())
    except (OSError, ValueError):  # taken a moment ago, and its holder has not written its name yet
        facts = {}
    return BeingWritten(
        dataset=dataset,
        pid=facts.get("pid"),
        host=facts.get("host", ""),
        command=facts.get("command", ""),
        since=facts.get("since", ""),
    )
