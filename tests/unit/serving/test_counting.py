"""Counting: what an address asks for, which kind of program asks, what is written, and what it costs."""

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from cupola.serving.agents import kind_of
from cupola.serving.counting import ASKED, Counted, place_of
from cupola.serving.usage import Usage, first_day, read_usage

NAMES = {"permits": "permits", "perm-2222": "permits"}
NOON = 1_795_435_200.0  # 2026-11-23, 12:00 in Greenwich


def usage_in(folder: Path, clock: Any = lambda: NOON, zone: str = "UTC") -> Usage:
    return Usage(folder / "usage.db", lambda: NAMES, lambda: zone, clock)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/resource/perm-2222.json", ("perm-2222", "query")),
        ("/resource/permits/P-1.json", ("permits", "query")),
        ("/api/views/perm-2222", ("perm-2222", "details")),
        ("/api/views/perm-2222/columns.json", ("perm-2222", "details")),
        ("/api/views/perm-2222/rows.csv", ("perm-2222", "file:csv")),
        ("/downloads/permits/latest/permits.csv.gz", ("permits", "file:csv.gz")),
        ("/tiles/permits/3.pmtiles", ("permits", "map")),
        ("/data/permits/", ("permits", "page")),
        ("/es/data/permits/explore/", ("permits", "page")),
        ("/data/permits/feed.atom", ("permits", "feed")),
        ("/api/3/action/datastore_search", ("", "query")),
        ("/api/3/action/package_list", None),
        ("/data/", None),
        ("/d/perm-2222", None),
        ("/static/cupola/cupola.css", None),
    ],
)
def test_an_address_says_what_is_asked_for(path: str, place: tuple[str, str] | None) -> None:
    assert place_of(path) == place


@pytest.mark.parametrize(
    ("agent", "token", "kind"),
    [
        (b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", False, "browser"),
        (b"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False, "bot"),
        (b"python-requests/2.32.3", True, "sodapy"),
        (b"python-requests/2.32.3", False, "python"),
        (b"RSocrata/1.7.15-1 (Linux/6.1; R/4.4.1)", True, "rsocrata"),
        (b"libcurl/8.5.0 r-curl/6.0 httr/1.4.7", False, "r"),
        (b"ckanapi/4.9 (+https://github.com/ckan/ckanapi)", False, "ckanapi"),
        (b"curl/8.14.1", False, "curl"),
        (b"", False, "other"),
    ],
)
def test_a_program_is_known_by_what_it_calls_itself(agent: bytes, token: bool, kind: str) -> None:
    assert kind_of(agent, token=token) == kind


def test_counts_add_up_over_flushes_under_one_key(tmp_path: Path) -> None:
    usage = usage_in(tmp_path)
    usage.count("perm-2222", "query", "curl", rows=10, size=500)
    usage.flush()
    usage.count("permits", "query", "curl", rows=5, size=100)
    usage.count("never-heard-of", "query", "curl", rows=1, size=1)
    usage.close()
    (line,) = read_usage(usage.path, since="2026-11-23", until="2026-11-23")
    assert (line.dataset, line.requests, line.rows, line.bytes) == ("permits", 2, 15, 600)
    assert first_day(usage.path) == "2026-11-23"
    stored = str(list(sqlite3.connect(usage.path).execute("SELECT * FROM used")))
    assert stored == "[('2026-11-23', 'permits', 'query', 'curl', 2, 15, 600)]"


def test_days_are_those_of_the_city_and_old_ones_go(tmp_path: Path) -> None:
    now = [NOON]
    usage = usage_in(tmp_path, lambda: now[0], zone="Pacific/Auckland")
    usage.count("permits", "page", "browser", rows=0, size=1)
    usage.flush()
    assert first_day(usage.path) == "2026-11-24"
    now[0] += 800 * 86400
    usage.count("permits", "page", "browser", rows=0, size=1)
    usage.close()
    assert first_day(usage.path) == "2029-02-01"


def test_what_cannot_be_written_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    usage = usage_in(tmp_path / "missing")
    usage.count("permits", "page", "browser", rows=0, size=1)
    usage.flush()
    assert "could not be written" in caplog.text
    (tmp_path / "missing").mkdir()
    usage.flush()
    assert len(read_usage(usage.path, since="2026-01-01", until="2026-12-31")) == 1
    usage.close()


def ask(app: Counted, path: str, **headers: str) -> None:
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path}
    scope["headers"] = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        assert message["type"]

    asyncio.run(app(scope, receive, send))


def answering(status: int) -> Any:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith("/api/3"):
            scope[ASKED] = "perm-2222"
        await send({"type": "http.response.start", "status": status, "headers": [], "cupola.rows": 3})
        await send({"type": "http.response.body", "body": b"12345"})

    return inner


def test_answers_are_counted_errors_and_staff_are_not(tmp_path: Path) -> None:
    usage = usage_in(tmp_path)
    app = Counted(answering(200), lambda: usage)
    ask(app, "/resource/perm-2222.json", user_agent="curl/8")
    ask(app, "/api/3/action/datastore_search", user_agent="ckanapi/4.9")
    ask(app, "/data/permits/", user_agent="Mozilla/5.0", cookie="csrftoken=a; sessionid=b")
    ask(Counted(answering(404), lambda: usage), "/resource/perm-2222.json", user_agent="curl/8")
    usage.close()
    found = read_usage(usage.path, since="2026-11-23", until="2026-11-23", dataset="permits")
    assert [(one.client, one.requests, one.rows, one.bytes) for one in found] == [
        ("ckanapi", 1, 3, 5),
        ("curl", 1, 3, 5),
    ]


def test_counting_costs_less_than_20_microseconds(tmp_path: Path) -> None:
    usage = usage_in(tmp_path, time.time)
    counted, inner = Counted(answering(200), lambda: usage), answering(200)
    headers = [(f"x-{n}".encode(), b"some value") for n in range(12)] + [(b"user-agent", b"python-requests/2.32.3")]
    scope = {"type": "http", "method": "GET", "path": "/resource/perm-2222.json", "headers": headers}

    async def send(message: Any) -> None:
        message.get("body")

    async def seconds_of(app: Any) -> float:
        began = time.thread_time()
        for _ in range(5000):
            await app(scope, send, send)
        return time.thread_time() - began

    async def cost() -> float:
        return min([await seconds_of(counted) - await seconds_of(inner) for _ in range(4)]) / 5000

    assert asyncio.run(cost()) < 20e-6
    usage.close()
