"""Charts of measures: drawings with the table, the sentence and the chain that belong beside them."""

import math
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.folder import MeasureRecord
from cupola.indicators import Grain
from cupola.indicators.signals import Forecast
from cupola.periods import FiscalYears
from cupola.web.performance.queries.charting import Watched
from cupola.web.performance.queries.packets import controlled
from cupola.web.performance.queries.values import Point, State
from cupola.web.performance.queries.words import (
    MOODS,
    RULES,
    brief_words,
    never_negative,
    period_words,
    reading_words,
    value_words,
)
from cupola.web.ui.charts import Chart, Drawing, Grid
from cupola.web.ui.charts_control import Ahead, Bounds, Controlled, control, small
from cupola.web.ui.charts_lines import Times
from cupola.web.ui.evidence import Evidence

SMALL_POINTS = 36
MOST_DRAWN = 156  # thirteen years of months; beyond, points touch


def state_words(state: State) -> str:
    """Return how far a value may be trusted, empty where nothing need be said."""
    return {
        State.PROVISIONAL: _("Provisional"),
        State.RUNNING: _("Not over"),
        State.UNKNOWN: _("Unknown"),
        State.HIDDEN: _("Hidden"),
        State.TYPED: _("Typed in"),
    }.get(state, "")


def bounds_of(record: MeasureRecord) -> Bounds:
    """Return what no value can go beyond."""
    share = record.value.strip().lower().startswith("share")
    share = share or (record.percent and record.gap is not None and not record.gap.ratio)
    return Bounds(0.0 if never_negative(record) else None, 1.0 if share else None)


def small_chart(points: Sequence[Controlled], record: MeasureRecord) -> Drawing | None:
    """Draw the newest points word-sized."""
    return small(points[-SMALL_POINTS:], bounds=bounds_of(record))


def control_picture(
    watched: Watched,
    years: FiscalYears,
    *,
    title: str,
    evidence: Evidence | None = None,
    ahead: tuple[tuple[date, ...], Forecast] | None = None,
) -> Chart:
    """Draw a measure with its limits, the newest periods of it, and what is expected next."""
    record = watched.series.record
    drawn = controlled(watched)[-MOST_DRAWN:]
    days = [one.on for one in watched.chart.charted][-MOST_DRAWN:]
    coming = ahead[0] if ahead else ()
    times = Times(
        count=len(days) + len(coming),
        ticks=ticks([*days, *coming], record.grain, years),
        partial=False,
        shown=lambda value: value_words(value, record, unit=False),
        brief=lambda value: brief_words(value, record),
    )
    return Chart(
        title=title,
        reading=reading_words(watched.reading, record, years),
        label_header=_("Period"),
        value_header=_("Value"),
        points=(),
        drawings=control(drawn, times, bounds=bounds_of(record), ahead=_told_ahead(ahead, record)),
        evidence=evidence,
        grid=table(watched, years),
    )


def _told_ahead(ahead: tuple[tuple[date, ...], Forecast] | None, record: MeasureRecord) -> Ahead | None:
    if ahead is None:
        return None
    told = ahead[1]
    parts = (within(one.tolist(), record) for one in (told.expected, told.lower, told.upper))
    return Ahead(*parts)


def within(values: Sequence[float], record: MeasureRecord) -> tuple[float, ...]:
    """Return values no further than any can lie: no share is above all, no count below none."""
    bounds = bounds_of(record)
    low = -math.inf if bounds.lowest is None else bounds.lowest
    high = math.inf if bounds.highest is None else bounds.highest
    return tuple(min(max(one, low), high) for one in values)


def ticks(days: Sequence[date], grain: str, years: FiscalYears) -> tuple[tuple[int, str], ...]:
    """Return the periods worth naming: years where they are many, else months or the periods themselves."""
    if grain in {Grain.YEAR, Grain.FISCAL_YEAR}:
        return tuple(
            (at, str(years.year_of(day) if grain == Grain.FISCAL_YEAR else day.year)) for at, day in enumerate(days)
        )
    if not days:
        return ()
    long = (days[-1] - days[0]).days > 550
    firsts: dict[tuple[int, int], int] = {}
    for at, day in enumerate(days):
        firsts.setdefault((day.year, 0 if long else day.month), at)
    wanted = [at for at in firsts.values() if at or not long or days[0].month == 1]
    return tuple((at, str(days[at].year) if long else date_format(days[at], "M Y")) for at in wanted)


def table(watched: Watched, years: FiscalYears) -> Grid:
    """Return the numbers of a chart, newest first."""
    record = watched.series.record
    headers = (
        _("Period"),
        _("Value"),
        _("Lower limit"),
        _("Centre"),
        _("Upper limit"),
        _("Target"),
        _("Signal"),
        _("Note"),
    )
    rows = [
        (
            period_words(charted.on, record.grain, years),
            value_words(point.value, record, unit=False),
            *(value_words(edge, record, unit=False) for edge in (charted.lower, charted.centre, charted.upper)),
            value_words(point.target, record, unit=False),
            f"{MOODS[charted.verdict]}: {RULES[charted.rule]}" if charted.verdict and charted.rule else "",
            _note(point),
        )
        for charted, point in zip(watched.chart.charted, watched.series.points, strict=True)
    ]
    return Grid(headers, tuple(reversed(rows)))


def _note(point: Point) -> str:
    word = state_words(point.state)
    return f"{word}. {point.reason}" if word and point.reason else word
