"""Data the public asks for, and what the city answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.web.accounts.models import User
from cupola.web.data.models.datasets import Dataset
from cupola.web.data.models.letters import Letter, Showing


class RequestStatus(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("Received")
    REVIEW = "review", _("In review")
    DEPARTMENT = "department", _("Waiting on the department")
    PLANNED = "planned", _("Planned")
    PUBLISHED = "published", _("Published")
    DECLINED = "declined", _("Declined")


class DataRequest(Letter):
    """One request for data that is not published. `title` in a few words, `text` what it is needed for.

    `status`, `department`, `planned_on` and `dataset` repeat what the last step said.
    """

    SETTLED: ClassVar = frozenset({RequestStatus.PUBLISHED.value, RequestStatus.DECLINED.value})

    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=RequestStatus.choices, default=RequestStatus.RECEIVED.value)
    department = models.CharField(max_length=200, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords(excluded_fields=["contact", "text"])

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ("-received_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="data_request_has_a_title"),
            models.CheckConstraint(condition=Q(status__in=[*RequestStatus.values]), name="data_request_status_known"),
            models.CheckConstraint(condition=Q(showing__in=[*Showing.values]), name="data_request_showing_is_known"),
            models.CheckConstraint(
                condition=~Q(showing=Showing.HIDDEN.value) | ~Q(withheld_reason=""),
                name="data_request_hidden_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.PUBLISHED.value) | Q(dataset__isnull=False),
                name="data_request_published_as_dataset",
            ),
            models.CheckConstraint(
                condition=~Q(status=RequestStatus.PLANNED.value) | Q(planned_on__isnull=False),
                name="data_request_planned_has_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.key  # never the text, which may be held


class RequestStep(models.Model):
    """One answer to a request: its new status and the public reason."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RequestStatus.choices)
    reason = models.TextField()
    department = models.CharField(max_length=200, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    dataset = models.ForeignKey(Dataset, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer to a request")
        verbose_name_plural = _("answers to requests")
        ordering = ("at", "pk")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="request_step_has_a_reason"),)

    def __str__(self) -> str:
        return f"{self.request.key} {self.status}"
