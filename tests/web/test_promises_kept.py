"""Promises checked on each load: kept with their history, told when broken, settled when kept again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.factories import NOON, make_city, make_dataset

from cupola.web.data import queries
from cupola.web.data.actions import reconcile
from cupola.web.data.models import Dataset, PromiseCheck
from cupola.web.data.queries import promised

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
GOOD = "permit_number,issued_on,status\nP-1,2019-03-01,open\nP-2,2020-01-01,closed\n"
BAD = GOOD + "P-3,2020-01-01,\nP-4,2020-01-02,lost\n"
PROMISES: list[dict[str, Any]] = [
    {"that": "complete", "columns": ["status"], "at_least": "0.9"},
    {"that": "allowed", "columns": ["status"], "values": ["open", "closed"]},
    {"that": "rows", "at_least": "1"},
]


@pytest.fixture
def permits(load: Load) -> Dataset:
    make_city()
    return load(make_dataset(promises=PROMISES, refresh="monthly"), GOOD)


def kept(dataset: Dataset) -> dict[str, list[bool | None]]:
    return {one.says: [past.kept for past in one.history] for one in promised.promise_lines(dataset)}


def test_each_version_is_checked_once_and_its_history_shown(permits: Dataset, load: Load) -> None:
    load(permits, BAD)
    reconcile(at=NOON + timedelta(days=1))
    assert PromiseCheck.objects.filter(version__number=2).count() == 4  # with that the source was looked at in time
    assert kept(permits) == {
        "The source is looked at every month.": [True],
        "Status has a value in at least 90 % of the rows.": [False, True],
        "Status is one of: open, closed.": [False, True],
        "The number of rows is at least 1.": [True, True],
    }
    found = promised.promise_lines(permits)[1].history[0].found
    assert found == "75 % of the rows"


def test_a_broken_promise_is_a_public_finding_until_it_is_kept_again(permits: Dataset, load: Load, client: Any) -> None:
    load(permits, BAD)
    messages = {one.message for one in permits.findings.filter(kind="promise.broken", closed_at=None)}
    assert messages == {
        "status has a value in 75 % of the rows; promised are 90 %.",
        "1 rows hold another value than promised in status; promised is none.",
    }
    page = client.get("/data/permits/").content.decode()
    assert "promised are 90 %" in page
    assert "promised are 90 %" in client.get("/data/permits/feed.atom").content.decode()
    assert client.get("/status.json").json()["datasets"][0]["open_findings"] == 2
    load(permits, GOOD)
    assert not permits.findings.filter(kind="promise.broken", closed_at=None).exists()


def test_what_stops_a_release_keeps_the_version_before_public(load: Load) -> None:
    make_city()
    stops = [{**one, "stops": one["that"] == "allowed"} for one in PROMISES]
    permits = load(make_dataset(promises=stops), GOOD)
    load(permits, BAD)
    version = permits.versions.first()
    assert version is not None
    assert promised.stopping(version) == ("1 rows hold another value than promised in status; promised is none.",)
    registry = queries.lake().registry
    assert [one.version for one in registry.releases("permits")] == [1]
    finding = permits.findings.get(kind="promise.stopped", closed_at=None)
    assert finding.message.startswith("Version 2 is not released and version 1 stays, for it breaks a promise: 1 rows")
    load(permits, GOOD)
    assert [one.version for one in registry.releases("permits")] == [3, 1]
    assert not permits.findings.filter(kind="promise.stopped", closed_at=None).exists()


def test_a_promise_that_is_made_later_is_checked_on_the_newest_version(permits: Dataset) -> None:
    promises = [*PROMISES, {"that": "unique", "columns": ["status", "issued_on"]}]
    permits.take_definition({**permits.definition, "promises": promises}, at=NOON, zone="UTC")
    permits.save()
    reconcile(at=NOON)
    assert kept(permits)["No two rows have the same Status, Issued on."] == [True]
