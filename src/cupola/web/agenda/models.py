"""Records of the agenda: what was promised, tried, paid, saved, and advised. Each with its own history.

`definition` holds the canonical fields of the record's document, exactly; it is the truth. The columns beside it are
copies that lists filter by.
"""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.savings import check_append_only
from cupola.web.accounts.models import AppendOnly, AppendOnlyQuerySet, OnlyAdded


class Kept(models.Model):
    """What all records of the agenda have in common. `kind`: what their documents are called."""

    kind: ClassVar[str]
    history: ClassVar[Any]

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    released = models.BooleanField(default=False)
    definition = models.JSONField(default=dict)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name

    def take_definition(self, fields: dict[str, Any]) -> None:
        """Store the canonical fields and copy those that have columns. Does not save."""
        self.definition = fields
        self.name = fields["name"][:300]
        self.released = bool(fields.get("released"))


class Administration(Kept):
    """Who leads the city, and since when."""

    kind = "administration"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")


class Priority(Kept):
    """What an administration wants to change."""

    kind = "priority"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")


class Initiative(Kept):
    """Something that is tried."""

    kind = "initiative"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")


class Engagement(Kept):
    """A workshop, a challenge, consulting, a fellowship or a partnership."""

    kind = "engagement"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")


class Award(Kept):
    """Money given to the city for a purpose."""

    kind = "award"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("funding award")
        verbose_name_plural = _("funding awards")


class LedgerLine(AppendOnly):
    """A line of a claim's history: as the ledger stood, only ever added to."""

    says = "The history of the savings ledger is only ever added to."

    class Meta:
        abstract = True


class Claim(Kept):
    """One row of the savings ledger. What is evidenced never changes, and no row is ever deleted."""

    kind = "claim"
    says = "The savings ledger is only ever added to: let a claim lapse, and write a new one that supersedes it."

    objects = AppendOnlyQuerySet.as_manager()
    history = HistoricalRecords(bases=[LedgerLine])

    class Meta(Kept.Meta):
        verbose_name = _("savings claim")
        verbose_name_plural = _("savings claims")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the claim and its line of history. Raises ClaimIsEvidenced, StepsOnlyAdded."""
        before = type(self).objects.filter(pk=self.pk).values_list("definition", flat=True).first()
        if before is not None:
            check_append_only(before, self.definition)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise OnlyAdded(self.says)


class Body(Kept):
    """An advisory council, board or commission."""

    kind = "body"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("council")
        verbose_name_plural = _("councils")


class Meeting(Kept):
    """A meeting of a body."""

    kind = "meeting"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")


class Recommendation(Kept):
    """What a body recommends, what the city answers, and what came of it."""

    kind = "recommendation"
    history = HistoricalRecords()

    class Meta(Kept.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")


class Registration(AppendOnly):
    """What was fixed of an initiative's evaluation before the data: one row per edition, only ever added to.

    `hash` is over the canonical JSON of `content`. The first edition counts; every later one shows as a deviation.
    """

    says = "What was fixed before the data is only ever added to: a later edition shows as a deviation."

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="registrations")
    number = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    content = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ("initiative", "number")
        constraints = (
            models.UniqueConstraint(fields=["initiative", "number"], name="registration_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(hash=""), name="registration_is_sealed"),
        )

    def __str__(self) -> str:
        return f"{self.initiative.key} {self.number}"

    @property
    def key(self) -> str:
        """Return what the audit log calls it."""
        return str(self)


class Evaluation(AppendOnly):
    """What an evaluation of an initiative found: one row per run that read something new, only ever added to.

    `content`: why this design, the result, what naive counting would have said, what was done otherwise than planned.
    `fingerprint`: hash of the plan and of every value that was read; the same gives the same result and no new row.
    """

    says = "Evaluations are only ever added to: evaluate again, and the newest counts."

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="evaluations")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")
    design = models.CharField(max_length=40)
    measure = models.CharField(max_length=100)
    measure_definition = models.CharField(max_length=64, blank=True)
    dataset_version = models.PositiveIntegerField(null=True, blank=True)
    values_version = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ("initiative", "number")
        constraints = (
            models.UniqueConstraint(fields=["initiative", "number"], name="evaluation_is_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(fingerprint=""), name="evaluation_is_sealed"),
        )

    def __str__(self) -> str:
        return f"{self.initiative.key} {self.number}"

    @property
    def key(self) -> str:
        """Return what the audit log calls it."""
        return str(self)


KEPT: tuple[type[Kept], ...] = (
    Administration,
    Priority,
    Initiative,
    Engagement,
    Award,
    Claim,
    Body,
    Meeting,
    Recommendation,
)
MODELS: dict[str, type[Kept]] = {model.kind: model for model in KEPT}
