"""Where a measure stands beside its feed: whether its newest value may be trusted today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cupola.web.data.models import Dataset, LoadReport, Outcome
from cupola.web.data.queries import city_zone
from cupola.web.data.queries.freshness import State as Fresh
from cupola.web.data.queries.freshness import freshness
from cupola.web.performance.models import Measure


@dataclass(frozen=True)
class Standing:
    """Whether a measure is grey, and why. `through`: the first day its feed has not been read to; None: never read.

    A grey measure keeps its values on its page, and no page gives it the colour of a target met.
    """

    grey: bool
    reasons: tuple[str, ...]
    through: date | None

    @property
    def sentence(self) -> str:
        """Say why it is grey, empty when it is not."""
        return " ".join(self.reasons)


def standing(measure: Measure, *, now: datetime) -> Standing:
    """Return where one measure stands."""
    return standings([measure], now=now)[measure.key]


def standings(measures: Iterable[Measure], *, now: datetime) -> Mapping[str, Standing]:
    """Return where measures stand, by key."""
    listed = list(measures)
    datasets = {one.key: one for one in Dataset.objects.filter(key__in={measure.dataset for measure in listed})}
    feeds = {key: _feed(dataset, now=now) for key, dataset in datasets.items()}
    return {measure.key: _of(measure, feeds.get(measure.dataset)) for measure in listed}


def _of(measure: Measure, feed: Standing | None) -> Standing:
    if feed is None:
        return Standing(True, (_("Its dataset is not known here."),), None)
    computation = getattr(measure, "computation", None)
    own = [] if computation is not None and computation.values_version else [_("It was not computed yet.")]
    if computation is not None and computation.error:
        own = [computation.error]
    return Standing(feed.grey or bool(own), (*own, *feed.reasons), feed.through)


def _feed(dataset: Dataset, *, now: datetime) -> Standing:
    """Return the same of a dataset: whether it fails, is late, or ended."""
    last = dataset.load_reports.first()
    read = dataset.load_reports.filter(outcome__in=[Outcome.LOADED, Outcome.UNCHANGED]).first()
    reasons = [*_ended(dataset), *_failing(last), *_late(dataset, read, now=now)]
    through = None if read is None else read.started_at.astimezone(ZoneInfo(city_zone())).date()
    return Standing(bool(reasons), tuple(reasons), through)


def _ended(dataset: Dataset) -> list[str]:
    return [] if dataset.retired_on is None else [_("Its dataset has ended.")]


def _failing(last: LoadReport | None) -> list[str]:
    if last is None or last.outcome in {Outcome.LOADED, Outcome.UNCHANGED}:
        return []
    return [_("The last load of its data failed, so the newest values may be missing or wrong.")]


def _late(dataset: Dataset, read: LoadReport | None, *, now: datetime) -> list[str]:
    if read is None:
        return [_("Its data was never loaded.")]
    found = freshness(dataset.refresh, checked_at=read.started_at, now=now)
    return [_("Its data is late.") + " " + found.detail] if found.state is Fresh.LATE else []
