"""Work on the engine: a few threads, a queue that does not grow without end, equal questions asked once."""

import heapq
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from cupola.serving.errors import Busy

Result = TypeVar("Result")
_RETRY_SECONDS = 5
_IDLE_SECONDS = 60.0


class Interruptible(Protocol):
    """A connection whose query another thread can stop."""

    def interrupt(self) -> None:
        """Stop what runs now."""


class Job(Future[Any]):
    """One question being answered. `started`: it has a thread. `seconds`: of a processor, what it took."""

    started = False
    seconds = 0.0

    def claim_seconds(self) -> float:
        """Return what it took to the first who asks, and nothing to everyone after."""
        seconds, self.seconds = self.seconds, 0.0
        return seconds


@dataclass(frozen=True)
class _Turn:
    """A job that waits, of one owner."""

    owner: str
    key: Hashable
    job: Job
    work: Callable[[], Any]


class Queue:
    """Runs functions on `slots` threads. Equal keys asked at the same time are run once, whoever goes away.

    Owners take turns, and one thread is always left for others: who asks a hundred slow questions at once waits for
    them, and nobody else does. The owner without a name is us.
    """

    def __init__(self, *, slots: int, most_waiting: int, name: str = "query") -> None:
        self.slots, self._most = slots, slots + most_waiting
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._jobs: dict[Hashable, Job] = {}
        self._count = 0
        self._waiting: OrderedDict[str, deque[_Turn]] = OrderedDict()
        self._running: Counter[str] = Counter()
        self._closed = False

    def ask(self, key: Hashable, work: Callable[[], Any], *, owner: str = "") -> Job:
        """Return the job that answers `key`: the one under way, or a new one that runs `work`. Raises Busy."""
        with self._lock:
            job = self._jobs.get(key) if key is not None else None
            if job is not None:
                return job
            if self._count >= self._most:
                raise busy()
            job = Job()
            self._count += 1
            if key is not None:
                self._jobs[key] = job
            self._waiting.setdefault(owner, deque()).append(_Turn(owner, key, job, work))
            self._begin()
        return job

    def _begin(self) -> None:
        """Give free threads to whoever is next and has not his share already. Called with the lock held."""
        while not self._closed and self._running.total() < self.slots:
            share = max(1, self.slots - 1)
            owner = next((one for one in self._waiting if not one or self._running[one] < share), None)
            if owner is None:
                return
            turns = self._waiting.pop(owner)
            turn = turns.popleft()
            if turns:
                self._waiting[owner] = turns  # behind all others
            self._running[owner] += 1
            self._pool.submit(self._run, turn)

    def _run(self, turn: _Turn) -> None:
        turn.job.started = True
        began = time.thread_time()
        try:
            result = turn.work()
        except BaseException as error:  # whoever waits for the job gets it
            self._done(turn, began)
            turn.job.set_exception(error)
        else:
            self._done(turn, began)
            turn.job.set_result(result)

    def _done(self, turn: _Turn, began: float) -> None:
        turn.job.seconds = time.thread_time() - began
        with self._lock:
            self._count -= 1
            if turn.key is not None:
                del self._jobs[turn.key]
            self._running[turn.owner] -= 1
            if not self._running[turn.owner]:
                del self._running[turn.owner]
            self._begin()

    def close(self) -> None:
        """Let what runs end; nothing new begins."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)


class Flights:
    """Equal questions that threads ask at the same time are answered once, by the first of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, Future[Any]] = {}

    def once(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """Return what `work` gives, or what it gives the thread that already runs it."""
        with self._lock:
            other = self._under_way.get(key)
            if other is None:
                own: Future[Any] = Future()
                self._under_way[key] = own
        if other is not None:
            return other.result()  # type: ignore[no-any-return]
        try:
            result = work()
        except BaseException as error:
            self._land(key).set_exception(error)
            raise
        self._land(key).set_result(result)
        return result

    def _land(self, key: Hashable) -> Future[Any]:
        with self._lock:
            return self._under_way.pop(key)


def busy() -> Busy:
    """Return the error for a query that would wait too long."""
    return Busy("Too many queries are running. Try again in a few seconds.", retry_seconds=_RETRY_SECONDS)


@dataclass(eq=False)
class Deadline:
    """When a connection is interrupted. `connection` None: it is done, or was interrupted (`passed`)."""

    at: float
    connection: Interruptible | None
    passed: bool = False

    def __lt__(self, other: "Deadline") -> bool:
        """Earlier comes first."""
        return self.at < other.at


class Deadlines:
    """Interrupts connections that work past their time: one thread for all of them, begun with the first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Deadline] = []
        self._thread: threading.Thread | None = None

    @contextmanager
    def within(self, connection: Interruptible, seconds: float) -> Iterator[Deadline]:
        """Interrupt `connection` once the block has run for `seconds`."""
        deadline = Deadline(time.monotonic() + seconds, connection)
        with self._changed:
            heapq.heappush(self._waiting, deadline)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0] is deadline:
                self._changed.notify()
        try:
            yield deadline
        finally:
            with self._changed:
                deadline.connection = None

    def _watch(self) -> None:
        with self._changed:
            while True:
                while self._waiting and self._waiting[0].connection is None:
                    heapq.heappop(self._waiting)
                if not self._waiting and not self._changed.wait(timeout=_IDLE_SECONDS) and not self._waiting:
                    self._thread = None
                    return
                if self._waiting:
                    self._interrupt_first()

    def _interrupt_first(self) -> None:
        first = self._waiting[0]
        left = first.at - time.monotonic()
        if left > 0:
            self._changed.wait(timeout=left)
        elif first.connection is not None:
            first.connection.interrupt()
            first.connection, first.passed = None, True
