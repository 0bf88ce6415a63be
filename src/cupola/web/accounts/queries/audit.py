"""The audit log, read: by whom, what, which record and when; and whether it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from cupola.web.accounts.models import Event
from cupola.web.accounts.models.guards import is_guarded

READS = ("data.rows_read", "data.quarantine_read", "data.restricted_read")  # who saw what
COLUMNS = ("at", "who", "action", "kind", "record", "reason", "detail", "seal")


@dataclass(frozen=True)
class Wanted:
    """Which events: each part empty for all. `until` is excluded; `reads`: only who saw what."""

    who: str = ""
    action: str = ""
    kind: str = ""
    record: str = ""
    since: datetime | None = None
    until: datetime | None = None
    reads: bool = False


def events(wanted: Wanted) -> QuerySet[Event]:
    """Return the events that fit, newest first."""
    found = Event.objects.all()
    if wanted.reads:
        found = found.filter(Q(action__in=READS) | Q(action__endswith="_read"))
    for field, value in (("by_name", wanted.who), ("target_kind", wanted.kind), ("target_key", wanted.record)):
        if value:
            found = found.filter(**{field: value})
    if wanted.action:
        found = found.filter(action__startswith=wanted.action)
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    return found


def as_line(event: Event) -> dict[str, Any]:
    """Return an event under the names of `COLUMNS`, as plain values."""
    return {
        "at": event.at.isoformat(),
        "who": event.by_name,
        "action": event.action,
        "kind": event.target_kind,
        "record": event.target_key,
        "reason": event.reason,
        "detail": event.detail,
        "seal": event.seal,
    }


def lines(wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Yield the events that fit as plain values, oldest first, a block at a time."""
    for event in events(wanted).order_by("pk").iterator(chunk_size=2000):
        yield as_line(event)


def known_actions() -> list[str]:
    """Return every action the log names, in order."""
    return sorted(Event.objects.order_by().values_list("action", flat=True).distinct())


@dataclass(frozen=True)
class Integrity:
    """Whether the log is as it was written. `broken`: the number of the first event that is not, or None."""

    events: int
    guarded: bool
    broken: int | None
    newest_seal: str

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.guarded and self.broken is None


def integrity() -> Integrity:
    """Compute every seal again. Events from before there were seals may stand at the beginning only."""
    count, before, broken, sealing = 0, "", None, False
    for event in Event.objects.order_by("pk").iterator(chunk_size=2000):
        count += 1
        sealing = sealing or bool(event.seal)
        if broken is None and sealing and event.seal != event.sealed(after=before):
            broken = event.pk
        before = event.seal
    return Integrity(events=count, guarded=is_guarded(connection), broken=broken, newest_seal=before)
