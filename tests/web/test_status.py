from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import make_dataset, make_finding, make_load_report, make_staff, make_version

from cupola.web.data.models import Dataset, Outcome, Severity
from cupola.web.data.queries.rowcounts import RowCount, Usual, judge

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def make_checked(key: str, *, days_ago: int, counts: tuple[int, ...] = (3,), **fields: object) -> Dataset:
    """Make a dataset with one version per count, that last agreed with its source `days_ago`."""
    dataset = make_dataset(key, **fields)
    for number, rows in enumerate(counts, start=1):
        version = make_version(dataset, number, rows=rows)
    started = timezone.now() - timedelta(days=days_ago)
    make_load_report(dataset, outcome=Outcome.LOADED, version=version, started_at=started)
    return dataset


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((), Usual.UNKNOWN),
        ((100, 110, 120, 131, 140, 150), Usual.UNKNOWN),
        ((100, 110, 120, 131, 140, 150, 160), Usual.USUAL),
        ((100, 110, 120, 131, 140, 150, 20), Usual.UNUSUAL),
        ((100, 110, 120, 131, 140, 150, 300), Usual.UNUSUAL),
        ((1000, 1000, 1000, 1000, 1000, 1000, 1010), Usual.USUAL),
        ((1000, 1000, 1000, 1000, 1000, 1000, 1011), Usual.UNUSUAL),
        ((100, 110, 900, 131, 140, 150, 160), Usual.USUAL),
    ],
)
def test_a_row_count_is_judged_against_the_usual_change(counts: tuple[int, ...], verdict: Usual) -> None:
    assert judge(counts).verdict == verdict


def test_the_verdict_names_the_change_what_was_expected_and_how_far_it_may_be_off() -> None:
    # changes 10, 10, 11, 9, 10: median 10, distances 0, 0, 1, 1, 0, so only the hundredth of 150 rows counts
    assert judge((100, 110, 120, 131, 140, 150, 20)) == RowCount(Usual.UNUSUAL, change=-130, expected=10, spread=2)


def test_what_stands_out_comes_first_and_is_counted(client: Client) -> None:
    make_checked("a-fresh", days_ago=1, refresh="weekly")
    make_checked("b-late", days_ago=9, refresh="weekly")
    make_checked("c-odd", days_ago=1, counts=(100, 110, 120, 131, 140, 150, 20), refresh="weekly")
    make_finding(make_checked("d-found", days_ago=1, refresh="weekly"))
    make_finding(make_checked("e-noted", days_ago=1, refresh="weekly"), severity=Severity.NOTE)
    make_dataset("f-elsewhere", sources=[], landing_page="https://data.example.gov/d/abcd-1234")
    make_dataset("g-draft", released=False)
    answer = client.get("/status/")
    found = answer.context["status"]
    assert [one.entry.key for one in found.lines] == ["b-late", "c-odd", "d-found", "a-fresh", "e-noted"]
    assert (found.keeping, found.late, found.unusual, found.with_findings, found.elsewhere) == (4, 1, 1, 1, 1)
    page = answer.content.decode()
    assert "130 rows fewer at once" in page
    assert "1 more dataset is kept by another site" in page
    assert "every week" in page


def test_programs_read_the_same(client: Client) -> None:
    make_checked("permits", days_ago=9, counts=(3, 4), refresh="weekly")
    told = client.get("/status.json").json()["datasets"]
    assert [(one["key"], one["state"], one["rows"]) for one in told] == [("permits", "late", 4)]
    one = client.get("/status/permits.json").json()
    assert (one["says"], one["promised"], one["version"]) == ("Late", "every week", 2)
    assert one["row_count"]["verdict"] == "unknown"


def test_a_badge_says_in_text_how_a_dataset_stands(client: Client) -> None:
    make_checked("permits", days_ago=9, refresh="weekly", title="Permits <& more>")
    answer = client.get("/status/permits.svg")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    drawing = ElementTree.fromstring(answer.content)
    assert [text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")] == ["Permits <& more>", "Late"]
    assert drawing.get("aria-label") == "Permits <& more>: Late"
    assert ">Con retraso</text>" in client.get("/es/status/permits.svg").content.decode()


def test_drafts_have_no_badge_for_the_public(client: Client) -> None:
    make_dataset("draft", released=False)
    for address in ("/status/draft.svg", "/status/draft.json", "/status/nothing.svg"):
        assert client.get(address).status_code == 404
    client.force_login(make_staff())
    assert client.get("/status/draft.json").status_code == 200


def test_the_feed_tells_what_needs_a_look_and_nothing_else(client: Client) -> None:
    make_finding(make_checked("permits", days_ago=9, counts=(100, 110, 120, 131, 140, 150, 20), refresh="weekly"))
    root = ElementTree.fromstring(client.get("/status/feed.atom").content)
    subjects = {entry.find(f"{ATOM}category").get("term") for entry in root.iter(f"{ATOM}entry")}  # type: ignore[union-attr]
    assert subjects == {"late", "row-count", "finding"}


def test_a_finding_of_hidden_rows_is_told_without_its_words(client: Client) -> None:
    make_finding(make_checked("roster", days_ago=1, payroll=True), message="Ann Onymous earns 5.")
    assert "Onymous" not in client.get("/status/feed.atom").content.decode()


@pytest.mark.parametrize(
    ("address", "result", "again"),
    [
        ("/", "Datasets: 1. Rows: 3. As fresh as promised: 0 of 1.", "/data/datasets.json"),
        ("/data/?q=permits", "1 of 1 datasets", "/data/datasets.json?q=permits"),
        ("/status/", "0 of 1 as fresh as promised, 0 late", "/status.json"),
    ],
)
def test_counts_of_datasets_say_how_they_are_known(client: Client, address: str, result: str, again: str) -> None:
    make_version(make_dataset("permits"), rows=3)
    page = client.get(address).content.decode()
    assert result in page
    assert f"curl &quot;http://testserver{again}&quot;" in page
    assert client.get(again).status_code == 200
