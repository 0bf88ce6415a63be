"""The agenda in figures, for the front page: priorities, initiatives with an effect shown, the next council meeting."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Max

from cupola.evaluation import Result
from cupola.web.agenda.models import Evaluation
from cupola.web.agenda.queries.initiatives import PriorityLine, lines, priority_lines
from cupola.web.agenda.queries.records import records
from cupola.web.performance.queries import public_measures


@dataclass(frozen=True)
class NextMeeting:
    """The meeting of a council that comes next."""

    council: str
    name: str
    starts: datetime
    place: str


@dataclass(frozen=True)
class Front:
    """What everyone may know. priorities: those that hold; shown: initiatives whose newest result excludes chance."""

    priorities: tuple[PriorityLine, ...]
    initiatives: int
    shown: int
    meeting: NextMeeting | None


def front(*, now: datetime, zone: ZoneInfo) -> Front:
    """Return the agenda in figures."""
    priorities = priority_lines(staff=False, on=now.astimezone(zone).date())
    public = {line.key for line in lines(staff=False)}
    return Front(
        priorities=tuple(one for one in priorities if not one.archived),
        initiatives=len(public),
        shown=len(_with_effect() & public),
        meeting=_next_meeting(now, zone),
    )


def _with_effect() -> set[str]:
    """Return the initiatives whose newest evaluation shows an effect on a public measure."""
    measures = set(public_measures().values_list("key", flat=True))
    newest = Evaluation.objects.annotate(last=Max("initiative__evaluations__number")).filter(number=F("last"))
    said = newest.filter(measure__in=measures).values_list("initiative__key", "content__result")
    return {key for key, found in said if found and Result.from_json(found).estimate.excludes_nothing}


def _next_meeting(now: datetime, zone: ZoneInfo) -> NextMeeting | None:
    bodies = records("body", staff=False)
    coming = [
        NextMeeting(one["body"], str(bodies[one["body"]]["name"]), _starts(one, zone), str(one.get("place") or ""))
        for one in records("meeting", staff=False).values()
        if one["body"] in bodies and one.get("state", "planned") == "planned" and _starts(one, zone) >= now
    ]
    return min(coming, key=lambda one: one.starts, default=None)


def _starts(meeting: Any, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(meeting["starts"]).replace(tzinfo=zone)
