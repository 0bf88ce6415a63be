"""A measure by its groups: a line for each, a map where they are places, and the gap between them over time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cupola.indicators import signals as sg
from cupola.periods import FiscalYears
from cupola.web.data.models import Dataset
from cupola.web.data.queries.maps import column_map
from cupola.web.data.queries.places import places_of
from cupola.web.data.queries.wording import column_title
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.chains import chain_of, sql_of
from cupola.web.performance.queries.charting import Watched, watch
from cupola.web.performance.queries.drawing import control_picture, small_chart
from cupola.web.performance.queries.gaps import gap_words
from cupola.web.performance.queries.measures import fiscal_years
from cupola.web.performance.queries.packets import controlled
from cupola.web.performance.queries.standing import standing
from cupola.web.performance.queries.values import Point, Series, all_series, values_version
from cupola.web.performance.queries.words import MOODS, in_language, period_words, value_words
from cupola.web.ui.charts import Chart, Drawing
from cupola.web.ui.maps import Map, Words

FEWEST = 6  # periods before a gap over time is worth a chart


@dataclass(frozen=True)
class GroupLine:
    """One group at a glance."""

    name: str
    address: str
    value: str
    period: str
    mood: str
    mood_words: str
    drawing: Drawing | None


@dataclass(frozen=True)
class Breakdown:
    """A measure by one column or two: a line per group, a map where they are places, and the gap between them."""

    columns: tuple[str, ...]
    title: str
    lines: tuple[GroupLine, ...]
    gap: str = ""
    gap_chart: Chart | None = None
    map: Map | None = None


def group_words(one: Series) -> str:
    """Return which group a series is of, empty for everything."""
    return ", ".join(f"{title_of(one.measure, name)} {member or _('not said')}" for name, member in one.group.items())


def title_of(measure: Measure, column: str) -> str:
    """Return the heading of a column a measure is broken down by."""
    dataset = Dataset.objects.filter(key=measure.dataset).first()
    columns = dataset.definition.get("columns", []) if dataset else []
    return column_title(next((one for one in columns if one["name"] == column), {"name": column}))


def breakdowns(measure: Measure, *, now: datetime, only: Sequence[str] = ()) -> list[Breakdown]:
    """Return a measure by each of its breakdowns, or by the one that is named."""
    wanted = [tuple(one) for one in measure.definition.get("by", [])]
    stamp = _stamp(measure, now=now)
    return [_kept(_Asked(stamp, measure, one, now)) for one in wanted if not only or tuple(only) == one]


@dataclass(frozen=True)
class _Asked:
    """A breakdown that is asked for; two are the same when everything that decides the answer is."""

    stamp: tuple[object, ...]
    measure: Measure = field(compare=False)
    columns: tuple[str, ...]
    now: datetime = field(compare=False)


def _stamp(measure: Measure, *, now: datetime) -> tuple[object, ...]:
    """Return what decides how the groups look: values, definition, doubts, typed values, feed, day and language."""
    held = values_version()
    return (
        str(settings.CUPOLA_HOME),
        measure.key,
        held.number if held else 0,
        measure.history.values_list("pk", flat=True).first(),
        tuple(measure.doubts.filter(closed_at=None).values_list("pk", flat=True)),
        tuple(measure.typed_values.filter(withdrawn_at=None).values_list("pk", "value")),
        standing(measure, now=now),
        now.date(),
        get_language(),
    )


@lru_cache(maxsize=256)
def _kept(asked: _Asked) -> Breakdown:
    """Return a breakdown; fifty wards over ten years take a second, so each is worked out once per version."""
    return _breakdown(asked.measure, asked.columns, now=asked.now)


def _breakdown(measure: Measure, columns: tuple[str, ...], *, now: datetime) -> Breakdown:
    years = fiscal_years()
    groups = [watch(one) for one in all_series([measure], now=now, by=columns)]
    groups.sort(key=lambda one: [_natural(member) for member in one.series.group.values()])
    found = Breakdown(
        columns=columns,
        title=", ".join(title_of(measure, name) for name in columns),
        lines=tuple(_line(one, years) for one in groups),
    )
    if len(columns) > 1:
        return found
    gap, chart = _gaps(groups)
    return replace(found, gap=gap, gap_chart=chart, map=_map(measure, columns[0], groups, years=years))


def _natural(member: str | None) -> tuple[bool, int, str]:
    """Sort numbers as numbers, and what is not said last."""
    if member is None:
        return (True, 0, "")
    return (False, int(member) if member.isdigit() else 10**9, member)


def _line(one: Watched, years: FiscalYears) -> GroupLine:
    latest, record = one.latest, one.series.record
    query = urlencode([("group", f"{name}={member or ''}") for name, member in one.series.group.items()])
    return GroupLine(
        name=", ".join(member or _("not said") for member in one.series.group.values()),
        address=f"{reverse('performance:measure', args=[one.key])}?{query}",
        value=value_words(latest.value if latest else None, record),
        period=period_words(latest.period.since, record.grain, years) if latest and latest.period.since else "",
        mood=one.mood,
        mood_words=str(MOODS[one.mood]),
        drawing=small_chart(controlled(one), record),
    )


def _gaps(groups: Sequence[Watched]) -> tuple[str, Chart | None]:
    """Chart the distance between the highest and the lowest group, and say what it is now."""
    by_period: dict[date, dict[str, float | None]] = {}
    shown: dict[date, Point] = {}
    for one in groups:
        member = next(iter(one.series.group.values()))
        for point in one.series.points:
            if member is not None and point.final and point.period.since is not None:
                by_period.setdefault(point.period.since, {})[member] = point.value
                shown[point.period.since] = point
    found = {day: sg.gap(values) for day, values in sorted(by_period.items())}
    widths = [sg.Point(day, one.width) for day, one in found.items() if one is not None]
    if len(widths) < FEWEST:
        return "", None
    chart = sg.control_chart(widths)
    points = tuple(replace(shown[one.on], value=one.value, target=None, group={}) for one in widths)
    whole = replace(groups[0].series, points=points, group={})
    watched = Watched(whole, chart, sg.read(chart), None)
    last = max(day for day, one in found.items() if one is not None)
    now_gap = found[last]
    assert now_gap is not None
    years = fiscal_years()
    said = gap_words(now_gap, whole.record, period=period_words(last, whole.record.grain, years))
    picture = control_picture(watched, years, title=_("Gap between the highest and the lowest"))
    return said, picture


def _map(measure: Measure, column: str, groups: Sequence[Watched], *, years: FiscalYears) -> Map | None:
    """Draw the newest value of each group where the column names places."""
    dataset = Dataset.objects.filter(key=measure.dataset).first()
    places = places_of(dataset, column) if dataset else None
    known = [point.period.since for one in groups for point in one.series.points if point.final and point.period.since]
    if places is None or not known:
        return None
    last = max(known)
    values = {
        next(iter(one.series.group.values())): point.value
        for one in groups
        for point in one.series.points
        if point.period.since == last and point.final
    }
    record = groups[0].series.record
    words = Words(
        title=_("%(measure)s in %(period)s")
        % {"measure": in_language(measure, "title"), "period": period_words(last, record.grain, years)},
        area_header=places.header,
        value_header=in_language(measure, "unit") or _("Value"),
        none=_("none"),
        write=lambda value: value_words(value, record, unit=False),
    )
    whole = watch(replace(groups[0].series, group={}))
    links = f"{reverse('performance:measure', args=[measure.key])}?group={column}%3D"
    chain = replace(chain_of(whole, years, sql=sql_of(measure)), result=words.title)
    return column_map(places, values, words=words, evidence=chain, links=links)
