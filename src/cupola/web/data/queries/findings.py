"""Findings in words that quote no value of a dataset whose rows are not shown."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cupola.web.data.models import Dataset, Finding, Severity
from cupola.web.data.queries.rows import all_columns

INTERNAL = ("catalogue.", "duty.")  # what kinds begin with that only staff are told


def for_everyone(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return the findings the public is told of: not the faults of other sites' catalogues, nor vacant duties."""
    for prefix in INTERNAL:
        findings = findings.exclude(kind__startswith=prefix)
    return findings


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
    message, column = finding.message, finding.column
    if finding.kind == "load_failed" and not staff:
        message = _("The latest load did not succeed. The version before it stays.")
    elif finding.kind.startswith("gate.") and not staff:
        column, message = "", _("A newer version waits until the city has looked at it. The version before it stays.")
    elif not finding.kind.startswith(INTERNAL) and (not dataset.shows_rows or finding.column in sensitive):
        message = _("The details may quote values that are never shown, so they are left out of every page.")
    return FindingLine(
        severity=finding.severity,
        severity_words=str(Severity(finding.severity).label),
        column=column,
        message=message,
        opened_at=finding.opened_at,
        closed_at=finding.closed_at,
    )
