"""Usage: counted by the real server, shown to the public and to staff, and holding nothing of who asked."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import make_dataset, make_staff
from tests.servers import Server

from cupola.serving import Usage, read_usage
from cupola.web.data.models import Dataset

pytestmark = pytest.mark.slow


def test_the_server_counts_what_is_asked(public_server: tuple[Server, Path]) -> None:
    server, home = public_server
    before = counted(server, home)
    server.get("/es/data/permits/", {"User-Agent": "Mozilla/5.0 (X11)"})
    token = {"User-Agent": "python-requests/2.32.3", "X-App-Token": "t"}
    first, again = (server.get("/resource/perm-2222.json?$limit=7", token) for _ in range(2))
    assert first.body == again.body
    whole = server.get("/api/views/perm-2222/rows.csv", {"User-Agent": "curl/8"})
    ckan = {"User-Agent": "ckanapi/4.9 (+https://example.org)"}
    server.get("/api/3/action/datastore_search?resource_id=permits&limit=5", ckan)
    server.get("/resource/never-here.json", token)
    usage = counted(server, home)
    usage.subtract(before)
    assert {key: count for key, count in usage.items() if count and key[2] != "bytes"} == {
        ("page", "browser", "requests"): 1,
        ("query", "sodapy", "requests"): 2,
        ("query", "sodapy", "rows"): 14,
        ("file:csv", "curl", "requests"): 1,
        ("file:csv", "curl", "rows"): 400,
        ("query", "ckanapi", "requests"): 1,
        ("query", "ckanapi", "rows"): 5,
    }
    assert usage["query", "sodapy", "bytes"] == 2 * len(first.body)
    assert usage["file:csv", "curl", "bytes"] == len(whole.body)


def counted(server: Server, home: Path) -> Counter[tuple[str, str, str]]:
    """Return what was written of permits, by what was asked, who asked and what is counted."""
    assert server.get("/data/permits/usage.csv").status == 200  # which writes what was counted before it
    found = read_usage(home / "usage.db", since="2000-01-01", until="2999-12-31", dataset="permits")
    return Counter({(one.what, one.client, name): getattr(one, name) for one in found for name in COUNTS})


COUNTS = ("requests", "rows", "bytes")


@pytest.fixture
def used_permits(db: None, home: Path) -> Dataset:
    """Return a dataset that browsers, crawlers and one rare program used today and yesterday."""
    dataset = make_dataset()
    now = [timezone.now() - timedelta(days=1)]
    usage = Usage(home / "usage.db", lambda: {"permits": "permits"}, clock=lambda: now[0].timestamp())
    for _ in range(12):
        usage.count("permits", "page", "browser", rows=0, size=100)
    now[0] += timedelta(days=1)
    for _ in range(11):
        usage.count("permits", "file:csv.gz", "curl", rows=0, size=1000)
    for _ in range(20):
        usage.count("permits", "page", "bot", rows=0, size=100)
    usage.count("permits", "query", "gis", rows=3, size=10)
    usage.close()
    return dataset


def test_the_page_says_how_much_it_is_used_and_how_we_know(used_permits: Dataset, client: Client) -> None:
    page = client.get("/data/permits/").content.decode()
    assert "In the last 30 days: 12 pages read, 1 query by a program, 11 downloads." in page
    assert "20 requests of crawlers" in page
    assert "Download as csv.gz" in page
    assert "Map programs" not in page
    assert "No cookie is set for it" in page
    home_page = client.get("/").content.decode()
    assert "Most used in the last 30 days" in home_page
    assert "24 requests" in home_page


def test_rare_programs_are_told_together_in_every_list(used_permits: Dataset, client: Client) -> None:
    lines = client.get("/data/permits/usage.csv").content.decode().splitlines()
    assert lines[0] == "day,dataset,what,client,requests,rows,bytes"
    assert [line.split(",", 2)[2] for line in lines[1:]] == [
        "page,browser,12,0,1200",
        "file:csv.gz,curl,11,0,11000",
        "page,bot,20,0,2000",
        "query,other,1,3,10",
    ]
    client.force_login(make_staff())
    every = client.get("/staff/usage/?days=90").content.decode()
    assert "Others, and kinds with few requests" in every
    assert "gis" not in client.get("/staff/usage/usage.csv").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/staff/usage/", "/staff/usage/usage.csv"])
def test_only_staff_see_the_use_of_everything(client: Client, home: Any, address: str) -> None:
    assert client.get(address).status_code == 302


@pytest.mark.django_db
def test_a_dataset_nobody_used_says_so(client: Client, home: Any) -> None:
    make_dataset()
    assert "Nobody has asked for it in the last 30 days." in client.get("/data/permits/").content.decode()
    assert "Most used" not in client.get("/").content.decode()
