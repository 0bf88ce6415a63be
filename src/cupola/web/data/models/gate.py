"""What people decided at the gate, and what it measured: approvals, things accepted, and checks of versions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.web.accounts.models import User
from cupola.web.data.models.datasets import Dataset, Version


class Verdict(models.TextChoices):
    """What the gate says of a version."""

    PASSED = "passed", _("Nothing stops it")
    STOPPED = "stopped", _("Stopped, the version before stays public")
    APPROVED = "approved", _("Stopped, then approved by a person")


class Approval(models.Model):
    """A person said that a dataset may be public or, with `version`, that this version may be although it was stopped.

    An approval written in the city folder is in the dataset's definition and not here. It counts until
    `withdrawn_at`.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="approval_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("at")), name="approval_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.at:%Y-%m-%d}"


class Acceptance(models.Model):
    """A person looked at what the gate finds in a column and accepts it; beside what the city folder accepts.

    `kind`: as in the folder's `privacy.accepted`; `column` is empty for what concerns all. `at_most`: different values
    that may hold it; `at_least`: the smallest k or l; `version`: the only one it counts for.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="acceptances")
    column = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=50)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    at_most = models.PositiveBigIntegerField(null=True, blank=True)
    at_least = models.PositiveBigIntegerField(null=True, blank=True)
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="acceptances")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(reason="") & ~Q(kind=""), name="acceptance_says_what_and_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("at")), name="acceptance_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.column} {self.kind}"


class GateCheck(models.Model):
    """What the gate measured of one version, and what it says of it.

    `rules`: the fingerprint of what was looked for and in which columns; a version is measured again only under other
    rules. `measured` holds counts and masked samples, never a value. `stops`: what stands in the way, as JSON.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="gate_check")
    rules = models.CharField(max_length=64)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0.0)
    measured = models.JSONField(default=dict)
    stops = models.JSONField(default=list)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)

    class Meta:
        verbose_name = _("gate check")
        verbose_name_plural = _("gate checks")
        ordering = ("-version__number",)
        constraints = (
            models.CheckConstraint(condition=Q(verdict__in=[*Verdict.values]), name="gate_check_verdict_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.verdict}"
