"""Letters from the public as pages tell them: what everyone may read, and the rest for those who answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import duckdb
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cupola.errors import NotFound
from cupola.privacy import Kind, message_query, message_table, read_message
from cupola.web.data.models import (
    DataRequest,
    Dataset,
    Feedback,
    FeedbackStatus,
    FeedbackStep,
    RequestStatus,
    RequestStep,
    Showing,
)
from cupola.web.data.queries.rows import all_columns
from cupola.web.data.queries.wording import column_title, in_language

ANSWER = "data.answer_requests"
REPORTED = "feedback.taken_up"  # what reports become; a load leaves kinds with a point alone
LINKS = ("http:", "https:", "www.", "://")


class LetterUnknown(NotFound):
    """No letter has this key, or the person asking may not read it: the two must look alike."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"There is no message {key!r}.")


@dataclass(frozen=True)
class StepLine:
    """One answer. `status_words` says everything the status names: a version, a day, a department, a dataset."""

    at: datetime
    status: str
    status_words: str
    reason: str
    dataset: str = ""
    version: int | None = None


@dataclass(frozen=True)
class LetterLine:
    """One letter as the public reads it: `text` is empty where `withheld` says why it is not shown.

    `heading` is the title of a request, or the column a report is about.
    """

    key: str
    heading: str
    text: str
    withheld: str
    received_at: datetime
    status: str
    status_words: str
    settled: bool
    steps: tuple[StepLine, ...]
    column: str = ""
    department: str = ""
    planned_on: date | None = None
    dataset: str = ""

    @property
    def changed_at(self) -> datetime:
        """When it last changed."""
        return self.steps[-1].at if self.steps else self.received_at


def reasons_to_hold(*texts: str) -> list[str]:
    """Return why a person should read texts before everyone does: kinds of personal details, and links."""
    whole = "\n".join(texts)
    with duckdb.connect() as connection:
        connection.register("message", message_table(whole))
        found = read_message(connection.execute(_message_sql()).to_arrow_table())
    links = ["link"] if any(link in whole.casefold() for link in LINKS) else []
    return [*(kind.value for kind in found), *links]


@cache
def _message_sql() -> str:
    return message_query().sql(dialect="duckdb", copy=False)  # a third of a second: when asked, not at every start


def held_words(held_for: Iterable[str]) -> list[str]:
    """Say what was seen in a letter that is held."""
    words = {
        Kind.EMAIL.value: _("an e-mail address"),
        Kind.PHONE.value: _("a telephone number"),
        Kind.SOCIAL_SECURITY.value: _("a social security number"),
        Kind.CARD.value: _("a payment card number"),
        Kind.IP_ADDRESS.value: _("an IP address"),
        Kind.BIRTH_DATE.value: _("a date of birth"),
        Kind.STREET_ADDRESS.value: _("a street address"),
        Kind.PRECISE_PLACE.value: _("a precise place"),
        Kind.PERSON_NAME.value: _("the name of a person"),
        "link": _("a link"),
    }
    return [words[one] for one in held_for if one in words]


def find_feedback(key: str) -> Feedback:
    """Return one report, for those who answer it. Raises LetterUnknown."""
    found = Feedback.objects.select_related("dataset").filter(key=key).first()
    if found is None:
        raise LetterUnknown(key)
    return found


def find_request(key: str, *, by: Any) -> DataRequest:
    """Return one request that `by` may read. Raises LetterUnknown."""
    found = DataRequest.objects.select_related("dataset").filter(key=key).first()
    if found is None or (found.showing == Showing.HELD and not by.has_perm(ANSWER, found)):
        raise LetterUnknown(key)
    return found


def feedback_of(dataset: Dataset, *, column: str = "") -> QuerySet[Feedback]:
    """Return the reports of a dataset that everyone may know of, newest first."""
    found = dataset.feedback.exclude(showing=Showing.HELD).prefetch_related("steps__version")
    return found.filter(column=column) if column else found


def feedback_lines(letters: Iterable[Feedback], dataset: Dataset) -> tuple[LetterLine, ...]:
    """Return reports as the public reads them."""
    titles = {str(column["name"]): column_title(column) for column in all_columns(dataset)}
    return tuple(feedback_line(letter, titles) for letter in letters)


