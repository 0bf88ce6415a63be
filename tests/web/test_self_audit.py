"""The self-audit: answered from the records, flipped by what is taken away."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone
from tests.factories import make_city, make_dataset, make_grant, make_staff
from tests.measured import STEADY, make_measure, permits

from cupola.web.accounts.models import User
from cupola.web.data.models import Dataset
from cupola.web.performance.actions import compute
from cupola.web.performance.actions.reviewing import Plan, Promise, commit, hold, plan_review, prepare
from cupola.web.performance.models import Commitment, Measure, Meeting, Proof
from cupola.web.performance.queries.standard import Criterion, self_audit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]


def audited() -> dict[str, Criterion]:
    return {one.key: one for one in self_audit(AnonymousUser(), now=timezone.now())}


def make_year(load: Load) -> Meeting:
    """Make a city with one measure, two meetings that were held, and a commitment the data closed."""
    make_city()
    load(make_dataset(refresh="never", department="Buildings", steward="Ada"), permits([*STEADY, 30]))
    measure, now = make_measure(by=[["status"]]), timezone.now()
    compute(at=now)
    person = make_staff("carla")
    make_grant(person, "coordinator")
    by = User.objects.get(pk=person.pk)
    first = now.date() - timedelta(days=28)
    review = plan_review(Plan("Permits", "Mayor", first, 2, released=True), at=now, by=by)
    for day in (first, first + timedelta(days=14)):
        meeting = prepare(review, day, now=now, by=by)
        promise = Promise("Go on", "Buildings", day + timedelta(days=30), measure, Proof.LEVEL, 5.0)
        commit(meeting, promise, at=now, by=by)
        hold(meeting, held_on=day, notes="", at=now, by=by)
    Commitment.objects.filter(meeting__on=first).update(closed_at=now, evidence={"value": 6.0})
    return meeting


def test_a_removed_meeting_flips_the_criterion(load: Load) -> None:
    meeting = make_year(load)
    before = audited()["reviews"]
    assert before.met
    assert before.items[0].evidence[0].url.startswith("/performance/reviews/permits/")
    Meeting.objects.filter(pk=meeting.pk).update(state="planned", held_on=None)
    assert not audited()["reviews"].met


def test_a_measure_taken_back_flips_what_is_open(load: Load) -> None:
    make_year(load)
    assert audited()["open"].met
    Measure.objects.update(released=False)
    found = audited()
    assert (found["open"].met, found["computed"].met) == (False, False)


def test_the_inventory_counts_what_each_dataset_says(load: Load) -> None:
    make_year(load)
    found = audited()["inventory"]
    assert [(one.met, one.found) for one in found.items][2:] == [(True, "1 of 1"), (True, "1 of 1")]
    Dataset.objects.update(department="")
    assert audited()["inventory"].items[2].found == "0 of 1"


def test_the_page_opens_the_evidence(load: Load) -> None:
    make_year(load)
    told = Client().get("/performance/self-audit/").content.decode()
    assert "criteria are met today" in told
    for criterion in audited().values():
        for item in criterion.items:
            assert [Client().get(link.url).status_code for link in item.evidence] == [200] * len(item.evidence)
