"""The scorecard by ward or any other place: one measure on the map, and every place beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cupola.web.data.models import Dataset
from cupola.web.data.queries.places import places_of
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.charting import visible_measures
from cupola.web.performance.queries.groups import Breakdown, breakdowns
from cupola.web.performance.queries.words import in_language
from cupola.web.ui.maps import Map


@dataclass(frozen=True)
class PlacePage:
    """`choices`: key and title of each measure that knows places. `title`: of the one shown."""

    choices: tuple[tuple[str, str], ...]
    key: str
    title: str
    breakdown: Breakdown
    map: Map | None


def place_page(by: Any, key: str, *, now: datetime) -> PlacePage | None:
    """Return the page of the measure that is asked for, or the first; None where no measure knows places."""
    known = {one.key: (one, column) for one in visible_measures(by) if (column := _placed(one))}
    if not known:
        return None
    measure, column = known.get(key) or next(iter(known.values()))
    (shown,) = breakdowns(measure, now=now, only=(column,))
    choices = tuple((one.key, in_language(one, "title")) for one, _column in known.values())
    return PlacePage(choices, measure.key, in_language(measure, "title"), shown, shown.map)


def _placed(measure: Measure) -> str:
    """Return the column that names places, empty where none does."""
    dataset = Dataset.objects.filter(key=measure.dataset).first()
    columns = [one[0] for one in measure.definition.get("by", []) if len(one) == 1]
    return next((column for column in columns if dataset and places_of(dataset, column)), "")
