"""Which datasets are read as rosters and budgets, staffing plans, scenarios, and what counsel answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Reading(models.Model):
    """A dataset read in a certain way. `definition` holds the canonical fields of its document."""

    key = models.SlugField(max_length=100, unique=True)
    dataset = models.CharField(max_length=100)  # its key: a dataset may be retired, and what was settled stays
    definition = models.JSONField(default=dict)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Roster(Reading):
    """A dataset read as posts: its departments, titles and pay."""

    history = HistoricalRecords()

    class Meta(Reading.Meta):
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        constraints = (models.CheckConstraint(condition=~Q(dataset=""), name="roster_names_a_dataset"),)


class Budget(Reading):
    """A dataset read as a budget: its departments, accounts and amounts."""

    history = HistoricalRecords()

    class Meta(Reading.Meta):
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = (models.CheckConstraint(condition=~Q(dataset=""), name="budget_names_a_dataset"),)


class Titled(models.Model):
    """A document with a title. `definition` holds its canonical fields."""

    key = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=300)
    definition = models.JSONField(default=dict)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("title", "key")

    def __str__(self) -> str:
        return self.title


class StaffingPlan(Titled):
    """Posts and money over years within limits: a `plan` document."""

    history = HistoricalRecords()

    class Meta(Titled.Meta):
        verbose_name = _("staffing plan")
        verbose_name_plural = _("staffing plans")
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="plan_has_a_title"),)


class Scenario(Titled):
    """A chart and what it would become: a `scenario` document."""

    history = HistoricalRecords()

    class Meta(Titled.Meta):
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="scenario_has_a_title"),)


class CounselAnswer(Titled):
    """What the city's lawyers answered about edits of the chart: a `counsel` document. `title` is what was asked."""

    history = HistoricalRecords()

    class Meta(Titled.Meta):
        verbose_name = _("answer of counsel")
        verbose_name_plural = _("answers of counsel")
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="counsel_was_asked_something"),)


class KeptMemo(models.Model):
    """A memo that left the house: what it was made of and every number it said. Only ever added to.

    `pins`: the rosters and budgets it read, each with its document and the version of its dataset. `sections`: by
    section its key, what it rests on and its numbers in order, as written in `language`.
    """

    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    language = models.CharField(max_length=10)
    program = models.CharField(max_length=40)
    pins = models.JSONField(default=list)
    sections = models.JSONField(default=list)

    class Meta:
        verbose_name = _("kept memo")
        verbose_name_plural = _("kept memos")
        ordering = ("number",)
        constraints = (models.CheckConstraint(condition=Q(number__gte=1), name="memo_is_numbered"),)

    def __str__(self) -> str:
        return str(self.number)

    @property
    def key(self) -> str:
        """Return what the audit log calls it."""
        return str(self)

    @property
    def numbers(self) -> int:
        """How many numbers it says."""
        return sum(len(one["numbers"]) for one in self.sections)
