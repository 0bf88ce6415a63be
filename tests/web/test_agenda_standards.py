"""Awards as 360Giving and councils as Popolo, held against the published schemas and a real publisher's file."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON
from tests.schemas import grants_schema, popolo_schema
from tests.web.agenda_city import make_agenda

from cupola.web.agenda.actions import take_grants
from cupola.web.agenda.models import Award
from cupola.web.agenda.queries import grants360
from cupola.web.agenda.queries.records import records

pytestmark = pytest.mark.django_db
CITY = {"key": "springfield", "id": "360G-springfield", "name": "Springfield"}
CLASSES = {
    "organizations": "organization",
    "posts": "post",
    "memberships": "membership",
    "persons": "person",
    "events": "event",
    "motions": "motion",
    "vote_events": "vote_event",
}


def real_grants(real_data: Path) -> Any:
    packed = (real_data / "grants" / "360giving_ab_charitable_trust.json.gz").read_bytes()
    return json.loads(gzip.decompress(packed))


def test_our_awards_are_a_valid_360giving_package(real_data: Path, client: Client) -> None:
    make_agenda()
    found = client.get("/agenda/awards.json").json()
    assert [one["title"] for one in found["grants"]] == ["Grant"]
    assert found["grants"][0]["amountAwarded"] == 300000
    assert list(grants_schema(real_data / "grants").iter_errors(found)) == []


@pytest.mark.real
@pytest.mark.slow
def test_783_real_grants_come_in_and_go_out_unchanged(real_data: Path) -> None:
    document = real_grants(real_data)
    taken = take_grants(document, at=NOON, by="tests")
    assert (taken.made, taken.same) == (783, 0)
    assert take_grants(document, at=NOON, by="tests").same == 783
    out = grants360.package(records("award").values(), city=CITY)
    by_id = {one["id"]: one for one in out["grants"]}
    assert [by_id[one["id"]] for one in document["grants"]] == document["grants"]
    assert len(out["grants"]) == 783
    assert list(grants_schema(real_data / "grants").iter_errors({"grants": out["grants"]})) == []


def test_a_grant_changed_here_goes_out_changed(real_data: Path) -> None:
    document = real_grants(real_data)
    take_grants({"grants": document["grants"][:1]}, at=NOON, by="tests")
    award = Award.objects.get()
    out = grants360.grant_of({**award.definition, "amount": 31000}, city=CITY)
    assert out["amountAwarded"] == 31000
    assert {**out, "amountAwarded": 30000}["Website"] == document["grants"][0]["Website"]


def test_councils_are_popolo_without_names_nobody_agreed_to(client: Client) -> None:
    make_agenda()
    found = client.get("/councils/popolo.json").json()
    assert found["organizations"][0]["id"] == "council"
    assert [one["name"] for one in found["persons"]] == ["A. Person"]
    posts = {one["id"] for one in found["posts"]}
    assert {one["post_id"] for one in found["memberships"]} <= posts
    assert len(posts) == 3
    seats = {one["id"]: one for one in found["organizations"]}
    assert [seats[one["on_behalf_of_id"]]["name"] for one in found["memberships"]] == ["business", "labor"]
    assert [one["start_date"] for one in found["events"]] == ["2026-04-07T18:00-05:00", "2027-05-04T18:00-05:00"]
    assert [(one["result"], one["counts"]) for one in found["vote_events"]] == [
        ("pass", [{"option": "yes", "value": 2}, {"option": "abstain", "value": 1}])
    ]


def test_our_popolo_is_valid_by_the_published_schemas(real_data: Path, client: Client) -> None:
    make_agenda()
    found = client.get("/councils/popolo.json").json()
    assert found.keys() == CLASSES.keys()
    for group, name in CLASSES.items():
        validator = popolo_schema(real_data / "schemas" / "popolo", name)
        assert found[group], group
        assert [error.message for one in found[group] for error in validator.iter_errors(one)] == []
    wrong = {**found["events"][0], "start_date": "2026-04-07T18:00"}  # a local time without its offset
    event = popolo_schema(real_data / "schemas" / "popolo", "event")
    assert [error.validator for error in event.iter_errors(wrong)] == ["pattern"]
