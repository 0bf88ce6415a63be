"""Who is told of what happens to datasets: asked for, confirmed by whoever reads there, ended with one click."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from cupola import sources
from cupola.errors import InvalidInput, NotFound
from cupola.web.accounts.models import Event
from cupola.web.accounts.queries import the_city
from cupola.web.data.models import Channel, Dataset, Delivery, Subscription
from cupola.web.data.queries.topics import news_for

QUIET = timedelta(hours=1)
CONFIRM = "confirm"  # the identity of the one message before anything is confirmed


class NotOffered(InvalidInput):
    """This installation cannot send what was asked for."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        super().__init__("This site cannot send that. Use its feeds instead.")


class SubscriptionUnknown(NotFound):
    """No subscription has that token; it may have ended."""

    def __init__(self) -> None:
        super().__init__("There is no such subscription. It may have ended already.")


def offered() -> tuple[Channel, ...]:
    """Return how people can be told here: nothing can be sent that does not say where it comes from."""
    if not settings.ADDRESS:
        return ()
    return (Channel.EMAIL, Channel.WEBHOOK) if settings.MAIL else (Channel.WEBHOOK,)


@transaction.atomic
def subscribe(
    about: Dataset | str | None, channel: Channel, address: str, *, language: str, at: datetime
) -> Subscription:
    """Ask whoever reads at `address` whether they want to be told; asked again, they are asked again an hour later.

    about: a dataset, the name of a topic, or None for all datasets. It never says whether the address was known.
    Raises NotOffered, NotAnAddressToPostTo.
    """
    dataset, topic = (None, about) if isinstance(about, str) else (about, "")
    if channel not in offered():
        raise NotOffered(channel)
    if channel == Channel.WEBHOOK:
        sources.check_address(address, inner=settings.WEBHOOK_HOSTS)
    found, _new = Subscription.objects.get_or_create(
        dataset=dataset,
        topic=topic,
        channel=channel,
        address=address,
        defaults={"language": language, "asked_at": at, "told_until": at},
    )
    recent = found.deliveries.filter(identity=CONFIRM, made_at__gt=at - QUIET).exists()
    if found.confirmed_at is None and not recent:
        # One question at a time and one in an hour, whoever asks: nobody's box fills up.
        Delivery.objects.update_or_create(
            subscription=found,
            identity=CONFIRM,
            defaults={"made_at": at, "next_at": at, "attempts": 0, "done_at": None, "message": {}},
        )
    return found


@transaction.atomic
def confirm(token: str, *, at: datetime) -> Subscription:
    """Begin to tell: of what happens from now on. Raises SubscriptionUnknown."""
    found = find(token)
    if found.confirmed_at is None:
        found.confirmed_at = found.told_until = at
        found.save()
        with translation.override(found.language):
            known = news_for(found, now=at)
        Delivery.objects.bulk_create(
            [Delivery(subscription=found, identity=one.identity, made_at=at, done_at=at) for one in known],
            ignore_conflicts=True,
        )
        _record("data.subscribed", found.dataset, found.channel, at=at)
    return found


@transaction.atomic
def end(token: str, *, at: datetime) -> None:
    """End a subscription and forget the address. Raises SubscriptionUnknown."""
    found = find(token)
    dataset, channel = found.dataset, found.channel
    found.deliveries.all().delete()
    found.delete()
    _record("data.unsubscribed", dataset, channel, at=at)


def _record(action: str, dataset: Dataset | None, channel: str, *, at: datetime) -> None:
    """Add a line to the audit log, which never holds the address."""
    target = dataset or the_city()
    if target is not None:
        Event.record(action, target, at=at, by="the public", detail={"channel": channel})


def find(token: str) -> Subscription:
    """Return a subscription by its token. Raises SubscriptionUnknown."""
    found = Subscription.objects.select_related("dataset").filter(token=token).first()
    if found is None:
        raise SubscriptionUnknown
    return found
