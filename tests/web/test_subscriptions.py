"""Subscribers are asked, told once, told again when nobody answered, and forgotten; by real mail and real webhooks."""

import json
import re
import socketserver
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_dataset
from tests.hooks import listening

from cupola.web.accounts.models import Event
from cupola.web.data.actions import subscribing, telling
from cupola.web.data.forms import letters as letter_forms
from cupola.web.data.models import Channel, Dataset, Delivery, Subscription
from cupola.web.data.views import subscriptions as views

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]
FIRST = "permit_number,issued_on,status\nP-1,2019-03-01,open\n"
LATER = NOON + timedelta(hours=1)


class Sink(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs."""

    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                lines: list[bytes] = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                found = message_from_bytes(b"".join(lines), policy=policy.default)
                self.server.letters.append(found)  # type: ignore[attr-defined]
            elif word == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def letters(settings: Any) -> Iterator[list[EmailMessage]]:
    """Return the letters that arrive at a mail server of our own, which the site sends to."""
    server = socketserver.TCPServer(("127.0.0.1", 0), Sink)
    server.letters = []  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = ""
    settings.MAIL, settings.ADDRESS = True, "https://data.example.gov"
    yield server.letters  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(settings: Any) -> Iterator[Any]:
    """Return a receiver of webhooks on this machine, which the settings allow."""
    with listening(settings) as server:
        yield server


@pytest.fixture
def permits(load: Load) -> Dataset:
    make_city()
    return load(make_dataset(row_key=["permit_number"]), FIRST)


def test_by_mail_nothing_is_sent_before_it_is_confirmed(
    permits: Dataset, letters: list[EmailMessage], load: Load, client: Client
) -> None:
    asked = subscribing.subscribe(permits, Channel.EMAIL, "ada@example.org", language="en", at=NOON)
    assert telling.tell(at=NOON).arrived == 1
    assert "Confirm" in str(letters[0]["Subject"])
    load(permits, FIRST + "P-2,2020-01-01,open\n")
    assert telling.tell(at=LATER).arrived == 0
    page = re.search(r"https://data.example.gov(/\S+/confirm/)", letters[0].get_content())
    assert page
    assert "Shall we tell you of changes of Permits?" in client.get(page[1]).content.decode()
    assert Subscription.objects.get().confirmed_at is None  # looking at the link is not enough
    assert "Confirmed" in client.post(page[1]).content.decode()
    assert telling.tell(at=LATER).arrived == 0  # what happened before is not told
    load(permits, FIRST + "P-2,2020-01-01,closed\n")
    assert telling.tell(at=LATER).arrived == 2
    news = letters[1]
    assert "version 3 corrects rows" in news.get_content()
    assert "https://data.example.gov/data/permits/compare/?a=2&b=3" in news.get_content()
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<img" not in news.as_string()
    assert telling.tell(at=LATER).arrived == 0
    end = re.search(r"https://data.example.gov(/\S+/end/)", news.get_content())
    assert end
    assert client.post(end[1]).status_code == 200
    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()
    assert client.get(end[1]).status_code == 404
    log = [one for one in Event.objects.all() if one.action in {"data.subscribed", "data.unsubscribed"}]
    assert len(log) == 2
    assert "ada" not in json.dumps([one.detail for one in log])
    assert asked.address == "ada@example.org"


def test_a_webhook_answers_the_challenge_and_is_sent_signed_news(permits: Dataset, hook: Any, load: Load) -> None:
    address = f"http://127.0.0.1:{hook.server_port}/news"
    asked = subscribing.subscribe(permits, Channel.WEBHOOK, address, language="en", at=NOON)
    telling.tell(at=NOON)
    asked.refresh_from_db()
    assert asked.confirmed_at == NOON
    load(permits, FIRST + "P-2,2020-01-01,open\n")
    telling.tell(at=LATER)
    headers, body = hook.got[-1]
    document = json.loads(body)
    assert (document["type"], document["dataset"], document["items"][0]["kind"]) == ("news", "permits", "version")
    stamp, identity = headers["webhook-timestamp"], headers["webhook-id"]
    assert headers["webhook-signature"] == telling.signature(asked.secret, body, identity=identity, stamp=stamp)


def test_what_does_not_arrive_is_tried_again_and_given_up(permits: Dataset, hook: Any, load: Load) -> None:
    address = f"http://127.0.0.1:{hook.server_port}/news"
    subscribing.subscribe(None, Channel.WEBHOOK, address, language="en", at=NOON)
    telling.tell(at=NOON)
    hook.status = 503
    load(permits, FIRST + "P-2,2020-01-01,open\n")
    at = NOON + timedelta(hours=1)
    assert telling.tell(at=at).waiting == 1
    assert telling.tell(at=at).waiting == 0  # not before its time
    for pause in telling.AGAIN[:-1]:
        at += pause
        assert telling.tell(at=at).waiting == 1
    assert telling.tell(at=at + telling.AGAIN[-1]).given_up == 1
    assert Delivery.objects.get(identity__startswith="urn", done_at=None).problem == "It answered 503."


def test_an_inner_machine_is_never_posted_to(permits: Dataset, settings: Any) -> None:
    settings.ADDRESS = "https://data.example.gov"
    with pytest.raises(subscribing.sources.NotAnAddressToPostTo):
        subscribing.subscribe(permits, Channel.WEBHOOK, "http://127.0.0.1:8000/", language="en", at=NOON)
    subscribing.subscribe(permits, Channel.WEBHOOK, "https://127.0.0.1/", language="en", at=NOON)
    assert telling.tell(at=NOON).waiting == 1
    assert Delivery.objects.get().problem == "It is not on the public network."


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms may be sent as fast as tests are."""
    monkeypatch.setattr(letter_forms, "FASTEST_SECONDS", -1)
    monkeypatch.setattr(views, "ASKERS", views.Clients(views.Allowance(burst=3.0, refill=1 / 600, at_once=2)))


def form(page: Any, **given: str) -> dict[str, str]:
    mark = re.search(r'name="mark" value="([^"]+)"', page.content.decode())
    assert mark
    return {"mark": mark[1], "channel": "email", "address": "ada@example.org", "website": "", **given}


def test_the_form_asks_says_nothing_of_who_is_known_and_has_limits(
    permits: Dataset, letters: list[EmailMessage], client: Client, patient: None
) -> None:
    page = client.get("/subscriptions/?dataset=permits")
    for _ in range(4):
        answer = client.post("/subscriptions/", form(page, dataset="permits"))
        assert (answer.status_code, answer["Location"], len(letters)) == (302, "/subscriptions/sent/", 1)
    assert Subscription.objects.count() == 1
    assert client.post("/subscriptions/", form(page, dataset="permits", address="b@example.org")).status_code == 429
    assert client.post("/subscriptions/", form(page, address="no address")).status_code == 400
    assert client.post("/subscriptions/", form(page, website="x")).status_code == 400


def test_a_form_of_another_site_is_refused(permits: Dataset, letters: list[EmailMessage]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/subscriptions/", form(strict.get("/subscriptions/"))).status_code == 403


def test_without_mail_or_address_only_feeds_are_offered(permits: Dataset, client: Client) -> None:
    page = client.get("/subscriptions/?dataset=permits").content.decode()
    assert '<form method="post"' not in page
    assert "/data/permits/feed.atom" in page
    assert client.get("/subscriptions/?dataset=nothing").status_code == 404


def test_a_dataset_that_is_hidden_cannot_be_followed(load: Load, client: Client) -> None:
    make_city()
    load(make_dataset(released=False))
    assert client.get("/subscriptions/?dataset=permits").status_code == 404


def test_what_nobody_confirms_is_forgotten_in_a_week(permits: Dataset, letters: list[EmailMessage]) -> None:
    subscribing.subscribe(permits, Channel.EMAIL, "ada@example.org", language="en", at=NOON)
    telling.tell(at=NOON)
    telling.tell(at=NOON + timedelta(days=8))
    assert not Subscription.objects.exists()
