"""Pages and documents of the change contract: announced, corrected, promised, compared, one version, taken back."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset, make_grant, make_staff

from cupola.web.data import actions
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
FIRST = "permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,2020-01-01,closed\nP-3,2020-01-01,open\n"
SECOND = "permit_number,issued_on,status\nP-1,2019-03-02,done\nP-2,2020-01-01,lost\nP-4,2021-01-01,open\n"
CHANGES = [
    {"column": "state", "becomes": "status", "announced": "2026-01-01", "until": "2999-02-01", "why": "It is the law."},
    {"column": "lot", "removed": True, "announced": "2025-01-01", "until": "2026-02-01", "why": "Nobody kept it."},
]


@pytest.fixture
def permits(load: Load) -> Dataset:
    make_city()
    dataset = make_dataset(row_key=["permit_number"], changes=CHANGES)
    load(dataset, FIRST)
    return load(dataset, SECOND)


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_what_is_announced_is_on_the_pages_in_the_feed_and_for_programs(permits: Dataset, client: Client) -> None:
    page = read(client, "/data/permits/changes/")
    assert "state is renamed to status." in page.replace("<code>", "").replace("</code>", "")
    assert "The old name answers until February 1, 2999" in page
    assert "Since February 1, 2026 only the new way answers." in page
    assert "Columns of this dataset will change." in read(client, "/data/permits/")
    feed = read(client, "/data/permits/feed.atom")
    assert "the column state will change" in feed
    assert "the column lot has changed" in feed
    assert client.get("/data/permits/changes.json").json()["announced"][0]["becomes"] == "status"
    assert "Cómo cambia" in read(client, "/es/data/permits/changes/")


def test_corrections_are_a_page_a_feed_and_a_document(permits: Dataset, client: Client) -> None:
    (one,) = client.get("/data/permits/corrections.json").json()["corrections"]
    assert (one["version"], one["before"], one["rows_changed"], one["rows_removed"]) == (2, 1, 2, 1)
    assert one["columns"] == {"issued_on": 1, "status": 2}
    assert "version 2 corrects rows" in read(client, "/data/permits/corrections.atom")
    assert "/data/permits/compare/?a=1&amp;b=2" in read(client, "/data/permits/changes/")


def test_the_row_diff_is_a_document_and_a_table(permits: Dataset, client: Client) -> None:
    found = client.get("/data/permits/compare.json?a=1&b=2").json()
    assert (found["rows_added"], found["rows_removed"], found["rows_changed"]) == (1, 1, 2)
    assert {"row": ["P-1"], "column": "status", "before": "open", "after": "done"} in found["changed"]
    assert found["added"][0]["row"]["permit_number"] == "P-4"
    rows = list(csv.DictReader(io.StringIO(read(client, "/data/permits/compare.csv?a=1&b=2"))))
    assert [row["change"] for row in rows] == ["changed"] * 3 + ["removed", "added"]
    assert (rows[0]["permit_number"], rows[0]["column"]) == ("P-1", "issued_on")
    assert len(client.get("/data/permits/compare.json?a=1&b=2&limit=1").json()["changed"]) == 1
    assert client.get("/data/permits/compare.json?a=1&b=9").status_code == 404


def test_what_is_sensitive_is_in_no_row_diff(load: Load, client: Client) -> None:
    make_city()
    columns = [
        {"name": "permit_number", "type": "text", "sensitive": True}, {"name": "issued_on", "type": "date"},
        {"name": "status", "type": "text"},
    ]  # fmt: skip
    dataset = make_dataset(row_key=["permit_number"], columns=columns)
    load(dataset, FIRST)
    load(dataset, SECOND)
    for address in ("/data/permits/compare.json?a=1&b=2", "/data/permits/compare.csv?a=1&b=2"):
        said = read(client, address)
        assert "P-1" not in said
        assert "P-4" not in said
        assert "permit_number" not in said


def test_a_version_has_a_page_and_a_recalled_one_a_tombstone(permits: Dataset, client: Client) -> None:
    assert "version=2" in read(client, "/data/permits/versions/2/")
    actions.recall("permits", 2, reason="It named people.", at=NOON, by="ada")
    answer = client.get("/data/permits/versions/2/")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "It named people." in page
    assert "They leave the backups within 30 days" in page
    assert client.get("/data/permits/versions/7/").status_code == 404
    assert client.get("/data/permits/corrections.json").json()["corrections"] == []


def test_staff_take_a_version_back_with_a_reason_and_its_number(permits: Dataset, client: Client) -> None:
    address = "/data/permits/versions/2/recall/"
    assert client.get(address).status_code == 302  # to sign in
    client.force_login(make_staff())
    assert client.get(address).status_code == 403
    publisher = make_grant(make_staff("pat"), "publisher").person
    client.force_login(publisher)
    assert "Take version 2 of Permits back" in read(client, address)
    given: dict[str, Any] = {"reason": "It named people.", "again": "1"}
    assert client.post(address, given).status_code == 400
    assert client.post(address, {**given, "again": "2"}).status_code == 302
    held = permits.versions.get(number=2)
    assert (held.recall_reason, held.recalled_at is not None) == ("It named people.", True)
    assert client.get(address).status_code == 404


def test_a_version_that_was_never_public_has_no_page(load: Load, client: Client) -> None:
    make_city()
    load(make_dataset(released=False), FIRST)
    assert client.get("/data/permits/versions/1/").status_code == 404
