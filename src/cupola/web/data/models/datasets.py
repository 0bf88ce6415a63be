"""Datasets: what they are, who may see them, and which version is shown."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.folder import Obstacle, obstacles


class Classification(models.TextChoices):
    """Who may see a dataset's rows, from everyone to almost no one. What nobody classified is not public at all."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    SENSITIVE = "sensitive", _("Sensitive")
    PROTECTED = "protected", _("Protected")
    RESTRICTED = "restricted", _("Restricted")
    UNCLASSIFIED = "unclassified", _("Not classified")


class Mode(models.TextChoices):
    """What a load does to the rows that are there."""

    REPLACE = "replace", _("Replaced as a whole")
    APPEND = "append", _("New rows added")
    UPSERT = "upsert", _("Changed rows updated by key")


class Dataset(models.Model):
    """One dataset of the catalogue, loaded or not.

    `definition` holds the canonical fields of the `dataset` document of a city folder, exactly (model_dump in JSON
    mode without defaults); it is the truth. The columns beside it are copies that pages filter, sort and constrain
    by; `take_definition` fills them. `public_id` is the four-by-four id, never changed once given.
    The public sees a dataset when it is `released` and not retired: its definition says so, and it is classified,
    approved and not under embargo (`settle`). Rows are shown only when `shows_rows`.
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
        max_length=20, choices=Classification.choices, default=Classification.UNCLASSIFIED.value
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

    def take_definition(self, fields: dict[str, Any], *, at: datetime | None = None, zone: str = "UTC") -> None:
        """Store the canonical fields, copy those that have columns, and settle. Does not save."""
        self.definition = fields
        for name, default in self.COPIED:
            setattr(self, name, fields.get(name, default))
        self.classification = fields.get("classification", Classification.UNCLASSIFIED.value)
        self.settle(at=at, zone=zone)

    def settle(self, *, at: datetime | None, zone: str = "UTC") -> bool:
        """Let the public know of it if its definition wants that and nothing is in the way; say whether that changed.

        What is public already stays so while newer things wait for a moment. Does not save.
        """
        before = self.released
        stops = [one for one in self.obstacles(at=at, zone=zone) if not (one.waits and before)]
        self.released = self.wants_public and not stops
        return self.released != before

    @property
    def wants_public(self) -> bool:
        """Whether its definition says that the public may see it."""
        return bool(self.definition.get("released", False))

    def obstacles(self, *, at: datetime | None, zone: str = "UTC") -> tuple[Obstacle, ...]:
        """Return what is missing before the public may know of it at a moment; `zone`: the city's."""
        approved = self.pk is not None and self.approvals.filter(version=None, withdrawn_at=None).exists()
        return obstacles(self.definition, at=at, zone=zone, approved=approved)

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
        """Return the version readers get: as `shown_version`, but of public rows only one that came out.

        While a publish is under way, or the gate stopped the newest, that is the one before. So pages and the query
        API, which follows the registry, speak of the same rows.
        """
        newest = self.shown_version()
        if newest is None or newest.released_at is not None or not (self.released and self.shows_rows):
            return newest
        return self._newest_released()

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
