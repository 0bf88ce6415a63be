"""What people can be told of beside the news of datasets: a higher app names its topic in its `apps.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise

from cupola.web.data.models import Subscription
from cupola.web.data.queries.feed import Item, happenings


@dataclass(frozen=True)
class Topic:
    """`about`: what it tells of, as the end of a sentence. `news`: all that is true of it now. `page`: its address.

    `part`: of a topic with parts, such as a ward, the topic of one part, None where there is no such part.
    """

    name: str
    about: Promise | str
    page: str
    news: Callable[[datetime], Iterable[Item]]
    part: "Callable[[str], Topic | None] | None" = None


TOPICS: dict[str, Topic] = {}


def register_topic(topic: Topic) -> None:
    """Let people ask to be told of a topic."""
    TOPICS[topic.name] = topic


def find_topic(name: str) -> Topic | None:
    """Return the topic of a name, or with `name:part` that of one of its parts; None where there is none."""
    base, colon, part = name.partition(":")
    found = TOPICS.get(base)
    if found is None or not colon:
        return found
    return found.part(part) if found.part else None


def news_for(subscription: Subscription, *, now: datetime) -> tuple[Item, ...]:
    """Return what a subscriber is told of: the news of a topic, of one dataset, or of all."""
    if subscription.topic:
        topic = find_topic(subscription.topic)
        return tuple(topic.news(now)) if topic else ()
    key = subscription.dataset.key if subscription.dataset else ""
    return happenings(by=AnonymousUser(), now=now, key=key)


def about(subscription: Subscription) -> str:
    """Return what a subscription to a topic is about, empty for datasets."""
    topic = find_topic(subscription.topic)
    return str(topic.about) if topic else ""