def feedback_line(letter: Feedback, titles: Mapping[str, str]) -> LetterLine:
    """Return a report as the public reads it. `titles`: what columns are called."""
    return LetterLine(
        heading=titles.get(letter.column, letter.column),
        column=letter.column,
        status_words=str(FeedbackStatus(letter.status).label),
        settled=letter.status in Feedback.SETTLED,
        steps=tuple(_feedback_step(step) for step in letter.steps.all()),
        **_common(letter),
    )


def request_line(letter: DataRequest) -> LetterLine:
    """Return a request as the public reads it."""
    shown = letter.is_shown
    return LetterLine(
        heading=letter.title if shown else _("A request that is not shown"),
        department=letter.department,
        planned_on=letter.planned_on,
        dataset=letter.dataset.key if letter.dataset else "",
        status_words=request_words(letter),
        settled=letter.status in DataRequest.SETTLED,
        steps=tuple(_request_step(step) for step in letter.steps.all()),
        **_common(letter),
    )


def _common(letter: Feedback | DataRequest) -> dict[str, Any]:
    return {
        "key": letter.key,
        "text": letter.text if letter.is_shown else "",
        "withheld": "" if letter.is_shown else letter.withheld_reason,
        "received_at": letter.received_at,
        "status": letter.status,
    }


def _feedback_step(step: FeedbackStep) -> StepLine:
    words = str(FeedbackStatus(step.status).label)
    if step.version is not None:
        words = _("Fixed in version %(number)s") % {"number": step.version.number}
    return StepLine(step.at, step.status, words, step.reason, version=step.version.number if step.version else None)


def _request_step(step: RequestStep) -> StepLine:
    return StepLine(
        step.at, step.status, request_words(step), step.reason, dataset=step.dataset.key if step.dataset else ""
    )


def request_words(said: DataRequest | RequestStep) -> str:
    """Say where a request stands, with what the status names."""
    if said.status == RequestStatus.DEPARTMENT and said.department:
        return _("Waiting on %(department)s") % {"department": said.department}
    if said.status == RequestStatus.PUBLISHED and said.dataset:
        return _("Published as %(title)s") % {"title": in_language(said.dataset, "title")}
    return str(RequestStatus(said.status).label)


@dataclass(frozen=True)
class Reports:
    """How many reports of a dataset everyone may know of: all, those not settled, and these by column."""

    total: int
    open: int
    by_column: Mapping[str, int]


def reports_of(dataset: Dataset) -> Reports:
    """Count the reports of a dataset."""
    counted = (
        dataset.feedback.exclude(showing=Showing.HELD)
        .order_by()
        .values("column")
        .annotate(all=Count("pk"), settled=Count("pk", filter=Q(status__in=Feedback.SETTLED)))
    )
    lines = list(counted)
    return Reports(
        total=sum(one["all"] for one in lines),
        open=sum(one["all"] - one["settled"] for one in lines),
        by_column={one["column"]: one["all"] - one["settled"] for one in lines if one["column"]},
    )


def public_requests(status: str = "") -> QuerySet[DataRequest]:
    """Return the requests everyone may know of, newest first, or those with one status."""
    found = DataRequest.objects.exclude(showing=Showing.HELD).select_related("dataset")
    found = found.prefetch_related("steps__dataset")
    return found.filter(status=status) if status else found


def waiting_feedback() -> QuerySet[Feedback]:
    """Return the reports that wait for staff, the oldest first."""
    waiting = Q(showing=Showing.HELD) | ~Q(status__in=Feedback.SETTLED)
    return Feedback.objects.filter(waiting).exclude(showing=Showing.HIDDEN).select_related("dataset").order_by("pk")


def waiting_requests() -> QuerySet[DataRequest]:
    """Return the requests that wait for staff, the oldest first."""
    waiting = Q(showing=Showing.HELD) | ~Q(status__in=DataRequest.SETTLED)
    return DataRequest.objects.filter(waiting).exclude(showing=Showing.HIDDEN).order_by("pk")
