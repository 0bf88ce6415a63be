"""Charts of many measures, made once for each state of the records: scorecard and front page show the same ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from cupola.web.data.models import Dataset, LoadReport
from cupola.web.performance.models import Computation, Doubt, Measure, TypedValue
from cupola.web.performance.queries.charting import Watched, watch_all
from cupola.web.performance.queries.values import values_version


@dataclass(frozen=True)
class _Asked:
    """Two are the same when everything that decides the answer is. A feed can grow late within the hour."""

    stamp: tuple[object, ...]
    measures: tuple[Measure, ...] = field(compare=False)
    now: datetime = field(compare=False)


def watch_kept(measures: Iterable[Measure], *, now: datetime) -> list[Watched]:
    """Chart measures as a whole, as `watch_all` does."""
    listed = tuple(measures)
    held = values_version()
    stamp = (
        str(settings.CUPOLA_HOME),
        tuple(one.pk for one in listed),
        held.number if held else 0,
        *(_last(kept) for kept in (Measure.history, TypedValue.history, Dataset.history, LoadReport.objects)),
        Computation.objects.values_list("checked_at", flat=True).order_by("-checked_at").first(),
        tuple(Doubt.objects.filter(closed_at=None).values_list("pk", flat=True)),
        now.strftime("%Y-%m-%d %H"),
        get_language(),
    )
    return list(_kept(_Asked(stamp, listed, now)))


def _last(kept: Any) -> object:
    return kept.values_list("pk", flat=True).order_by("-pk").first()


@lru_cache(maxsize=16)
def _kept(asked: _Asked) -> tuple[Watched, ...]:
    return tuple(watch_all(asked.measures, now=asked.now))
