"""The scorecard: one line per measure with its value, what it says, its target and a small picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cupola.indicators.signals import Status
from cupola.periods import FiscalYears
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.charting import Watched, visible_measures
from cupola.web.performance.queries.drawing import small_chart
from cupola.web.performance.queries.kept import watch_kept
from cupola.web.performance.queries.measures import described, fiscal_years
from cupola.web.performance.queries.packets import Entry, entry
from cupola.web.performance.queries.words import (
    MOODS,
    STATUSES,
    in_language,
    period_words,
    reading_words,
    value_words,
)
from cupola.web.ui.charts import Drawing


@dataclass(frozen=True)
class Card:
    """One measure at a glance. `mood`: a class; `mood_words`: the same in words. `target`: how it stands against it.

    `grey`: why its newest value may not be trusted. `tone`: a class for the target.
    """

    key: str
    title: str
    owner: str
    priority: str
    address: str
    value: str
    period: str
    mood: str
    mood_words: str
    sentence: str
    target: str
    tone: str
    grey: str
    drawing: Drawing | None
    draft: bool


@dataclass(frozen=True)
class Section:
    """Cards that belong together."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Scorecard:
    """All measures a person may see, in sections, with how many say what."""

    sections: tuple[Section, ...]
    signals: int
    off: int
    grey: int
    measures: int


def card_of(one: Entry, measure: Measure, years: FiscalYears) -> Card:
    """Return the words and the picture of a measure as it stood."""
    record = described(measure)
    reading = one.reading
    return Card(
        key=one.key,
        title=in_language(measure, "title"),
        owner=in_language(measure, "owner"),
        priority=measure.priority,
        address=reverse("performance:measure", args=[one.key]),
        value=value_words(reading.value, record),
        period=period_words(reading.on, record.grain, years) if reading.on else "",
        mood=one.mood,
        mood_words=str(MOODS[one.mood]),
        sentence=reading_words(reading, record, years),
        target=target_words(one, measure),
        tone="" if one.grey else _tone(one.status),
        grey=one.grey,
        drawing=small_chart(one.points, record),
        draft=not measure.released,
    )


def _tone(status: Status | None) -> str:
    return {"met": "good", "ahead": "good", "reached": "good", "off": "warm", "missed": "warm"}.get(status or "", "")


def target_words(one: Entry, measure: Measure) -> str:
    """Say how a measure stands against its target, empty where it has none."""
    if one.status is None:
        return ""
    record = described(measure)
    word = str(STATUSES[one.status])
    if one.aim is not None and one.aim_on is not None:
        facts = {"status": word, "value": value_words(one.aim, record), "day": date_format(one.aim_on)}
        return _("%(status)s. Target: %(value)s by %(day)s.") % facts
    return _("%(status)s. Target: %(value)s.") % {"status": word, "value": value_words(one.expected, record)}


def cards_of(watched: Iterable[Watched]) -> list[Card]:
    """Return the cards of charted measures, in their order."""
    years = fiscal_years()
    return [card_of(entry(one), one.series.measure, years) for one in watched]


def scorecard(by: Any, *, now: datetime, part: str) -> Scorecard:
    """Return the scorecard by `priority` or by `office`."""
    watched = watch_kept(visible_measures(by), now=now)
    cards = cards_of(watched)
    grouped: dict[str, list[Card]] = {}
    for card in sorted(cards, key=lambda one: (_rank(one), one.title)):
        named = card.owner if part == "office" else card.priority
        grouped.setdefault(named, []).append(card)
    none = _("Without a priority")
    ordered = sorted(grouped, key=lambda name: (not name, name))
    return Scorecard(
        sections=tuple(Section(name or none, tuple(grouped[name])) for name in ordered),
        signals=sum(one.signal for one in watched),
        off=sum(one.off for one in watched),
        grey=sum(one.grey for one in watched),
        measures=len(cards),
    )


_ORDER: Mapping[str, int] = {"concern": 0, "improvement": 1, "high": 1, "low": 1, "grey": 3}


def _rank(card: Card) -> int:
    """Return what comes first: concerns, other signals, steady ones, and last what is not up to date."""
    return _ORDER.get(card.mood, 2)
