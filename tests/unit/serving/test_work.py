"""Queues, shared runs, deadlines, allowances and caches."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from cupola.serving.cache import Cache
from cupola.serving.errors import Busy
from cupola.serving.limits import Allowance, Clients, client_address
from cupola.serving.work import Deadlines, Flights, Queue


class Gate:
    """Work that waits until it is let through, and counts how often it ran."""

    def __init__(self) -> None:
        self.opened, self.begun, self.runs = threading.Event(), threading.Event(), 0

    def __call__(self) -> int:
        self.runs += 1
        self.begun.set()
        assert self.opened.wait(10)
        return self.runs


def test_equal_questions_at_the_same_time_are_answered_once() -> None:
    queue, gate = Queue(slots=2, most_waiting=8), Gate()
    jobs = [queue.ask("key", gate) for _ in range(5)]
    gate.opened.set()
    assert [job.result(10) for job in jobs] == [1] * 5
    assert queue.ask("key", gate).result(10) == 2
    queue.close()


def test_a_full_queue_says_when_to_come_back() -> None:
    queue, gate = Queue(slots=1, most_waiting=1), Gate()
    running, waiting = queue.ask(1, gate), queue.ask(2, gate)
    with pytest.raises(Busy) as busy:
        queue.ask(3, gate)
    assert busy.value.retry_seconds > 0
    gate.opened.set()
    assert (running.result(10), waiting.result(10)) == (1, 2)
    assert queue.ask(3, gate).result(10) == 3
    queue.close()


def test_a_failure_reaches_everyone_and_is_not_remembered() -> None:
    queue = Queue(slots=1, most_waiting=8)

    def fail() -> int:
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        queue.ask("key", fail).result(10)
    assert queue.ask("key", lambda: 5).result(10) == 5
    queue.close()


def test_threads_that_ask_for_the_same_share_one_run() -> None:
    flights, gate = Flights(), Gate()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(flights.once, "key", gate)
        assert gate.begun.wait(10)
        others = [pool.submit(flights.once, "key", gate) for _ in range(3)]
        time.sleep(0.05)
        gate.opened.set()
        assert [future.result(10) for future in (first, *others)] == [1] * 4


def test_a_query_past_its_time_is_interrupted_and_the_next_is_not() -> None:
    deadlines = Deadlines()
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        with pytest.raises(duckdb.InterruptException), deadlines.within(connection, 0.05) as deadline:
            connection.execute("SELECT count(*) FROM range(10000000) a, range(1000000) b").fetchall()
        assert deadline.passed
        with deadlines.within(connection, 5.0):
            assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_an_earlier_deadline_is_met_first() -> None:
    class Told:
        def __init__(self) -> None:
            self.at = threading.Event()

        def interrupt(self) -> None:
            self.at.set()

    deadlines, late, soon = Deadlines(), Told(), Told()
    with deadlines.within(late, 30), deadlines.within(soon, 0.01):
        assert soon.at.wait(5)
    assert not late.at.is_set()


def test_a_client_pays_with_time_and_earns_it_back() -> None:
    now = [0.0]
    clients = Clients(Allowance(burst=10, refill=1, at_once=2), clock=lambda: now[0])
    clients.begin("a")
    clients.end("a", seconds=14)
    with pytest.raises(Busy) as busy:
        clients.begin("a")
    assert busy.value.retry_seconds == 4
    clients.begin("b")
    now[0] = 5.0
    clients.begin("a")


def test_a_client_has_so_many_queries_at_once() -> None:
    clients = Clients(Allowance(at_once=2))
    clients.begin("a")
    clients.begin("a")
    with pytest.raises(Busy):
        clients.begin("a")
    clients.end("a", seconds=0)
    clients.begin("a")


def test_without_a_refill_time_is_free() -> None:
    clients = Clients(Allowance(burst=1, refill=0))
    clients.begin("a")
    clients.end("a", seconds=1000)
    clients.begin("a")


def test_a_stranger_cannot_say_who_it_is() -> None:
    assert client_address("198.51.100.7", "1.2.3.4", behind_proxy=False) == "198.51.100.7"
    assert client_address("10.0.0.1", "6.6.6.6, 203.0.113.9", behind_proxy=True) == "203.0.113.9"
    assert client_address("10.0.0.1", "", behind_proxy=True) == "10.0.0.1"
    assert client_address("2001:db8:1:2:3:4:5:6", "", behind_proxy=False) == "2001:db8:1:2"


def test_a_cache_forgets_what_was_not_asked_for_longest() -> None:
    cache: Cache[str] = Cache(10_000)
    for name in "abcdefgh":
        cache.put(name, name, size=900)
    assert cache.get("a") == "a"
    cache.put("i", "i", size=900)
    assert (cache.get("a"), cache.get("b"), cache.get("i")) == ("a", None, "i")
    assert cache.size <= 10_000


def test_a_cache_takes_nothing_that_would_fill_it() -> None:
    cache: Cache[str] = Cache(10_000)
    cache.put("large", "x", size=5000)
    assert cache.get("large") is None
    cache.put("a", "1", size=100)
    cache.put("a", "2", size=100)
    assert (cache.get("a"), len(cache), cache.size) == ("2", 1, 400)
