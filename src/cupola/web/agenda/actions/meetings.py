"""What a meeting's record must keep to: notice in time, quorum, and nobody voting on their own interest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cupola.councils import check_posted, count_vote
from cupola.periods import parse_day
from cupola.web.accounts.queries import the_city
from cupola.web.agenda.queries.councils import body_of, notice_rule
from cupola.web.agenda.queries.records import find


def check_meeting(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise PostedTooLate, NoNoticeRule, MustRecuse or NoQuorum where a meeting's new record breaks a rule.

    A late posting is refused when it is first recorded; what was recorded before stands.
    """
    if kind != "meeting":
        return
    body = find("body", str(after["body"])).definition
    if after.get("posted") and after.get("posted") != before.get("posted"):
        check_notice(body, after)
    day = parse_day(str(after["starts"])[:10])
    items = {item["key"]: item for item in after.get("agenda", ())}
    for vote in after.get("votes", ()):
        if vote not in before.get("votes", ()):
            subjects = items.get(vote["item"], {}).get("about", ())
            count_vote(body_of(body), vote["by_seat"], on=day, subjects=subjects, share=float(vote.get("share", 0.5)))


def check_notice(body: Mapping[str, Any], meeting: Mapping[str, Any]) -> None:
    """Raise PostedTooLate or NoNoticeRule unless the notice of a meeting was posted in time."""
    city = the_city()
    zone = ZoneInfo(city.time_zone if city is not None else "UTC")
    starts = datetime.fromisoformat(meeting["starts"])
    rule = notice_rule(body, kind=meeting.get("type", "regular"), on=starts.date())
    if rule is not None:
        holidays = {parse_day(day) for day in body.get("holidays", ())}
        check_posted(
            starts, datetime.fromisoformat(meeting["posted"]).replace(tzinfo=zone), rule, zone=zone, holidays=holidays
        )
