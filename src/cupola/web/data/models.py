"""Datasets, their versions, load reports and findings."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Classification(models.TextChoices):
    """Who may see a dataset's rows, from everyone to almost no one."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    SENSITIVE = "sensitive", _("Sensitive")
    PROTECTED = "protected", _("Protected")
    RESTRICTED = "restricted", _("Restricted")


class Mode(models.TextChoices):
    """What a load does to the rows that are there."""

    REPLACE = "replace", _("Replaced as a whole")
    APPEND = "append", _("New rows added")
    UPSERT = "upsert", _("Changed rows updated by key")


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


class Dataset(models.Model):
    """One dataset of the catalogue, loaded or not.

    `definition` holds the canonical fields of the `dataset` document of a city folder, exactly (model_dump in JSON
    mode without defaults); it is the truth. The columns beside it are copies that pages filter, sort and constrain
    by; `take_definition` fills them. `public_id` is the four-by-four id, never changed once given.
    The public sees a dataset when it is released and not retired. Rows are shown only when `shows_rows`.
    """

    # the fields of `definition` that have a column of their own, with what stands where the folder says nothing
    COPIED: tuple[tuple[str, Any], ...] = (
        ("title", ""),
        ("description", ""),
        ("row", ""),
        ("department", ""),
        ("topic", ""),
        ("steward", ""),
        ("contact", ""),
        ("license", ""),
        ("landing_page", ""),
        ("payroll", False),
        ("released", False),
        ("refresh", "never"),
        ("mode", Mode.REPLACE.value),
    )

    key = models.SlugField(max_length=100, unique=True)
    public_id = models.CharField(max_length=9, unique=True)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    row = models.TextField(blank=True, help_text=_("What one row is, as in: one building permit that was issued."))
    department = models.CharField(max_length=200, blank=True, db_index=True)
    topic = models.CharField(max_length=200, blank=True, db_index=True)
    steward = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    license = models.CharField(max_length=500, blank=True)
    landing_page = models.URLField(max_length=1000, blank=True)
    classification = models.CharField(
        max_length=20, choices=Classification.choices, default=Classification.PUBLIC.value
    )
    payroll = models.BooleanField(default=False, help_text=_("Holds pay of named people; rows are never shown."))
    released = models.BooleanField(default=False, help_text=_("The public may see that it exists and what it is."))
    retired_on = models.DateField(null=True, blank=True)
    refresh = models.CharField(max_length=50, blank=True, help_text=_("The freshness promised, as in: monthly."))
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.REPLACE.value)
    definition = models.JSONField(default=dict)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        ordering = ("title", "key")
        permissions = (
            ("edit_words", _("May change what is said of datasets")),
            ("see_quarantine", _("May see what loads set aside")),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="dataset_has_a_title"),
            models.CheckConstraint(
                condition=Q(public_id__regex=r"^[0-9a-z]{4}-[0-9a-z]{4}$"),
                name="dataset_public_id_is_four_by_four",
            ),
            models.CheckConstraint(
                condition=Q(classification__in=[*Classification.values]), name="dataset_classification_is_known"
            ),
            models.CheckConstraint(
                condition=Q(payroll=False) | ~Q(classification=Classification.PUBLIC.value),
                name="dataset_payroll_is_never_public",
            ),
            models.CheckConstraint(condition=Q(mode__in=[*Mode.values]), name="dataset_mode_is_known"),
        )

    def __str__(self) -> str:
        return self.title

    def take_definition(self, fields: dict[str, Any]) -> None:
        """Store the canonical fields and copy those that have columns. Does not save."""
        self.definition = fields
        for name, default in self.COPIED:
            setattr(self, name, fields.get(name, default))
        usual = Classification.RESTRICTED if self.payroll else Classification.PUBLIC
        self.classification = fields.get("classification", usual.value)

    @property
    def shows_rows(self) -> bool:
        """Whether any page may show values: rows, extremes, most frequent values, histograms, downloads, diffs."""
        return self.classification == Classification.PUBLIC and not self.payroll

    def shown_version(self) -> "Version | None":
        """Return the version to show: the newest, or after its recall the newest that was public before."""
        newest = self.versions.first()
        if newest is None or newest.recalled_at is None:
            return newest
        return self._newest_released()

    def read_version(self) -> "Version | None":
        """Return the version readers get: as `shown_version`, but while a publish is under way still the one before.

        So pages and the query API, which follows the registry, speak of the same rows.
        """
        newest = self.shown_version()
        if newest is None or newest.released_at is not None or not (self.released and self.shows_rows):
            return newest
        return self._newest_released() or newest

    def _newest_released(self) -> "Version | None":
        return self.versions.filter(recalled_at=None).exclude(released_at=None).first()


class Version(models.Model):
    """One committed version of a dataset, as the lake holds it. Never changed once written, except `released_at`
    and, when it is taken back for good, `recalled_at` with the reason, which is public.

    `snapshot_id` and `schema_id` are the lake's; `contract` is the fingerprint of the contract it was read with.
    `bytes` is the size of its files.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    snapshot_id = models.BigIntegerField()
    schema_id = models.IntegerField()
    contract = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    committed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("dataset", "-number")
        constraints = (
            models.UniqueConstraint(fields=["dataset", "number"], name="version_number_is_used_once"),
            models.UniqueConstraint(fields=["dataset", "snapshot_id"], name="version_snapshot_is_used_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_numbers_start_at_one"),
            models.CheckConstraint(
                condition=Q(recalled_at=None) | ~Q(recall_reason=""), name="version_recall_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dataset.key} {self.number}"


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
