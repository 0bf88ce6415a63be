"""Councils as Popolo: organizations, posts, memberships, events, motions and votes.

Source: the Popolo specification (popoloproject.com). People are named only where they agreed; a membership without a
person says that the seat is held. A sector is an organization on whose behalf a seat is held.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cupola.web.agenda.queries.records import records
from cupola.web.data.queries import city_zone

Fields = Mapping[str, Any]


def write_popolo(*, staff: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Return every council the reader may see, with its seats, who holds them, its meetings and votes."""
    bodies = records("body", staff=staff)
    zone = ZoneInfo(city_zone())
    meetings = {
        key: {**one, "starts": _moment(one["starts"], zone)}
        for key, one in records("meeting", staff=staff).items()
        if one["body"] in bodies
    }
    sectors = {
        str(seat["sector"]) for one in bodies.values() for seat in one.get("seats", {}).values() if "sector" in seat
    }
    people: dict[str, str] = {}
    found: dict[str, list[dict[str, Any]]] = {
        "organizations": [*map(_organization, bodies.values()), *map(_sector, sorted(sectors))],
        "posts": [_post(key, seat, one) for one in bodies.values() for key, seat in one.get("seats", {}).items()],
        "memberships": [
            entry
            for one in bodies.values()
            for key, seat in one.get("seats", {}).items()
            for entry in _memberships(key, seat, one, people=people)
        ],
        "persons": [],
        "events": [_event(one) for one in meetings.values()],
        "motions": [_motion(one, item) for one in meetings.values() for item in one.get("agenda", ())],
        "vote_events": [_vote(one, vote) for one in meetings.values() for vote in one.get("votes", ())],
    }
    found["persons"] = [{"id": key, "name": name} for name, key in people.items()]
    return found


def _organization(fields: Fields) -> dict[str, Any]:
    return _filled(
        {
            "id": fields["key"],
            "name": fields["name"],
            "classification": "advisory council",
            "founding_date": fields.get("established"),
            "dissolution_date": fields.get("ends"),
            "sources": _sources(fields),
        }
    )


def _sector(name: str) -> dict[str, Any]:
    return {"id": f"sector/{name}", "name": name.replace("_", " "), "classification": "sector"}


def _post(key: str, seat: Fields, body: Fields) -> dict[str, Any]:
    label = str(seat.get("sector") or key).replace("_", " ")
    return {"id": f"{body['key']}/{key}", "label": label, "role": "member", "organization_id": body["key"]}


def _memberships(key: str, seat: Fields, body: Fields, *, people: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for number, term in enumerate(seat.get("terms", ()), 1):
        name = str(term.get("member", "")) if term.get("consent") else ""
        person = people.setdefault(name, f"person-{len(people) + 1}") if name else None
        found.append(
            _filled(
                {
                    "id": f"{body['key']}/{key}/{number}",
                    "role": "member",
                    "person_id": person,
                    "organization_id": body["key"],
                    "post_id": f"{body['key']}/{key}",
                    "on_behalf_of_id": f"sector/{seat['sector']}" if seat.get("sector") else None,
                    "start_date": term.get("since"),
                    "end_date": term.get("until"),
                }
            )
        )
    return found


def _event(fields: Fields) -> dict[str, Any]:
    status = {"planned": "confirmed", "held": "passed", "cancelled": "cancelled"}[fields.get("state", "planned")]
    return _filled(
        {
            "id": fields["key"],
            "name": fields["name"],
            "classification": f"{fields.get('type', 'regular')} meeting",
            "start_date": fields["starts"],
            "location": fields.get("place"),
            "status": status,
            "organization_id": fields["body"],
            "sources": _sources(fields),
        }
    )


def _motion(meeting: Fields, item: Fields) -> dict[str, Any]:
    voted = next((vote for vote in meeting.get("votes", ()) if vote["item"] == item["key"]), None)
    return _filled(
        {
            "id": f"{meeting['key']}/{item['key']}",
            "organization_id": meeting["body"],
            "legislative_session_id": meeting["key"],
            "text": item["title"],
            "date": meeting["starts"],
            "requirement": None if voted is None else "majority",
            "result": None if voted is None else "pass" if passed(voted) else "fail",
        }
    )


def _vote(meeting: Fields, vote: Fields) -> dict[str, Any]:
    values = list(vote["by_seat"].values())
    options = ("yes", "no", "abstain", "recused")
    return {
        "id": f"{meeting['key']}/{vote['item']}/vote",
        "motion_id": f"{meeting['key']}/{vote['item']}",
        "organization_id": meeting["body"],
        "start_date": meeting["starts"],
        "result": "pass" if passed(vote) else "fail",
        "counts": [{"option": one, "value": values.count(one)} for one in options if one in values],
    }


def _moment(local: str, zone: ZoneInfo) -> str:
    """Return a local time with its offset, which the standard asks of every time of day."""
    return datetime.fromisoformat(local).replace(tzinfo=zone).isoformat(timespec="minutes")


def passed(vote: Fields) -> bool:
    """Whether a recorded vote carried: more than its share of those who said yes or no."""
    values = list(vote["by_seat"].values())
    yes, no = values.count("yes"), values.count("no")
    return yes > (yes + no) * float(vote.get("share", 0.5))


def _sources(fields: Fields) -> list[dict[str, str]]:
    return [_filled({"url": one.get("url"), "note": one["title"]}) for one in fields.get("sources", ())]


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
