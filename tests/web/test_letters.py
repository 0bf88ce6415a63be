"""What readers report and ask for: sent without scripts, held where it names people, answered in public."""

import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from tests.factories import NOON, make_dataset, make_staff, make_version

from cupola.web.accounts.models import Event, Grant, Role
from cupola.web.data.forms import letters as letter_forms
from cupola.web.data.models import DataRequest, Feedback, Finding
from cupola.web.data.views import letters as letter_views

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ISSUED = "The column is a day late for every permit issued in July."


@pytest.fixture(autouse=True)
def patient_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests write as fast as they like, from a client nobody has heard of."""
    monkeypatch.setattr(letter_forms, "FASTEST_SECONDS", -1)
    monkeypatch.setattr(letter_views.WRITERS, "_accounts", type(letter_views.WRITERS._accounts)())


def mark_of(page: Any) -> str:
    found = re.search(r'name="mark" value="([^"]+)"', page.content.decode())
    assert found
    return found[1].replace("&#x27;", "'")


def send(client: Client, address: str, **fields: str) -> Any:
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, {"mark": mark_of(page), "contact": "", "website": "", **fields}, follow=True)


def make_answerer() -> Any:
    person = make_staff("clerk")
    Grant.objects.create(person=person, role=Role.COORDINATOR, since=NOON)
    return person


def test_a_report_is_sent_shown_looked_into_and_fixed_in_a_version(client: Client) -> None:
    dataset = make_dataset()
    make_version(dataset, 2)
    sent = send(client, "/data/permits/feedback/?column=issued_on", column="issued_on", text=ISSUED)
    assert "Thank you" in sent.content.decode()
    letter = Feedback.objects.get()
    assert (letter.column, letter.showing, letter.status) == ("issued_on", "shown", "new")
    assert "1 open report" in client.get("/data/permits/").content.decode()
    staff = Client()
    staff.force_login(make_answerer())
    assert ISSUED in staff.get("/staff/").content.decode()
    address = f"/staff/feedback/{letter.key}/"
    looking = {"part": "answer", "status": "looking", "reason": "We are asking the office of permits."}
    assert staff.post(address, looking, follow=True).status_code == 200
    assert Finding.objects.get(kind="feedback.taken_up", closed_at=None).column == "issued_on"
    assert "asking the office of permits" in client.get("/data/permits/").content.decode()
    unnamed = staff.post(address, {"part": "answer", "status": "fixed", "reason": "Dates are read in the city's zone."})
    assert (unnamed.status_code, "Choose the version" in unnamed.content.decode()) == (400, True)
    version = dataset.versions.get(number=2)
    fixed = {"part": "answer", "status": "fixed", "version": version.pk, "reason": "Dates are read in our zone."}
    staff.post(address, fixed)
    thread = client.get("/data/permits/feedback/").content.decode()
    assert "Fixed in version 2" in thread
    assert thread.index("asking the office") < thread.index("read in our zone")
    assert Finding.objects.get(kind="feedback.taken_up").closed_at is not None
    feed = client.get("/data/permits/feed.atom").content.decode()
    assert ISSUED in feed
    assert "read in our zone" in feed
    actions = [event.action for event in Event.objects.filter(target_kind="feedback").order_by("pk")]
    assert actions == ["data.feedback_received", "data.feedback_answered", "data.feedback_answered"]


def test_a_report_that_names_a_person_is_held_until_staff_covered_it(client: Client) -> None:
    make_dataset()
    text = "The owner Maria Gonzalez can be called at (312) 555-0142."
    sent = send(client, "/data/permits/feedback/", text=text, contact="reader@example.org")
    assert "someone reads it before" in sent.content.decode()
    letter = Feedback.objects.get()
    assert (letter.showing, letter.held_for) == ("held", ["phone", "person_name"])
    for address in ("/data/permits/feedback/", "/data/permits/", "/data/feed.atom"):
        assert "555-0142" not in client.get(address).content.decode()
    staff = Client()
    staff.force_login(make_answerer())
    page = staff.get(f"/staff/feedback/{letter.key}/").content.decode()
    assert "a telephone number, the name of a person" in page
    assert "reader@example.org" in page
    assert "Publish the answer" not in page
    covered = {"part": "showing", "showing": "shown", "text": "The owner […] can be called."}
    staff.post(f"/staff/feedback/{letter.key}/", covered)
    thread = client.get("/data/permits/feedback/").content.decode()
    assert "The owner […] can be called." in thread
    assert "reader@example.org" not in thread
    settled = {"part": "answer", "status": "unchanged", "reason": "Owners are not in this dataset."}
    staff.post(f"/staff/feedback/{letter.key}/", settled)
    letter.refresh_from_db()
    assert (letter.status, letter.contact) == ("unchanged", "")
    kept = str([event.detail for event in Event.objects.all()]) + str(list(Feedback.history.values()))
    assert "Gonzalez" not in kept
    assert "reader@example.org" not in kept


def test_machines_are_kept_out_and_people_lose_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_dataset()
    address = "/data/permits/feedback/"
    trapped = send(client, address, text=ISSUED, website="https://spam.example")
    assert (trapped.status_code, ISSUED in trapped.content.decode()) == (400, True)
    forged = client.post(address, {"mark": "x:1:y", "text": ISSUED})
    assert forged.status_code == 400
    again = client.post(address, {"mark": mark_of(forged), "text": ISSUED})
    assert again.status_code == 302
    assert client.post(address, {"mark": mark_of(forged), "text": ISSUED}).status_code == 302
    assert Feedback.objects.count() == 1
    monkeypatch.setattr(letter_forms, "FASTEST_SECONDS", 3)
    quick = send(client, address, text=ISSUED)
    assert "very quick" in quick.content.decode()
    old = letter_forms._SIGNER.sign("n")
    monkeypatch.setattr(letter_forms, "FASTEST_SECONDS", -1)
    monkeypatch.setattr(letter_forms, "OLDEST_SECONDS", -1)
    with pytest.raises(signing.SignatureExpired):
        letter_forms._SIGNER.unsign(old, max_age=-1)
    assert "too old" in send(client, address, text=ISSUED).content.decode()


def test_one_client_sends_four_letters_and_then_waits(client: Client) -> None:
    make_dataset()
    statuses = [send(client, "/data/permits/feedback/", text=f"{ISSUED} {n}").status_code for n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert Feedback.objects.count() == 4


def test_a_form_without_its_token_is_refused() -> None:
    make_dataset()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/data/permits/feedback/", {"text": ISSUED}).status_code == 403
    assert strict.post("/data-requests/new/", {"title": "Trees", "text": ISSUED}).status_code == 403


def test_a_request_finds_what_is_like_it_and_is_answered_in_public(client: Client) -> None:
    make_dataset("street-trees")
    make_dataset("secret-trees", released=False)
    look = client.get("/data-requests/new/?q=trees").content.decode()
    assert "/data/street-trees/" in look
    assert "secret-trees" not in look
    send(client, "/data-requests/new/?q=trees", title="Trees on private lots", text="For a map of shade, by block.")
    letter = DataRequest.objects.get()
    assert "Trees on private lots" in client.get("/data-requests/new/?q=tree").content.decode()
    staff = Client()
    staff.force_login(make_answerer())
    address = f"/staff/requests/{letter.key}/"
    assert staff.post(address, {"part": "answer", "status": "planned", "reason": "After the count."}).status_code == 400
    waits = {"part": "answer", "status": "department", "department": "Parks", "reason": "Parks has the list."}
    assert staff.post(address, waits).status_code == 302
    assert "Waiting on Parks" in client.get("/data-requests/").content.decode()
    unreleased = {"part": "answer", "status": "published", "dataset": "secret-trees", "reason": "Here it is."}
    assert staff.post(address, unreleased).status_code == 400
    staff.post(address, {**unreleased, "dataset": "street-trees"})
    assert "Published as Street trees" in client.get(f"/data-requests/{letter.key}/").content.decode()
    (fact,) = client.get("/data-requests/requests.json").json()["requests"]
    assert (fact["status"], fact["dataset"], fact["reason"]) == ("published", "street-trees", "Here it is.")
    table = client.get("/data-requests/requests.csv").content.decode().splitlines()
    assert table[0].startswith("key,title,text")
    assert "Trees on private lots" in table[1]
    assert "Here it is." in client.get("/data-requests/feed.atom").content.decode()


def test_formulas_in_the_list_stay_text() -> None:
    assert letter_views.spreadsheet_safe("=HYPERLINK(1)") == "'=HYPERLINK(1)"


def test_only_who_may_answer_sees_the_letters(client: Client) -> None:
    dataset = make_dataset()
    send(client, "/data/permits/feedback/", text=ISSUED)
    address = f"/staff/feedback/{Feedback.objects.get().key}/"
    assert client.get(address).status_code == 302
    client.force_login(make_staff("viewer"))
    assert client.get(address).status_code == 403
    assert ISSUED not in client.get("/staff/").content.decode()
    dataset.released = False
    dataset.save()
    assert Client().get("/data/permits/feedback/").status_code == 404
