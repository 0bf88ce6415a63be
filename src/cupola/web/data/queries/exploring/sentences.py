"""A question in sentences: what must hold, what is counted, what is ordered how."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cupola.web.data.queries.exploring.address import address
from cupola.web.data.queries.exploring.exploration import COUNT, By, Condition, Exploration, Grouping, How, Measure
from cupola.web.data.queries.exploring.fields import DATES, Field, Kind, Subject
from cupola.web.data.queries.exploring.moments import day_words, period_words

MOST_NAMED = 6


@dataclass(frozen=True)
class Sentence:
    """One thing that must hold, in words, and the same question without it."""

    text: str
    without: Exploration

    @property
    def url(self) -> str:
        """Return a link to the question without it."""
        return address(self.without)


def sentences(asked: Exploration, subject: Subject, *, today: date) -> tuple[Sentence, ...]:
    """Return one sentence per thing that must hold."""
    found = []
    if asked.words:
        found.append(Sentence(_("A row mentions “%(words)s”.") % {"words": asked.words}, asked.but(words="")))
    for one in asked.conditions:
        field = subject.field(one.column)
        for text, without in _condition(field, one, today=today):
            found.append(Sentence(text, asked.having(without)))
    return tuple(found)


def filters_text(asked: Exploration, subject: Subject, *, today: date) -> str:
    """Return everything that must hold, as one text; empty where nothing must."""
    return " ".join(one.text for one in sentences(asked, subject, today=today))


def listed(words: list[str]) -> str:
    """Return words joined as people say them: 4, 11 or 12. Long lists are cut."""
    if len(words) > MOST_NAMED + 1:
        more = _("%(count)s more") % {"count": len(words) - MOST_NAMED}
        words = [*words[:MOST_NAMED], more]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def measure_words(one: Measure, subject: Subject) -> str:
    """Name what is computed, as a heading."""
    if one == COUNT:
        return _("Rows")
    words = {
        How.SUM: _("Sum of “%(title)s”"),
        How.AVERAGE: _("Average of “%(title)s”"),
        How.MEDIAN: _("Median of “%(title)s”"),
        How.MINIMUM: _("Smallest “%(title)s”"),
        How.MAXIMUM: _("Largest “%(title)s”"),
    }
    return words[one.how] % {"title": subject.field(one.column).title}


def way_words(by: By) -> str:
    """Name a way to make groups, as a choice in a list."""
    return {
        By.VALUE: _("each value"),
        By.YEAR: _("by year"),
        By.MONTH: _("by month"),
        By.DAY: _("by day"),
        By.WEEKDAY: _("by day of the week"),
        By.HOUR: _("by hour of the day"),
        By.STEPS: _("in equal steps"),
    }[by]


def grouping_words(one: Grouping, subject: Subject) -> str:
    """Name a group, as a heading."""
    title = subject.field(one.column).title
    return title if one.by is By.VALUE else _("%(title)s, %(way)s") % {"title": title, "way": way_words(one.by)}


def value_words(field: Field, value: str) -> str:
    """Write one value of a filter as people read it."""
    if field.kind is Kind.BOOLEAN:
        return _("yes") if value == "yes" else _("no")
    if field.kind is Kind.MONEY:
        places = len(value.partition(".")[2])
        return str(number_format(value, decimal_pos=2 if places else 0, force_grouping=True))
    if field.kind is Kind.NUMBER:
        return value
    return next((one.label for one in field.offered if one.value == value and one.label), value)


def _condition(field: Field, one: Condition, *, today: date) -> list[tuple[str, Condition]]:
    """Return each sentence with the condition that is left without it."""
    found = []
    title = {"title": field.title}
    if one.values or one.empty:
        words = [value_words(field, value) for value in one.values] + ([_("without a value")] if one.empty else [])
        text = _("%(title)s is %(values)s.") % {**title, "values": listed(words)}
        found.append((text, replace(one, values=(), empty=None)))
    if one.contains:
        text = _("%(title)s contains “%(text)s”.") % {**title, "text": one.contains}
        found.append((text, replace(one, contains="")))
    if one.period:
        text = _("%(title)s is in %(period)s.") % {**title, "period": period_words(one.period, today=today)}
        found.append((text, replace(one, period="")))
    if one.since or one.until:
        found.append((_range(field, one), replace(one, since="", until="")))
    if one.empty is False:
        found.append((_("%(title)s has a value.") % title, replace(one, empty=None)))
    return found


def _range(field: Field, one: Condition) -> str:
    dated = field.kind in DATES
    low, high = (_end_words(field, text) for text in (one.since, one.until))
    facts = {"title": field.title, "low": low, "high": high}
    if not one.until:
        return (_("%(title)s is from %(low)s on.") if dated else _("%(title)s is at least %(low)s.")) % facts
    if not one.since:
        return (_("%(title)s is until %(high)s.") if dated else _("%(title)s is at most %(high)s.")) % facts
    return _("%(title)s is from %(low)s to %(high)s.") % facts


def _end_words(field: Field, text: str) -> str:
    if not text:
        return ""
    return day_words(text) if field.kind in DATES else value_words(field, text)
