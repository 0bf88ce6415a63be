"""The city's own measures scored as Boston's CityScore scores them, and why that score sits above one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cupola.errors import CupolaError
from cupola.indicators import Grain
from cupola.indicators.scores import WINDOWS, CityScore, Metric, Scored, Slack, explain_slack, score_city, to_watch
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.charting import visible_measures
from cupola.web.performance.queries.values import Series, all_series, values_version
from cupola.web.performance.queries.words import in_language, rounded
from cupola.web.ui.evidence import Evidence, Link

SHORT = {Grain.DAY, Grain.WEEK, Grain.MONTH}  # its longest window is 90 days


@dataclass(frozen=True)
class ScoreLine:
    """One measure: a score per window as text. `finding`: where the original stops with an error."""

    title: str
    address: str
    scores: tuple[str, ...]
    percentile: str
    target: str
    values: str
    finding: bool


@dataclass(frozen=True)
class ScorePage:
    """All scores, the two lists of the original, and the score taken apart."""

    lines: tuple[ScoreLine, ...]
    city: ScoreLine
    above: tuple[str, ...]
    below: tuple[str, ...]
    slack: Slack | None
    flat: tuple[tuple[str, float], ...]
    evidence: Evidence


def score_page(by: Any, *, now: datetime) -> ScorePage | None:
    """Return the page; None where no measure can be scored: a score needs a direction and short periods."""
    measures = [one for one in visible_measures(by) if _can_score(one)]
    known = [(one.measure, metric) for one in all_series(measures, now=now) if (metric := _metric(one)) is not None]
    if not known:
        return None
    titles = {measure.key: in_language(measure, "title") for measure, _metric_of in known}
    metrics = [metric for _measure, metric in known]
    scored = score_city(metrics)
    quarter = scored.city.scores["quarter"]
    slack = explain_slack(metrics, quarter) if quarter is not None else None
    above, below = to_watch(scored.metrics)
    return ScorePage(
        lines=tuple(_line(one, titles[one.name]) for one in scored.metrics),
        city=_line(scored.city, _("The whole city")),
        above=tuple(titles[one.name] for one in above),
        below=tuple(titles[one.name] for one in below),
        slack=slack,
        flat=tuple((titles[name], score) for name, score in slack.flat.items()) if slack else (),
        evidence=_chain(scored),
    )


def _can_score(measure: Measure) -> bool:
    return measure.grain in SHORT and measure.definition.get("direction", "none") != "none"


def _metric(one: Series) -> Metric | None:
    """Return a series as the toolkit knows it; a target of its own past where none was set. None where it cannot be."""
    values = tuple(
        (_day(point.period.since), point.value) for point in one.points if point.final and point.value is not None
    )
    if not values:
        return None
    target = one.points[-1].target
    upwards = one.record.direction == "up"
    metric = Metric(one.measure.key, values, target or 0.0, upwards, historic=target is None)
    try:
        score_city([metric])
    except CupolaError:
        return None
    return metric


def _day(day: date | None) -> date:
    assert day is not None
    return day


def _line(one: Scored, title: str) -> ScoreLine:
    return ScoreLine(
        title=title,
        address=reverse("performance:measure", args=[one.name]) if one.name else "",
        scores=tuple(_("N/A") if (score := one.scores[window]) is None else _two(score) for window in WINDOWS),
        percentile="" if one.percentile is None else _two(one.percentile),
        target="" if one.target is None else rounded(one.target, 2),
        values=number_format(one.values),
        finding=bool(one.findings),
    )


def _two(number: float) -> str:
    return rounded(number, 2)


def _chain(scored: CityScore) -> Evidence:
    version = values_version()
    page = reverse("performance:scorecard")
    quarter = scored.city.scores["quarter"]
    return Evidence(
        result=_("%(score)s over the last quarter") % {"score": "-" if quarter is None else _two(quarter)},
        sources=(Link(_("CityScore Toolkit of the City of Boston, as of August 2016"), ""),),
        dataset=Link(_("Values of the measures"), page),
        version=Link(_("version %(number)s") % {"number": version.number if version else 0}, page),
        query="mean(value) / target",
        method=_(
            "The mean of a window by the target, turned round where less is better, rounded up to two decimals;"
            " the city's is the plain mean of all. Checked cell by cell against the original program."
        ),
        command="cupola measure list",
    )
