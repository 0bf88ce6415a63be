"""Letters from the public: received, shown or not, answered. The audit log names them and never quotes them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from cupola.errors import Conflict, InvalidInput, NotAllowed
from cupola.web.accounts.models import Event, User
from cupola.web.data.models import (
    DataRequest,
    Dataset,
    Feedback,
    FeedbackStatus,
    FeedbackStep,
    Finding,
    Letter,
    RequestStatus,
    RequestStep,
    Severity,
    Showing,
    Version,
)
from cupola.web.data.queries.letters import ANSWER, REPORTED, reasons_to_hold


class MayNotAnswer(NotAllowed):
    """The person has no permission to answer this letter."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not answer this message. A coordinator can give the role that may.")


class AnswerIncomplete(InvalidInput):
    """The status must name something that was left out. `field`: where it belongs."""

    def __init__(self, field: str, wanted: str) -> None:
        self.field = field
        super().__init__(wanted)


class LetterHeld(Conflict):
    """Nobody can read the letter yet, so an answer would stand alone."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__("First decide whether everyone may read this message. Then answer it.")


@dataclass(frozen=True)
class Sent:
    """What a person sent. `form`: the number of the form, which counts once."""

    text: str
    contact: str
    form: str

    def letter(self, *, at: datetime, held_for: list[str]) -> dict[str, object]:
        """Return what every letter is made of."""
        return {
            "text": self.text.replace("\r\n", "\n").strip(),
            "contact": self.contact,
            "form": self.form,
            "language": (get_language() or "en")[:5],
            "received_at": at,
            "held_for": held_for,
            "showing": Showing.HELD if held_for else Showing.SHOWN,
        }


@dataclass(frozen=True)
class Decision:
    """Whether everyone may read a letter, its words with what is personal covered, or why it is not shown."""

    showing: Showing
    text: str
    title: str = ""
    reason: str = ""


@transaction.atomic
def receive_feedback(dataset: Dataset, sent: Sent, *, column: str, at: datetime) -> Feedback:
    """Keep a report; the same form sent twice is one report. Held where it may hold personal details."""
    known = Feedback.objects.filter(form=sent.form).first()
    if known is not None:
        return known
    letter = Feedback.objects.create(
        dataset=dataset, column=column, **sent.letter(at=at, held_for=reasons_to_hold(sent.text))
    )
    detail = {"dataset": dataset.key, "column": column, "held_for": letter.held_for}
    Event.record("data.feedback_received", letter, at=at, by="the public", detail=detail)
    return letter


@transaction.atomic
def receive_request(title: str, sent: Sent, *, at: datetime) -> DataRequest:
    """Keep a request; the same form sent twice is one request. Held where it may hold personal details."""
    known = DataRequest.objects.filter(form=sent.form).first()
    if known is not None:
        return known
    held_for = reasons_to_hold(title, sent.text)
    letter = DataRequest.objects.create(title=" ".join(title.split()), **sent.letter(at=at, held_for=held_for))
    Event.record("data.request_received", letter, at=at, by="the public", detail={"held_for": held_for})
    return letter


def check_may_answer(letter: Feedback | DataRequest, *, by: User) -> None:
    """Raise MayNotAnswer unless `by` may answer: for the whole city, the department, or by duty for the dataset."""
    about = letter.dataset if isinstance(letter, Feedback) else letter
    if not by.has_perm(ANSWER, about):
        raise MayNotAnswer(by.get_username())


@transaction.atomic
def decide_showing(letter: Feedback | DataRequest, decision: Decision, *, at: datetime, by: User) -> None:
    """Show a letter, with what is personal covered, or do not, with a public reason. What is covered is gone.

    Raises MayNotAnswer, AnswerIncomplete.
    """
    check_may_answer(letter, by=by)
    hidden, reason = decision.showing == Showing.HIDDEN, " ".join(decision.reason.split())
    if hidden and not reason:
        raise AnswerIncomplete("withheld_reason", "Say why it is not shown: everyone reads this instead.")
    text = decision.text.replace("\r\n", "\n").strip()
    detail = {"showing": [letter.showing, decision.showing.value], "text_changed": text != letter.text}
    letter.showing, letter.text = decision.showing.value, text
    letter.withheld_reason = reason if hidden else ""
    if isinstance(letter, DataRequest) and decision.title:
        letter.title = " ".join(decision.title.split())
    letter.save()
    Event.record("data.letter_showing_decided", letter, at=at, by=by, reason=letter.withheld_reason, detail=detail)


@transaction.atomic
def answer_feedback(
    letter: Feedback, status: FeedbackStatus, *, reason: str, version: Version | None, at: datetime, by: User
) -> FeedbackStep:
    """Give a report a new status with a public reason; it opens a finding while it is looked into.

    Raises MayNotAnswer, LetterHeld, AnswerIncomplete.
    """
    check_may_answer(letter, by=by)
    _check_readable(letter)
    fixed = status == FeedbackStatus.FIXED
    if fixed and version is None:
        raise AnswerIncomplete("version", "Choose the version in which it is fixed.")
    step = FeedbackStep.objects.create(
        feedback=letter, at=at, by=by, status=status, reason=reason.strip(), version=version if fixed else None
    )
    detail = {"status": [letter.status, status.value], "version": step.version.number if step.version else None}
    letter.status = status.value
    letter.finding = _finding(letter, step)
    _settle(letter, settled=status.value in Feedback.SETTLED)
    Event.record("data.feedback_answered", letter, at=at, by=by, reason=step.reason, detail=detail)
    return step


@transaction.atomic
def answer_request(letter: DataRequest, step: RequestStep, *, at: datetime, by: User) -> RequestStep:
    """Give a request a new status with a public reason. `step`: the answer, not yet saved.

    Raises MayNotAnswer, LetterHeld, AnswerIncomplete.
    """
    check_may_answer(letter, by=by)
    _check_readable(letter)
    _check_complete(step)
    detail = {"status": [letter.status, step.status], "dataset": step.dataset.key if step.dataset else None}
    letter.status = step.status
    letter.department = step.department or letter.department
    letter.planned_on = step.planned_on if step.status == RequestStatus.PLANNED else None
    letter.dataset = step.dataset if step.status == RequestStatus.PUBLISHED else None
    step.request, step.at, step.by, step.reason = letter, at, by, step.reason.strip()
    step.planned_on, step.dataset = letter.planned_on, letter.dataset
    step.save()
    _settle(letter, settled=step.status in DataRequest.SETTLED)
    Event.record("data.request_answered", letter, at=at, by=by, reason=step.reason, detail=detail)
    return step


def _check_readable(letter: Letter) -> None:
    if letter.showing == Showing.HELD:
        raise LetterHeld(letter.key)


def _check_complete(step: RequestStep) -> None:
    if step.status == RequestStatus.PUBLISHED and (step.dataset is None or not step.dataset.released):
        raise AnswerIncomplete("dataset", "Choose the released dataset it is published as.")
    if step.status == RequestStatus.PLANNED and step.planned_on is None:
        raise AnswerIncomplete("planned_on", "Write the day it is planned for.")
    if step.status == RequestStatus.DEPARTMENT and not step.department:
        raise AnswerIncomplete("department", "Write which department it waits on.")


def _settle(letter: Feedback | DataRequest, *, settled: bool) -> None:
    if settled:
        letter.contact = ""
    letter.save()


def _finding(letter: Feedback, step: FeedbackStep) -> Finding | None:
    """Open a finding for what is looked into, with the answer as its words, and close it when that is settled."""
    finding = letter.finding
    if step.status == FeedbackStatus.LOOKING:
        if finding is None or finding.closed_at is not None:
            finding = Finding(dataset=letter.dataset, kind=REPORTED, severity=Severity.WARNING, opened_at=step.at)
        finding.column, finding.message = letter.column, step.reason
        finding.save()
    elif finding is not None and finding.closed_at is None:
        finding.closed_at = max(step.at, finding.opened_at)
        finding.save()
    return finding
