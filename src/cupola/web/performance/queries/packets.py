"""The packet of a meeting: signals first, then what is off its way, what is not up to date, follow-ups, questions.

It is kept as facts, so that it can be read in any language, and so that what a meeting saw stays as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from cupola.indicators.signals import OFF, RULES, Reading, Status
from cupola.web.performance.models import Commitment, Measure, Meeting, Proof, Question, Review
from cupola.web.performance.queries.charting import Watched, watch_all
from cupola.web.performance.queries.measures import current_measures
from cupola.web.ui.charts_control import Controlled

SHOWN_POINTS = 24


@dataclass(frozen=True)
class Entry:
    """One measure as it stood. `grey`: why its newest value may not be trusted, empty when it may.

    `status`, `expected`, `aim_on`, `aim`: how it stood against its target. `versions`: of the dataset and of the
    table of values.
    """

    key: str
    mood: str
    reading: Reading
    points: tuple[Controlled, ...]
    grey: str = ""
    status: Status | None = None
    expected: float | None = None
    aim_on: date | None = None
    aim: float | None = None
    versions: tuple[int, int] = (0, 0)

    @property
    def off(self) -> bool:
        """Whether it was off the way to its target beyond doubt."""
        return not self.grey and self.status in OFF

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        return {
            **{name: getattr(self, name) for name in ("key", "mood", "grey", "status", "expected", "aim")},
            "aim_on": _day(self.aim_on),
            "versions": list(self.versions),
            "reading": {name: _day(value) for name, value in asdict(self.reading).items()},
            "points": [
                [one.value, one.lower, one.centre, one.upper, one.meaning, one.settled, one.target]
                for one in self.points
            ],
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Entry":
        """Return what `as_json` wrote."""
        names = {one.name: one.type for one in fields(Reading)}
        days = {name for name, kind in names.items() if "date" in str(kind)}
        read: dict[str, Any] = {
            name: _read(value) if name in days else value for name, value in facts["reading"].items()
        }
        return cls(
            **{name: facts[name] for name in ("key", "mood", "grey", "status", "expected", "aim")},
            aim_on=_read(facts["aim_on"]),
            versions=(facts["versions"][0], facts["versions"][1]),
            reading=Reading(**read),
            points=tuple(Controlled(*one) for one in facts["points"]),
        )


@dataclass(frozen=True)
class Shown:
    """What the measure of a commitment shows. `value` of `period` is the newest after it was made, None without one."""

    commitment: int
    shown: bool
    period: date | None
    value: float | None
    versions: tuple[int, int] = (0, 0)

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        return {**asdict(self), "period": _day(self.period), "versions": list(self.versions)}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Shown":
        """Return what `as_json` wrote."""
        versions = (facts["versions"][0], facts["versions"][1])
        return cls(**{**facts, "period": _read(facts["period"]), "versions": versions})


@dataclass(frozen=True)
class Packet:
    """What a meeting has before it. `signals`, `off` and `grey` part the measures that need a word; `steady` names
    the rest.

    `followups`: open commitments; `closed`: those the data closed since the last meeting; `questions`: not answered
    yet.
    """

    signals: tuple[Entry, ...]
    off: tuple[Entry, ...]
    grey: tuple[Entry, ...]
    steady: tuple[str, ...]
    followups: tuple[Shown, ...] = ()
    closed: tuple[Shown, ...] = ()
    questions: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        lists = {name: [one.as_json() for one in getattr(self, name)] for name in (*_ENTRIES, *_SHOWN)}
        return {**lists, "steady": list(self.steady), "questions": list(self.questions)}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> "Packet":
        """Return what `as_json` wrote."""
        entries: dict[str, Any] = {name: tuple(Entry.from_json(one) for one in facts[name]) for name in _ENTRIES}
        shown: dict[str, Any] = {name: tuple(Shown.from_json(one) for one in facts[name]) for name in _SHOWN}
        return cls(**entries, **shown, steady=tuple(facts["steady"]), questions=tuple(facts["questions"]))

    @property
    def measures(self) -> int:
        """How many measures were looked at."""
        return len(self.signals) + len(self.off) + len(self.grey) + len(self.steady)


_ENTRIES = ("signals", "off", "grey")
_SHOWN = ("followups", "closed")


def _day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def packet_of(meeting: Meeting) -> Packet | None:
    """Return what was put before a meeting, None before it was made."""
    return Packet.from_json(meeting.packet) if meeting.packet else None


def measures_of(review: Review) -> list[Measure]:
    """Return the measures a review looks at."""
    found = current_measures()
    if review.offices or review.priorities:
        found = found.filter(owner__in=review.offices) | found.filter(priority__in=review.priorities)
    return list(found.order_by("title", "key").distinct())


def assemble(review: Review, *, now: datetime) -> Packet:
    """Put together what the next meeting of a review needs, from the newest versions."""
    followed = [*review.commitments.filter(closed_at=None, withdrawn_at=None).select_related("measure__computation")]
    looked_at = measures_of(review)
    wanted = {one.pk: one for one in (*looked_at, *(one.measure for one in followed))}
    watched = {one.key: one for one in watch_all(wanted.values(), now=now)}
    entries = [entry(watched[one.key]) for one in looked_at]
    grey = [one for one in entries if one.grey]
    signals = [one for one in entries if not one.grey and one.reading.verdict is not None]
    off = [one for one in entries if one.off and one.reading.verdict is None]
    spoken = {one.key for one in (*grey, *signals, *off)}
    shown = [judged(one, watched[one.measure.key]) for one in followed]
    return Packet(
        signals=tuple(sorted(signals, key=_urgency)),
        off=tuple(off),
        grey=tuple(grey),
        steady=tuple(one.key for one in entries if one.key not in spoken),
        followups=tuple(one for one in shown if not one.shown),
        closed=tuple(one for one in shown if one.shown),
        questions=tuple(Question.objects.filter(review=review, answered_at=None).values_list("pk", flat=True)),
    )


def _urgency(one: Entry) -> tuple[int, int, str]:
    """Return what puts a signal before others: concerns first, then by the order of the rules."""
    moods = ("concern", "improvement", "high", "low")
    patterns: Sequence[str] = RULES
    return moods.index(one.mood), patterns.index(one.reading.pattern), one.key


def entry(watched: Watched) -> Entry:
    """Return one measure as a packet keeps it."""
    against, latest = watched.against, watched.latest
    aim = against.aim if against else None
    return Entry(
        key=watched.key,
        mood=watched.mood,
        reading=watched.reading,
        points=controlled(watched)[-SHOWN_POINTS:],
        grey=watched.series.standing.sentence,
        status=against.status if against else None,
        expected=against.expected if against else None,
        aim_on=aim.on if aim else None,
        aim=aim.value if aim else None,
        versions=(latest.dataset_version if latest else 0, watched.series.version or 0),
    )


def controlled(watched: Watched) -> tuple[Controlled, ...]:
    """Return the points of a chart as they are drawn, each with its target."""
    steps = {one.since: one.reason for one in watched.chart.stretches if one.reason}
    noted = _firsts(watched, steps)
    return tuple(
        Controlled(
            value=one.point.value,
            lower=one.lower,
            centre=one.centre,
            upper=one.upper,
            meaning=one.verdict or "",
            settled=one.point.settled,
            target=point.target,
            note=noted.get(one.on, ""),
        )
        for one, point in zip(watched.chart.charted, watched.series.points, strict=True)
    )


def _firsts(watched: Watched, steps: Mapping[date, str]) -> dict[date, str]:
    """Return the reason of each step by the first period that begins on its day or after it."""
    days = [one.on for one in watched.chart.charted]
    return {
        first: reason
        for since, reason in steps.items()
        if (first := min((d for d in days if d >= since), default=None))
    }


def judged(commitment: Commitment, watched: Watched) -> Shown:
    """Say whether the measure of a commitment shows by now what it has to: only periods after it was made count."""
    start = commitment.from_period or date.min
    later = [
        one for one in watched.chart.charted if one.on > start and one.point.settled and one.point.value is not None
    ]
    last = later[-1] if later else None
    latest = watched.latest
    return Shown(
        commitment=commitment.pk,
        shown=bool(later) and not watched.grey and _proved(commitment, watched, later),
        period=last.on if last else None,
        value=last.point.value if last else None,
        versions=(latest.dataset_version if latest else 0, watched.series.version or 0),
    )


def _proved(commitment: Commitment, watched: Watched, later: Sequence[Any]) -> bool:
    if commitment.proof == Proof.SIGNAL:
        return any(one.verdict == "improvement" and one.completes for one in later)
    if commitment.proof == Proof.TARGET:
        return watched.against is not None and watched.against.status in {"ahead", "reached", "met"}
    level, value = commitment.level, later[-1].point.value
    assert level is not None
    return bool(value <= level if watched.series.record.direction == "down" else value >= level)
