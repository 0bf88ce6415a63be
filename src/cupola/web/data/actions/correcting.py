"""Corrections: how a version changed rows that were public before, kept for everyone to read."""

from datetime import datetime

from cupola.errors import NotFound
from cupola.lake import Edition, Release
from cupola.web.accounts.models import Event
from cupola.web.data import queries
from cupola.web.data.models import Correction, Dataset, Version


def record_correction(dataset: Dataset, version: Version, *, before: Release | None, at: datetime) -> Correction | None:
    """Keep what `version` changed backwards in the public version before it; None where it changed nothing.

    Only rows with a key can be told to be the same row. New rows are no correction.
    """
    if before is None or before.version >= version.number or not dataset.definition.get("row_key"):
        return None
    try:
        a, b = Edition(before.version), Edition(version.number)
        diff = queries.lake().diff(dataset.key, a=a, b=b, limit=0)
    except NotFound:
        return None
    if not diff.key or not (diff.rows_changed or diff.rows_removed):
        return None
    hidden = queries.sensitive_columns(dataset) | before.contract.sensitive
    shown = {name: count for name, count in diff.cells_changed.items() if name not in hidden}
    facts = {"before": before.version, "rows_changed": diff.rows_changed, "rows_removed": diff.rows_removed}
    made, new = Correction.objects.get_or_create(
        version=version, defaults={"dataset": dataset, "columns": shown, "at": at, **facts}
    )
    if new:
        Event.record("data.corrected", dataset, at=at, detail={"version": version.number, **facts})
    return made
