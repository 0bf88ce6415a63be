"""Atom feeds (RFC 4287): items in, one document out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

FIRST = datetime.fromisoformat("2026-01-01T00:00:00+00:00")  # a feed must say when it changed, even if it never did


@dataclass(frozen=True)
class FeedItem:
    """One entry. `identity` never changes; `address` is below the site's root; `subjects` are its categories."""

    identity: str
    heading: str
    text: str
    at: datetime
    address: str
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeedHead:
    """What a feed says of itself. `address`: the page it stands for, below the site's root."""

    identity: str
    title: str
    says: str
    author: str
    address: str


def atom(request: HttpRequest, head: FeedHead, items: Iterable[FeedItem]) -> HttpResponse:
    """Return the feed; it changed when its newest item did."""
    feed = Atom1Feed(
        title=head.title,
        link=request.build_absolute_uri(head.address),
        description=head.says,
        subtitle=head.says,
        language=get_language(),
        author_name=head.author,
        feed_url=request.build_absolute_uri(),
        feed_guid=head.identity,
    )
    newest = FIRST
    for item in items:
        newest = max(newest, item.at)
        feed.add_item(
            title=item.heading,
            link=request.build_absolute_uri(item.address),
            description=item.text,
            unique_id=item.identity,
            pubdate=item.at,
            updateddate=item.at,
            categories=item.subjects,
        )
    feed.latest_post_date = lambda: newest  # type: ignore[method-assign]  # its own is the clock's when there is none
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(answer, "utf-8")
    return answer
