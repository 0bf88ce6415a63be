"""When the notice of a public meeting must be posted at the latest, in the city's own time.

Hours are hours that really pass, so that a night on which clocks change never shortens them. Days are days of the
calendar in the city's zone. Weekends and holidays are left out only where the rule says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from cupola.errors import Conflict, InvalidInput, NotFound
from cupola.periods import Interval

SATURDAY_AND_SUNDAY = (6, 7)
ALWAYS = Interval()


class Count(StrEnum):
    """How a rule counts."""

    HOURS = "hours"
    HOURS_ON_DAYS = "hours_on_days"
    CALENDAR_DAYS = "calendar_days"
    BUSINESS_DAYS = "business_days"


class MeetingKind(StrEnum):
    """What kind of meeting it is; the law asks less notice of some."""

    REGULAR = "regular"
    SPECIAL = "special"
    EMERGENCY = "emergency"


class NoNoticeRule(NotFound):
    """No rule is known for a place, a kind of meeting and a day."""

    def __init__(self, place: str, meeting: str, on: date) -> None:
        self.place, self.meeting, self.on = place, meeting, on
        known = ", ".join(sorted({rule.place for rule in rules()}))
        super().__init__(
            f"No notice rule is known for a {meeting} meeting in {place or 'no place'} on {on}. "
            f"Rules are known for {known}; state the body's own under 'notice'."
        )


class PostedTooLate(Conflict):
    """The agenda was not posted in time, so the meeting cannot be held under this notice."""

    def __init__(self, *, latest: datetime, posted: datetime, rule: "NoticeRule") -> None:
        self.latest, self.posted, self.rule = latest, posted, rule
        super().__init__(
            f"The notice had to be posted by {latest:%Y-%m-%d %H:%M %Z} and was on {posted:%Y-%m-%d %H:%M %Z} "
            f"({rule.source}). Move the meeting, or call it under another rule."
        )


class NoSuchTime(InvalidInput):
    """A meeting at a time that the clocks skip."""

    def __init__(self, starts: datetime) -> None:
        self.starts = starts
        super().__init__(f"{starts:%Y-%m-%d %H:%M} does not exist there: the clocks skip it. Write another time.")


@dataclass(frozen=True)
class NoticeRule:
    """One dated legal rule. amount: hours or days, as `count` says. weekend: ISO weekdays that do not count."""

    place: str
    meeting: MeetingKind
    amount: int
    count: Count
    source: str
    weekend: tuple[int, ...] = SATURDAY_AND_SUNDAY
    during: Interval = ALWAYS
    note: str = ""


@cache
def rules() -> tuple[NoticeRule, ...]:
    """Return every known rule, in the order of the table `rules.yaml`."""
    said = yaml.safe_load(files("cupola.councils").joinpath("rules.yaml").read_text(encoding="utf-8"))
    return tuple(_rule(one) for one in said)


def rule_for(place: str, meeting: MeetingKind, *, on: date) -> NoticeRule:
    """Return the rule of a place that holds on the day of a meeting. Raises NoNoticeRule."""
    for rule in rules():
        if (rule.place, rule.meeting) == (place, meeting) and rule.during.contains(on):
            return rule
    raise NoNoticeRule(place, meeting, on)


def latest_posting(starts: datetime, rule: NoticeRule, *, zone: ZoneInfo, holidays: Collection[date] = ()) -> datetime:
    """Return the last moment at which the notice of a meeting may be posted, in the zone.

    starts: local time without a zone, or with one. A rule in business days leaves the days of posting and meeting out
    and gives the last minute of the posting day. Raises NoSuchTime.
    """
    begins = _local(starts, zone)
    if rule.count is Count.HOURS:
        return _back(begins, timedelta(hours=rule.amount), zone)
    if rule.count is Count.HOURS_ON_DAYS:
        return _counted_hours(begins, rule, zone=zone, holidays=holidays)
    if rule.count is Count.CALENDAR_DAYS:
        return _existing(datetime.combine(begins.date() - timedelta(days=rule.amount), begins.time()), zone)
    return _business_days(begins.date(), rule, zone=zone, holidays=holidays)


def check_posted(
    starts: datetime, posted: datetime, rule: NoticeRule, *, zone: ZoneInfo, holidays: Collection[date] = ()
) -> None:
    """Raise PostedTooLate unless the notice was posted in time."""
    latest = latest_posting(starts, rule, zone=zone, holidays=holidays)
    if posted.astimezone(UTC) > latest.astimezone(UTC):
        raise PostedTooLate(latest=latest, posted=posted.astimezone(zone), rule=rule)


def _rule(said: dict[str, Any]) -> NoticeRule:
    return NoticeRule(
        said["place"],
        MeetingKind(said["meeting"]),
        said["amount"],
        Count(said["count"]),
        said["source"],
        tuple(said.get("weekend", SATURDAY_AND_SUNDAY)),
        Interval(said.get("since"), said.get("until")),
        said.get("note", ""),
    )


def _local(starts: datetime, zone: ZoneInfo) -> datetime:
    """Return the beginning with its zone; an hour that comes twice is the first of the two."""
    if starts.tzinfo is not None:
        return starts.astimezone(zone)
    local = starts.replace(tzinfo=zone, fold=0)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != starts:
        raise NoSuchTime(starts)
    return local


def _existing(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return a local time. One that the clocks skip is taken as much earlier as they skip; of two, the first."""
    local = wall.replace(tzinfo=zone, fold=0)
    back = local.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None) == wall:
        return local
    skipped = back.replace(tzinfo=None) - wall
    return (local.astimezone(UTC) - skipped).astimezone(zone)


def _back(begins: datetime, much: timedelta, zone: ZoneInfo) -> datetime:
    return (begins.astimezone(UTC) - much).astimezone(zone)


def _counted_hours(begins: datetime, rule: NoticeRule, *, zone: ZoneInfo, holidays: Collection[date]) -> datetime:
    """Go back through the hours of days that count, midnight to midnight, until enough have passed."""
    left, at = timedelta(hours=rule.amount), begins.astimezone(UTC)
    while True:
        day = (at - timedelta(microseconds=1)).astimezone(zone).date()
        midnight = datetime.combine(day, time(), zone).astimezone(UTC)
        if not _off(day, rule.weekend, holidays):
            if at - midnight >= left:
                return (at - left).astimezone(zone)
            left -= at - midnight
        at = midnight


def _business_days(day: date, rule: NoticeRule, *, zone: ZoneInfo, holidays: Collection[date]) -> datetime:
    left = rule.amount
    while left:
        day -= timedelta(days=1)
        left -= not _off(day, rule.weekend, holidays)
    day -= timedelta(days=1)
    while _off(day, rule.weekend, holidays):  # a closed office posts nothing
        day -= timedelta(days=1)
    return datetime.combine(day, time(23, 59), zone)


def _off(day: date, weekend: Sequence[int], holidays: Collection[date]) -> bool:
    return day.isoweekday() in weekend or day in holidays
