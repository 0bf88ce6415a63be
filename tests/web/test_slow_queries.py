"""Queries that would take for ever: stopped in time, and in nobody else's way."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.hostility import check_nothing_told, error_code
from tests.servers import Answer, Server, serving

pytestmark = [pytest.mark.slow]
SECONDS = 1.0
TABLES = ", ".join(f'"perm-2222" t{number}' for number in range(7))
BY_KIND = " AND ".join(f"t{number}.kind = t{number + 1}.kind" for number in range(6))
ENDLESS = "/api/action/datastore_search_sql?sql=" + quote(f"SELECT count(*) FROM {TABLES} WHERE {BY_KIND}")


@pytest.fixture(scope="module")
def impatient(public_server: tuple[Server, Path]) -> Iterator[tuple[Server, Path]]:
    """Serve the same home by a server that stops queries after a second."""
    _, home = public_server
    with serving(home, log=home.parent / "impatient.log", CUPOLA_QUERY_SECONDS=str(SECONDS)) as server:
        yield server, home


def test_an_endless_query_is_stopped_with_its_reason(impatient: tuple[Server, Path]) -> None:
    server, home = impatient
    answer = server.get(ENDLESS)
    check_nothing_told(answer, home=home)
    assert (answer.status, error_code(answer)) == (409, "Validation Error")
    assert "took over 1 s and was stopped" in answer.text
    assert answer.seconds < SECONDS + 1.5


def at_once(server: Server, count: int) -> list[Answer]:
    """Ask so many endless questions at the same time from one address, no two the same."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda number: server.get(f"{ENDLESS}%20AND%20{number}={number}"), range(count)))


def test_one_clients_endless_queries_leave_room_for_others(impatient: tuple[Server, Path]) -> None:
    server, _ = impatient
    with ThreadPoolExecutor(1) as aside:
        endless = aside.submit(at_once, server, 12)
        time.sleep(0.5)
        other = server.get("/resource/permits.json?number=P-0007", source="127.0.0.9")
    assert (other.status, other.seconds < 1.0) == (200, True), f"{other.status} after {other.seconds:.1f} s"
    assert {answer.status for answer in endless.result()} <= {409, 429}


def test_who_asks_too_much_at_once_is_told_when_to_come_back(impatient: tuple[Server, Path]) -> None:
    server, _ = impatient
    answers = at_once(server, 40)
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert min(int(answer.headers["retry-after"]) for answer in refused) >= 1
    assert {error_code(answer) for answer in refused} == {"Too Many Requests"}
