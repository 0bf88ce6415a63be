"""A meeting whole: notice, agenda, who came, how each item was voted on, what it led to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cupola.councils import quorum_of, standing
from cupola.web.agenda.queries.councils import MeetingLine, SeatLine, body_of, meeting_line, seat_lines
from cupola.web.agenda.queries.naming import Named, named
from cupola.web.agenda.queries.popolo import passed

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class ItemLine:
    """An item of the agenda. counts: (vote, how many); carried: None where nothing was voted.

    votes: (seat, its holder where the reader may know, vote); aside: seats that had to step aside.
    """

    title: str
    about: tuple[str, ...]
    recommendation: Named | None
    counts: tuple[tuple[str, int], ...]
    carried: bool | None
    votes: tuple[tuple[SeatLine, str], ...]
    aside: tuple[str, ...]


@dataclass(frozen=True)
class MeetingPage:
    """A meeting as a page shows it. quorum: what the body needed on that day; came: seats with whether they came."""

    line: MeetingLine
    fields: Fields
    body: Named | None
    items: tuple[ItemLine, ...]
    came: tuple[tuple[SeatLine, bool], ...]
    present: int
    quorum: int


def meeting_page(fields: Fields, body: Fields, *, staff: bool, now: datetime, zone: ZoneInfo) -> MeetingPage:
    """Return everything of a meeting a reader may see."""
    line = meeting_line(fields, body, now=now, zone=zone)
    on = line.starts.date()
    seats = {seat.key: seat for seat in seat_lines(body, on, staff=staff)}
    present = set(fields.get("present", ()))
    aside = dict(line.conflicts)
    votes = {vote["item"]: vote for vote in fields.get("votes", ())}
    engine = body_of(body)
    return MeetingPage(
        line=line,
        fields=fields,
        body=next(iter(named("body", [fields["body"]], staff=staff)), None),
        items=tuple(
            _item(item, votes.get(item["key"]), seats=seats, aside=aside.get(item["title"], ()), staff=staff)
            for item in fields.get("agenda", ())
        ),
        came=tuple((seat, seat.key in present) for seat in seats.values() if seat.filled or seat.key in present),
        present=len(present),
        quorum=quorum_of(engine, standing(engine, on).members),
    )


def _item(
    item: Fields, vote: Fields | None, *, seats: Mapping[str, SeatLine], aside: tuple[str, ...], staff: bool
) -> ItemLine:
    by_seat: Mapping[str, str] = {} if vote is None else vote["by_seat"]
    said = list(by_seat.values())
    counts = tuple((one, said.count(one)) for one in ("yes", "no", "abstain", "recused") if one in said)
    found = named("recommendation", [item["recommendation"]], staff=staff) if item.get("recommendation") else ()
    return ItemLine(
        title=item["title"],
        about=tuple(item.get("about", ())),
        recommendation=found[0] if found else None,
        counts=counts,
        carried=None if vote is None else passed(vote),
        votes=tuple((seats[key], one) for key, one in by_seat.items() if key in seats),
        aside=aside,
    )
