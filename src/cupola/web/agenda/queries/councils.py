"""Councils as the engine takes them: bodies with their seats, and the notice rule of a meeting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cupola.councils import (
    Basis,
    Body,
    Count,
    MeetingKind,
    NoNoticeRule,
    NoSuchTime,
    NoticeRule,
    Seat,
    Standing,
    Term,
    at_risk,
    conflicts,
    holder,
    latest_posting,
    rule_for,
    standing,
)
from cupola.periods import parse_day
from cupola.web.agenda.queries.records import records


def body_of(fields: Mapping[str, Any]) -> Body:
    """Return a body from the canonical fields of its document."""
    seats = tuple(_seat(key, said) for key, said in fields.get("seats", {}).items())
    return Body(
        fields["key"],
        seats,
        quorum=fields.get("quorum"),
        basis=Basis(fields.get("quorum_of", Basis.SEATS)),
        holdover=bool(fields.get("holdover", False)),
        fill_days=int(fields.get("fill_days", 90)),
        recused_count=bool(fields.get("recused_count", True)),
    )


def notice_rule(fields: Mapping[str, Any], *, kind: str, on: date) -> NoticeRule | None:
    """Return the rule for a meeting of a body: its own for regular meetings, else its place's.

    None for a body that counsel says the law does not cover and that has no rule of its own. Raises NoNoticeRule.
    """
    own = fields.get("notice")
    meeting = MeetingKind(kind)
    if own and meeting is MeetingKind.REGULAR:
        return NoticeRule(fields["key"], meeting, int(own["amount"]), Count(own["count"]), own["source"])
    answer = (fields.get("public_body") or {}).get("answer", "unclear")
    if answer == "no":
        return None
    return rule_for(str(fields.get("place", "")), meeting, on=on)


def _seat(key: str, said: Mapping[str, Any]) -> Seat:
    terms = tuple(
        Term(
            parse_day(one["since"]),
            parse_day(one["until"]) if one.get("until") else None,
            str(one.get("member") or "a member"),
            frozenset(one.get("interests", ())),
        )
        for one in said.get("terms", ())
    )
    return Seat(key, str(said.get("sector") or ""), str(said.get("appointed_by", "")), terms)


@dataclass(frozen=True)
class SeatLine:
    """A seat on a day. member: the name only where its holder agreed, or the reader works here."""

    key: str
    sector: str
    appointed_by: str
    filled: bool
    member: str
    until: str
    held_over: bool


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in a list. latest: when its notice must be posted, None where no rule asks; late: it was too late.

    due: days left to post it, where it is planned and not posted. conflicts: seats that must step aside, by item.
    """

    key: str
    fields: Mapping[str, Any]
    starts: datetime
    latest: datetime | None
    rule: NoticeRule | None
    unknown_rule: str
    late: bool
    due: int | None
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class CouncilPage:
    """A body on a day, with its seats, meetings and recommendations."""

    fields: Mapping[str, Any]
    standing: Standing
    seats: tuple[SeatLine, ...]
    meetings: tuple[MeetingLine, ...]
    upcoming: MeetingLine | None
    at_risk: bool
    recommendations: tuple[Mapping[str, Any], ...]


def council_page(fields: Mapping[str, Any], *, staff: bool, now: datetime, zone: ZoneInfo) -> CouncilPage:
    """Return everything of a body a reader may see."""
    body, on = body_of(fields), now.astimezone(zone).date()
    own = [one for one in records("meeting", staff=staff).values() if one["body"] == fields["key"]]
    meetings = [meeting_line(one, fields, now=now, zone=zone) for one in own]
    meetings.sort(key=lambda one: one.starts, reverse=True)
    coming = [one for one in meetings if one.fields.get("state", "planned") == "planned" and one.starts >= now]
    held = [one for one in meetings if one.fields.get("state") == "held"]
    attendance = [(len(one.fields.get("present", ())), standing(body, one.starts.date()).members) for one in held]
    advice = [one for one in records("recommendation", staff=staff).values() if one["body"] == fields["key"]]
    return CouncilPage(
        fields=fields,
        standing=standing(body, on),
        seats=seat_lines(fields, on, staff=staff),
        meetings=tuple(meetings),
        upcoming=coming[-1] if coming else None,
        at_risk=at_risk(body, on, attendance=attendance),
        recommendations=tuple(sorted(advice, key=lambda one: one["on"], reverse=True)),
    )


def meeting_line(fields: Mapping[str, Any], body: Mapping[str, Any], *, now: datetime, zone: ZoneInfo) -> MeetingLine:
    """Return a meeting with its notice deadline and the conflicts on its agenda."""
    wall = datetime.fromisoformat(fields["starts"])
    latest, rule, unknown = None, None, ""
    try:
        rule = notice_rule(body, kind=fields.get("type", "regular"), on=wall.date())
        if rule is not None:
            holidays = {parse_day(day) for day in body.get("holidays", ())}
            latest = latest_posting(wall, rule, zone=zone, holidays=holidays)
    except (NoNoticeRule, NoSuchTime) as error:
        unknown = str(error)
    posted = fields.get("posted")
    at = datetime.fromisoformat(posted).replace(tzinfo=zone) if posted else None
    planned = fields.get("state", "planned") == "planned" and at is None and latest is not None
    touched = [
        (item["title"], tuple(conflicts(body_of(body), item.get("about", ()), on=wall.date())))
        for item in fields.get("agenda", ())
    ]
    return MeetingLine(
        key=fields["key"],
        fields=fields,
        starts=wall.replace(tzinfo=zone),
        latest=latest,
        rule=rule,
        unknown_rule=unknown,
        late=at is not None and latest is not None and at > latest,
        due=(latest.date() - now.astimezone(zone).date()).days if planned and latest is not None else None,
        conflicts=tuple((title, seats) for title, seats in touched if seats),
    )


def seat_lines(fields: Mapping[str, Any], on: date, *, staff: bool) -> tuple[SeatLine, ...]:
    """Return the seats of a body as they stood on a day."""
    body = body_of(fields)
    return tuple(_seat_line(seat, fields, on, holdover=body.holdover, staff=staff) for seat in body.seats)


def _seat_line(seat: Seat, fields: Mapping[str, Any], on: date, *, holdover: bool, staff: bool) -> SeatLine:
    term = holder(seat, on, holdover=holdover)
    terms = fields["seats"][seat.key].get("terms", ())
    said: Mapping[str, Any] = next(
        (one for one in terms if term is not None and parse_day(one["since"]) == term.since), {}
    )
    named = str(said.get("member", "")) if staff or said.get("consent") else ""
    over = term is not None and term.until is not None and term.until <= on
    return SeatLine(
        seat.key, seat.sector, seat.appointed_by, term is not None, named, str(said.get("until") or ""), over
    )
