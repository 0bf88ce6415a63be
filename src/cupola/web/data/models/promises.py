"""Whether versions kept what is promised of them, version by version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cupola.web.data.models.datasets import Dataset, Version


class PromiseCheck(models.Model):
    """One promise, checked on one version. Written once.

    `promise` is what it is about (`complete: status`), the same when its limits change; `terms` is the promise as it
    stood then, as JSON. `broken`: rows that break it; of `rows` the number of rows, of `interval` the days between
    two looks at the source. `share`: of rows with a value, for `complete`.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="promise_checks")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="promise_checks")
    promise = models.CharField(max_length=300)
    terms = models.JSONField(default=dict)
    kept = models.BooleanField()
    broken = models.PositiveBigIntegerField(default=0)
    share = models.FloatField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("promise checked")
        verbose_name_plural = _("promises checked")
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["version", "promise"], name="promise_is_checked_once_per_version"),
        )

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.version.number} {self.promise}"
