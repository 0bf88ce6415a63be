"""The list of data requests: narrowed by status, searched for what is alike, as plain values, as news."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.web.data.models import DataRequest, RequestStatus, Showing
from cupola.web.data.queries.feed import ITEMS, Happening, Item, identity
from cupola.web.data.queries.letters import public_requests, request_line
from cupola.web.data.queries.searching import read_question, words_of

MOST_SEARCHED = 2000
REQUEST_FIELDS = (
    *("key", "title", "text", "received_at", "status", "status_words", "changed_at", "department", "planned_on"),
    *("dataset", "reason", "url"),
)


def request_choices(chosen: str) -> list[tuple[str, str, int, bool]]:
    """Return each status that occurs: its value, what people call it, how many have it, whether it is chosen."""
    counts = Counter(public_requests().order_by().values_list("status", flat=True))
    return [
        (value, str(label), counts[value], value == chosen)
        for value, label in RequestStatus.choices
        if counts[value] or value == chosen
    ]


def similar_requests(words: str) -> list[DataRequest]:
    """Return the requests everyone may read that hold most of the words, the best first."""
    asked = read_question(words)
    found = []
    for letter in public_requests().filter(showing=Showing.SHOWN)[:MOST_SEARCHED]:
        held = [word for word in words_of(f"{letter.title} {letter.text}") if asked.finds(word)]
        if held:
            found.append((len(set(held)), letter))
    found.sort(key=lambda one: -one[0])
    return [letter for _count, letter in found]


def request_facts(letter: DataRequest) -> dict[str, Any]:
    """Return a request as plain values, with the newest answer."""
    line = request_line(letter)
    return {
        "key": line.key,
        "title": line.heading,
        "text": line.text or line.withheld,
        "received_at": line.received_at.isoformat(),
        "status": line.status,
        "status_words": line.status_words,
        "changed_at": line.changed_at.isoformat(),
        "department": line.department,
        "planned_on": line.planned_on.isoformat() if line.planned_on else None,
        "dataset": line.dataset or None,
        "reason": line.steps[-1].reason if line.steps else "",
    }


def request_news() -> tuple[Item, ...]:
    """Return the newest requests and answers, newest first."""
    items = []
    for letter in public_requests()[: 4 * ITEMS]:
        line, address = request_line(letter), reverse("requests:request", args=[letter.key])
        items.append(
            Item(
                Happening.REQUEST,
                identity("request", letter.key),
                heading=_("Asked for: %(title)s") % {"title": line.heading},
                text=line.text or line.withheld,
                at=letter.received_at,
                address=address,
            )
        )
        items += [
            Item(
                Happening.REQUEST,
                identity("request", letter.key, step.at.isoformat()),
                heading=_("%(status)s: %(title)s") % {"status": step.status_words, "title": line.heading},
                text=step.reason,
                at=step.at,
                address=address,
            )
            for step in line.steps
        ]
    return tuple(sorted(items, key=lambda item: item.at, reverse=True)[:ITEMS])
