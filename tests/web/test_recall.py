"""Taking a version back: gone from every page and address at once, said why, and it stays gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import NOON, make_city, make_dataset

from cupola.lake import NotReleased, Recalled
from cupola.lake.downloads import DownloadList
from cupola.web.accounts.models import Event
from cupola.web.data import actions, queries
from cupola.web.data.actions import ReasonMissing, reconcile
from cupola.web.data.models import Dataset

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRST = "permit_number,issued_on,status\nP-1,2019-03-01,open\n"
SECOND = FIRST + "P-2,2020-01-01,secret\n"
Load = Callable[..., Dataset]


@pytest.fixture
def permits(load: Load) -> Dataset:
    """Return a dataset whose second version should not have been published."""
    make_city()
    dataset = make_dataset()
    load(dataset, FIRST)
    return load(dataset, SECOND)


def recall(number: int = 2, *, reason: str = "It named people.") -> None:
    actions.recall("permits", number, reason=reason, at=NOON, by="ada")


def test_the_version_before_is_what_people_see_again(permits: Dataset, client: Any) -> None:
    recall()
    assert queries.lake().registry.get("permits").version == 1
    for address in ("/data/permits/", "/data/permits/rows/"):
        page = client.get(address).content.decode()
        assert "secret" not in page
        assert "P-1" in page


def test_the_reason_is_kept_and_said(permits: Dataset) -> None:
    recall(reason="  It named\n people. ")
    event = Event.objects.get(action="data.recalled")
    assert (event.reason, event.by_name, event.detail) == ("It named people.", "ada", {"version": 2})
    assert permits.versions.get(number=2).recall_reason == "It named people."
    with pytest.raises(Recalled, match="It named people"):
        queries.lake().registry.get("permits", version=2)


def test_it_stays_gone_after_the_next_run(permits: Dataset) -> None:
    recall()
    assert reconcile(at=NOON + timedelta(days=1)) == []
    assert [one.version for one in queries.lake().registry.releases("permits")] == [1]


def test_the_next_version_is_public_as_usual(permits: Dataset, load: Load) -> None:
    recall()
    load(permits, FIRST + "P-3,2020-01-01,open\n")
    assert queries.lake().registry.get("permits").version == 3


def test_a_version_that_was_never_public_does_not_take_its_place(load: Load, client: Any) -> None:
    make_city()
    dataset = make_dataset(released=False)
    load(dataset, FIRST)
    dataset.take_definition({**dataset.definition, "released": True})
    dataset.save()
    load(dataset, SECOND)
    recall()
    assert queries.lake().registry.releases("permits") == ()
    assert dataset.shown_version() is None
    assert "The rows of this dataset were taken back." in client.get("/data/permits/").content.decode()


def test_a_crash_after_the_registry_is_completed_by_the_next_run(permits: Dataset) -> None:
    queries.lake().recall("permits", 2, reason="It named people.", at=NOON)
    assert reconcile(at=NOON) == ["permits: a recall was not in the records"]
    assert permits.versions.get(number=2).recalled_at == NOON
    assert reconcile(at=NOON) == []


def test_a_recall_needs_a_reason_and_something_public(permits: Dataset) -> None:
    with pytest.raises(ReasonMissing):
        recall(reason=" ")
    with pytest.raises(NotReleased):
        recall(7)
    with pytest.raises(queries.DatasetUnknown):
        actions.recall("nothing", 1, reason="x", at=NOON, by="ada")


def files_of(number: int) -> dict[str, Path]:
    lake = queries.lake()
    release = lake.registry.get("permits", version=number)
    return {one.name: lake.root / one.path for one in lake.downloads(release)}


def test_publishing_makes_the_files(permits: Dataset) -> None:
    assert sorted(files_of(2)) == ["datapackage.json", "permits.csv.gz", "permits.parquet", "permits.xlsx"]
    assert "secret" not in files_of(1)["datapackage.json"].read_text()


def test_lost_files_are_made_again_by_the_next_run(permits: Dataset) -> None:
    for path in (files_of(1)["permits.parquet"], files_of(2)["permits.csv.gz"]):
        path.unlink()
    healed = reconcile(at=NOON)
    assert healed == ["permits: files to download were missing (versions 2, 1)"]
    assert all(path.exists() for number in (1, 2) for path in files_of(number).values())
    assert reconcile(at=NOON) == []


def test_what_becomes_sensitive_is_hidden_in_older_versions_too(permits: Dataset) -> None:
    definition = permits.definition
    columns = [{**one, "sensitive": one["name"] == "status"} for one in definition["columns"]]
    permits.take_definition({**definition, "columns": columns})
    permits.save()
    reconcile(at=NOON)
    registry = queries.lake().registry
    assert [one.contract.sensitive for one in registry.releases("permits")] == [{"status"}, {"status"}]
    assert "status" not in files_of(1)["datapackage.json"].read_text()
    permits.take_definition(definition)
    permits.save()
    reconcile(at=NOON)
    assert [one.contract.sensitive for one in registry.releases("permits")] == [{"status"}, {"status"}]
    looked = {"column": "status", "kind": "shown_column", "reason": "No secret.", "by": "Ada", "on": "2026-11-02"}
    permits.take_definition({**definition, "privacy": {"accepted": [looked]}})
    permits.save()
    reconcile(at=NOON)
    assert [one.contract.sensitive for one in registry.releases("permits")] == [frozenset(), {"status"}]


def test_files_that_cannot_be_made_are_a_finding_and_stop_nothing(permits: Dataset) -> None:
    registry = queries.lake().registry
    release = registry.get("permits")
    as_number = tuple(replace(one, type="BIGINT") if one.name == "status" else one for one in release.fields)
    registry.publish(replace(release, fields=as_number))
    DownloadList(registry).forget("permits", 2)
    reconcile(at=NOON)
    finding = permits.findings.get(kind="downloads_failed")
    assert "secret" not in finding.message
    registry.publish(release)
    assert reconcile(at=NOON) == ["permits: files to download were missing (versions 2)"]
    finding.refresh_from_db()
    assert finding.closed_at == NOON
