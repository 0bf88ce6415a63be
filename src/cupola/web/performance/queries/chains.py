"""How the newest value of a measure is known: from its sources to the method of its chart."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from cupola.errors import CupolaError
from cupola.periods import FiscalYears
from cupola.web.data.models import Version
from cupola.web.data.queries.provenance import evidence
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.charting import Watched
from cupola.web.performance.queries.explaining import explained
from cupola.web.performance.queries.words import in_language, period_words, rounded, value_words
from cupola.web.ui.evidence import Evidence, Link


def chain_of(watched: Watched, years: FiscalYears, *, sql: str) -> Evidence:
    """Return how the newest value of a measure is known."""
    measure, latest = watched.series.measure, watched.latest
    computation = getattr(measure, "computation", None)
    number = (computation.dataset_version if computation else None) or 0
    version = Version.objects.filter(dataset__key=measure.dataset, number=number).select_related("dataset").first()
    value = value_words(latest.value, watched.series.record) if latest else _("No value yet")
    named = period_words(latest.period.since, measure.grain, years) if latest and latest.period.since else ""
    result = _("%(value)s in %(period)s") % {"value": value, "period": named} if named else value
    if version is None:
        page = reverse("performance:measure", args=[measure.key])
        return Evidence(
            result=result,
            sources=(),
            dataset=Link(measure.dataset, page),
            version=Link(_("no version yet"), page),
            query=sql,
            method=_("Not computed yet."),
            command=f"cupola measure run {measure.key}",
        )
    chain = evidence(version.dataset, version, query=sql, method=_method(watched), result=result)
    doubts = [chain.uncertain, watched.series.standing.sentence, latest.reason if latest else ""]
    return replace(
        chain,
        command=f"cupola measure show {measure.key}",
        responsible=in_language(measure, "owner"),
        uncertain=" ".join(one for one in doubts if one),
    )


def _method(watched: Watched) -> str:
    """Say how the limits of a chart come about."""
    kind = {
        "xmr": _(
            "Limits are the mean, plus and minus 2.66 times the mean step from one value to the next (XmR chart)."
        ),
        "p": _(
            "Limits are three standard deviations of a share of so many, wider where the shares scatter more (p chart)."
        ),
        "u": _("Limits are three standard deviations of a rate per so many, wider where it scatters more (u chart)."),
    }[watched.chart.kind]
    screened = _("Steps of 3.267 times the mean step or more are left out of it.") if _screens(watched) else ""
    season = ""
    if watched.chart.season is not None:
        facts = {"share": rounded(watched.chart.season.foretold * 100, 0)}
        season = (
            _("The season is taken out first: the other years foretell %(share)s%% of the movement in each.") % facts
        )
    rules = _("A signal is a point outside, seven moving one way, two of three near a limit, or seven on one side.")
    return " ".join(one for one in (kind, screened, season, rules) if one)


def _screens(watched: Watched) -> bool:
    return watched.chart.kind == "xmr" and watched.chart.method.screened


def sql_of(measure: Measure) -> str:
    """Return the SQL that gives the values of a measure again, empty where its data cannot be read."""
    try:
        return explained(measure).sql
    except CupolaError:
        return ""
