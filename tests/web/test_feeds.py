from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import NOON, make_city, make_dataset, make_load_report, make_staff, make_version

from cupola.web.accounts.models import Event
from cupola.web.data.models import Dataset, Outcome

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, address: str) -> ElementTree.Element:
    """Return a feed, checked for what RFC 4287 demands of every feed and entry."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
        assert datetime.fromisoformat(str(element.findtext(f"{ATOM}updated"))).tzinfo
        assert str(element.findtext(f"{ATOM}id")).startswith("urn:uuid:")
    links = {(link.get("rel"), str(link.get("href"))) for link in root.findall(f"{ATOM}link")}
    assert ("self", f"http://testserver{address}") in links
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    identities = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(identities)) == len(identities)
    return root


def headings(root: ElementTree.Element) -> list[str]:
    return [str(entry.findtext(f"{ATOM}title")) for entry in root.findall(f"{ATOM}entry")]


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    assert headings(feed(client, "/data/feed.atom")) == []


def test_a_feed_tells_of_versions_late_data_and_corrections_newest_first(client: Client) -> None:
    make_city()
    permits = make_dataset("permits", refresh="daily")
    make_load_report(
        permits, outcome=Outcome.LOADED, version=make_version(permits), started_at=NOON - timedelta(days=60)
    )
    second = make_version(permits, 2, rows=4, committed_at=NOON + timedelta(hours=1))
    changed = {"rows_added": 1, "rows_changed": 2, "rows_removed": 0}
    then = timezone.now() - timedelta(days=9)
    make_load_report(permits, outcome=Outcome.LOADED, version=second, started_at=then, **changed)
    Event.record("data.dataset_changed", permits, at=timezone.now(), by="ada", reason="The unit was wrong.")
    root = feed(client, "/data/feed.atom")
    assert set(headings(root)) == {
        "Permits: its description was corrected",
        "Permits is late",
        "Permits: version 2",
        "Permits: version 1",
    }
    texts = {str(one.findtext(f"{ATOM}title")): one.findtext(f"{ATOM}summary") for one in root.iter(f"{ATOM}entry")}
    assert texts["Permits: version 2"] == "4 rows: 1 added, 2 changed, 0 removed."
    assert texts["Permits: its description was corrected"] == "The unit was wrong."
    days = [str(one.findtext(f"{ATOM}updated")) for one in root.iter(f"{ATOM}entry")]
    assert days == sorted(days, reverse=True)


def test_a_feed_tells_of_changed_columns(client: Client, load: Callable[..., Dataset]) -> None:
    dataset = load(make_dataset("permits"))
    columns = [{"name": "permit_number", "type": "text"}, {"name": "issued", "type": "date", "from": ["issued_on"]}]
    dataset.take_definition({**dataset.definition, "columns": [*columns, {"name": "cost", "type": "money"}]})
    dataset.save()
    load(dataset, "permit_number,issued_on,cost\nP-1,2019-03-01,5\n")
    root = feed(client, "/data/permits/feed.atom")
    told = next(one for one in root.iter(f"{ATOM}entry") if "columns" in str(one.findtext(f"{ATOM}title")))
    text = str(told.findtext(f"{ATOM}summary"))
    assert "cost" in text
    assert "status" in text
    link = told.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://testserver/data/permits/compare/?a=1&b=2"


def test_drafts_are_told_of_to_staff_only(client: Client) -> None:
    make_version(make_dataset("secret-plan", released=False))
    assert headings(feed(client, "/data/feed.atom")) == []
    assert client.get("/data/secret-plan/feed.atom").status_code == 404
    assert client.get("/data/nothing/feed.atom").status_code == 404
    client.force_login(make_staff())
    assert headings(feed(client, "/data/feed.atom")) == ["Secret plan: version 1"]
    assert headings(feed(client, "/data/secret-plan/feed.atom")) == ["Secret plan: version 1"]


def test_the_spanish_feed_is_spanish_and_its_entries_are_others(client: Client) -> None:
    make_version(make_dataset("permits", translations={"es": {"title": "Permisos"}}))
    english, spanish = (feed(client, address) for address in ("/data/feed.atom", "/es/data/feed.atom"))
    assert headings(spanish) == ["Permisos: versión 1"]
    assert english.findtext(f"{ATOM}id") != spanish.findtext(f"{ATOM}id")


def test_pages_lead_to_their_feed(client: Client) -> None:
    make_dataset("permits")
    catalogue: Any = client.get("/data/").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" href="/data/feed.atom"' in catalogue
    assert 'href="/data/permits/feed.atom"' in client.get("/data/permits/").content.decode()
