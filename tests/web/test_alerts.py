"""Alerts of measures: one message for a new signal, a missed target or a stale feed, and quiet otherwise."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.factories import make_city, make_dataset
from tests.hooks import listening
from tests.measured import STEADY, make_measure, noon, permits

from cupola.web.data.actions import subscribing, telling
from cupola.web.data.models import Channel, Dataset, Subscription
from cupola.web.performance.actions import compute

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Dataset]


@pytest.fixture
def told(settings: Any) -> Callable[[datetime], list[str]]:
    """Return a function that sends what is due and returns the subjects and texts of the letters."""
    settings.MAIL, settings.ADDRESS = True, "https://data.example.gov"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def tell(at: datetime) -> list[str]:
        before = len(mail.outbox)
        telling.tell(at=at)
        return [f"{letter.subject}\n{letter.body}" for letter in mail.outbox[before:]]

    return tell


def follow(at: datetime) -> None:
    asked = subscribing.subscribe("performance", Channel.EMAIL, "ada@example.org", language="en", at=at)
    telling.send_due(at=at, only=asked)
    assert "new signals, missed targets and stale feeds" in mail.outbox[-1].body
    subscribing.confirm(asked.token, at=at)


def test_a_new_signal_is_told_once_with_a_link_to_its_chain(load: Load, told: Callable[[datetime], list[str]]) -> None:
    make_city()
    dataset = make_dataset(refresh="never")
    load(dataset, permits(STEADY))
    make_measure()
    compute(at=noon(date(2026, 5, 1)))
    follow(noon(date(2026, 5, 2)))
    assert told(noon(date(2026, 5, 3))) == []
    load(dataset, permits([*STEADY, 30]))
    compute(at=noon(date(2026, 6, 1)))
    (letter,) = told(noon(date(2026, 6, 1)))
    assert letter.startswith("Permits issued: a signal\n")
    assert "30 permits in May 2026 is above everything that chance explains" in letter
    assert "https://data.example.gov/performance/permits-issued/#how-we-know" in letter
    assert told(noon(date(2026, 6, 2))) == []


def test_what_was_true_before_is_not_news(load: Load, told: Callable[[datetime], list[str]]) -> None:
    make_city()
    load(make_dataset(refresh="never"), permits([*STEADY, 30]))
    make_measure()
    compute(at=noon(date(2026, 6, 1)))
    follow(noon(date(2026, 6, 2)))
    assert told(noon(date(2026, 6, 3))) == []


def test_a_missed_target_and_a_stale_feed_are_told(load: Load, told: Callable[[datetime], list[str]]) -> None:
    make_city()
    dataset = make_dataset(refresh="never")
    load(dataset, permits(STEADY))
    measure = make_measure()
    compute(at=noon(date(2026, 5, 1)))
    follow(noon(date(2026, 5, 2)))
    target = {"targets": [{"since": "2025-01-01", "value": 40.0}]}
    make_measure(**target)
    (letter,) = told(noon(date(2026, 5, 3)))
    assert letter.startswith("Permits issued: off its target\nPermits issued: off its target\nOff target.")
    dataset.definition = {**dataset.definition, "refresh": "daily"}
    Dataset.objects.filter(pk=dataset.pk).update(definition=dataset.definition, refresh="daily")
    dataset.load_reports.update(started_at=noon(date(2026, 5, 1)))
    (letter,) = told(noon(date(2026, 7, 1)))
    assert letter.startswith("Measures are not up to date: permits\n")
    assert measure.title in letter


def test_a_signal_of_one_group_reaches_its_webhook_and_no_other_news_does(load: Load, settings: Any) -> None:
    make_city()
    dataset = make_dataset(refresh="never")
    load(dataset, permits(STEADY))
    make_measure(by=[["status"]])
    compute(at=noon(date(2026, 5, 1)))
    with listening(settings) as server:
        address = f"http://127.0.0.1:{server.server_port}/alerts"
        for topic in ("performance:status=open", "performance:status=gone"):
            assert Client().get("/subscriptions/", {"topic": topic}).status_code == (404 if "gone" in topic else 200)
        subscribing.subscribe(
            "performance:status=open", Channel.WEBHOOK, address, language="en", at=noon(date(2026, 5, 2))
        )
        telling.tell(at=noon(date(2026, 5, 2)))
        assert json.loads(server.got[-1][1])["type"] == "subscription.challenge"
        telling.tell(at=noon(date(2026, 5, 3)))
        assert len(server.got) == 1
        load(dataset, permits([*STEADY, 30]))
        compute(at=noon(date(2026, 6, 1)))
        telling.tell(at=noon(date(2026, 6, 1)))
        document = json.loads(server.got[-1][1])
        telling.tell(at=noon(date(2026, 6, 2)))
        assert len(server.got) == 2
    (item,) = document["items"]
    assert (document["topic"], item["kind"]) == ("performance:status=open", "signal")
    assert item["heading"] == "Permits issued, Status open: a signal"
    chain = item["url"].removeprefix("https://data.example.gov")
    assert chain == "/performance/permits-issued/?group=status%3Dopen#how-we-know"
    assert 'id="how-we-know"' in Client().get(chain.partition("#")[0]).content.decode()


def test_the_form_asks_for_the_topic(load: Load, settings: Any) -> None:
    settings.MAIL, settings.ADDRESS = True, "https://data.example.gov"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_city()
    told = Client().get("/subscriptions/?topic=performance").content.decode()
    assert "One message for new signals, missed targets and stale feeds, and nothing in between." in told
    assert Client().get("/subscriptions/?topic=gossip").status_code == 404
    assert not Subscription.objects.exists()
