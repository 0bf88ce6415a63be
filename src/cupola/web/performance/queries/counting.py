"""How many public measures show a signal, for the front page: counted once for each state of the records."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from cupola.web.data.models import LoadReport
from cupola.web.performance.models import Doubt, Measure, TypedValue
from cupola.web.performance.queries.charting import watch_all
from cupola.web.performance.queries.measures import public_measures
from cupola.web.performance.queries.values import values_version


@dataclass(frozen=True)
class Counted:
    """Public measures, those with a signal, and those that are not up to date."""

    measures: int
    signals: int
    grey: int


@dataclass(frozen=True)
class _Asked:
    """Two are the same when everything that decides the answer is. A feed can grow late within the hour."""

    stamp: tuple[object, ...]
    now: datetime = field(compare=False)


def counted(*, now: datetime) -> Counted:
    """Count the public measures."""
    held = values_version()
    stamp = (
        str(settings.CUPOLA_HOME),
        held.number if held else 0,
        Measure.history.values_list("pk", flat=True).order_by("-pk").first(),
        TypedValue.history.values_list("pk", flat=True).order_by("-pk").first(),
        tuple(Doubt.objects.filter(closed_at=None).values_list("pk", flat=True)),
        LoadReport.objects.values_list("pk", flat=True).order_by("-pk").first(),
        now.strftime("%Y-%m-%d %H"),
    )
    return _counted(_Asked(stamp, now))


@lru_cache(maxsize=8)
def _counted(asked: _Asked) -> Counted:
    watched = watch_all(public_measures().filter(retired_on=None), now=asked.now)
    return Counted(len(watched), sum(one.signal for one in watched), sum(one.grey for one in watched))
