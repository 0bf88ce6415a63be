"""The load generator, in a process of its own: `python -m bench.load PORT CLIENTS SECONDS < targets`.

Each client keeps one connection open and asks again as soon as it has its answer. Targets are asked in order and never
twice, unless `--repeat`. Plain Python on epoll: it asks 45,000 times a second and
more of a server that does nothing, three times the fastest answer it is used to measure.
"""

import argparse
import json
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

PIECE = 1 << 20


class Client:
    """One connection: what was asked on it, and how much of the answer is still to come."""

    def __init__(self, port: int, *, number: int, buffer: bytearray) -> None:
        address = f"127.0.0.{number + 2}"  # each one its own: to servers with limits these are different people
        self.socket = socket.create_connection(("127.0.0.1", port), 120, (address, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = buffer
        self.asked_at = 0.0
        self.received = 0
        self._held = b""
        self._missing = -1  # bytes of the body; -1: the head is not complete, -2: chunks
        self.status = b""

    def ask(self, request: bytes) -> None:
        """Send a request; the answer comes in pieces."""
        self._held, self._missing = b"", -1
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> bool:
        """Read what has come; say whether the answer is complete. Raises EOFError when the server hangs up."""
        count = self.socket.recv_into(self.buffer)
        if not count:
            raise EOFError
        self.received += count
        if self._missing >= 0:
            self._missing -= count
            return self._missing <= 0
        self._held += self.buffer[:count]
        if self._missing == -1:
            self._read_head()
        if self._missing == -2:
            self._skip_chunks()
        return self._missing == 0

    def _read_head(self) -> None:
        head, end, rest = self._held.partition(b"\r\n\r\n")
        if not end:
            return
        head = head.lower()
        self.status = head[9:12]
        if self.status in {b"304", b"204"}:
            self._missing = 0
        elif (at := head.find(b"content-length:")) >= 0:
            self._missing = int(head[at + 15 :].split(b"\r\n", 1)[0]) - len(rest)
        else:
            self._missing, self._held = -2, rest

    def _skip_chunks(self) -> None:
        while (end := self._held.find(b"\r\n")) >= 0:
            size = int(self._held[:end], 16)
            if len(self._held) < end + 2 + size + 2:
                return
            self._held = self._held[end + 2 + size + 2 :]
            if size == 0:
                self._missing = 0
                return


def requests(targets: list[str], *, port: int, repeat: bool, headers: list[str]) -> Iterator[bytes]:
    """Return the requests in order, as they go over the wire."""
    tail = "".join(f"{line}\r\n" for line in headers)
    made = (f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{tail}\r\n".encode() for target in targets)
    return cycle(list(made)) if repeat else made


def run(port: int, asked: Iterator[bytes], *, clients: int, seconds: float) -> dict[str, object]:
    """Ask until the time is over or nothing is left to ask; return what came of it."""
    selector = selectors.DefaultSelector()
    buffer = bytearray(PIECE)
    took: list[float] = []
    statuses: Counter[str] = Counter()
    busy: list[Client] = []
    began = time.perf_counter()
    for number in range(clients):
        client = Client(port, number=number, buffer=buffer)
        if (request := next(asked, None)) is not None:
            client.ask(request)
            busy.append(client)
            selector.register(client.socket, selectors.EVENT_READ, client)
    received, waiting = busy[:], len(busy)
    while waiting:
        for key, _ in selector.select(120):
            client = key.data
            if not client.take():
                continue
            now = time.perf_counter()
            took.append(now - client.asked_at)
            statuses[client.status.decode()] += 1
            request = next(asked, None) if now - began < seconds else None
            if request is None:
                selector.unregister(client.socket)
                waiting -= 1
            else:
                client.ask(request)
    spent = time.perf_counter() - began
    took.sort()
    return {
        "rate": len(took) / spent,
        "p50": took[len(took) // 2],
        "p99": took[min(len(took) * 99 // 100, len(took) - 1)],
        "count": len(took),
        "seconds": spent,
        "bytes": sum(client.received for client in received),
        "statuses": dict(statuses),
        "cpu": time.process_time(),
    }


def main() -> None:
    """Read the targets from standard input, one in each line; print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.load")
    parser.add_argument("port", type=int)
    parser.add_argument("clients", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--repeat", action="store_true")
    parser.add_argument("--header", action="append", default=[])
    given = parser.parse_args()
    targets = sys.stdin.read().splitlines()
    asked = requests(targets, port=given.port, repeat=given.repeat, headers=given.header)
    print(json.dumps(run(given.port, asked, clients=given.clients, seconds=given.seconds)))


if __name__ == "__main__":
    main()
