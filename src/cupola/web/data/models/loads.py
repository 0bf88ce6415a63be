"""Reports of loads and what was found in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.web.data.models.datasets import Dataset, Mode, Version


class Outcome(models.TextChoices):
    """How a load ended."""

    LOADED = "loaded", _("New version")
    UNCHANGED = "unchanged", _("Source unchanged")
    STOPPED = "stopped", _("Stopped, previous version kept")
    FAILED = "failed", _("Failed, previous version kept")


class Severity(models.TextChoices):
    """How much a finding matters."""

    NOTE = "note", _("Good to know")
    WARNING = "warning", _("Needs a look")
    ERROR = "error", _("Must be fixed")


class LoadReport(models.Model):
    """What happened in one load: rows read, loaded, set aside and changed, how long it took, from which source.

    `version` is set when the outcome is `loaded`, and only then. `rows_added`, `rows_removed`, `rows_changed` compare
    with the version before. `bytes` is the size of the source read, `fingerprint` its hash. `detail` is the lake's own
    report as JSON (sources, findings). `error` says in plain words why a load stopped or failed.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="load_reports")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="load_reports")
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.REPLACE.value)
    rows_read = models.PositiveBigIntegerField(default=0)
    rows_loaded = models.PositiveBigIntegerField(default=0)
    rows_quarantined = models.PositiveBigIntegerField(default=0)
    rows_added = models.PositiveBigIntegerField(default=0)
    rows_removed = models.PositiveBigIntegerField(default=0)
    rows_changed = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    bytes = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("load report")
        verbose_name_plural = _("load reports")
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=["dataset", "-started_at"], name="load_report_latest"),)
        constraints = (
            models.CheckConstraint(condition=Q(outcome__in=[*Outcome.values]), name="load_report_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.LOADED.value, version__isnull=False)
                | (~Q(outcome=Outcome.LOADED.value) & Q(version__isnull=True)),
                name="load_report_names_a_version_when_loaded",
            ),
            models.CheckConstraint(condition=Q(seconds__gte=0), name="load_report_seconds_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.started_at:%Y-%m-%d %H:%M} {self.outcome}"


class Finding(models.Model):
    """Something a person should know about a dataset, open until `closed_at`.

    `kind` is a short stable word (`quarantined`, `column_removed`, `late`); `message` is the plain sentence a page
    shows and never quotes a value of a dataset whose rows are not shown. `version` is where it was found.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="findings")
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=50)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.WARNING.value)
    column = models.CharField(max_length=200, blank=True)
    message = models.TextField()
    count = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("-opened_at", "-pk")
        indexes = (models.Index(fields=["dataset", "closed_at"], name="finding_open"),)
        constraints = (
            models.CheckConstraint(condition=Q(severity__in=[*Severity.values]), name="finding_severity_is_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="finding_closes_after_it_opens",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.kind}"  # never the message: staff tables show this
