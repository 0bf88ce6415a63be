from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset, make_finding, make_load_report, make_staff, make_version
from tests.web.conftest import PERMITS

from cupola.web.data.models import Dataset, Outcome
from cupola.web.data.queries.provenance import sources
from cupola.web.ui.evidence import Link

pytestmark = pytest.mark.django_db
Load = Callable[..., Dataset]


def text(client: Client, address: str) -> str:
    """Return a page as text."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_loaded_dataset_shows_count_rows_and_version(client: Client, load: Load) -> None:
    load(make_dataset(row="one permit", steward="Chief Data Officer"))
    page = text(client, "/data/permits/")
    assert '<span class="fact__number">3</span>' in page
    assert "Each row is one permit." in page
    assert "Chief Data Officer" in page
    assert "P-2" in page
    assert "July 15, 2021" in page


def test_a_version_that_is_not_public_yet_is_not_shown(client: Client, load: Load) -> None:
    dataset = load(make_dataset())
    make_version(dataset, 2, rows=4711, released_at=None)
    assert client.get("/data/permits/").context["page"].version.number == 1
    assert "4,711" not in text(client, "/data/permits/rows/")


def test_rows_over_time_are_drawn_with_reading_numbers_and_evidence(client: Client, load: Load) -> None:
    load(make_dataset(time_column="issued_on"))
    chart = client.get("/data/permits/").context["page"].picture
    drawn = [(point.label, point.value) for point in chart.points]
    assert len(drawn) == 30  # March 2019 to August 2021, month by month
    assert (drawn[0], drawn[1], drawn[-2]) == (("March 2019", 1), ("April 2019", 0), ("July 2021", 1))
    assert chart.reading.startswith("From March 2019 to August 2021. The most are in March 2019: 1 rows.")
    assert chart.evidence.command.startswith('cupola data query permits "SELECT date_trunc(')


def test_the_row_count_says_how_we_know(client: Client, load: Load) -> None:
    load(make_dataset(landing_page="https://data.example.gov/d/abcd-1234", steward="Chief Data Officer"))
    chain = client.get("/data/permits/").context["page"].row_count
    assert chain.result == "3 rows"
    assert chain.sources[0].url == "https://data.example.gov/d/abcd-1234"
    assert chain.command == 'cupola data query permits "SELECT count(*) AS rows FROM data" --version 1'
    assert chain.responsible == "Chief Data Officer"


def test_a_database_address_is_never_shown(client: Client) -> None:
    make_dataset(sources=[{"url": "postgresql://ada:hunter2@db.internal/permits", "query": "SELECT 1"}])
    page = text(client, "/data/permits/")
    assert "hunter2" not in page
    assert "db.internal" not in page
    assert "a system of the city" in page


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    dataset = Dataset(definition={"sources": [{"url": "https://ada:pw@data.example.gov/permits.csv?token=abc"}]})
    assert sources(dataset) == (Link("data.example.gov · permits.csv", "https://data.example.gov/permits.csv"),)


@pytest.mark.parametrize("inner", ["http://erp/x.csv", "https://files.internal/x.csv", "http://10.0.0.7/x.csv"])
def test_inner_addresses_are_not_named(inner: str) -> None:
    assert sources(Dataset(definition={"sources": [{"url": inner}]})) == (Link("a system of the city"),)


def test_a_dataset_without_a_version_says_so(client: Client) -> None:
    make_dataset()
    page = text(client, "/data/permits/")
    assert "has not been loaded yet" in page
    assert "Not loaded yet" in page


def test_every_load_is_listed_with_its_counts(client: Client) -> None:
    dataset = make_dataset()
    version = make_version(dataset, rows=1234)
    counts = {"rows_read": 1240, "rows_loaded": 1234, "rows_quarantined": 6, "bytes": 5_200_000}
    make_load_report(dataset, outcome=Outcome.LOADED, version=version, fingerprint="9f86d081884c7d659a2f", **counts)
    page = text(client, "/data/permits/")
    table = page[page.index('id="loads"') : page.index('id="findings"')]
    for shown in ("New version 1", "1,240", "1,234", ">6<", "1.5 s", "5.2 MB", "9f86d081884c"):
        assert shown in table


def test_findings_are_told_with_their_column_and_since_when(client: Client) -> None:
    dataset = make_dataset()
    make_finding(dataset, column="status", count=2, message="2 values are not in the list.")
    make_finding(dataset, message="Settled long ago.", closed_at=NOON)
    page = client.get("/data/permits/").context["page"]
    assert [finding.message for finding in page.open_findings] == ["2 values are not in the list."]
    assert [finding.message for finding in page.closed_findings] == ["Settled long ago."]


def test_the_reason_a_load_failed_is_for_staff_only(client: Client) -> None:
    dataset = make_dataset()
    make_load_report(dataset, outcome=Outcome.FAILED, error="db.internal refused the connection")
    make_finding(dataset, kind="load_failed", message="db.internal refused the connection")
    assert "db.internal" not in text(client, "/data/permits/")
    client.force_login(make_staff())
    assert "db.internal" in text(client, "/data/permits/")


def test_sensitive_columns_are_described_but_their_values_are_nowhere(client: Client, load: Load) -> None:
    columns: list[dict[str, Any]] = [
        {"name": "permit_number", "type": "text"},
        {"name": "issued_on", "type": "date"},
        {"name": "status", "type": "text", "sensitive": True},
    ]
    load(make_dataset(columns=columns), PERMITS.replace("open", "PLANTED").replace("closed", "SEEDED"))
    for address in ("/data/permits/", "/data/permits/rows/"):
        page = text(client, address)
        assert "PLANTED" not in page
        assert "SEEDED" not in page
        assert "Left out because they are sensitive: Status." in page


def test_rows_have_pages(client: Client, load: Load) -> None:
    lines = "".join(f"P-{number:04d},2021-08-01,open\n" for number in range(250))
    load(make_dataset(), "permit_number,issued_on,status\n" + lines)
    answer = client.get("/data/permits/rows/?page=3")
    assert "Rows 201 to 250 of 250" in answer.content.decode()
    assert len(answer.context["rows"].cells) == 50


def test_an_unreleased_dataset_answers_like_one_that_does_not_exist(client: Client, load: Load) -> None:
    load(make_dataset("secret-plan", released=False))
    for page in ("", "rows/"):
        hidden, unknown = client.get(f"/data/secret-plan/{page}"), client.get(f"/data/no-such-set/{page}")
        assert (hidden.status_code, unknown.status_code) == (404, 404)
        assert hidden.content.decode().replace("secret-plan", "no-such-set") == unknown.content.decode()
        assert hidden.headers == unknown.headers


def test_staff_see_an_unreleased_dataset(client: Client) -> None:
    make_dataset("secret-plan", released=False)
    client.force_login(make_staff())
    assert "only staff can see" in text(client, "/data/secret-plan/")


def test_a_retired_dataset_keeps_its_page_and_says_when_it_was_retired(client: Client) -> None:
    dataset = make_dataset()
    dataset.retired_on = NOON.date()
    dataset.save()
    assert "retired on November 22, 2026" in text(client, "/data/permits/")


def test_times_are_told_in_the_citys_zone(client: Client) -> None:
    make_city(time_zone="America/Chicago")
    make_load_report(make_dataset())
    assert "November 22, 2026, 6:00 a.m." in text(client, "/data/permits/")


def test_an_address_in_a_value_is_a_link_only_when_it_is_a_web_address(client: Client, load: Load) -> None:
    columns = [{"name": "link", "type": "url"}, {"name": "other", "type": "text"}]
    load(make_dataset(columns=columns), 'link,other\nhttps://example.org/a,"<script>alert(1)</script>"\n')
    page = text(client, "/data/permits/")
    assert '<a href="https://example.org/a"' in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
