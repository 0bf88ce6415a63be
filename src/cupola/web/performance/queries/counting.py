"""How many public measures show a signal, for the front page."""

from dataclasses import dataclass
from datetime import datetime

from cupola.web.performance.queries.kept import watch_kept
from cupola.web.performance.queries.measures import public_measures


@dataclass(frozen=True)
class Counted:
    """Public measures, those with a signal, and those that are not up to date."""

    measures: int
    signals: int
    grey: int


def counted(*, now: datetime) -> Counted:
    """Count the public measures."""
    watched = watch_kept(public_measures().filter(retired_on=None), now=now)
    return Counted(len(watched), sum(one.signal for one in watched), sum(one.grey for one in watched))
