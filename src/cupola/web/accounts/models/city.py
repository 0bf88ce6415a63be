"""The city this installation belongs to."""

import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write one like America/Chicago."), params={"name": name}
        )


class City(models.Model):
    """The city this installation belongs to; one row.

    `definition` holds the canonical fields of the `city` document of a city folder, exactly; it is the truth.
    The columns beside it are copies that pages and constraints read (`take_definition` fills them).
    """

    # the fields of `definition` that have a column of their own, with what stands where the folder says nothing
    COPIED: tuple[tuple[str, str], ...] = (
        ("name", ""),
        ("form_of_government", ""),
        ("executive_title", "Mayor"),
        ("time_zone", "UTC"),
        ("currency", "USD"),
        ("website", ""),
    )

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    form_of_government = models.CharField(max_length=200, blank=True)
    executive_title = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    currency = models.CharField(max_length=3, default="USD")
    website = models.URLField(max_length=500, blank=True)
    definition = models.JSONField(default=dict)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = (models.CheckConstraint(condition=~models.Q(name=""), name="city_has_a_name"),)

    def __str__(self) -> str:
        return self.name

    def take_definition(self, fields: dict[str, Any]) -> None:
        """Store the canonical fields and copy those that have columns. Does not save."""
        self.definition = fields
        for name, default in self.COPIED:
            setattr(self, name, fields.get(name, default))
