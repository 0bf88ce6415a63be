"""The transition book: what whoever comes next must know. Markdown, in English."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import override

from cupola.web.agenda.queries.awards import paid_posts, standings
from cupola.web.agenda.queries.councils import council_page
from cupola.web.agenda.queries.estimates import newest
from cupola.web.agenda.queries.initiatives import PriorityLine, line_of, priority_lines
from cupola.web.agenda.queries.naming import Named, offices
from cupola.web.agenda.queries.records import records
from cupola.web.agenda.queries.words import said
from cupola.web.data.queries import city_zone

Post = tuple[str, bool, str]  # title, filled, key of the office


def transition_book(*, today: date, posts: Iterable[Post] = ()) -> str:
    """Return the transition book as seen from a day. posts: title, filled, office."""
    with override("en"):
        return "\n".join(_book(today, list(posts)))


def _book(today: date, posts: list[Post]) -> Iterator[str]:
    known = offices(today)
    yield f"# Transition book\n\nMade from the city's records on {today}. For whoever comes next.\n"
    yield from _listed("Administrations", _administrations())
    yield from _posts(posts, known)
    yield from _listed("Awards and when they end", _awards(today))
    yield from _listed("Reports and deliverables due", _due())
    yield from _listed("Contracts that end", _contracts(today))
    yield from _listed("Open promises", _promises())
    yield from _listed("Councils", _councils(today))
    yield from _listed("Initiatives", _initiatives(known))
    priorities = priority_lines(staff=True, on=today)
    yield from _listed("Priorities", (_priority(one) for one in priorities if not one.archived))
    archived = (_priority(one) for one in priorities if one.archived)
    yield from _listed("Priorities archived with their administration", archived)


def _listed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {heading}\n"
    yield from [f"- {line}" for line in lines] or ["None is recorded."]
    yield ""


def _name(key: str, known: Mapping[str, Named]) -> str:
    return known[key].name if key in known else key


def _administrations() -> Iterator[str]:
    for fields in sorted(records("administration").values(), key=lambda one: one["since"]):
        handed = fields.get("transition")
        took = f"; took over from {handed['since']} to {handed['until']}" if handed else ""
        yield f"{fields['name']}, {fields['leader']}: {fields['since']} to {fields.get('until', 'today')}{took}"


def _posts(posts: list[Post], known: Mapping[str, Named]) -> Iterator[str]:
    vacant = Counter((office, title) for title, filled, office in posts if not filled)
    yield f"## Posts\n\n{len(posts)} posts on the chart, {vacant.total()} of them vacant.\n"
    for (office, title), count in sorted(vacant.items()):
        yield f"- {_name(office, known)}: {title}, {count} vacant"
    yield ""


def _awards(today: date) -> Iterator[str]:
    for award in standings():
        ended = award.until is not None and award.until <= today
        paid = 0 if ended else len(paid_posts(award.fields, today))
        over = " (over)" if ended else ""
        left = f"{award.left / 100:,.0f} {award.fields.get('currency', 'USD')} not spent"
        yield f"{award.until or 'no end known'}{over}: {award.name} ({award.fields['funder']}), {left}, {paid} posts"


def _due() -> list[str]:
    return sorted(
        f"{one['due']}: {one['what']}, to {award.fields['funder']} ({award.name})"
        for award in standings()
        for one in award.fields.get("due", ())
        if not one.get("done")
    )


def _contracts(today: date) -> list[str]:
    return sorted(
        f"{one['until']}: {one['name']} ({fields['name']})"
        + (f", {one['amount']:,.0f} a year" if one.get("amount") else "")
        for fields in records("initiative").values()
        for one in fields.get("contracts", ())
        if one["until"] > today.isoformat()
    )


def _promises() -> list[str]:
    promised = [
        f"{one['due']}: {one['what']}, to {one['to']} ({fields['name']})"
        for fields in records("initiative").values()
        for one in fields.get("commitments", ())
        if not one.get("done")
    ]
    bodies = records("body")
    answered = [
        f"{answer['due']}: {fields['name']}, to {bodies.get(fields['body'], {}).get('name', fields['body'])}"
        f" ({said(answer['answer'])}: {answer['says']})"
        for fields in records("recommendation").values()
        for answer in fields.get("answers", ())[-1:]
        if answer["answer"] in {"accepted", "partly", "pending"} and answer.get("due")
    ]
    return sorted([*promised, *answered])


def _councils(today: date) -> Iterator[str]:
    zone = ZoneInfo(city_zone())
    now = datetime(today.year, today.month, today.day, tzinfo=zone)
    for fields in records("body").values():
        page = council_page(fields, staff=True, now=now, zone=zone)
        seats = (
            f"{page.standing.members} of {page.standing.seats} seats filled, {page.standing.quorum} needed to decide"
        )
        coming = page.upcoming
        when = "no meeting planned" if coming is None else f"next meeting {coming.starts:%Y-%m-%d %H:%M}"
        notice = "" if coming is None or coming.latest is None else f", notice by {coming.latest:%Y-%m-%d %H:%M}"
        yield f"{fields['name']}: {seats}; {when}{notice}"


def _initiatives(known: Mapping[str, Named]) -> Iterator[str]:
    for fields in records("initiative").values():
        line = line_of(fields)
        found = newest(line.key, staff=True)
        told = "" if found is None else f". {found.finding}"
        yield f"{line.name}: {said(line.stage)}, {_name(line.owner, known)}{told}"


def _priority(line: PriorityLine) -> str:
    aim = line.fields.get("target")
    target: Any = "" if not aim else f", target {aim['value']} by {aim['on']}"
    return f"{line.fields['name']} ({line.administration or line.fields['administration']}){target}"
