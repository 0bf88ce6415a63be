"""What a measure is: which dataset, which aggregate, over which periods and groups, and what it should come to."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cupola.periods import FiscalYears, Interval

MOST_COLUMNS = 2  # of one breakdown


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"  # Monday to Sunday
    MONTH = "month"
    QUARTER = "quarter"  # of the calendar year
    YEAR = "year"  # calendar year
    FISCAL_YEAR = "fiscal_year"
    VINTAGE = "vintage"  # each dated edition of the dataset is a period of its own


class Direction(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"  # neither: high and low are only reported


@dataclass(frozen=True)
class Milestone:
    """What the value should be on a day."""

    on: date
    value: float


@dataclass(frozen=True)
class Target:
    """What is aimed at, from `since` on until the next target for the same group.

    Either one `value`, or `milestones` in the order of their days: between two the target lies on the line from one to
    the next, before the first it is the first and after the last the last. `group`: members by column for one group
    only, empty for the city as a whole. `source`: who set it, where it is written.
    """

    since: date
    value: float | None = None
    milestones: tuple[Milestone, ...] = ()
    group: tuple[tuple[str, str], ...] = ()
    source: str = ""

    def value_on(self, day: date) -> float | None:
        """Return what is aimed at on a day, None before the target was set."""
        if day < self.since:
            return None
        if self.value is not None:
            return self.value
        before = [one for one in self.milestones if one.on <= day]
        after = [one for one in self.milestones if one.on > day]
        if not before or not after:
            return (before[-1] if before else after[0]).value
        first, last = before[-1], after[0]
        share = (day - first.on).days / (last.on - first.on).days
        return first.value + share * (last.value - first.value)


@dataclass(frozen=True)
class Unknown:
    """Days in which the data cannot say what the value is, and why. Periods that share a day with it are unknown."""

    days: Interval
    reason: str
    group: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class GapOf:
    """What a gap is between: the groups of one breakdown of another measure.

    The value of a period is the highest group's less the lowest group's, or with `ratio` the highest by the lowest.
    `fewest`: groups that rest on fewer rows are left out, for their values are mostly chance.
    """

    measure: str
    between: str
    ratio: bool = False
    fewest: int = 1


@dataclass(frozen=True)
class Measure:
    """One measure. `value` and `filter` are SQL expressions; see `expressions`. A gap has `gap` in place of both.

    `time_column`: a date, a timestamp, an instant, or a whole number that is a year; the dataset's own where empty.
    `breakdowns`: each one or two columns the value is also computed by; the value for everything is always computed.
    `start`: periods before it are left out.
    """

    key: str
    dataset: str
    value: str
    grain: Grain
    filter: str = ""
    time_column: str = ""
    breakdowns: tuple[tuple[str, ...], ...] = ()
    start: date | None = None
    direction: Direction = Direction.NONE
    targets: tuple[Target, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    gap: GapOf | None = None

    def fingerprint(self, fiscal_years: FiscalYears) -> str:
        """Return a hash over what decides its values: not words, targets or owners."""
        facts = {
            "dataset": self.dataset,
            "value": " ".join(self.value.split()),
            "filter": " ".join(self.filter.split()),
            "time": self.time_column,
            "grain": str(self.grain),
            "start": str(self.start or ""),
            "by": sorted(self.breakdowns),
            "fiscal": [fiscal_years.month, fiscal_years.day] if self.grain is Grain.FISCAL_YEAR else [],
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]

    def target_on(self, day: date, group: Mapping[str, str] | None = None) -> float | None:
        """Return what is aimed at on a day for a group, None where nothing is. The target set last holds."""
        wanted = tuple(sorted((group or {}).items()))
        own = [one for one in self.targets if tuple(sorted(one.group)) == wanted and one.since <= day]
        return max(own, key=lambda one: one.since).value_on(day) if own else None

    def unknown_why(self, days: Interval, group: Mapping[str, str] | None = None) -> str:
        """Return why the value of a period cannot be known, empty where it can."""
        members = set((group or {}).items())
        found = [one for one in self.unknown if one.days.overlaps(days) and set(one.group) <= members]
        return found[0].reason if found else ""


@dataclass(frozen=True)
class Value:
    """One value of one measure for one period and group. Missing is None, never zero in its place.

    `group`: members by column, empty for everything; a member that is None stands for rows that do not say.
    `numerator` and `denominator`: of shares, ratios and means. `n`: how many rows it rests on.
    """

    measure: str
    period: Interval
    value: float | None
    group: Mapping[str, str | None] = field(default_factory=dict)
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    dataset_version: int = 0
    definition: str = ""
