"""How much datasets are used: totals, days and kinds of client, as the server counted them. Nothing about a person.

A kind of client with few requests is told with the other rare ones: few may be one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cupola.serving import Used, first_day, flush_usage, read_usage
from cupola.serving.agents import BOT, OTHER
from cupola.serving.usage import KEPT_DAYS
from cupola.web.data.models import Dataset
from cupola.web.data.queries.cards import Card
from cupola.web.data.queries.lake import home
from cupola.web.data.queries.shelf import shelf
from cupola.web.data.queries.wording import in_language
from cupola.web.ui.charts import Chart, Point, columns
from cupola.web.ui.evidence import Evidence, Link
from cupola.web.ui.templatetags.ui import number, size

DAYS = 30
FEWEST = 10  # requests of a kind of client in the time told; fewer are told together
CSV_FIELDS = ("day", "dataset", "what", "client", "requests", "rows", "bytes")


@dataclass(frozen=True)
class Line:
    """A total of one thing: what was asked, or who asked."""

    words: str
    requests: int
    rows: int
    bytes: int


@dataclass(frozen=True)
class DatasetUse:
    """How much one dataset was used over some days. `requests` are those of people and programs, without `bots`."""

    sentence: str
    requests: int
    bots: int
    by_what: tuple[Line, ...]
    by_client: tuple[Line, ...]
    chart: Chart | None
    evidence: Evidence


def usage_file() -> Any:
    """Return where the counts of this home are."""
    return home() / "usage.db"


def dataset_use(dataset: Dataset, *, today: date, flush: bool = False) -> DatasetUse:
    """Return how much a dataset was used in the last days, today with them."""
    if flush:
        flush_usage(usage_file())
    since = today - timedelta(days=DAYS - 1)
    lines = used(since, today, dataset=dataset.key)
    people = [line for line in lines if line.client != BOT]
    requests, bots = sum(line.requests for line in people), sum(line.requests for line in lines) - _total(people)
    sentence = _sentence(people, bots=bots)
    chain = _evidence(dataset, since=since, until=today, result=sentence)
    return DatasetUse(
        sentence=sentence,
        requests=requests,
        bots=bots,
        by_what=totals(people, lambda line: what_words(line.what)),
        by_client=totals(lines, lambda line: client_words(line.client)),
        chart=_chart(people, since=since, evidence=chain) if requests else None,
        evidence=chain,
    )


def used(since: date, until: date, *, dataset: str = "") -> tuple[Used, ...]:
    """Return the counts of some days, rare kinds of client as *other*."""
    lines = read_usage(usage_file(), since=since.isoformat(), until=until.isoformat(), dataset=dataset)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        seen[line.dataset, line.client] += line.requests
    summed: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        client = line.client if seen[line.dataset, line.client] >= FEWEST else OTHER
        counts = summed[line.day, line.dataset, line.what, client]
        counts[:] = [counts[0] + line.requests, counts[1] + line.rows, counts[2] + line.bytes]
    return tuple(Used(*key, *counts) for key, counts in summed.items())


def totals(lines: Iterable[Used], words: Any) -> tuple[Line, ...]:
    """Return the totals of what `words(line)` says is the same, the most requests first."""
    summed: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for line in lines:
        counts = summed[words(line)]
        counts[:] = [counts[0] + line.requests, counts[1] + line.rows, counts[2] + line.bytes]
    found = [Line(name, *counts) for name, counts in summed.items()]
    return tuple(sorted(found, key=lambda line: (-line.requests, line.words)))


def what_words(what: str) -> str:
    """Say what was asked for."""
    if what.startswith("file:"):
        return _("Download as %(format)s") % {"format": what.removeprefix("file:")}
    return {
        "page": _("Pages read"),
        "query": _("Queries by programs"),
        "details": _("Descriptions read by programs"),
        "map": _("Pieces of maps"),
        "feed": _("Feeds read"),
    }.get(what, what)


def client_words(client: str) -> str:
    """Say which kind of program asked."""
    return {
        "browser": _("Browsers"),
        "sodapy": _("sodapy or Python with an app token"),
        "ckanapi": "ckanapi",
        "rsocrata": "RSocrata",
        BOT: _("Search engines and other crawlers"),
        "r": "R",
        "python": "Python",
        "curl": _("curl and wget"),
        "office": _("Spreadsheets and reporting tools"),
        "gis": _("Map programs"),
        "javascript": "JavaScript",
        "java": "Java",
        OTHER: _("Others, and kinds with few requests"),
    }.get(client, client)


def _total(lines: Iterable[Used]) -> int:
    return sum(line.requests for line in lines)


def _sentence(people: list[Used], *, bots: int) -> str:
    requests = _total(people)
    if not requests:
        return _("Nobody has asked for it in the last %(days)s days.") % {"days": DAYS}
    pages = _total(line for line in people if line.what == "page")
    files = _total(line for line in people if line.what.startswith("file:"))
    queries = _total(line for line in people if line.what == "query")
    parts = (
        ngettext("%(count)s page read", "%(count)s pages read", pages) % {"count": number(pages)},
        ngettext("%(count)s query by a program", "%(count)s queries by programs", queries) % {"count": number(queries)},
        ngettext("%(count)s download", "%(count)s downloads", files) % {"count": number(files)},
    )
    said = _("In the last %(days)s days: %(parts)s.") % {"days": DAYS, "parts": ", ".join(parts)}
    if not bots:
        return said
    crawled = ngettext("%(count)s request of a crawler", "%(count)s requests of crawlers", bots)
    return said + " " + _("Not counted in it: %(bots)s.") % {"bots": crawled % {"count": number(bots)}}


def _chart(people: list[Used], *, since: date, evidence: Evidence) -> Chart:
    by_day: dict[str, int] = defaultdict(int)
    for line in people:
        by_day[line.day] += line.requests
    days = [since + timedelta(days=at) for at in range(DAYS)]
    points = tuple(
        Point(date_format(day, "j M"), by_day[day.isoformat()], number(by_day[day.isoformat()])) for day in days
    )
    busiest = max(days, key=lambda day: by_day[day.isoformat()])
    reading = _("The most on one day: %(count)s, on %(day)s.") % {
        "count": number(by_day[busiest.isoformat()]),
        "day": date_format(busiest),
    }
    return Chart(
        title=_("Requests per day"),
        reading=reading,
        label_header=_("Day"),
        value_header=_("Requests"),
        points=points,
        drawings=columns(points),
        evidence=evidence,
    )


def _evidence(dataset: Dataset, *, since: date, until: date, result: str) -> Evidence:
    query = (
        "SELECT what, client, sum(requests), sum(rows), sum(bytes) FROM used "
        f"WHERE dataset = '{dataset.key}' AND day BETWEEN '{since}' AND '{until}' GROUP BY 1, 2"
    )
    period = _("%(since)s to %(until)s") % {"since": date_format(since), "until": date_format(until)}
    return Evidence(
        result=result,
        sources=(Link(_("This server, which counts what it answers")),),
        dataset=Link(in_language(dataset, "title"), reverse("data:dataset", args=[dataset.key])),
        version=Link(period, reverse("data:usage_csv", args=[dataset.key])),
        query=query,
        method=method_words(),
        command=f'sqlite3 -readonly "$CUPOLA_HOME/usage.db" "{query}"',
        uncertain=_(
            "A program says itself what it is, and some say something else. One person may ask many times. Counts of "
            "the last minute are not written yet, and are lost if the server is stopped by force."
        ),
    )


def method_words() -> str:
    """Say how it is counted and how long it is kept."""
    return _(
        "Every answer that was given is counted by day, by what was asked and by the kind of program, which is read "
        "from what the program calls itself. No cookie is set for it, and no address, no name and no single visit is "
        "kept. Staff who are signed in are not counted. Kinds of program with fewer than %(fewest)s requests are told "
        "together. Counts are kept for %(days)s days, about two years."
    ) % {"fewest": FEWEST, "days": KEPT_DAYS}


@dataclass(frozen=True)
class MostUsed:
    """One line of the list of what is used most. `card` is the dataset's."""

    card: Card
    title: str
    requests: int
    pages: int
    queries: int
    files: int
    rows: int
    bytes: str


def most_used(*, by: Any, today: date, limit: int = 0, days: int = DAYS) -> tuple[MostUsed, ...]:
    """Return the datasets `by` may know of by how much people and programs asked for them; all without a limit."""
    staff = by.has_perm("data.see_drafts")
    cards = {card.key: card for card in shelf().cards.values() if (card.released or staff) and not card.retired}
    summed: Mapping[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in used(today - timedelta(days=days - 1), today):
        if line.client != BOT and line.dataset in cards:
            counts = summed[line.dataset]
            kind = "file" if line.what.startswith("file:") else line.what
            counts[kind] += line.requests
            counts["requests"] += line.requests
            counts["rows"] += line.rows
            counts["bytes"] += line.bytes
    found = [
        MostUsed(
            card=cards[key],
            title=cards[key].says("title"),
            requests=counts["requests"],
            pages=counts["page"],
            queries=counts["query"],
            files=counts["file"],
            rows=counts["rows"],
            bytes=size(counts["bytes"]),
        )
        for key, counts in summed.items()
    ]
    found.sort(key=lambda one: (-one.requests, one.title))
    return tuple(found[:limit] if limit else found)


def counted_since() -> str:
    """Return the first day there are counts of, empty where there are none."""
    return first_day(usage_file())
