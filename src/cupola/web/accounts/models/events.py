"""The audit log: who did what to which record, when and why."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn, Self

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from cupola.web.accounts.models.appendonly import AppendOnly, AppendOnlyQuerySet, OnlyAdded
from cupola.web.accounts.models.people import User

ONE_AT_A_TIME = 0x61756469  # the lock under which PostgreSQL adds events; any number, the same for all


class EventQuerySet(AppendOnlyQuerySet):
    """Events: added one by one, never changed."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: each event seals the one before."""
        raise OnlyAdded("Events are added one by one, because each seals the one before: use Event.record.")


class Event(AppendOnly):
    """One line of the audit log: who did what to which record, when and why. Only ever added to.

    `action` is `<app>.<what happened>`, as in `data.dataset_changed`. The record is named by `target_kind` and
    `target_key`, not by a foreign key, so that the line outlives it. `by` is the account that did it; a command run
    without an account leaves it empty and names the person at the keyboard in `by_name`.
    `detail` is JSON: for a change, `{field: [before, after]}`.
    `seal` is a hash over the event and the seal before it, so that a line changed, removed or put in between shows
    (`broken_seal`). Lines older than the seals have none. What it cannot show is that the newest lines were cut off:
    for that the newest seal has to be kept elsewhere, as every export does.
    """

    says = "The audit log is only ever added to."

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=100)
    target_kind = models.CharField(max_length=50)
    target_key = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    seal = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

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
        """Add the event. Raises OnlyAdded when it was saved before."""
        with transaction.atomic():
            if connection.vendor == "postgresql":  # SQLite lets one transaction write at a time anyway
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            last = type(self).objects.order_by("-pk").values_list("seal", flat=True).first()
            if self.pk is None:
                self.seal = self.sealed(after=last or "")
            super().save(*args, **kwargs)

    def sealed(self, *, after: str) -> str:
        """Return the hash of this event and of the seal before it, as 64 hexadecimal digits."""
        facts = [self.at.astimezone(UTC).isoformat(), self.by_id, self.by_name, self.action]
        facts += [self.target_kind, self.target_key, self.reason, self.detail, after]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()

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
