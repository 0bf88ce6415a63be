"""Values a person typed in: the exception, marked as such wherever the value is shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.web.performance.models.measures import Measure


class TypedValue(models.Model):
    """A value of one period that stands in place of the computed one, with who typed it and why.

    It holds for the whole, not for a group. `author`: as the public may read it; `account`: who was signed in.
    Withdrawn, it stays as a record.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="typed_values")
    period = models.DateField(help_text=_("First day of the period."))
    value = models.FloatField()
    reason = models.TextField()
    author = models.CharField(max_length=200)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    typed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("typed-in value")
        verbose_name_plural = _("typed-in values")
        ordering = ("measure", "-period")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="typed_value_has_a_reason"),
            models.CheckConstraint(condition=~Q(author=""), name="typed_value_has_an_author"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_why=""), name="typed_value_is_withdrawn_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["measure", "period"], condition=Q(withdrawn_at=None), name="typed_value_is_there_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure.key} {self.period}"
