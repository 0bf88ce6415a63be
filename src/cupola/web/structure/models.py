"""Structures of governments as records: each office, post and act with its own history."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Structure(models.Model):
    """One government's organisation: the city's own, another's that was imported, or a branch to try changes in.

    `definition` holds the canonical fields of the `structure` document without its offices, posts and events, which
    are records of their own. A branch names what it is a branch of, and keeps in `base` the whole document it began
    from, for a merge compares three: the base, the branch, and what the other has become.
    """

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    definition = models.JSONField(default=dict)
    branch_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="branches")
    base = models.JSONField(default=dict, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("structure")
        verbose_name_plural = _("structures")
        ordering = ("name", "key")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="structure_has_a_name"),
            models.CheckConstraint(
                condition=Q(branch_of=None, base={}) | (Q(branch_of__isnull=False) & ~Q(base={})),
                name="structure_branch_keeps_its_base",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """What offices, posts and acts have in common: a key within their structure, and their part of the document.

    Canonical fields in `definition`; `order` is their place in the document.
    """

    group: ClassVar[str]

    key = models.CharField(max_length=100)
    order = models.PositiveIntegerField(default=0)
    definition = models.JSONField(default=dict)

    class Meta:
        abstract = True
        ordering = ("order", "key")

    def __str__(self) -> str:
        return self.key

    def take_definition(self, fields: dict[str, Any], *, order: int) -> bool:
        """Store the fields; say whether anything changed. Does not save."""
        if (self.definition, self.order) == (fields, order) and self.pk is not None:
            return False
        self.definition, self.order = fields, order
        return True


class Office(Part):
    """An office, a team, a department, or a council."""

    group = "offices"
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="offices")
    history = HistoricalRecords()

    class Meta(Part.Meta):
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = (models.UniqueConstraint(fields=["structure", "key"], name="office_key_is_used_once"),)


class Post(Part):
    """A post, filled or vacant."""

    group = "posts"
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="posts")
    history = HistoricalRecords()

    class Meta(Part.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = (models.UniqueConstraint(fields=["structure", "key"], name="post_key_is_used_once"),)


class Act(Part):
    """A dated act that changed the chart."""

    group = "events"
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="events")
    history = HistoricalRecords()

    class Meta(Part.Meta):
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        constraints = (models.UniqueConstraint(fields=["structure", "key"], name="act_key_is_used_once"),)


PARTS: tuple[type[Office] | type[Post] | type[Act], ...] = (Office, Post, Act)
