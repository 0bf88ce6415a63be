"""Reviews as people read them: schedules, meetings, follow-ups and how well the practice itself is kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cupola.errors import NotFound
from cupola.web.data.queries import city_zone
from cupola.web.performance.models import Meeting, MeetingState, Review

RUN_REVIEWS = "performance.run_reviews"
YEAR = timedelta(days=365)


class ReviewUnknown(NotFound):
    """No review has this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        known = ", ".join(Review.objects.values_list("key", flat=True)[:30])
        super().__init__(f"No review is called {key}. There are {known or 'none: staff begin one under Reviews'}.")


class MeetingUnknown(NotFound):
    """A review has no meeting on that day."""

    def __init__(self, key: str, on: str) -> None:
        self.key, self.on = key, on
        super().__init__(f"{key} has no meeting on {on}. Its page lists the days.")


def find_review(key: str) -> Review:
    """Return the review. Raises ReviewUnknown."""
    review = Review.objects.filter(key=key).first()
    if review is None:
        raise ReviewUnknown(key)
    return review


def find_meeting(key: str, on: date) -> Meeting:
    """Return a meeting of which there is a record. Raises ReviewUnknown, MeetingUnknown."""
    meeting = Meeting.objects.select_related("review").filter(review=find_review(key), on=on).first()
    if meeting is None:
        raise MeetingUnknown(key, on.isoformat())
    return meeting


def public_reviews() -> QuerySet[Review]:
    """Return the reviews whose packets the public may read."""
    return Review.objects.filter(released=True)


def city_day(now: datetime) -> date:
    """Return the day it is in the city."""
    return now.astimezone(ZoneInfo(city_zone())).date()


def planned_days(review: Review, *, through: date) -> list[date]:
    """Return the days of the schedule up to and with `through`."""
    last = min(through, review.ended_on) if review.ended_on else through
    every = timedelta(weeks=review.every_weeks)
    days, day = [], review.first_on
    while day <= last:
        days.append(day)
        day += every
    return days


def next_day(review: Review, *, today: date) -> date | None:
    """Return the day of the next meeting: the first from today on that was neither held nor cancelled."""
    settled = {one.on for one in review.meetings.exclude(state=MeetingState.PLANNED)}
    horizon = today + timedelta(weeks=2 * review.every_weeks + 1)
    coming = [day for day in planned_days(review, through=max(horizon, review.first_on)) if day >= today]
    return next((day for day in coming if day not in settled), None)


@dataclass(frozen=True)
class Health:
    """How well a review is kept up, over the last year: whether it meets, and whether what was said is followed up.

    `planned`: days of the schedule that are over. `missed`: those on which nothing is recorded. Ages are in days, of
    commitments that are open; None where none is.
    """

    planned: int
    held: int
    cancelled: int
    missed: int
    open: int
    overdue: int
    median_age_days: int | None
    oldest_age_days: int | None
    closed_by_data: int
    withdrawn: int
    unanswered: int

    @property
    def kept_share(self) -> float | None:
        """Return which share of the planned meetings was held; None before the first."""
        return self.held / self.planned if self.planned else None


def health(review: Review, *, today: date) -> Health:
    """Measure the practice itself."""
    since = today - YEAR
    days = {day for day in planned_days(review, through=today - timedelta(days=1)) if day > since}
    meetings = {one.on: one for one in review.meetings.filter(on__gt=since, on__lte=today)}
    days |= {day for day, one in meetings.items() if one.state != MeetingState.PLANNED}
    states = [meetings[day].state if day in meetings else MeetingState.PLANNED for day in days]
    known = list(review.commitments.select_related("meeting"))
    open_ones = [one for one in known if one.open]
    ages = [(today - one.meeting.on).days for one in open_ones]
    return Health(
        planned=len(days),
        held=states.count(MeetingState.HELD),
        cancelled=states.count(MeetingState.CANCELLED),
        missed=states.count(MeetingState.PLANNED),
        open=len(open_ones),
        overdue=sum(one.due_on < today for one in open_ones),
        median_age_days=int(median(ages)) if ages else None,
        oldest_age_days=max(ages) if ages else None,
        closed_by_data=sum(one.closed_at is not None for one in known),
        withdrawn=sum(one.withdrawn_at is not None for one in known),
        unanswered=review.questions.filter(answered_at=None).count(),
    )
