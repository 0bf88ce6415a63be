"""How long datasets stay in each stage on their way to the public, from what was recorded when it happened."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from statistics import median
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from cupola.web.data.models import Approval, Dataset, GateCheck, Verdict, Version
from cupola.web.data.queries.board import WAITING, Card, cards, first_written
from cupola.web.data.queries.records import visible_datasets
from cupola.web.data.queries.stages import Stage

SECONDS_A_DAY = 86_400
CSV_FIELDS = (
    *("key", "title", "department", "steward", "stage"),
    *(f"{stage.value}_at" for stage in Stage),
    *(f"days_{stage.value}" for stage in WAITING),
    "days_to_release",
)


@dataclass(frozen=True)
class Way:
    """When a dataset came to each stage, as far as it is known, and how many days it stayed; the last one still runs.

    `days`: only of stages that were left. `to_release`: days from the first record to the public.
    """

    card: Card
    entered: Mapping[Stage, datetime]
    days: Mapping[Stage, float]
    to_release: float | None


@dataclass(frozen=True)
class StageTime:
    """How long datasets stayed in a stage: of those that left it the median and the slowest, and who is in it now."""

    stage: Stage | None
    left: int
    median_days: float | None
    slowest_days: float | None
    slowest: Card | None
    now: int
    longest_days: int | None
    longest: Card | None

    @property
    def word(self) -> str:
        """What the stage is called; empty for the whole way."""
        return self.stage.word if self.stage else ""


def ways(*, by: Any, now: datetime, department: str = "", steward: str = "") -> tuple[Way, ...]:
    """Return the way of each dataset `by` may know of, narrowed to a department or a steward."""
    datasets = visible_datasets(by)
    moments = _moments(datasets)
    found = []
    for dataset, card in zip(datasets, cards(datasets, now=now), strict=True):
        if department in {"", card.department} and steward in {"", card.steward}:
            found.append(_way(card, {stage: at[dataset.pk] for stage, at in moments.items() if dataset.pk in at}))
    return tuple(found)


def _way(card: Card, known: Mapping[Stage, datetime]) -> Way:
    """Order what is known: a stage holds all before it, so nothing comes to one earlier than to those before."""
    entered: dict[Stage, datetime] = {}
    latest = datetime.min.replace(tzinfo=UTC)
    reached = [*Stage].index(card.stage)
    for stage in [*Stage][: reached + 1]:
        if stage in known:
            latest = entered[stage] = max(latest, known[stage])
    order = [*entered]
    days = {stage: _days(entered[stage], entered[after]) for stage, after in itertools.pairwise(order)}
    begun, public = entered.get(Stage.INVENTORIED), entered.get(Stage.RELEASED)
    return Way(card, entered, days, _days(begun, public) if begun and public else None)


def _days(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / SECONDS_A_DAY


def _moments(datasets: QuerySet[Dataset]) -> dict[Stage, dict[int, datetime]]:
    """Return the first moment each dataset came to each stage, by primary key, where something recorded it."""
    versions = Version.objects.order_by().values_list("dataset")
    passed = GateCheck.objects.exclude(verdict=Verdict.STOPPED).order_by().values_list("version__dataset")
    approved = dict(Approval.objects.order_by().values_list("dataset").annotate(first=Min("at")))
    retired = {}
    for dataset in datasets:
        written = dataset.definition.get("approval", {}).get("on")
        if written and dataset.pk not in approved:
            approved[dataset.pk] = _midnight(date.fromisoformat(written))
        if dataset.retired_on is not None:
            retired[dataset.pk] = _midnight(dataset.retired_on)
    return {
        Stage.INVENTORIED: first_written(),
        Stage.LOADED: dict(versions.annotate(first=Min("committed_at"))),
        Stage.CHECKED: dict(passed.annotate(first=Min("at"))),
        Stage.APPROVED: approved,
        Stage.RELEASED: dict(versions.exclude(released_at=None).annotate(first=Min("released_at"))),
        Stage.RETIRED: retired,
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def stage_times(found: Iterable[Way]) -> tuple[StageTime, ...]:
    """Return how long each stage before the public takes, and last the whole way from the first record to it."""
    every = [*found]
    left: dict[Stage, list[tuple[float, Card]]] = defaultdict(list)
    for way in every:
        for stage, days in way.days.items():
            left[stage].append((days, way.card))
    times = [_stage_time(stage, left[stage], every) for stage in WAITING]
    whole = [(way.to_release, way.card) for way in every if way.to_release is not None]
    return (*times, _stage_time(None, whole, every))


def _stage_time(stage: Stage | None, left: list[tuple[float, Card]], every: Iterable[Way]) -> StageTime:
    here = [way.card for way in every if way.card.stage == stage and not way.card.elsewhere]
    slowest = max(left, key=lambda one: one[0], default=None)
    longest = max((card for card in here if card.days is not None), key=lambda card: card.days or 0, default=None)
    return StageTime(
        stage=stage,
        left=len(left),
        median_days=median(days for days, _card in left) if left else None,
        slowest_days=slowest[0] if slowest else None,
        slowest=slowest[1] if slowest else None,
        now=len(here),
        longest_days=longest.days if longest else None,
        longest=longest,
    )


def way_facts(way: Way) -> dict[str, Any]:
    """Return one way as plain values, days with two decimals."""
    return {
        "key": way.card.key,
        "title": way.card.title,
        "department": way.card.department,
        "steward": way.card.steward,
        "stage": way.card.stage.value,
        **{f"{stage.value}_at": way.entered[stage].isoformat() if stage in way.entered else "" for stage in Stage},
        **{f"days_{stage.value}": round(way.days[stage], 2) if stage in way.days else "" for stage in WAITING},
        "days_to_release": round(way.to_release, 2) if way.to_release is not None else "",
    }
