"""Values of an answer as people read them, in the language of the page."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.exploration import By, Grouping, How, Measure
from cupola.web.data.queries.exploring.fields import Field, Kind
from cupola.web.data.queries.exploring.steps import Steps
from cupola.web.ui.templatetags.ui import number

THOUSAND, MILLION, MILLIARD = 1e3, 1e6, 1e9


def group_words(value: Any, grouping: Grouping, field: Field, *, steps: Steps | None = None) -> str:
    """Name one group."""
    if value is None:
        return _("no value")
    if grouping.by in {By.YEAR, By.MONTH, By.DAY}:
        return _period(value, grouping.by)
    if grouping.by is By.WEEKDAY:
        return str(WEEKDAYS[(int(value) + 6) % 7])  # the query language counts from Sunday, this from Monday
    if grouping.by is By.HOUR:
        return f"{int(value):02d}:00"
    if grouping.by is By.STEPS and steps is not None:
        return step_words(float(value), steps, field)
    if field.kind is Kind.BOOLEAN:
        return _("yes") if value else _("no")
    if isinstance(value, (int, float, Decimal)):
        return plain(value)
    return str(value)


def _period(value: date, by: By) -> str:
    if by is By.YEAR:
        return f"{value.year:04d}"
    return str(date_format(value, "YEAR_MONTH_FORMAT" if by is By.MONTH else "DATE_FORMAT"))


def step_words(low: float, steps: Steps, field: Field) -> str:
    """Name one step of a number: from where to where."""
    first, last = number(low), number(low + steps.width)
    if low >= steps.high and (field.high is None or float(field.high) > steps.high + steps.width):
        return _("%(first)s and more") % {"first": first}
    if low <= steps.low and field.low is not None and float(field.low) < steps.low:
        return _("less than %(last)s") % {"last": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def measured(value: Any, measure: Measure, field: Field | None) -> str:
    """Write what was computed, exactly: money with cents, averages with two places, nothing as a hyphen."""
    if value is None:
        return "-"
    if isinstance(value, (date, datetime)):
        return str(date_format(value, "DATETIME_FORMAT" if isinstance(value, datetime) else "DATE_FORMAT"))
    if field is not None and field.kind is Kind.MONEY:
        return str(number_format(value, decimal_pos=2, force_grouping=True))
    if measure.how in {How.MINIMUM, How.MAXIMUM} and isinstance(value, float):
        return plain(value)
    return number(value)


def short(value: float, measure: Measure, field: Field | None) -> str:
    """Write a value in a chart or a sentence: as exact as it is useful there."""
    if abs(value) >= MILLION:
        return brief(value)
    if field is not None and field.kind is Kind.MONEY:
        return str(number_format(value, decimal_pos=0 if abs(value) >= 100 else 2, force_grouping=True))
    return number(round(value, 1) if measure.how is How.AVERAGE and abs(value) >= 10 else value)


def brief(value: float) -> str:
    """Write a value as short as possible: 25k, 1.2M, 3B."""
    size = abs(value)
    if size >= MILLIARD:
        return _("%(number)s billion") % {"number": _three(value / MILLIARD)}
    if size >= MILLION:
        return _("%(number)s million") % {"number": _three(value / MILLION)}
    return plain(value) if size < 10 * THOUSAND else str(number_format(value, decimal_pos=0, force_grouping=True))


def scale(value: float) -> str:
    """Write a mark beside a chart, where room is scarce: 25k, 1.2M."""
    size = abs(value)
    for factor, word in ((MILLIARD, _("%(number)sB")), (MILLION, _("%(number)sM")), (THOUSAND, _("%(number)sk"))):
        if size >= factor:
            return word % {"number": _three(value / factor)}
    return plain(value)


def plain(value: float | Decimal) -> str:
    """Write a number without grouping: it may be a year or a code."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:.10g}"


def _three(value: float) -> str:
    places = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    text = str(number_format(value, decimal_pos=places))
    return text.rstrip("0").rstrip(".,") if places else text
