"""What waits for a member of staff: letters to answer, datasets to approve, reviews that end, findings to mend."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models import Dataset, Finding, Showing
from cupola.web.data.queries.board import cards
from cupola.web.data.queries.duties import city_today
from cupola.web.data.queries.feed import TOLD
from cupola.web.data.queries.findings import finding_line
from cupola.web.data.queries.letters import ANSWER, REPORTED, waiting_feedback, waiting_requests
from cupola.web.data.queries.stages import Stage
from cupola.web.data.queries.wording import in_language

FIX, APPROVE, REVIEW = "data.edit_words", "data.approve_release", "data.review_privacy"
SOON_DAYS = 60
# the parts of a definition that have a last day, `until`
ENDING: dict[str, Promise] = {"review": _("The privacy review ends"), "agreement": _("The agreement ends")}


@dataclass(frozen=True)
class Waiting:
    """One thing to do. `about`: the dataset or request it belongs to; `to_read`: a letter nobody but staff has seen.

    `since`: when it began to wait; of something that ends, its last day.
    """

    about: str
    text: str
    address: str
    since: datetime | date
    to_read: bool = False
    severity: str = ""


@dataclass(frozen=True)
class WaitingFor:
    """Everything that waits for one person, each list with the oldest first."""

    reports: tuple[Waiting, ...]
    requests: tuple[Waiting, ...]
    approvals: tuple[Waiting, ...]
    endings: tuple[Waiting, ...]
    findings: tuple[Waiting, ...]

    @property
    def count(self) -> int:
        """How many things wait."""
        every = (self.reports, self.requests, self.approvals, self.endings, self.findings)
        return sum(len(one) for one in every)


def waiting_for(person: Any, *, now: datetime) -> WaitingFor:
    """Return what waits for `person`: what they may answer, approve, review or mend."""
    return WaitingFor(
        reports=tuple(_reports(person)),
        requests=tuple(_requests(person)),
        approvals=tuple(_approvals(person, now=now)),
        endings=tuple(_endings(person)),
        findings=tuple(_findings(person)),
    )


def _reports(person: Any) -> Iterator[Waiting]:
    may: dict[int, bool] = {}
    for letter in waiting_feedback():
        if letter.dataset_id not in may:
            may[letter.dataset_id] = person.has_perm(ANSWER, letter.dataset)
        if may[letter.dataset_id]:
            yield Waiting(
                in_language(letter.dataset, "title"),
                letter.text,
                reverse("work:feedback", args=[letter.key]),
                letter.received_at,
                to_read=letter.showing == Showing.HELD,
            )


def _requests(person: Any) -> Iterator[Waiting]:
    for letter in waiting_requests():
        if person.has_perm(ANSWER, letter):
            yield Waiting(
                letter.title,
                letter.text,
                reverse("work:request", args=[letter.key]),
                letter.received_at,
                to_read=letter.showing == Showing.HELD,
            )


def _approvals(person: Any, *, now: datetime) -> Iterator[Waiting]:
    """Yield the datasets that are ready but for someone's word."""
    wanted = [one for one in Dataset.objects.filter(retired_on=None) if person.has_perm(APPROVE, one)]
    for card in cards(wanted, now=now):
        if card.stage == Stage.CHECKED and card.waits_for and card.since is not None:
            text = str(_("Waits for %(what)s")) % {"what": card.waits_for}
            yield Waiting(card.title, text, card.address, card.since)


def _endings(person: Any) -> Iterator[Waiting]:
    """Yield the reviews and agreements that end soon, or have ended, the next first."""
    soon, found = city_today() + timedelta(days=SOON_DAYS), []
    for dataset in Dataset.objects.filter(retired_on=None):
        ends = {name: dataset.definition.get(name, {}).get("until") for name in ENDING}
        ending = {name: date.fromisoformat(until) for name, until in ends.items() if until}
        if min(ending.values(), default=soon) < soon and person.has_perm(REVIEW, dataset):
            address = reverse("data:dataset", args=[dataset.key])
            found += [
                Waiting(in_language(dataset, "title"), str(ENDING[name]), address, day)
                for name, day in ending.items()
                if day < soon
            ]
    yield from sorted(found, key=lambda one: str(one.since))


def _findings(person: Any) -> Iterator[Waiting]:
    may: dict[int, bool] = {}
    told = Finding.objects.filter(closed_at=None, severity__in=TOLD, dataset__retired_on=None)
    open_ones = told.exclude(kind=REPORTED).select_related("dataset")  # a report waits as itself
    for finding in open_ones.order_by("opened_at", "pk"):
        dataset: Dataset = finding.dataset
        if dataset.pk not in may:
            may[dataset.pk] = person.has_perm(FIX, dataset)
        if may[dataset.pk]:
            line = finding_line(finding, dataset, staff=True)
            yield Waiting(
                in_language(dataset, "title"),
                line.message,
                reverse("data:dataset", args=[dataset.key]) + "#findings",
                finding.opened_at,
                severity=finding.severity,
            )
