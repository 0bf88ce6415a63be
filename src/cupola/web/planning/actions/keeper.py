"""Rosters, budgets, plans, scenarios and counsel's answers as records, written by a folder or by staff."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cupola.web.accounts.models import User
from cupola.web.planning.models import Budget, CounselAnswer, Roster, Scenario, StaffingPlan, Titled

Kept = Roster | Budget | StaffingPlan | Scenario | CounselAnswer
KINDS: tuple[tuple[str, type[Kept]], ...] = (
    ("roster", Roster),
    ("budget", Budget),
    ("plan", StaffingPlan),
    ("scenario", Scenario),
    ("counsel", CounselAnswer),
)


class PlanningKeeper:
    """Keeps the records of one kind: `roster`, `budget`, `plan`, `scenario` or `counsel`."""

    def __init__(self, kind: str, model: type[Kept]) -> None:
        self.kind = kind
        self._model = model

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every record."""
        return {one.key: (one.definition, one.retired_on is not None) for one in self._model.objects.all()}

    @transaction.atomic
    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Kept:
        """Create, change or revive the record."""
        record = self._model.objects.filter(key=key).first() or self._model(key=key)
        copied = "title" if isinstance(record, Titled) else "dataset"
        setattr(record, copied, fields[copied])
        record.definition, record.retired_on = fields, None
        sign(record, at=at)
        record.save()
        return record

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Kept:
        """Retire the record; what was settled stays in its history."""
        record = self._model.objects.get(key=key)
        sign(record, at=at)
        record.retired_on = at.date()
        record.save()
        return record


def sign(record: Any, *, at: datetime, by: User | None = None, reason: str = "") -> None:
    """Say when, by whom and why a record changes, for its history."""
    record._history_date, record._history_user, record._change_reason = at, by, reason or None
