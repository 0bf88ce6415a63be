"""Records of the agenda read back: one, all, those the public may see, and their history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cupola.errors import NotFound
from cupola.folder.differences import Change, changes
from cupola.web.accounts.queries import the_city
from cupola.web.agenda.models import MODELS, Kept

UNVERIFIED = frozenset({"claimed", "evidenced"})


class RecordUnknown(NotFound):
    """No record of the agenda has this key."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        known = sorted(MODELS[kind]._default_manager.filter(retired_on=None).values_list("key", flat=True))[:20]
        there = f"There are {', '.join(known)}." if known else f"No {kind} is recorded yet."
        super().__init__(f"There is no {kind} called {key}. {there}")


@dataclass(frozen=True)
class HistoryLine:
    """One change of a record. undoable: nothing came after it."""

    number: int
    at: datetime
    by: str
    reason: str
    kind: str
    changes: tuple[Change, ...]
    undoable: bool


def find(kind: str, key: str) -> Kept:
    """Return a record that is not retired. Raises RecordUnknown."""
    record = MODELS[kind]._default_manager.filter(key=key, retired_on=None).first()
    if record is None:
        raise RecordUnknown(kind, key)
    return record


def records(kind: str, *, staff: bool = True) -> dict[str, Mapping[str, Any]]:
    """Return key -> canonical fields of the records of a kind, by key; for others than staff the released ones."""
    rows = MODELS[kind]._default_manager.filter(retired_on=None)
    return {row.key: row.definition for row in rows if staff or is_public(kind, row.definition)}


def is_public(kind: str, fields: Mapping[str, Any]) -> bool:
    """Whether the public may see a record.

    What points at one person's post, and a claim that nobody else has checked, needs a release with name, day and
    reason beside the mark that it is released.
    """
    if not fields.get("released"):
        return False
    return not needs_release(kind, fields) or bool(fields.get("release"))


def needs_release(kind: str, fields: Mapping[str, Any]) -> bool:
    """Whether a record is public only by a release that names who decided it."""
    if kind == "claim":
        steps = fields.get("steps") or [{"status": "claimed"}]
        return steps[-1]["status"] in UNVERIFIED
    if kind == "engagement":
        return any(one.get("count", 1) < 2 for one in fields.get("hired", ()))
    return False


@dataclass(frozen=True)
class Retention:
    """How long a record is kept. rule: its class and years, None where neither it nor the city's schedule says one.

    own: the record says so itself. hold: the legal hold in force on the day, which keeps it whatever the class says.
    """

    rule: Mapping[str, Any] | None
    own: bool
    hold: Mapping[str, Any] | None


def retention_of(kind: str, fields: Mapping[str, Any], *, on: date) -> Retention:
    """Return how long a record is kept, by itself or by the city's records schedule."""
    city = the_city()
    schedule = city.definition.get("records_schedule", {}) if city is not None else {}
    hold = fields.get("legal_hold")
    held = hold is not None and (not hold.get("until") or hold["until"] > on.isoformat())
    own = fields.get("retention")
    return Retention(own or schedule.get(kind), bool(own), hold if held else None)


def history_of(kind: str, key: str) -> tuple[HistoryLine, ...]:
    """Return the history of a record, newest first."""
    model = MODELS[kind]
    rows = list(model.history.filter(key=key).select_related("history_user").order_by("history_date", "history_id"))
    found: list[HistoryLine] = []
    before: Mapping[str, Any] | None = None
    for place, row in enumerate(rows):
        after = None if row.retired_on is not None else row.definition
        found.append(
            HistoryLine(
                number=row.history_id,
                at=row.history_date,
                by=row.history_user.get_username() if row.history_user else "",
                reason=row.history_change_reason or "",
                kind="+" if before is None else "-" if after is None else "~",
                changes=changes(before, after),
                undoable=place == len(rows) - 1,
            )
        )
        before = after
    return tuple(reversed(found))
