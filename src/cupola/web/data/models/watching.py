"""What portals elsewhere say: when each was looked at, and what it said of each dataset."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models.datasets import Dataset


class Portal(models.Model):
    """A catalogue elsewhere that datasets were read from, and how the last look at it went.

    `address` is what the datasets' documents name under `harvested_from`. `looked_at` is the last look that
    succeeded; `problem` says why a later one did not. `appeared` lists what it has that is not known here:
    `{"title", "identifier", "address"}` each.
    """

    address = models.CharField(max_length=1000, unique=True)
    kind = models.CharField(max_length=20, blank=True)
    tried_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    entries = models.PositiveIntegerField(default=0)
    appeared = models.JSONField(default=list)

    class Meta:
        verbose_name = _("portal")
        verbose_name_plural = _("portals")
        ordering = ("address",)
        constraints = (
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True) | Q(looked_at__lte=models.F("tried_at")),
                name="portal_was_looked_at_when_it_was_tried",
            ),
        )

    def __str__(self) -> str:
        return self.address


class Sighting(models.Model):
    """What its portal last said of a dataset that is hosted elsewhere.

    `modified` is the portal's own word for when it last changed. `columns` are its columns as the portal names and
    types them, `[name, type]` each; `agreed` are those a person last took as right, at first those first seen.
    `vanished_at`: since when the portal no longer lists it.
    """

    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, related_name="sighting")
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    vanished_at = models.DateTimeField(null=True, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(default=list)
    agreed = models.JSONField(default=list)

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        ordering = ("dataset",)
        constraints = (
            models.CheckConstraint(
                condition=Q(seen_at__gte=models.F("first_seen_at")), name="sighting_is_first_seen_first"
            ),
        )

    def __str__(self) -> str:
        return self.dataset.key
