"""Measures: what they say, who answers for them, and how they are computed."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Measure(models.Model):
    """One measure. `definition` holds the canonical fields of the `measure` document, exactly; it is the truth.

    The columns beside it are copies that pages filter, sort and constrain by; `take_definition` fills them.
    """

    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    dataset = models.SlugField(max_length=100, help_text=_("Key of the dataset; a folder may name it first."))
    grain = models.CharField(max_length=20)
    owner = models.CharField(max_length=200, db_index=True)
    priority = models.CharField(max_length=200, blank=True, db_index=True)
    released = models.BooleanField(default=False)
    retired_on = models.DateField(null=True, blank=True)
    definition = models.JSONField(default=dict)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("title", "key")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="measure_has_a_title"),
            models.CheckConstraint(condition=~Q(owner=""), name="measure_has_an_owner"),
        )

    def __str__(self) -> str:
        return self.title

    def take_definition(self, fields: dict[str, Any]) -> None:
        """Store the canonical fields and copy those that have columns. Does not save."""
        self.definition = fields
        self.title, self.dataset = fields["title"], fields["dataset"]
        self.grain, self.owner = fields["grain"], fields["owner"]
        self.priority, self.released = fields.get("priority", ""), fields.get("released", False)
