"""Reviews: meetings that look at measures on a schedule, and what people commit to in them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.web.performance.models.measures import Measure


class Review(models.Model):
    """A series of meetings about the same measures.

    `offices` and `priorities` name what it looks at, as measures carry them; both empty, it looks at all.
    `first_on` and `every_weeks` are the schedule. `recipients`: addresses that the packet is sent to by e-mail.
    `released`: the public may read the packets of meetings that were held.
    """

    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    chair = models.CharField(max_length=200)
    offices = models.JSONField(default=list, blank=True)
    priorities = models.JSONField(default=list, blank=True)
    first_on = models.DateField()
    every_weeks = models.PositiveSmallIntegerField(default=2, validators=[MinValueValidator(1), MaxValueValidator(52)])
    recipients = models.JSONField(default=list, blank=True)
    released = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("title", "key")
        constraints = (
            models.CheckConstraint(condition=~Q(title="") & ~Q(chair=""), name="review_has_title_and_chair"),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1) & Q(every_weeks__lte=52), name="review_meets_yearly"
            ),
        )

    def __str__(self) -> str:
        return self.title


class MeetingState(models.TextChoices):
    """What became of a meeting."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Meeting(models.Model):
    """One meeting of a review, on a day of its schedule; `held_on` is the day it really took place.

    `packet`: what was put before it, as facts, with the versions they come from; once the meeting was held it stays
    as it is.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="meetings")
    on = models.DateField()
    state = models.CharField(max_length=20, choices=MeetingState.choices, default=MeetingState.PLANNED)
    held_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text=_("Why it was cancelled."))
    notes = models.TextField(blank=True)
    packet = models.JSONField(default=dict, blank=True)
    packet_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-on", "review")
        constraints = (
            models.UniqueConstraint(fields=["review", "on"], name="meeting_once_a_day"),
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD, held_on__isnull=False)
                | ~Q(state=MeetingState.HELD) & Q(held_on=None),
                name="meeting_held_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(reason=""), name="meeting_is_cancelled_with_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """Return what the audit log calls it by."""
        return f"{self.review.key}/{self.on:%Y-%m-%d}"


class Proof(models.TextChoices):
    """What a measure has to show before a commitment is closed."""

    SIGNAL = "signal", _("A signal of improvement")
    LEVEL = "level", _("A value reached")
    TARGET = "target", _("Back on the way to its target")


class Commitment(models.Model):
    """What someone said they would do, by when, and the measure that will show it. Open until the data shows it.

    `from_period`: first day of the newest period when it was made; only later ones can show it. `level`: the value to
    reach, where `proof` is one. `evidence`: what closed it: period, value and versions. A commitment that is given up
    is withdrawn with a reason, and counted as that.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="commitments")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="commitments")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    owner = models.CharField(max_length=200)
    due_on = models.DateField()
    proof = models.CharField(max_length=20, choices=Proof.choices)
    level = models.FloatField(null=True, blank=True)
    from_period = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text="") & ~Q(owner=""), name="commitment_has_text_and_owner"),
            models.CheckConstraint(
                condition=Q(proof=Proof.LEVEL, level__isnull=False) | ~Q(proof=Proof.LEVEL) & Q(level=None),
                name="commitment_level_is_a_number",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(evidence={}), name="commitment_is_closed_with_data"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(closed_at=None) & ~Q(withdrawn_why=""),
                name="commitment_is_withdrawn_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def key(self) -> str:
        """Return what the audit log calls it by."""
        return f"{self.review.key}/{self.pk}"

    @property
    def open(self) -> bool:
        """Whether the next meeting asks for it."""
        return self.closed_at is None and self.withdrawn_at is None


class Followup(models.Model):
    """What the measure of an open commitment showed at one later meeting."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="followups")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="followups")
    shown = models.BooleanField()
    period = models.DateField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("meeting", "commitment")
        constraints = (models.UniqueConstraint(fields=["commitment", "meeting"], name="followup_once_per_meeting"),)

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.meeting_id}"


class Question(models.Model):
    """What someone wants the meeting to answer. It is put again until it was."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="questions")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("asked_at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="question_has_words"),
            models.CheckConstraint(condition=Q(answered_at=None) | ~Q(answer=""), name="question_is_answered_in_words"),
        )

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def key(self) -> str:
        """Return what the audit log calls it by."""
        return f"{self.review.key}/question-{self.pk}"
