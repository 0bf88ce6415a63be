"""What a city folder last applied."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Applied(models.Model):
    """What a city folder last applied to one record, so that later edits on either side can be told apart.

    `fields` are the canonical fields as the folder had them and `hash` their hash: a record that differs was
    edited by staff; a document that differs was edited in the folder; both is a conflict.
    `born_in_folder`: the record was first made by a folder, so a folder may retire it.
    """

    kind = models.CharField(max_length=50)
    key = models.CharField(max_length=200)
    fields = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)
    born_in_folder = models.BooleanField(default=True)
    applied_at = models.DateTimeField()

    class Meta:
        verbose_name = _("applied document")
        verbose_name_plural = _("applied documents")
        ordering = ("kind", "key")
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="applied_once_per_record"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
