"""The latest moment a notice may be posted, on dated cases: weekends, holidays, clock changes, hours and days."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cupola.councils import (
    MeetingKind,
    NoNoticeRule,
    NoSuchTime,
    PostedTooLate,
    check_posted,
    latest_posting,
    rule_for,
    rules,
)

ZONES = {
    "california": "America/Los_Angeles",
    "texas": "America/Chicago",
    "illinois": "America/Chicago",
    "massachusetts": "America/New_York",
    "missouri": "America/Chicago",
    "alabama": "America/Chicago",
    "new-mexico": "America/Denver",
}
# place, kind, meeting (local), holidays, latest posting (local, with its offset)
CASES = [
    ("california", "regular", "2026-06-16T10:00", "", "2026-06-13T10:00-07:00"),  # weekends count
    ("california", "regular", "2026-06-15T09:00", "", "2026-06-12T09:00-07:00"),
    ("california", "regular", "2026-03-09T09:00", "", "2026-03-06T08:00-08:00"),  # an hour was lost on Sunday
    ("california", "regular", "2026-11-02T09:00", "", "2026-10-30T10:00-07:00"),  # an hour was won
    ("california", "regular", "2027-01-06T18:30", "", "2027-01-03T18:30-08:00"),
    ("california", "regular", "2024-03-01T12:00", "", "2024-02-27T12:00-08:00"),  # leap year
    ("california", "regular", "2026-07-06T10:00", "2026-07-03", "2026-07-03T10:00-07:00"),  # holidays count
    ("california", "special", "2026-03-09T09:00", "", "2026-03-08T09:00-07:00"),
    ("california", "special", "2026-03-08T12:00", "", "2026-03-07T11:00-08:00"),
    ("california", "special", "2026-11-01T12:00", "", "2026-10-31T13:00-07:00"),
    ("california", "emergency", "2026-05-05T14:00", "", "2026-05-05T13:00-07:00"),
    ("california", "emergency", "2026-11-01T02:30", "", "2026-11-01T01:30-08:00"),  # the second half past one
    ("california", "emergency", "2026-03-08T03:30", "", "2026-03-08T01:30-08:00"),
    ("texas", "regular", "2025-03-10T18:00", "", "2025-03-07T17:00-06:00"),
    ("texas", "regular", "2025-08-28T18:00", "", "2025-08-25T18:00-05:00"),
    ("texas", "regular", "2025-08-31T12:00", "", "2025-08-28T12:00-05:00"),  # last day of the old rule
    ("texas", "regular", "2025-09-01T18:00", "", "2025-08-26T23:59-05:00"),  # first day of the new one
    ("texas", "regular", "2025-09-18T18:00", "", "2025-09-12T23:59-05:00"),  # Texas Association of Counties' example
    ("texas", "regular", "2025-10-16T09:00", "2025-10-13", "2025-10-09T23:59-05:00"),  # and its example of a holiday
    ("texas", "regular", "2026-06-15T09:00", "", "2026-06-09T23:59-05:00"),
    ("texas", "regular", "2026-06-16T09:00", "", "2026-06-10T23:59-05:00"),
    ("texas", "special", "2026-06-17T09:00", "", "2026-06-11T23:59-05:00"),
    ("texas", "regular", "2026-06-18T09:00", "", "2026-06-12T23:59-05:00"),
    ("texas", "regular", "2026-06-19T09:00", "", "2026-06-15T23:59-05:00"),
    ("texas", "regular", "2026-09-14T18:00", "2026-09-07", "2026-09-08T23:59-05:00"),
    ("texas", "regular", "2026-09-09T18:00", "2026-09-07", "2026-09-02T23:59-05:00"),
    ("texas", "regular", "2026-11-30T18:00", "2026-11-26 2026-11-27", "2026-11-20T23:59-06:00"),
    ("texas", "regular", "2026-11-17T18:00", "2026-11-11", "2026-11-10T23:59-06:00"),  # posting day is a holiday
    ("texas", "emergency", "2026-07-04T12:00", "2026-07-04", "2026-07-04T11:00-05:00"),
    ("illinois", "regular", "2026-03-09T10:00", "", "2026-03-07T09:00-06:00"),
    ("illinois", "regular", "2026-11-03T13:00", "", "2026-11-01T13:00-06:00"),
    ("illinois", "regular", "2026-11-02T13:00", "", "2026-10-31T14:00-05:00"),
    ("illinois", "regular", "2026-01-01T09:00", "2026-01-01", "2025-12-30T09:00-06:00"),
    ("illinois", "special", "2026-07-08T17:00", "", "2026-07-06T17:00-05:00"),
    ("massachusetts", "regular", "2026-06-15T10:00", "", "2026-06-11T10:00-04:00"),
    ("massachusetts", "regular", "2026-06-17T10:00", "", "2026-06-15T10:00-04:00"),
    ("massachusetts", "regular", "2026-06-16T10:00", "", "2026-06-12T10:00-04:00"),
    ("massachusetts", "regular", "2026-03-09T10:00", "", "2026-03-05T10:00-05:00"),  # the lost hour lay on a Sunday
    ("massachusetts", "regular", "2026-05-26T19:00", "2026-05-25", "2026-05-21T19:00-04:00"),
    ("massachusetts", "special", "2026-04-21T08:00", "2026-04-20", "2026-04-16T08:00-04:00"),
    ("massachusetts", "regular", "2026-06-13T10:00", "", "2026-06-11T00:00-04:00"),  # a meeting on a Saturday
    ("massachusetts", "regular", "2026-07-01T10:00", "", "2026-06-29T10:00-04:00"),
    ("missouri", "regular", "2026-06-15T18:00", "", "2026-06-12T18:00-05:00"),
    ("missouri", "regular", "2026-09-08T17:00", "2026-09-07", "2026-09-04T17:00-05:00"),
    ("missouri", "regular", "2026-06-17T09:00", "", "2026-06-16T09:00-05:00"),
    ("missouri", "special", "2026-06-14T12:00", "", "2026-06-12T00:00-05:00"),
    ("alabama", "regular", "2026-03-10T09:00", "", "2026-03-03T09:00-06:00"),  # days are days of the calendar
    ("alabama", "regular", "2026-03-15T02:30", "", "2026-03-08T01:30-06:00"),  # half past two does not exist
    ("alabama", "regular", "2026-11-03T09:00", "", "2026-10-27T09:00-05:00"),
    ("alabama", "regular", "2026-11-08T01:30", "", "2026-11-01T01:30-05:00"),  # the first half past one
    ("alabama", "special", "2026-03-10T09:00", "", "2026-03-09T09:00-05:00"),
    ("alabama", "emergency", "2026-03-10T09:00", "", "2026-03-10T08:00-05:00"),
    ("new-mexico", "regular", "2026-03-09T09:00", "", "2026-03-06T08:00-07:00"),
    ("new-mexico", "regular", "2026-12-31T17:00", "2026-12-25", "2026-12-28T17:00-07:00"),
    ("new-mexico", "special", "2026-11-02T12:00", "", "2026-10-30T13:00-06:00"),
]


@pytest.mark.parametrize(("place", "kind", "starts", "holidays", "latest"), CASES)
def test_latest_posting(place: str, kind: str, starts: str, holidays: str, latest: str) -> None:
    begins = datetime.fromisoformat(starts)
    rule = rule_for(place, MeetingKind(kind), on=begins.date())
    off = {date.fromisoformat(day) for day in holidays.split()}
    found = latest_posting(begins, rule, zone=ZoneInfo(ZONES[place]), holidays=off)
    assert found.isoformat(timespec="minutes") == latest


def test_every_rule_is_dated_and_sourced() -> None:
    assert len(CASES) >= 40
    assert {rule.place for rule in rules()} == ZONES.keys()
    assert all(rule.source and rule.during.since for rule in rules())


def test_posting_a_minute_late_is_refused_with_the_rule() -> None:
    zone = ZoneInfo("America/Chicago")
    rule = rule_for("illinois", MeetingKind.REGULAR, on=date(2026, 7, 8))
    starts = datetime(2026, 7, 8, 17, 0)  # noqa: DTZ001  local time, as people write it
    check_posted(starts, datetime(2026, 7, 6, 17, 0, tzinfo=zone), rule, zone=zone)
    with pytest.raises(PostedTooLate, match="5 ILCS"):
        check_posted(starts, datetime(2026, 7, 6, 17, 1, tzinfo=zone), rule, zone=zone)


def test_a_time_the_clocks_skip_is_no_time_for_a_meeting() -> None:
    rule = rule_for("illinois", MeetingKind.REGULAR, on=date(2026, 3, 8))
    with pytest.raises(NoSuchTime):
        latest_posting(datetime(2026, 3, 8, 2, 30), rule, zone=ZoneInfo("America/Chicago"))  # noqa: DTZ001


def test_a_place_without_a_rule_says_which_are_known() -> None:
    with pytest.raises(NoNoticeRule, match="alabama, california"):
        rule_for("atlantis", MeetingKind.REGULAR, on=date(2026, 1, 1))
