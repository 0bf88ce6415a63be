"""What happened to the datasets, newest first, for the feeds: versions, columns, late data, corrections, recalls."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cupola.contracts import announcements
from cupola.web.accounts.models import Event
from cupola.web.data.models import Dataset, Feedback, FeedbackStatus, Finding, LoadReport, Severity, Showing, Version
from cupola.web.data.queries.cards import Card
from cupola.web.data.queries.changing import announced_words, correction_words, corrections
from cupola.web.data.queries.findings import finding_line, for_everyone
from cupola.web.data.queries.freshness import GRACE, State, freshness, refresh_days
from cupola.web.data.queries.lake import city_zone
from cupola.web.data.queries.letters import REPORTED, feedback_line
from cupola.web.data.queries.records import DatasetUnknown
from cupola.web.data.queries.rowcounts import Usual, judge
from cupola.web.data.queries.schemas import column_changes
from cupola.web.data.queries.shelf import Shelf, shelf
from cupola.web.ui.templatetags.ui import number

ITEMS = 60
CORRECTED = "data.dataset_changed"
TOLD = (Severity.WARNING.value, Severity.ERROR.value)  # a note asks for nothing


class Happening(StrEnum):
    """The kinds of news."""

    VERSION = "version"
    COLUMNS = "columns"
    ANNOUNCED = "announced"
    DONE = "change-done"
    ROWS = "rows-corrected"
    LATE = "late"
    UNUSUAL = "row-count"
    FINDING = "finding"
    CORRECTION = "correction"
    RECALL = "recall"
    REPORT = "report"
    REQUEST = "request"
    SIGNAL = "signal"
    TARGET = "target"
    STALE = "stale"


@dataclass(frozen=True)
class Item:
    """One piece of news. `identity` is permanent; `address` is below the site's root."""

    happening: Happening
    identity: str
    heading: str
    text: str
    at: datetime
    address: str


def happenings(*, by: Any, now: datetime, key: str = "", only: Iterable[Happening] = Happening) -> tuple[Item, ...]:
    """Return the latest news of all datasets `by` may know of, or of the one called `key`. Raises DatasetUnknown."""
    held, staff = shelf(), by.has_perm("data.see_drafts")
    cards = {
        card.pk: card
        for card in held.cards.values()
        if (card.released or staff) and (card.key == key if key else not card.retired)
    }
    if key and not cards:
        raise DatasetUnknown(key)
    wanted = set(only)
    found = [item for item in _all(held, cards, now=now) if item.happening in wanted]
    return tuple(sorted(found, key=lambda item: item.at, reverse=True)[:ITEMS])


