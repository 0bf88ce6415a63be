"""What was computed of measures: by which definition, from which version, what changed and what is in doubt."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cupola.web.performance.models.measures import Measure


class Computation(models.Model):
    """How the values of a measure that are kept now came to be; one per measure.

    `definition`: hash of what was computed; `dataset_version`: from which version; `values_version`: the version of
    the table of values that holds them. `error`: why the last run could not compute it, empty when it could; then the
    values are of an earlier run. `shape`: what kind of value it is (see `indicators.Shape`).
    """

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, related_name="computation")
    definition = models.CharField(max_length=64, blank=True)
    dataset_version = models.PositiveIntegerField(null=True, blank=True)
    values_version = models.PositiveIntegerField(null=True, blank=True)
    shape = models.CharField(max_length=20, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("computation")
        verbose_name_plural = _("computations")
        ordering = ("measure",)

    def __str__(self) -> str:
        return self.measure.key


class Restatement(models.Model):
    """Values of past periods that a run changed: how many, where the largest change was, and in which versions.

    `values_before` and `values_after` are versions of the table of values; `changes` are some of the changed values,
    largest first, each with period, group, before and after. `cause`: the data, or the definition.
    """

    class Cause(models.TextChoices):
        """What changed the values."""

        DATA = "data", _("The data changed")
        DEFINITION = "definition", _("The definition changed")

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="restatements")
    at = models.DateTimeField()
    cause = models.CharField(max_length=20, choices=Cause.choices)
    values = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    dataset_before = models.PositiveIntegerField()
    dataset_after = models.PositiveIntegerField()
    values_before = models.PositiveIntegerField()
    values_after = models.PositiveIntegerField()
    changes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("restatement")
        verbose_name_plural = _("restatements")
        ordering = ("-at", "measure")
        constraints = (
            models.CheckConstraint(condition=Q(values__gte=1), name="restatement_changes_a_value"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="restatement_first_is_not_after_last"),
        )

    def __str__(self) -> str:
        return f"{self.measure.key} {self.at:%Y-%m-%d}"


class DoubtKind(models.TextChoices):
    """Why the value of a period is only provisional."""

    ROWS_GONE = "rows_gone", _("Rows disappeared")
    DAYS_MISSING = "days_missing", _("Days are missing")


class Doubt(models.Model):
    """A period of a measure whose value is provisional until `closed_at`, and why.

    `facts`: of rows that disappeared `rows` and `version`; of missing days their `count` and up to five `days`, with
    `together` where they follow each other and `first` and `last`. `queries.doubt_words` makes a sentence of them.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="doubts")
    period = models.DateField(help_text=_("First day of the period."))
    until = models.DateField(help_text=_("First day after it."))
    kind = models.CharField(max_length=20, choices=DoubtKind.choices)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("doubt")
        verbose_name_plural = _("doubts")
        ordering = ("measure", "period", "kind")
        constraints = (
            models.UniqueConstraint(
                fields=["measure", "period", "kind"], condition=Q(closed_at=None), name="doubt_is_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.measure.key} {self.period} {self.kind}"
