"""The release board: what waits for what, on whom, since when; and how long each stage takes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import NOON, make_dataset, make_finding, make_staff, make_version

from cupola.web.accounts.models import Grant, Role
from cupola.web.data.models import Dataset, Severity
from cupola.web.data.queries import board as boards
from cupola.web.data.queries import cycletimes
from cupola.web.data.queries.stages import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DUTIES = [{"duty": "steward", "who": "Steward of permits"}, {"duty": "custodian", "who": "Data team"}]


@pytest.fixture
def city() -> dict[str, Dataset]:
    """Make one dataset at each stage, with days between."""
    waiting = make_dataset("waiting", duties=DUTIES, department="Buildings")
    broken = make_dataset("broken", duties=DUTIES, department="Buildings", released=False)
    make_version(broken, committed_at=NOON)
    make_finding(broken, severity=Severity.ERROR, opened_at=NOON)
    checked = make_dataset("checked", duties=DUTIES, department="Parks", approval={}, steward="Parks office")
    make_version(checked, committed_at=NOON)
    public = make_dataset("public", department="Parks")
    make_version(public, committed_at=NOON, released_at=NOON + timedelta(days=2))
    elsewhere = make_dataset("elsewhere", sources=[], landing_page="https://data.example.gov/d/x")
    return {one.key: one for one in (waiting, broken, checked, public, elsewhere)}


def card_of(key: str, *, by: Any) -> boards.Card:
    found = boards.board(by=by, now=timezone.now())
    return next(card for column in found.columns for card in column.cards if card.key == key)


def test_each_card_says_what_it_waits_for_on_whom_and_since_when(city: dict[str, Dataset]) -> None:
    staff = make_staff()
    loaded = card_of("waiting", by=staff)
    assert (loaded.stage, loaded.waits_for, loaded.on) == (Stage.INVENTORIED, "its first load", "Data team")
    broken = card_of("broken", by=staff)
    assert (broken.stage, broken.waits_for) == (Stage.LOADED, "1 finding to be fixed")
    assert (broken.on, broken.since) == ("Steward of permits", NOON.date())
    checked = card_of("checked", by=staff)
    assert (checked.stage, checked.waits_for) == (Stage.CHECKED, "the steward's approval")
    public = card_of("public", by=staff)
    assert (public.stage, public.waits_for, public.on) == (Stage.RELEASED, "", "")


def test_the_board_is_narrowed_in_its_address_and_leaves_out_what_others_keep(
    city: dict[str, Dataset], client: Client
) -> None:
    client.force_login(make_staff())
    page = client.get("/staff/board/").content.decode()
    assert "Waits for its first load" in page
    assert "1 more dataset is kept by another site" in page
    parks = client.get("/staff/board/?department=Parks").content.decode()
    assert "/data/checked/" in parks
    assert "/data/waiting/" not in parks


def test_time_per_stage_is_computed_from_what_was_recorded(city: dict[str, Dataset], client: Client) -> None:
    Dataset.history.update(history_date=NOON - timedelta(days=10))
    found = cycletimes.ways(by=make_staff(), now=timezone.now())
    public = next(way for way in found if way.card.key == "public")
    assert public.days[Stage.INVENTORIED] == pytest.approx(10)
    assert public.to_release == pytest.approx(12)
    times = {one.stage: one for one in cycletimes.stage_times(found)}
    inventoried, whole = times[Stage.INVENTORIED], times[None]
    assert (inventoried.left, inventoried.median_days) == (3, pytest.approx(10))
    assert (whole.left, whole.slowest and whole.slowest.key) == (1, "public")
    client.force_login(make_staff("ben"))
    page = client.get("/staff/board/times/").content.decode()
    assert "12.0" in page
    table = client.get("/staff/board/stages.csv?department=Parks").content.decode().splitlines()
    assert [line.split(",")[0] for line in table] == ["key", "checked", "public"]


def test_work_lists_approvals_and_what_ends_for_those_who_may_act(city: dict[str, Dataset], client: Client) -> None:
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    make_dataset("shared", agreement={"with": "The county", "until": until})
    publisher = make_staff("pat")
    client.force_login(publisher)
    assert "The agreement ends" not in client.get("/staff/").content.decode()
    for role in (Role.PUBLISHER, Role.REVIEWER):
        Grant.objects.create(person=publisher, role=role, since=NOON)
    page = client.get("/staff/").content.decode()
    assert "Waits for the steward&#x27;s approval" in page
    assert "The agreement ends" in page


@pytest.mark.parametrize("address", ["/staff/", "/staff/board/", "/staff/board/times/", "/staff/board/stages.csv"])
def test_the_public_sees_none_of_it(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302