def identity(*parts: str) -> str:
    """Return an address that names something for ever, the same wherever the site moves."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("cupola", *parts, get_language() or ""))).urn


def _all(held: Shelf, cards: Mapping[int, Card], *, now: datetime) -> Iterator[Item]:
    yield from _versions(cards)
    yield from _late(held, cards, now=now)
    yield from _unusual(held, cards)
    yield from _findings(cards)
    yield from _corrections({card.key: card for card in cards.values()})
    yield from _recalls(cards)
    yield from _announced(cards, now=now)
    yield from _rows_corrected(cards)
    yield from _reports(cards)


def _versions(cards: Mapping[int, Card]) -> Iterator[Item]:
    reports = Prefetch("load_reports", LoadReport.objects.order_by("pk"))
    followed = [pk for pk, card in cards.items() if card.released and card.shows_rows]  # of these, what came out
    known = Version.objects.filter(dataset__in=cards).exclude(dataset__in=followed, released_at=None)
    newest = known.order_by("-committed_at", "-pk").prefetch_related(reports)
    for version in newest[:ITEMS]:
        card = cards[version.dataset_id]
        page, name = reverse("data:dataset", args=[card.key]), str(version.number)
        yield Item(
            Happening.VERSION,
            identity(card.public_id, Happening.VERSION, name),
            heading=_("%(title)s: version %(number)s") % {"title": card.says("title"), "number": version.number},
            text=version_words(version, next(iter(version.load_reports.all()), None)),
            at=version.committed_at,
            address=f"{page}#versions",
        )
        changes = column_changes(card.key, version.number - 1, version.number) if version.number > 1 else None
        if changes:
            yield Item(
                Happening.COLUMNS,
                identity(card.public_id, Happening.COLUMNS, name),
                heading=_("%(title)s: its columns changed") % {"title": card.says("title")},
                text=" ".join(changes.sentences),
                at=version.committed_at,
                address=f"{page}compare/?a={version.number - 1}&b={version.number}",
            )


def version_words(version: Version, report: LoadReport | None) -> str:
    """Say what a version brought."""
    rows = ngettext("%(count)s row", "%(count)s rows", version.rows) % {"count": number(version.rows)}
    if version.number == 1 or report is None:
        return f"{rows}."
    facts = {
        "rows": rows,
        "added": number(report.rows_added),
        "changed": number(report.rows_changed),
        "removed": number(report.rows_removed),
    }
    return _("%(rows)s: %(added)s added, %(changed)s changed, %(removed)s removed.") % facts


def _late(held: Shelf, cards: Mapping[int, Card], *, now: datetime) -> Iterator[Item]:
    for card in cards.values():
        checked, days = held.checked.get(card.pk), refresh_days(card.refresh)
        said = freshness(card.refresh, checked_at=checked, now=now)
        if said.state != State.LATE or checked is None or days is None:
            continue
        since = checked + timedelta(days=days) + GRACE
        yield Item(
            Happening.LATE,
            identity(card.public_id, Happening.LATE, checked.isoformat()),
            heading=_("%(title)s is late") % {"title": card.says("title")},
            text=_("%(detail)s It has been late since %(day)s.")
            % {"detail": said.detail, "day": date_format(localtime(since))},
            at=since,
            address=reverse("data:dataset", args=[card.key]),
        )


def _unusual(held: Shelf, cards: Mapping[int, Card]) -> Iterator[Item]:
    for card in cards.values():
        version = held.versions.get(card.pk)
        judged = judge(version.counts) if version else None
        if version is None or judged is None or judged.verdict != Usual.UNUSUAL:
            continue
        facts = {"rows": number(version.rows), "change": number(judged.change), "usual": number(judged.expected)}
        yield Item(
            Happening.UNUSUAL,
            identity(card.public_id, Happening.UNUSUAL, str(version.number)),
            heading=_("%(title)s: its number of rows changed more than usual") % {"title": card.says("title")},
            text=_("%(rows)s rows, %(change)s more than before. The usual change is %(usual)s.") % facts,
            at=version.committed_at,
            address=reverse("data:dataset", args=[card.key]) + "#versions",
        )


def _findings(cards: Mapping[int, Card]) -> Iterator[Item]:
    standing = Finding.objects.filter(dataset__in=cards, closed_at=None, severity__in=TOLD).select_related("dataset")
    for finding in for_everyone(standing)[:ITEMS]:
        card = cards[finding.dataset_id]
        yield Item(
            Happening.FINDING,
            identity(card.public_id, Happening.FINDING, str(finding.pk)),
            heading=_found_words(finding) % {"title": card.says("title")},
            text=finding_line(finding, finding.dataset, staff=False).message,
            at=finding.opened_at,
            address=reverse("data:dataset", args=[card.key]) + "#findings",
        )


def _found_words(finding: Finding) -> str:
    if finding.kind == REPORTED:
        return _("%(title)s: a report of a reader is being looked into")
    return _("%(title)s: a check found something")


def _corrections(cards: Mapping[str, Card]) -> Iterator[Item]:
    events = Event.objects.filter(action=CORRECTED, target_kind="dataset", target_key__in=cards)
    for event in events[:ITEMS]:
        card = cards[event.target_key]
        yield Item(
            Happening.CORRECTION,
            identity(card.public_id, Happening.CORRECTION, str(event.pk)),
            heading=_("%(title)s: its description was corrected") % {"title": card.says("title")},
            text=event.reason or _("What is written about the dataset was changed."),
            at=event.at,
            address=reverse("data:dataset", args=[card.key]),
        )


def _recalls(cards: Mapping[int, Card]) -> Iterator[Item]:
    for version in Version.objects.filter(dataset__in=cards).exclude(recalled_at=None).order_by("-recalled_at")[:ITEMS]:
        card = cards[version.dataset_id]
        assert version.recalled_at is not None
        yield Item(
            Happening.RECALL,
            identity(card.public_id, Happening.RECALL, str(version.number)),
            heading=_("%(title)s: version %(number)s was taken back")
            % {"title": card.says("title"), "number": version.number},
            text=version.recall_reason,
            at=version.recalled_at,
            address=reverse("data:dataset", args=[card.key]) + "#versions",
        )


def _reports(cards: Mapping[int, Card]) -> Iterator[Item]:
    told = Feedback.objects.filter(dataset__in=cards).exclude(showing=Showing.HELD).prefetch_related("steps__version")
    for letter in told[:ITEMS]:
        card, line = cards[letter.dataset_id], feedback_line(letter, {})
        address = reverse("data:feedback", args=[card.key]) + f"#report-{letter.key}"
        yield Item(
            Happening.REPORT,
            identity(card.public_id, Happening.REPORT, letter.key),
            heading=_("%(title)s: a reader reported something") % {"title": card.says("title")},
            text=line.text or line.withheld,
            at=letter.received_at,
            address=address,
        )
        for step in line.steps:
            if step.status == FeedbackStatus.LOOKING:
                continue  # told as a finding
            yield Item(
                Happening.REPORT,
                identity(card.public_id, Happening.REPORT, letter.key, step.at.isoformat()),
                heading=_("%(title)s: a report was answered: %(status)s")
                % {"title": card.says("title"), "status": step.status_words},
                text=step.reason,
                at=step.at,
                address=address,
            )


def _announced(cards: Mapping[int, Card], *, now: datetime) -> Iterator[Item]:
    """Yield what was announced of columns, and what has come since."""
    zone = city_zone()
    for dataset in Dataset.objects.filter(pk__in=cards, definition__has_key="changes"):
        card = cards[dataset.pk]
        for one in announcements(dataset.definition):
            facts = {"title": card.says("title"), "column": one.column}
            named = (one.column, one.becomes or one.type or "-", one.until.isoformat())
            page = reverse("data:changes", args=[card.key])
            if one.said_at(zone) <= now:
                until = _("The old name answers until %(day)s, that day left out.") % {"day": date_format(one.until)}
                yield Item(
                    Happening.ANNOUNCED,
                    identity(card.public_id, Happening.ANNOUNCED, *named),
                    heading=_("%(title)s: the column %(column)s will change") % facts,
                    text=f"{announced_words(one)} {one.why} {until}",
                    at=one.said_at(zone),
                    address=page,
                )
            if one.ends_at(zone) <= now:
                yield Item(
                    Happening.DONE,
                    identity(card.public_id, Happening.DONE, *named),
                    heading=_("%(title)s: the column %(column)s has changed") % facts,
                    text=f"{announced_words(one)} {one.why}",
                    at=one.ends_at(zone),
                    address=page,
                )


def _rows_corrected(cards: Mapping[int, Card]) -> Iterator[Item]:
    """Yield the versions that changed rows which were public."""
    for dataset in Dataset.objects.filter(pk__in=cards).exclude(corrections=None).distinct():
        card = cards[dataset.pk]
        for one in corrections(dataset, most=10):
            facts = {"title": card.says("title"), "number": one.version}
            yield Item(
                Happening.ROWS,
                identity(card.public_id, Happening.ROWS, str(one.version)),
                heading=_("%(title)s: version %(number)s corrects rows") % facts,
                text=correction_words(one),
                at=one.at,
                address=f"{reverse('data:compare', args=[card.key])}?a={one.before}&b={one.version}",
            )
