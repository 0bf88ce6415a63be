"""Departments, whose duties their datasets inherit."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Department(models.Model):
    """A department as the folder describes it: what datasets call it, and who has its duties.

    `definition` holds the canonical fields of its document, exactly; it is the truth. `name` is a copy.
    The duties of a dataset stand in the dataset's own definition. Decision 0023.
    """

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    retired_on = models.DateField(null=True, blank=True)
    definition = models.JSONField(default=dict)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("name", "key")
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="department_has_a_name"),)

    def __str__(self) -> str:
        return self.name

    def take_definition(self, fields: dict[str, Any]) -> None:
        """Store the canonical fields and copy the name. Does not save."""
        self.definition = fields
        self.name = fields.get("name", "")
