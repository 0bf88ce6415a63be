"""Telling subscribers: what happened is queued once for each, sent together, tried again, and given up in the end."""

import base64
import hashlib
import hmac
import json
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cupola import sources
from cupola.errors import CupolaError
from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.data.actions.subscribing import CONFIRM, confirm
from cupola.web.data.models import Channel, Delivery, Subscription
from cupola.web.data.queries.topics import about, news_for

# After the first failure, the second and so on; then it is given up. Three days in all.
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440, 2280))
UNCONFIRMED = timedelta(days=7)  # what nobody confirmed is forgotten
KEPT = timedelta(days=90)  # what was sent is known for so long


@dataclass(frozen=True)
class Told:
    """What came of one round: messages that arrived, that will be tried again, that were given up."""

    arrived: int = 0
    waiting: int = 0
    given_up: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the same as plain values."""
        return {"arrived": self.arrived, "waiting": self.waiting, "given_up": self.given_up}


def tell(*, at: datetime) -> Told:
    """Queue what happened since, send what is due, forget what is old."""
    for stale in Subscription.objects.filter(confirmed_at=None, asked_at__lt=at - UNCONFIRMED):
        stale.deliveries.all().delete()
        stale.delete()
    Delivery.objects.filter(next_at=None, made_at__lt=at - KEPT).exclude(identity=CONFIRM).delete()
    for subscription in Subscription.objects.exclude(confirmed_at=None).select_related("dataset"):
        queue(subscription, at=at)
    return send_due(at=at)


def queue(subscription: Subscription, *, at: datetime) -> int:
    """Queue what a subscriber was not told of yet; return how much."""
    dataset = subscription.dataset
    if dataset is not None and not dataset.released:
        return 0
    with translation.override(subscription.language):
        news = news_for(subscription, now=at)
    known = set(subscription.deliveries.values_list("identity", flat=True))
    new = [one for one in news if one.identity not in known and one.at > at - KEPT]
    Delivery.objects.bulk_create(
        [
            Delivery(
                subscription=subscription,
                identity=one.identity,
                made_at=at,
                next_at=at,
                message={
                    "id": one.identity,
                    "kind": one.happening.value,
                    "heading": one.heading,
                    "text": one.text,
                    "at": one.at.isoformat(),
                    "url": f"{settings.ADDRESS}{one.address}",
                },
            )
            for one in new
        ],
        ignore_conflicts=True,
    )
    return len(new)


def send_due(*, at: datetime, only: Subscription | None = None) -> Told:
    """Send what is due, to each subscriber (or `only` to one) as one message."""
    due = (
        Delivery.objects.filter(next_at__lte=at).select_related("subscription__dataset").order_by("subscription", "pk")
    )
    if only is not None:
        due = due.filter(subscription=only)
    together: dict[int, list[Delivery]] = {}
    for one in due:
        together.setdefault(one.subscription_id, []).append(one)
    told = Told()
    for deliveries in together.values():
        problem = attempt(deliveries[0].subscription, deliveries, at=at)
        outcome = [_settle(one, problem, at=at) for one in deliveries]
        told = Told(
            told.arrived + outcome.count("arrived"),
            told.waiting + outcome.count("waiting"),
            told.given_up + outcome.count("given up"),
        )
    return told


def attempt(subscription: Subscription, deliveries: Sequence[Delivery], *, at: datetime) -> str:
    """Send once; return why it did not arrive, empty when it did."""
    asks = any(one.identity == CONFIRM for one in deliveries)
    items = [one.message for one in deliveries if one.identity != CONFIRM]
    try:
        with translation.override(subscription.language):
            if subscription.channel == Channel.EMAIL:
                mail(subscription, items, asks=asks)
            elif asks:
                _challenge(subscription, at=at)
            else:
                post(subscription, {"type": "news", "items": items}, at=at)
    except CupolaError as error:
        return str(error)[:300]
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__
    return ""


def _settle(one: Delivery, problem: str, *, at: datetime) -> str:
    one.attempts += 1
    one.problem = problem
    one.next_at = None
    if not problem:
        one.done_at = at
    elif one.attempts <= len(AGAIN):
        one.next_at = at + AGAIN[one.attempts - 1]
    one.save()
    return "arrived" if not problem else "waiting" if one.next_at else "given up"


def links(subscription: Subscription) -> dict[str, str]:
    """Return the addresses that confirm and end a subscription."""
    pages = {name: reverse(f"subscriptions:{name}", args=[subscription.token]) for name in ("confirm", "end")}
    return {name: f"{settings.ADDRESS}{page}" for name, page in pages.items()}


def mail(subscription: Subscription, items: Sequence[dict[str, Any]], *, asks: bool) -> None:
    """Send one e-mail, as plain text without anything that tells whether it was read."""
    city = the_city()
    name = city.name if city else "Cupola"
    title = queries.in_language(subscription.dataset, "title") if subscription.dataset else ""
    given = {"city": name, "about": title, "topic": about(subscription), "items": items, **links(subscription)}
    if asks:
        subject = _("Confirm: news of the data of %(city)s") % {"city": name}
        if subscription.topic:
            subject = _("Confirm: %(topic)s of %(city)s") % {"topic": given["topic"], "city": name}
    elif len(items) == 1:
        subject = str(items[0]["heading"])
    else:
        said = _("%(city)s: %(count)s alerts") if subscription.topic else _("%(city)s: %(count)s changes of the data")
        subject = said % {"city": name, "count": len(items)}
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("data/mail/confirm.txt" if asks else "data/mail/news.txt", given),
        to=[subscription.address],
        headers={
            "List-Unsubscribe": f"<{given['end']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.send()


def _challenge(subscription: Subscription, *, at: datetime) -> None:
    """Ask a webhook whether it wants this: it does when it answers with the challenge."""
    document = {"type": "subscription.challenge", "challenge": subscription.token}
    answer = post(subscription, document, at=at)
    if subscription.token not in answer.text:
        raise sources.NotPosted("It did not answer with the challenge.")
    confirm(subscription.token, at=at)


def post(subscription: Subscription, document: dict[str, Any], *, at: datetime) -> sources.Posted:
    """Post a signed document as Standard Webhooks describes it. Raises NotPosted, NotAnAddressToPostTo."""
    dataset = subscription.dataset
    named = {"dataset": dataset.key, "id": dataset.public_id} if dataset else {}
    if subscription.topic:
        named = {"topic": subscription.topic}
    body = json.dumps({**document, **named, "end": links(subscription)["end"]}, ensure_ascii=False).encode()
    identity = hashlib.sha256(body).hexdigest()[:32]
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Cupola",
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(subscription.secret, body, identity=identity, stamp=stamp),
    }
    return sources.post(subscription.address, body, headers=headers, inner=settings.WEBHOOK_HOSTS)


def signature(secret: str, body: bytes, *, identity: str, stamp: str) -> str:
    """Return how a webhook is signed: HMAC-SHA256 over identity, time and body."""
    signed = b".".join((identity.encode(), stamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
