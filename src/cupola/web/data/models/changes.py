"""What later versions changed in rows that were public before: the corrections."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models.datasets import Dataset, Version


class Correction(models.Model):
    """How a version changed rows that the version before had: which columns, in how many rows.

    Kept for datasets whose rows have a key, and only where something changed backwards. `columns`: column name to the
    number of rows whose value differs; columns that no page shows are counted under no name.
    `rows_removed`: rows the version before had and this one has not.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="corrections")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="correction")
    before = models.PositiveIntegerField()
    rows_changed = models.PositiveBigIntegerField()
    rows_removed = models.PositiveBigIntegerField()
    columns = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.before} to {self.version.number}"
