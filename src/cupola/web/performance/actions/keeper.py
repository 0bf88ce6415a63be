"""Measures as records: created, changed and retired by a folder or by staff, always through here."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from cupola.web.performance.models import Measure


class MeasureKeeper:
    """Keeps the `measure` records."""

    kind = "measure"

    def records(self) -> dict[str, tuple[dict[str, Any], bool]]:
        """Return key -> (fields, retired) of every measure; one whose document says how it ended is still there."""
        return {
            one.key: (one.definition, one.retired_on is not None and "retired" not in one.definition)
            for one in Measure.objects.all()
        }

    @transaction.atomic
    def put(self, key: str, fields: dict[str, Any], *, at: datetime) -> Measure:
        """Create, change or revive the measure."""
        measure = Measure.objects.filter(key=key).first() or Measure(key=key)
        measure._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        written = fields.get("retired", {}).get("on")
        measure.retired_on = date.fromisoformat(written) if written else None
        measure.take_definition(fields)
        measure.full_clean()
        measure.save()
        return measure

    @transaction.atomic
    def retire(self, key: str, *, at: datetime) -> Measure:
        """Retire the measure; its values and their history stay."""
        measure = Measure.objects.get(key=key)
        measure._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        measure.retired_on = at.date()
        measure.save()
        return measure
