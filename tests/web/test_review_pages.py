"""Pages of reviews: run by staff with buttons, read by the public once held and released; paper and e-mail."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.factories import make_city, make_dataset, make_grant, make_staff
from tests.measured import STEADY, make_measure, noon, permits

from cupola.web.accounts.models import User
from cupola.web.data.models import Dataset
from cupola.web.performance.actions import compute, reviewing
from cupola.web.performance.actions.reviewing import Plan, Promise
from cupola.web.performance.models import Commitment, Measure, Meeting, Proof, Review
from cupola.web.performance.queries.waiting import commitments_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]


@pytest.fixture
def staffed(load: Load) -> Client:
    """Return the browser of a coordinator, in a city with one measure that shows a signal."""
    make_city()
    load(make_dataset(refresh="never"), permits([*STEADY, 30]))
    make_measure()
    compute(at=noon(date(2026, 6, 1)))
    person = make_staff("carla")
    make_grant(person, "coordinator")
    client = Client()
    client.force_login(User.objects.get(pk=person.pk))
    return client


def begin(client: Client, first: date, **fields: Any) -> str:
    given = {"title": "Permits review", "chair": "Mayor", "first_on": first, "every_weeks": 2, **fields}
    answer = client.post("/staff/reviews/new/", given)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_a_review_is_run_with_buttons(staffed: Client) -> None:
    day = timezone.localdate() + timedelta(days=2)
    assert begin(staffed, day, released="on") == "/staff/reviews/permits-review/"
    here = f"/staff/reviews/permits-review/{day}/"
    assert "Open the next meeting" in staffed.get("/staff/reviews/permits-review/").content.decode()
    assert "There is no packet yet." in staffed.get(here).content.decode()
    told = staffed.post(here, {"do": "prepare"}, follow=True).content.decode()
    assert "1 measure: 1 with a signal." in told
    assert "What was done, will it last, and who else can do it?" in told
    given = {"text": "Keep it up", "owner": "Buildings", "due_on": day + timedelta(days=30), "proof": "signal"}
    posted = {f"commitment-{name}": value for name, value in given.items()}
    refused = staffed.post(here, {"do": "commit", **posted})
    assert refused.status_code == 400
    measure = Commitment.measure.field.related_model.objects.get()  # type: ignore[attr-defined]
    staffed.post(here, {"do": "commit", **posted, "commitment-measure": measure.pk})
    assert Commitment.objects.get().text == "Keep it up"
    assert Client().get(f"/performance/reviews/permits-review/{day}/").status_code == 404
    staffed.post(here, {"do": "hold", "held-held_on": day, "held-notes": "All there."})
    assert Meeting.objects.get().state == "held"
    public = Client().get(f"/performance/reviews/permits-review/{day}/").content.decode()
    assert "1 measure: 1 with a signal." in public
    assert "Record a commitment" not in public


def test_the_packet_is_printed_with_embedded_fonts_in_both_languages(staffed: Client) -> None:
    day = timezone.localdate() + timedelta(days=2)
    begin(staffed, day, title="Revisión del año")
    key = Review.objects.get().key
    here = f"/staff/reviews/{key}/{day}/"
    staffed.post(here, {"do": "prepare"})
    paper = staffed.get(f"{here}packet.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert b"BitstreamVeraSans" in paper.content
    assert b"FontFile2" in paper.content
    assert staffed.get(f"/es{here}packet.pdf").content.startswith(b"%PDF-")
    text = staffed.get(f"{here}packet.txt").content.decode()
    assert "SIGNALS\n- Permits issued (Department of Buildings)\n" in text


def test_the_packet_is_sent_to_those_who_meet(staffed: Client, settings: Any) -> None:
    settings.MAIL, settings.ADDRESS = True, "https://data.example.gov"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    day = timezone.localdate() + timedelta(days=2)
    begin(staffed, day, recipients="ada@example.gov\ngrace@example.gov")
    here = f"/staff/reviews/permits-review/{day}/"
    staffed.post(here, {"do": "prepare"})
    assert "Sent to 2 addresses." in staffed.post(here, {"do": "send"}, follow=True).content.decode()
    (letter,) = mail.outbox
    assert letter.bcc == ["ada@example.gov", "grace@example.gov"]
    assert f"https://data.example.gov{here}" in letter.body
    assert letter.attachments[0][0] == f"permits-review-{day}.pdf"


def test_only_staff_see_reviews_and_only_who_may_runs_them(staffed: Client) -> None:
    day = timezone.localdate() + timedelta(days=2)
    begin(staffed, day)
    assert Client().get("/staff/reviews/").status_code == 302
    viewer = Client()
    viewer.force_login(make_staff("vera"))
    assert "Begin a review" not in viewer.get("/staff/reviews/").content.decode()
    assert viewer.get("/staff/reviews/new/").status_code == 404
    assert viewer.post(f"/staff/reviews/permits-review/{day}/", {"do": "prepare"}).status_code == 403
    assert not Meeting.objects.exists()


def test_a_recipient_must_be_an_address(staffed: Client) -> None:
    given = {"title": "R", "chair": "Mayor", "first_on": "2026-12-01", "every_weeks": 2, "recipients": "ada"}
    answer = staffed.post("/staff/reviews/new/", given)
    assert answer.status_code == 400
    assert "ada is not an e-mail address." in answer.content.decode()


def test_a_commitment_that_is_due_waits_for_who_runs_reviews(staffed: Client) -> None:
    person = User.objects.get(username="carla")
    now = timezone.now()
    today = timezone.localdate()
    review = reviewing.plan_review(Plan("Permits", "Mayor", today - timedelta(days=28), 2), at=now, by=person)
    meeting = reviewing.prepare(review, review.first_on, now=now, by=person)
    measure = Measure.objects.get()
    promise = Promise("Review plans faster", "Buildings", today - timedelta(days=3), measure, Proof.SIGNAL)
    reviewing.commit(meeting, promise, at=now, by=person)
    shown = staffed.get("/staff/").content.decode()
    assert "Overdue: Review plans faster (Buildings)" in shown
    assert commitments_waiting(make_staff("bob"), now=now) == ()
