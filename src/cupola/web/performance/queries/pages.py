"""One measure with everything its page says: number, sentence, chart, target, definition, restatements, chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.errors import CupolaError
from cupola.indicators import signals as sg
from cupola.periods import FiscalYears
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.cards import Card, card_of
from cupola.web.performance.queries.chains import chain_of
from cupola.web.performance.queries.charting import SEE_DRAFTS, Watched, foretell, watch
from cupola.web.performance.queries.drawing import control_picture, within
from cupola.web.performance.queries.explaining import Explained, explained
from cupola.web.performance.queries.gaps import gap_now
from cupola.web.performance.queries.groups import group_words
from cupola.web.performance.queries.measures import MeasureUnknown, find_measure, fiscal_years, public_measures
from cupola.web.performance.queries.packets import entry
from cupola.web.performance.queries.restatements import Restated, restated
from cupola.web.performance.queries.reviews import city_day
from cupola.web.performance.queries.values import series
from cupola.web.performance.queries.words import ASSURANCES, in_language, period_words, value_words
from cupola.web.ui.charts import Chart
from cupola.web.ui.evidence import Evidence


@dataclass(frozen=True)
class MeasurePage:
    """`assurance`, `outlook`: what to expect of the target. `group`: the one group looked at, empty for everything.

    `topic_part`: what alerts call that group by. `between`: of a gap, the groups it is now between; `of`: the measure
    those are of.
    """

    measure: Measure
    card: Card
    description: str
    note: str
    chart: Chart
    evidence: Evidence
    group: str
    group_query: str
    topic_part: str
    assurance: str
    outlook: str
    doubt: str
    facts: tuple[tuple[str, str], ...]
    sql: str
    restatements: tuple[Restated, ...]
    between: str
    of: Measure | None


def visible_measure(key: str, by: Any) -> Measure:
    """Return a measure that `by` may see. Raises MeasureUnknown."""
    known = Measure.objects.select_related("computation") if by.has_perm(SEE_DRAFTS) else public_measures()
    found = known.filter(key=key).first()
    if found is None:
        raise MeasureUnknown(key)
    return found


def measure_page(measure: Measure, *, now: datetime, group: Mapping[str, str | None] | None = None) -> MeasurePage:
    """Return the page of a measure, as a whole or for one group."""
    years = fiscal_years()
    watched = watch(series(measure, now=now, group=group))
    ahead = foretell(watched, today=city_day(now))
    told = _explained(measure)
    sql = told.sql if told else ""
    chain = chain_of(watched, years, sql=sql)
    title = in_language(measure, "title")
    named = group_words(watched.series)
    card, of = card_of(entry(watched), measure, years), _of(watched)
    return MeasurePage(
        measure=measure,
        card=card,
        description=in_language(measure, "description"),
        note=in_language(measure, "source_note"),
        chart=control_picture(
            watched, years, title=f"{title}: {named}" if named else title, evidence=chain, ahead=ahead
        ),
        evidence=chain,
        group=named,
        group_query=urlencode([("group", f"{name}={member or ''}") for name, member in watched.series.group.items()]),
        topic_part=_topic_part(watched),
        assurance=_assurance(watched),
        outlook=_outlook(watched, ahead, years),
        doubt=watched.latest.reason if watched.latest else "",
        facts=told.facts if told else (),
        sql=sql,
        restatements=tuple(restated(one, years) for one in measure.restatements.all()[:10]),
        between=gap_now(watched.series, period=card.period, now=now) if of is not None else "",
        of=of,
    )


def _topic_part(watched: Watched) -> str:
    """Return what alerts call the group by, empty for everything and for two columns crossed."""
    pairs = [f"{name}={member}" for name, member in watched.series.group.items() if member]
    return pairs[0] if len(watched.series.group) == len(pairs) == 1 else ""


def _of(watched: Watched) -> Measure | None:
    """Return the measure a gap is of, where whoever reads the gap may read that one too."""
    gap = watched.series.record.gap
    of = find_measure(gap.of) if gap is not None else None
    return of if of is not None and (of.released or not watched.series.measure.released) else None


def _explained(measure: Measure) -> Explained | None:
    """Return its definition, None where its dataset was never loaded or the measure no longer fits it."""
    try:
        return explained(measure)
    except CupolaError:
        return None


def _assurance(watched: Watched) -> str:
    expected = watched.against.expected if watched.against else None
    said = None if watched.grey else watched.chart.assurance(expected)
    return str(ASSURANCES[said]) if said else ""


def _outlook(watched: Watched, ahead: tuple[tuple[date, ...], sg.Forecast] | None, years: FiscalYears) -> str:
    """Say what to expect on the day of the target, or next."""
    if ahead is None or watched.grey:
        return ""
    days, told = ahead
    record = watched.series.record
    low, middle, high = within([float(one[-1]) for one in (told.lower, told.expected, told.upper)], record)
    facts = {
        "period": period_words(days[-1], record.grain, years),
        "value": value_words(middle, record),
        "low": value_words(low, record, unit=False),
        "high": value_words(high, record, unit=False),
    }
    sentence = _("If nothing changes, expect %(value)s in %(period)s, nine times in ten between %(low)s and %(high)s.")
    against = watched.against
    if against is None or against.aim is None or watched.series.record.direction == "none":
        return sentence % facts
    chance = told.chance(against.aim.value, upwards=record.direction == "up")
    percent = min(max(round(chance * 100), 1), 99)
    odds = _("The chance of reaching the target of %(value)s by %(day)s is about %(percent)s in 100.")
    given = {"value": value_words(against.aim.value, record), "day": date_format(against.aim.on), "percent": percent}
    return f"{sentence % facts} {odds % given}"
