"""Findings in words that quote no value of a dataset whose rows are not shown."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cupola.web.data.models import Dataset, Finding, Severity
from cupola.web.data.queries.rows import all_columns


@dataclass(frozen=True)
class FindingLine:
    """One finding, in words that quote no value of a dataset whose rows are not shown."""

    severity: str
    severity_words: str
    column: str
    message: str
    opened_at: datetime
    closed_at: datetime | None


def finding_line(finding: Finding, dataset: Dataset, *, staff: bool) -> FindingLine:
    """Return a finding as it may be told; to `staff` also why a load failed."""
    sensitive = {str(column["name"]) for column in all_columns(dataset) if column.get("sensitive")}
    message = finding.message
    if finding.kind == "load_failed" and not staff:
        message = _("The latest load did not succeed. The version before it stays.")
    elif not dataset.shows_rows or finding.column in sensitive:
        message = _("The details may quote values that are never shown, so they are left out of every page.")
    return FindingLine(
        severity=finding.severity,
        severity_words=str(Severity(finding.severity).label),
        column=finding.column,
        message=message,
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
    )
