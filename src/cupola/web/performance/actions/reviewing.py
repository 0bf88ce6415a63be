"""Reviews: begun, met, followed up. What was committed to is closed by the data alone, or withdrawn with a reason."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cupola.errors import Conflict, InvalidInput, NotAllowed
from cupola.web.accounts.models import Event, User
from cupola.web.performance.models import (
    Commitment,
    Followup,
    Measure,
    Meeting,
    MeetingState,
    Proof,
    Question,
    Review,
)
from cupola.web.performance.queries.charting import watch_all
from cupola.web.performance.queries.packets import Packet, Shown, assemble
from cupola.web.performance.queries.reviews import RUN_REVIEWS, planned_days


class MayNotReview(NotAllowed):
    """The person has no permission to run reviews."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} may not run reviews. A coordinator can give the role that may.")


class MeetingOver(Conflict):
    """The meeting was held or cancelled; what it saw stays as it is."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"{key} was held or cancelled already. Its packet stays; make the one of the next meeting.")


class NotOnSchedule(InvalidInput):
    """The review does not meet on that day."""

    def __init__(self, key: str, on: date) -> None:
        self.key, self.on = key, on
        super().__init__(f"{key} does not meet on {on}. Choose a day of its schedule, or change the schedule.")


class ReviewIncomplete(InvalidInput):
    """Something was left out. `field`: where it belongs."""

    def __init__(self, field: str, wanted: str) -> None:
        self.field = field
        super().__init__(wanted)


@dataclass(frozen=True)
class Plan:
    """What a review is: see `models.Review`."""

    title: str
    chair: str
    first_on: date
    every_weeks: int
    purpose: str = ""
    offices: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    released: bool = False
    ended_on: date | None = None


@dataclass(frozen=True)
class Promise:
    """What someone commits to: see `models.Commitment`."""

    text: str
    owner: str
    due_on: date
    measure: Measure
    proof: Proof
    level: float | None = None


def check_may_review(by: User) -> None:
    """Raise MayNotReview unless `by` may run reviews."""
    if not by.has_perm(RUN_REVIEWS):
        raise MayNotReview(by.get_username())


@transaction.atomic
def plan_review(plan: Plan, *, at: datetime, by: User, review: Review | None = None) -> Review:
    """Begin a review, or change one. Raises MayNotReview, ReviewIncomplete."""
    check_may_review(by)
    for name in ("title", "chair"):
        if not getattr(plan, name).strip():
            raise ReviewIncomplete(name, "Write who or what it is.")
    found = review or Review(key=_free_key(plan.title))
    before = {name: getattr(found, name) for name in _PLANNED}
    for name in _PLANNED:
        value = getattr(plan, name)
        setattr(found, name, list(value) if isinstance(value, tuple) else value)
    found.full_clean()
    found.save()
    changed = {name: [str(before[name]), str(getattr(found, name))] for name in _PLANNED}
    detail = {name: pair for name, pair in changed.items() if pair[0] != pair[1] and name != "recipients"}
    Event.record("performance.review_planned", found, at=at, by=by, detail=detail)
    return found


_PLANNED = tuple(Plan.__dataclass_fields__)


def _free_key(title: str) -> str:
    """Return a key made of the title that no review has."""
    stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80] or "review"
    taken = set(Review.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for number in range(len(taken) + 2) if (key := f"{stem}-{number}" if number else stem) not in taken)


def prepare(review: Review, on: date, *, now: datetime, by: User | str = "") -> Meeting:
    """Make the packet of a meeting from the newest versions; commitments that the data shows are closed with it.

    Made again, it is replaced, until the meeting was held. Raises MayNotReview, NotOnSchedule, MeetingOver.
    """
    if isinstance(by, User):
        check_may_review(by)
    meeting = Meeting.objects.filter(review=review, on=on).first()
    if meeting is None and on not in planned_days(review, through=on):
        raise NotOnSchedule(review.key, on)
    if meeting is not None and meeting.state != MeetingState.PLANNED:
        raise MeetingOver(meeting.key)
    packet = assemble(review, now=now)  # reads the lake, so it is done before the transaction begins
    return _keep(review, packet, on, now=now, by=by)


@transaction.atomic
def _keep(review: Review, packet: Packet, on: date, *, now: datetime, by: User | str) -> Meeting:
    meeting, _new = Meeting.objects.get_or_create(review=review, on=on)
    # what an earlier packet of this meeting closed stays in it
    closed = {one["commitment"]: one for one in meeting.packet.get("closed", [])}
    facts = packet.as_json()
    facts["closed"] = [*closed.values(), *(one for one in facts["closed"] if one["commitment"] not in closed)]
    meeting.packet, meeting.packet_at = facts, now
    meeting.save()
    for one in (*packet.followups, *packet.closed):
        given = {"shown": one.shown, "period": one.period, "value": one.value}
        Followup.objects.update_or_create(commitment_id=one.commitment, meeting=meeting, defaults=given)
    for one in packet.closed:
        _close(one, at=now, by=by)
    counts = {name: len(facts[name]) for name in ("signals", "off", "grey", "followups", "closed")}
    Event.record("performance.packet_made", meeting, at=now, by=by, detail=counts)
    return meeting


def _close(shown: Shown, *, at: datetime, by: User | str) -> None:
    commitment = Commitment.objects.select_related("review").get(pk=shown.commitment)
    commitment.closed_at, commitment.evidence = at, shown.as_json()
    commitment.save()
    Event.record("performance.commitment_closed", commitment, at=at, by=by, detail=commitment.evidence)


@transaction.atomic
def hold(meeting: Meeting, *, held_on: date, notes: str, at: datetime, by: User) -> None:
    """Record that a meeting took place. Raises MayNotReview, MeetingOver, ReviewIncomplete without a packet."""
    check_may_review(by)
    if meeting.state != MeetingState.PLANNED:
        raise MeetingOver(meeting.key)
    if meeting.packet_at is None:
        raise ReviewIncomplete("packet", "Make the packet first: a meeting without one leaves nothing to follow up.")
    meeting.state, meeting.held_on, meeting.notes = MeetingState.HELD, held_on, notes.strip()
    meeting.save()
    Event.record("performance.meeting_held", meeting, at=at, by=by, detail={"held_on": held_on.isoformat()})


@transaction.atomic
def cancel(review: Review, on: date, *, reason: str, at: datetime, by: User) -> Meeting:
    """Record that a meeting does not take place, and why. Raises MayNotReview, NotOnSchedule, MeetingOver."""
    check_may_review(by)
    if not reason.strip():
        raise ReviewIncomplete("reason", "Say why in one sentence: it is shown beside the day.")
    if on not in planned_days(review, through=on) and not review.meetings.filter(on=on).exists():
        raise NotOnSchedule(review.key, on)
    meeting, _new = Meeting.objects.get_or_create(review=review, on=on)
    if meeting.state != MeetingState.PLANNED:
        raise MeetingOver(meeting.key)
    meeting.state, meeting.reason = MeetingState.CANCELLED, reason.strip()
    meeting.save()
    Event.record("performance.meeting_cancelled", meeting, at=at, by=by, reason=meeting.reason)
    return meeting


@transaction.atomic
def commit(meeting: Meeting, promise: Promise, *, at: datetime, by: User) -> Commitment:
    """Record what someone said they would do. Raises MayNotReview, ReviewIncomplete."""
    check_may_review(by)
    for name in ("text", "owner"):
        if not getattr(promise, name).strip():
            raise ReviewIncomplete(name, "Write what will be done, and who does it.")
    if promise.due_on <= meeting.on:
        raise ReviewIncomplete("due_on", "Write a day after the meeting.")
    if (promise.proof == Proof.LEVEL) != (promise.level is not None):
        raise ReviewIncomplete("level", "Write the value to reach; leave it out for any other proof.")
    (watched,) = watch_all([promise.measure], now=at)
    commitment = Commitment.objects.create(
        review=meeting.review,
        meeting=meeting,
        measure=promise.measure,
        text=promise.text.strip(),
        owner=promise.owner.strip(),
        due_on=promise.due_on,
        proof=promise.proof,
        level=promise.level,
        from_period=watched.chart.latest.on if watched.chart.latest else None,
        made_at=at,
    )
    detail = {"measure": promise.measure.key, "due_on": promise.due_on.isoformat(), "proof": str(promise.proof)}
    Event.record("performance.commitment_made", commitment, at=at, by=by, detail=detail)
    return commitment


@transaction.atomic
def withdraw(commitment: Commitment, *, reason: str, at: datetime, by: User) -> None:
    """Give a commitment up, with a reason. Raises MayNotReview, ReviewIncomplete, Conflict when it is closed."""
    check_may_review(by)
    if not reason.strip():
        raise ReviewIncomplete("reason", "Say why in one sentence: it is shown beside the commitment.")
    if not commitment.open:
        raise Conflict("This commitment is closed already.")
    commitment.withdrawn_at, commitment.withdrawn_why = at, reason.strip()
    commitment.save()
    Event.record("performance.commitment_withdrawn", commitment, at=at, by=by, reason=commitment.withdrawn_why)


@transaction.atomic
def ask(review: Review, text: str, *, measure: Measure | None, at: datetime, by: User) -> Question:
    """Put a question before the next meeting. Raises MayNotReview, ReviewIncomplete."""
    check_may_review(by)
    if not text.strip():
        raise ReviewIncomplete("text", "Write the question.")
    question = Question.objects.create(review=review, measure=measure, text=text.strip(), asked_by=by, asked_at=at)
    Event.record("performance.question_asked", question, at=at, by=by)
    return question


@transaction.atomic
def answer(question: Question, text: str, *, at: datetime, by: User) -> None:
    """Answer a question; it is not put again. Raises MayNotReview, ReviewIncomplete."""
    check_may_review(by)
    if not text.strip():
        raise ReviewIncomplete("answer", "Write the answer.")
    question.answer, question.answered_at = text.strip(), at
    question.save()
    Event.record("performance.question_answered", question, at=at, by=by)
