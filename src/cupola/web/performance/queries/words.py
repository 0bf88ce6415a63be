"""Measures in words: values as people write them, periods as they say them, one plain sentence per chart."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cupola.folder import MeasureRecord
from cupola.indicators import Grain
from cupola.indicators.signals import Assurance, Reading, Rule, Status
from cupola.periods import FiscalYears
from cupola.web.performance.models import Measure

MOODS: Mapping[str, Promise] = {
    "concern": gettext_lazy("Concern"),
    "improvement": gettext_lazy("Improvement"),
    "high": gettext_lazy("Higher"),
    "low": gettext_lazy("Lower"),
    "steady": gettext_lazy("Steady"),
    "few": gettext_lazy("Too few values"),
    "unknown": gettext_lazy("Unknown"),
    "grey": gettext_lazy("Not up to date"),
}
RULES: Mapping[Rule, Promise] = {
    "outside": gettext_lazy("outside its limits"),
    "trend": gettext_lazy("seven or more in one direction"),
    "two_of_three": gettext_lazy("two of three near a limit"),
    "shift": gettext_lazy("seven or more on one side of the centre"),
}
STATUSES: Mapping[Status, Promise] = {
    "unknown": gettext_lazy("Not known yet"),
    "reached": gettext_lazy("Reached early"),
    "ahead": gettext_lazy("On the way"),
    "close": gettext_lazy("Close"),
    "off": gettext_lazy("Off target"),
    "met": gettext_lazy("Met"),
    "missed": gettext_lazy("Missed"),
}
ASSURANCES: Mapping[Assurance, Promise] = {
    "pass": gettext_lazy("As it works now, it meets its target every time."),
    "fail": gettext_lazy("As it works now, it cannot meet its target: chance alone will not bring it there."),
    "hit_and_miss": gettext_lazy(
        "As it works now, it meets its target some times and misses it others, by chance alone."
    ),
}
VERDICTS: Mapping[str, Promise] = {
    "improvement": gettext_lazy("This is an improvement."),
    "concern": gettext_lazy("This is a concern."),
    "high": gettext_lazy("It is high; nobody has said which way is better."),
    "low": gettext_lazy("It is low; nobody has said which way is better."),
}


def in_language(measure: Measure, field: str) -> str:
    """Return a text of a measure in the language of the page, or as written where it is not translated."""
    translated = measure.definition.get("translations", {}).get(get_language() or "", {})
    return str(translated.get(field) or measure.definition.get(field, ""))


def rounded(value: float, places: int) -> str:
    """Return a number with so many digits after the point; Django alone would cut the rest off, not round."""
    return number_format(round(value, places), decimal_pos=places, use_l10n=True, force_grouping=True)


def value_words(value: float | None, record: MeasureRecord, *, unit: bool = True) -> str:
    """Return a value with its digits, percent sign and unit; a hyphen where there is none."""
    if value is None:
        return "-"
    if record.percent and record.gap is not None and not record.gap.ratio:  # a share less a share is no share
        points = rounded(value * 100, record.decimals)
        return _("%(points)s percentage points") % {"points": points} if unit else points
    if record.percent:
        return _("%(percent)s%%") % {"percent": rounded(value * 100, record.decimals)}
    written = rounded(value, record.decimals)
    name = record.translations[language].unit if (language := get_language() or "") in record.translations else ""
    named = name or record.unit
    return f"{written} {named}" if unit and named else written


def brief_words(value: float, record: MeasureRecord) -> str:
    """Return a value as short as it is useful, for the scale of a chart."""
    if record.percent:
        digits = 0 if round(value * 100, 6).is_integer() else 1
        return _("%(percent)s%%") % {"percent": rounded(value * 100, digits)}
    for size, sign in ((1e9, _("bn")), (1e6, _("m")), (1e4, _("k"))):
        if abs(value) >= size:
            shown = value / (1e3 if size == 1e4 else size)
            return f"{rounded(shown, 0 if round(shown, 6).is_integer() else 1)}{sign}"
    return rounded(value, 0 if float(value).is_integer() else 2)


def period_words(since: date, grain: str, years: FiscalYears) -> str:
    """Return a period as people say it: May 2026, second quarter of 2026, week of 4 May 2026."""
    if grain == Grain.MONTH:
        return date_format(since, "YEAR_MONTH_FORMAT")
    if grain == Grain.QUARTER:
        return _("quarter %(quarter)s of %(year)s") % {"quarter": (since.month + 2) // 3, "year": since.year}
    if grain == Grain.YEAR:
        return str(since.year)
    if grain == Grain.FISCAL_YEAR:
        return _("fiscal year %(year)s") % {"year": years.year_of(since)}
    if grain == Grain.WEEK:
        return _("the week of %(day)s") % {"day": date_format(since)}
    return date_format(since)


def reading_words(reading: Reading, record: MeasureRecord, years: FiscalYears) -> str:
    """Return the one sentence of a chart, or two where the verdict needs one of its own."""
    if reading.pattern == "unknown" or reading.on is None:
        return _("No value is known yet.")
    facts = _facts(reading, record, years)
    if reading.pattern == "too_few":
        return (
            ngettext(
                "%(value)s in %(period)s. There is %(points)s value so far, too few to tell a signal from chance.",
                "%(value)s in %(period)s. There are %(points)s values so far, too few to tell a signal from chance.",
                reading.points,
            )
            % facts
        )
    sentence = _SENTENCES[reading.pattern](reading) % facts
    doubts = [*([str(VERDICTS[reading.verdict])] if reading.verdict else []), *_notes(reading, facts)]
    return " ".join((sentence, *doubts))


def _facts(reading: Reading, record: MeasureRecord, years: FiscalYears) -> dict[str, Any]:
    grain = record.grain

    def said(day: date | None) -> str:
        return period_words(day, grain, years) if day else ""

    return {
        "value": value_words(reading.value, record),
        "period": said(reading.on),
        "low": value_words(_floored(reading.lower, record), record, unit=False),
        "high": value_words(reading.upper, record),
        "centre": value_words(reading.centre, record),
        "since": said(reading.since),
        "points": reading.points,
        "before": said(reading.before),
    }


def _floored(value: float | None, record: MeasureRecord) -> float | None:
    """Return a limit as drawn: a share or a count has none below zero."""
    return value if value is None or value > 0 or not never_negative(record) else 0.0


def never_negative(record: MeasureRecord) -> bool:
    """Whether no value can lie below zero, as of counts and shares."""
    return record.percent or record.gap is not None or record.value.strip().lower().startswith(("count", "share"))


def _steady(reading: Reading) -> str:
    return _("%(value)s in %(period)s: within what is usual, between %(low)s and %(high)s. Nothing here is a signal.")


def _outside(reading: Reading) -> str:
    above = (reading.value or 0) > (reading.upper or 0)
    if above:
        return _("%(value)s in %(period)s is above everything that chance explains, which ends at %(high)s.")
    return _("%(value)s in %(period)s is below everything that chance explains, which begins at %(low)s.")


def _trend(reading: Reading) -> str:
    return _("%(value)s in %(period)s: it has moved in one direction for %(points)s values, since %(since)s.")


def _near(reading: Reading) -> str:
    return _("%(value)s in %(period)s: two of the last three values are near the edge of what is usual.")


def _shift(reading: Reading) -> str:
    if (reading.value or 0) > (reading.centre or 0):
        return _("%(value)s in %(period)s: above its centre of %(centre)s for %(points)s values, since %(since)s.")
    return _("%(value)s in %(period)s: below its centre of %(centre)s for %(points)s values, since %(since)s.")


_SENTENCES = {"steady": _steady, "outside": _outside, "trend": _trend, "two_of_three": _near, "shift": _shift}


def _notes(reading: Reading, facts: Mapping[str, Any]) -> list[str]:
    notes = []
    if reading.before is not None:
        notes.append(_("The last signal was in %(before)s.") % facts)
    if reading.seasonal:
        notes.append(_("The usual course of the year is allowed for."))
    if reading.trial:
        notes.append(_("Its limits stand on fewer than twelve values and will still move."))
    return notes
