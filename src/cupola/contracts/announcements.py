"""Changes of columns that are said in advance: what a name stands for until the day, and what it is called after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from zoneinfo import ZoneInfo

Change = Literal["renamed", "retyped", "removed"]


@dataclass(frozen=True)
class Announcement:
    """One announced change of a column.

    `column`: the name that will no longer stand for what it stands for now. `becomes`: its new name, `type`: its new
    type, `removed`: it goes; exactly one of the three. `announced`: the day it was said. `until`: the first day on
    which the change may have happened; the day begins at midnight in the city's time zone.
    """

    column: str
    announced: date
    until: date
    becomes: str = ""
    type: str = ""
    removed: bool = False
    why: str = ""

    @property
    def change(self) -> Change:
        """What happens to the column."""
        return "renamed" if self.becomes else "retyped" if self.type else "removed"

    def said_at(self, zone: str) -> datetime:
        """Return the moment the announcement counts from, in UTC."""
        return _midnight(self.announced, zone)

    def ends_at(self, zone: str) -> datetime:
        """Return the moment from which the old name need not answer, in UTC."""
        return _midnight(self.until, zone)

    def as_json(self) -> dict[str, Any]:
        """Return the same as the folder's canonical fields have it."""
        facts = {"column": self.column, "becomes": self.becomes, "type": self.type, "removed": self.removed}
        days = {"announced": self.announced.isoformat(), "until": self.until.isoformat(), "why": self.why}
        return {name: value for name, value in (facts | days).items() if value}


def announcements(metadata: Mapping[str, Any]) -> tuple[Announcement, ...]:
    """Return what canonical fields of a dataset, or the public metadata of a release, announce under `changes`."""
    return tuple(
        Announcement(
            column=one["column"],
            announced=date.fromisoformat(one["announced"]),
            until=date.fromisoformat(one["until"]),
            becomes=one.get("becomes", ""),
            type=one.get("type", ""),
            removed=one.get("removed", False),
            why=one.get("why", ""),
        )
        for one in metadata.get("changes") or ()
    )


def former_names(said: Iterable[Announcement]) -> dict[str, str]:
    """Return every announced old name with the newest one, through renames of what was renamed before."""
    steps = {one.column: one.becomes for one in sorted(said, key=lambda one: one.announced) if one.becomes}
    found: dict[str, str] = {}
    for old, new in steps.items():
        passed = {old}
        while new in steps and new not in passed:
            passed.add(new)
            new = steps[new]
        found[old] = new
    return found


@dataclass(frozen=True)
class Standing:
    """What announcements mean for the columns of one version at one moment.

    `going`: names that still answer, with what is announced of each. Where the version calls the column something
    else already, `copies` has that present name. `gone`: names whose day has come and that answer no more.
    """

    going: Mapping[str, Announcement]
    copies: Mapping[str, str]
    gone: Mapping[str, Announcement]


def standing(
    said: Iterable[Announcement], *, columns: Iterable[str], former: Mapping[str, str], zone: str, at: datetime
) -> Standing:
    """Return how names stand at `at` for a version that has `columns`. `former`: its former and present names.

    A name whose day has come while the column still stands there alone keeps answering: nothing has replaced it yet.
    """
    held = set(columns)
    going: dict[str, Announcement] = {}
    copies: dict[str, str] = {}
    gone: dict[str, Announcement] = {}
    for one in said:
        present = former.get(one.column, one.becomes)
        present = present if present in held else one.becomes
        replaced = present in held if one.becomes else one.removed
        if one.column in held:
            if at < one.ends_at(zone):
                going[one.column] = one
            elif replaced:
                gone[one.column] = one
        elif at >= one.ends_at(zone):
            gone[one.column] = one
        elif one.becomes and present in held:
            going[one.column], copies[one.column] = one, present
    return Standing(going, copies, gone)


def next_end(said: Iterable[Announcement], *, zone: str, at: datetime) -> datetime | None:
    """Return the next moment after `at` at which a name stops answering, None when there is none."""
    ends = [end for one in said if (end := one.ends_at(zone)) > at]
    return min(ends, default=None)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
