"""Restatements in words: which values of the past changed, from what to what, and by which version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import ngettext

from cupola.periods import FiscalYears
from cupola.web.performance.models import Measure, Restatement
from cupola.web.performance.queries.charting import visible_measures
from cupola.web.performance.queries.groups import title_of
from cupola.web.performance.queries.measures import described, fiscal_years
from cupola.web.performance.queries.words import in_language, period_words, value_words


@dataclass(frozen=True)
class Change:
    """Values of the past that changed: before and after."""

    period: str
    group: str
    before: str
    after: str


@dataclass(frozen=True)
class Restated:
    """One restatement in words, with the changes that were largest."""

    measure: Measure
    title: str
    at: datetime
    cause: str
    sentence: str
    changes: tuple[Change, ...]


def restated(one: Restatement, years: FiscalYears) -> Restated:
    """Return a restatement in words."""
    measure = one.measure
    grain = measure.grain
    facts = {
        "count": one.values,
        "first": period_words(one.first, grain, years),
        "last": period_words(one.last, grain, years),
        "before": one.dataset_before,
        "after": one.dataset_after,
    }
    sentence = ngettext(
        "%(count)s value between %(first)s and %(last)s changed from version %(before)s to %(after)s of the data.",
        "%(count)s values between %(first)s and %(last)s changed from version %(before)s to %(after)s of the data.",
        one.values,
    )
    return Restated(
        measure=measure,
        title=in_language(measure, "title"),
        at=one.at,
        cause=one.get_cause_display(),
        sentence=sentence % facts,
        changes=tuple(_change(measure, given, years) for given in one.changes),
    )


def _change(measure: Measure, given: Mapping[str, Any], years: FiscalYears) -> Change:
    record = described(measure)
    return Change(
        period=period_words(date.fromisoformat(given["period"]), measure.grain, years),
        group=", ".join(f"{title_of(measure, name)} {member}" for name, member in given["group"].items()),
        before=value_words(given["before"], record),
        after=value_words(given["after"], record),
    )


def all_restated(by: Any, *, limit: int = 100) -> list[Restated]:
    """Return the newest restatements of the measures `by` may see."""
    years = fiscal_years()
    seen = Restatement.objects.filter(measure__in=visible_measures(by).order_by()).select_related("measure")
    return [restated(one, years) for one in seen[:limit]]
