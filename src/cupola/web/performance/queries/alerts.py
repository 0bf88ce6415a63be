"""What subscribers of measures are told of: a new signal, a target missed, a feed that went stale. Nothing else.

Of all measures, or of one group such as a ward. Each piece of news leads to the chain behind it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cupola.indicators.signals import OFF
from cupola.web.data.queries.feed import Happening, Item, identity
from cupola.web.data.queries.topics import Topic
from cupola.web.performance.models import Measure
from cupola.web.performance.queries.cards import target_words
from cupola.web.performance.queries.charting import Watched, watch, watch_all
from cupola.web.performance.queries.groups import group_words, title_of
from cupola.web.performance.queries.measures import fiscal_years, public_measures
from cupola.web.performance.queries.packets import entry
from cupola.web.performance.queries.values import all_series, members
from cupola.web.performance.queries.words import in_language, reading_words


def news(now: datetime) -> Iterator[Item]:
    """Yield what is true now of the public measures; each is told once, and again when it had ended and came back."""
    watched = watch_all(_measures(), now=now)
    yield from _said(watched, now=now)
    yield from _stale([one for one in watched if one.grey], now=now)


def _measures() -> list[Measure]:
    return list(public_measures().filter(retired_on=None))


def part(named: str) -> Topic | None:
    """Return the topic of one group, as `ward=5`, over all public measures that are broken down by that column."""
    column, _equals, member = named.partition("=")
    measures = [one for one in _measures() if [column] in one.definition.get("by", [])]
    if not member or not any(member in members(one, column) for one in measures):
        return None
    facts = {"column": title_of(measures[0], column), "member": member}
    about = _("new signals and missed targets of %(column)s %(member)s") % facts
    return Topic(f"{TOPIC.name}:{named}", about, TOPIC.page, partial(_news_of, column, member))


def _news_of(column: str, member: str, now: datetime) -> Iterator[Item]:
    """Yield the same of one group. That a feed is late is told with the measures themselves."""
    measures = [one for one in _measures() if [column] in one.definition.get("by", [])]
    groups = all_series(measures, now=now, by=(column,))
    yield from _said([watch(one) for one in groups if one.group == {column: member}], now=now)


def _said(watched: Iterable[Watched], *, now: datetime) -> Iterator[Item]:
    for one in watched:
        if one.signal:
            yield _signal(one, now=now)
        if one.off:
            yield _missed(one, now=now)


def _signal(one: Watched, *, now: datetime) -> Item:
    reading = one.reading
    began = reading.since or reading.on
    words = reading_words(reading, one.series.record, fiscal_years())
    return _item(one, Happening.SIGNAL, (reading.pattern, str(began)), words=(_("%(title)s: a signal"), words), at=now)


def _missed(one: Watched, *, now: datetime) -> Item:
    words = target_words(entry(one), one.series.measure)
    return _item(one, Happening.TARGET, (str(_off_since(one)),), words=(_("%(title)s: off its target"), words), at=now)


def _off_since(one: Watched) -> date | None:
    """Return the first period of the run of values that are off the target, so that the next run is news again."""
    assert one.against is not None
    if one.against.status == OFF[1]:  # missed for good
        return one.against.aim.on if one.against.aim else None
    began = None
    for point in reversed(one.series.points):
        if not point.final or point.value is None or point.target is None:
            continue
        short = point.target - point.value if one.series.record.direction != "down" else point.value - point.target
        if short <= 0:
            break
        began = point.period.since
    return began


def _stale(grey: Sequence[Watched], *, now: datetime) -> Iterator[Item]:
    """Yield one piece of news per feed, not one per measure."""
    by_feed: dict[str, list[Watched]] = {}
    for one in grey:
        by_feed.setdefault(one.series.measure.dataset, []).append(one)
    for dataset, measures in by_feed.items():
        standing = measures[0].series.standing
        titles = "; ".join(in_language(one.series.measure, "title") for one in measures)
        yield Item(
            Happening.STALE,
            identity("measures", Happening.STALE, dataset, str(standing.through)),
            heading=_("Measures are not up to date: %(dataset)s") % {"dataset": dataset},
            text=f"{standing.sentence} {titles}.",
            at=now,
            address=reverse("performance:measure", args=[measures[0].key]) + "#how-we-know",
        )


def _item(one: Watched, happening: Happening, named: tuple[str, ...], *, words: tuple[str, str], at: datetime) -> Item:
    heading, text = words
    title, group = in_language(one.series.measure, "title"), group_words(one.series)
    query = urlencode([("group", f"{name}={member or ''}") for name, member in one.series.group.items()])
    return Item(
        happening,
        identity("measures", one.key, happening, *named, *([query] if query else [])),
        heading=heading % {"title": f"{title}, {group}" if group else title},
        text=text,
        at=at,
        address=reverse("performance:measure", args=[one.key]) + (f"?{query}" if query else "") + "#how-we-know",
    )


TOPIC = Topic(
    "performance", gettext_lazy("new signals, missed targets and stale feeds"), "performance:scorecard", news, part
)
