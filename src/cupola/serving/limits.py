"""How much one client may ask for: time of the engine, and queries at once. Kept answers cost nothing."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from cupola.serving.errors import Busy

_MOST_CLIENTS = 10_000


@dataclass(frozen=True)
class Allowance:
    """What a client has: `burst` seconds of a processor, `refill` more each second, `at_once` queries at a time.

    A `refill` of 0 sets no limit on time.
    """

    burst: float = 120.0
    refill: float = 1.0
    at_once: int = 32


@dataclass
class _Account:
    left: float
    at: float
    running: int = 0


class Clients:
    """Accounts by client address. A client that is over its allowance is told when to come back."""

    def __init__(self, allowance: Allowance, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.allowance = allowance
        self._clock = clock
        self._lock = threading.Lock()
        self._accounts: OrderedDict[str, _Account] = OrderedDict()

    def begin(self, client: str) -> None:
        """Count one more query of `client`. Raises Busy."""
        with self._lock:
            account = self._account(client)
            if account.running >= self.allowance.at_once:
                raise Busy(
                    f"Only {self.allowance.at_once} queries at a time for each client. Wait for one to end.",
                    retry_seconds=1,
                )
            if account.left <= 0 and self.allowance.refill:
                wait = math.ceil(-account.left / self.allowance.refill) or 1
                raise Busy("You have used your share of the engine for now. Wait a little.", retry_seconds=wait)
            account.running += 1

    def end(self, client: str, *, seconds: float) -> None:
        """Count one query less, and take its time off the account."""
        with self._lock:
            account = self._account(client)
            account.running = max(0, account.running - 1)
            if self.allowance.refill:
                account.left -= seconds

    def forget(self) -> None:
        """Begin every client's account anew."""
        with self._lock:
            self._accounts.clear()

    def _account(self, client: str) -> _Account:
        now = self._clock()
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = _Account(left=self.allowance.burst, at=now)
            while len(self._accounts) > _MOST_CLIENTS:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(client)
        account.left = min(self.allowance.burst, account.left + (now - account.at) * self.allowance.refill)
        account.at = now
        return account


def client_address(peer: str, forwarded: str, *, behind_proxy: bool) -> str:
    """Return who asks: the peer, or behind a proxy of ours the last address it wrote; a network of IPv6 is one."""
    if behind_proxy and forwarded:
        peer = forwarded.rsplit(",", 1)[-1].strip()[:64] or peer
    if ":" in peer and "." not in peer:
        return ":".join(peer.split(":")[:4])
    return peer
