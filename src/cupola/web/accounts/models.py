"""Users, the city, the audit log, and what a city folder last applied."""

import zoneinfo
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn, Self

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cupola.errors import NotAllowed


class User(AbstractUser):
    """A person who signs in. Ours from the first day, because Django cannot change the user table later."""


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write one like America/Chicago."), params={"name": name}
        )


class City(models.Model):
    """The city this installation belongs to; one row.

    `definition` holds the canonical fields of the `city` document of a city folder, exactly; it is the truth.
    The columns beside it are copies that pages and constraints read (`take_definition` fills them).
    """

    # the fields of `definition` that have a column of their own, with what stands where the folder says nothing
    COPIED: tuple[tuple[str, str], ...] = (
        ("name", ""),
        ("form_of_government", ""),
        ("executive_title", "Mayor"),
        ("time_zone", "UTC"),
        ("currency", "USD"),
        ("website", ""),
    )

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    form_of_government = models.CharField(max_length=200, blank=True)
    executive_title = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    currency = models.CharField(max_length=3, default="USD")
    website = models.URLField(max_length=500, blank=True)
    definition = models.JSONField(default=dict)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = (models.CheckConstraint(condition=~models.Q(name=""), name="city_has_a_name"),)

    def __str__(self) -> str:
        return self.name

    def take_definition(self, fields: dict[str, Any]) -> None:
        """Store the canonical fields and copy those that have columns. Does not save."""
        self.definition = fields
        for name, default in self.COPIED:
            setattr(self, name, fields.get(name, default))


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once: no update, no delete."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise NotAllowed("The audit log is only ever added to; record a new event instead.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise NotAllowed("The audit log is only ever added to; nothing is deleted from it.")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> NoReturn:
        """Refuse."""
        raise NotAllowed("The audit log is only ever added to; record a new event instead.")


class Event(models.Model):
    """One line of the audit log: who did what to which record, when and why. Only ever added to.

    `action` is `<app>.<what happened>`, as in `data.dataset_changed`. The record is named by `target_kind` and
    `target_key`, not by a foreign key, so that the line outlives it. `by` is the account that did it; a command run
    without an account leaves it empty and names the person at the keyboard in `by_name`.
    `detail` is JSON: for a change, `{field: [before, after]}`.
    """

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=100)
    target_kind = models.CharField(max_length=50)
    target_key = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["target_kind", "target_key"], name="event_by_target"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(action="") & ~models.Q(target_kind="") & ~models.Q(target_key=""),
                name="event_says_what_happened_to_what",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target_key}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event. Raises NotAllowed when it was saved before."""
        if self.pk is not None:
            raise NotAllowed("The audit log is only ever added to; record a new event instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise NotAllowed("The audit log is only ever added to; nothing is deleted from it.")

    @classmethod
    def record(
        cls,
        action: str,
        target: models.Model,
        *,
        at: datetime,
        by: User | str = "",
        reason: str = "",
        detail: dict[str, Any] | None = None,
    ) -> Self:
        """Add one event about `target`, a record with a `key`; the kind is its model's name in small letters.

        `by`: the signed-in user, or the name of whoever ran the command.
        """
        kind, key = target._meta.model_name, getattr(target, "key")  # noqa: B009  every governed record has a key
        user = by if isinstance(by, User) else None
        name = by if isinstance(by, str) else by.get_username()
        event = cls(at=at, by=user, by_name=name, action=action, target_kind=kind, target_key=key)
        event.reason, event.detail = reason, detail or {}
        event.save()
        return event


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
