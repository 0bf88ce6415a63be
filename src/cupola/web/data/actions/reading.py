"""Who saw what: a line in the audit log for every reading of rows that are not public."""

from datetime import datetime
from typing import Any

from cupola.web.accounts.actions import record_read
from cupola.web.data.models import Dataset


def note_reading(dataset: Dataset, what: str, *, at: datetime, by: Any, detail: dict[str, Any] | None = None) -> None:
    """Note that a person read rows of `dataset`; of rows that everyone may read nothing is noted.

    what: `rows` as the pages show them, or `quarantine`, which is never public.
    """
    if what == "quarantine" or not (dataset.released and dataset.shows_rows):
        record_read(what, dataset, at=at, by=by, detail=detail)
