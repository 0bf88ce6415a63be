"""What a load came to, as records: version, load report, findings, audit line, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cupola import lake as lakes
from cupola.errors import CupolaError
from cupola.web.accounts.models import Event
from cupola.web.data import queries
from cupola.web.data.actions.standing import is_of_a_load
from cupola.web.data.models import Dataset, Finding, LoadReport, Outcome, Severity, Version

COUNTS = ("rows_read", "rows_loaded", "rows_quarantined", "rows_added", "rows_removed", "rows_changed")


@transaction.atomic
def record_load(
    dataset: Dataset,
    report: lakes.LoadReport,
    *,
    states: Sequence[Mapping[str, str]],
    source_bytes: int,
    started_at: datetime,
    seconds: float,
) -> LoadReport:
    """Record a load that ended as it should: a new version, an unchanged source, or one stopped by its limits."""
    detail = {"report": report.to_json(), "states": [dict(state) for state in states]}
    version = record_version(dataset, report.version) if report.outcome == "loaded" else None
    row = LoadReport(dataset=dataset, version=version, started_at=started_at, seconds=seconds, detail=detail)
    row.outcome, row.mode, row.fingerprint = report.outcome, report.mode, report.fingerprint
    for name in COUNTS:
        setattr(row, name, getattr(report, name))
    row.bytes = source_bytes
    if report.outcome == "stopped":
        row.error = stopped_sentence(report)
    row.save()
    if report.outcome != "unchanged":
        replace_findings(dataset, report.findings, version=version, at=started_at)
        Event.record(f"data.load_{report.outcome}", dataset, at=started_at, detail={"version": report.version})
    return row


@transaction.atomic
def record_failure(dataset: Dataset, error: CupolaError, *, started_at: datetime, seconds: float) -> LoadReport:
    """Record a load that could not be done; the previous version stays. The states of the sources are kept."""
    row = LoadReport(dataset=dataset, started_at=started_at, seconds=seconds, outcome=Outcome.FAILED, error=str(error))
    row.mode = dataset.mode
    row.save()
    finding = Finding(dataset=dataset, kind="load_failed", severity=Severity.ERROR, message=str(error))
    close_findings(dataset, kinds=("load_failed",), at=started_at)
    finding.opened_at = started_at
    finding.save()
    Event.record("data.load_failed", dataset, at=started_at, detail={"error": str(error)})
    return row


@transaction.atomic
def record_found(dataset: Dataset, held: lakes.Version) -> LoadReport:
    """Record a version that was committed before a crash kept its load from being recorded."""
    report = lakes.LoadReport.from_json(held.report)
    version = record_version(dataset, held.number, held=held)
    row = LoadReport(dataset=dataset, version=version, started_at=held.committed_at, seconds=report.seconds)
    row.outcome, row.mode, row.fingerprint = Outcome.LOADED, report.mode, report.fingerprint
    row.detail = {"report": report.to_json(), "states": []}
    for name in COUNTS:
        setattr(row, name, getattr(report, name))
    row.save()
    replace_findings(dataset, report.findings, version=version, at=held.committed_at)
    Event.record("data.load_recovered", dataset, at=held.committed_at, detail={"version": held.number})
    return row


def record_version(dataset: Dataset, number: int | None, *, held: lakes.Version | None = None) -> Version:
    """Return the record of a version the lake holds, making it where it is missing."""
    held = held or queries.lake().version(dataset.key, number=number)
    version, _ = Version.objects.get_or_create(
        dataset=dataset,
        number=held.number,
        defaults={
            "snapshot_id": held.snapshot_id,
            "schema_id": held.schema_id,
            "contract": held.contract,
            "rows": held.rows,
            "bytes": held.bytes,
            "committed_at": held.committed_at,
        },
    )
    return version


@transaction.atomic
def record_recalls(dataset: Dataset) -> list[int]:
    """Write into the records what the registry says was taken back; return the versions that were not marked yet."""
    marked: list[int] = []
    for recalled in queries.lake().registry.recalls(dataset.key):
        known = dataset.versions.filter(number=recalled.version)
        marked += known.filter(recalled_at=None).values_list("number", flat=True)
        known.update(recalled_at=recalled.at, recall_reason=recalled.reason)
    return marked


def replace_findings(
    dataset: Dataset, findings: Sequence[lakes.LoadFinding], *, version: Version | None, at: datetime
) -> None:
    """Close what earlier loads found and open what this one found; what stands in both stays open as it is.

    Findings of others (portals, duties, the gate) are theirs to close.
    """
    now = {(finding.kind, finding.column, finding.message) for finding in findings}
    standing = [row for row in dataset.findings.filter(closed_at=None) if is_of_a_load(row.kind)]
    open_before = {(row.kind, row.column, row.message): row for row in standing}
    for key, row in open_before.items():
        if key not in now:
            row.closed_at = max(at, row.opened_at)
            row.save()
    for finding in findings:
        if (finding.kind, finding.column, finding.message) not in open_before:
            Finding.objects.create(
                dataset=dataset,
                version=version,
                kind=finding.kind,
                severity=finding.severity,
                column=finding.column,
                message=finding.message,
                count=finding.count,
                opened_at=at,
            )


def close_findings(dataset: Dataset, *, kinds: Sequence[str], at: datetime) -> None:
    """Close the open findings of these kinds."""
    for row in dataset.findings.filter(closed_at=None, kind__in=kinds):
        row.closed_at = max(at, row.opened_at)
        row.save()


def stopped_sentence(report: lakes.LoadReport) -> str:
    """Say why a load stopped: the findings that stopped it."""
    reasons = [finding.message for finding in report.findings if finding.severity == "error"]
    return " ".join(reasons) or "The load was stopped."
