"""What readers say of a dataset or of one of its columns, and what was done about it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.web.accounts.models import User
from cupola.web.data.models.datasets import Dataset, Version
from cupola.web.data.models.letters import Letter, Showing
from cupola.web.data.models.loads import Finding


class FeedbackStatus(models.TextChoices):
    """What became of a report."""

    NEW = "new", _("New")
    LOOKING = "looking", _("Being looked into")
    FIXED = "fixed", _("Fixed")
    UNCHANGED = "unchanged", _("Will not change")


class Feedback(Letter):
    """One report about a dataset. `column` is empty where it is about the whole.

    `status` repeats the last step. `finding` is the known issue it was taken up as, open while it is looked into.
    """

    SETTLED: ClassVar = frozenset({FeedbackStatus.FIXED.value, FeedbackStatus.UNCHANGED.value})

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="feedback")
    column = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=FeedbackStatus.choices, default=FeedbackStatus.NEW.value)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    history = HistoricalRecords(excluded_fields=["contact", "text"])

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-received_at", "-pk")
        indexes = (models.Index(fields=["dataset", "status"], name="feedback_of_dataset"),)
        constraints = (
            models.CheckConstraint(condition=Q(status__in=[*FeedbackStatus.values]), name="feedback_status_is_known"),
            models.CheckConstraint(condition=Q(showing__in=[*Showing.values]), name="feedback_showing_is_known"),
            models.CheckConstraint(
                condition=~Q(showing=Showing.HIDDEN.value) | ~Q(withheld_reason=""),
                name="feedback_hidden_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.key  # never the text, which may be held


class FeedbackStep(models.Model):
    """One answer to a report: its new status, the public reason, and for *fixed* the version that fixed it."""

    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=FeedbackStatus.choices)
    reason = models.TextField()
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer to a report")
        verbose_name_plural = _("answers to reports")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="feedback_step_has_a_reason"),
            models.CheckConstraint(
                condition=Q(status=FeedbackStatus.FIXED.value, version__isnull=False)
                | (~Q(status=FeedbackStatus.FIXED.value) & Q(version__isnull=True)),
                name="feedback_step_names_a_version_when_fixed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.feedback.key} {self.status}"
