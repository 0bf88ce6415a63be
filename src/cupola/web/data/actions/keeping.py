"""The files people take away, kept for every public version. A version without them still answers everything else."""

from datetime import datetime

from cupola import lake as lakes
from cupola.web.data import queries
from cupola.web.data.actions.recording import close_findings
from cupola.web.data.models import Dataset, Finding, Severity

FAILED = "downloads_failed"


def keep_downloads(dataset: Dataset, *, at: datetime) -> list[int]:
    """Make the files of public versions that are not there; return the versions whose files were made.

    What cannot be made is said in a finding, and nothing else waits for it.
    """
    lake = queries.lake()
    newest = lake.registry.releases(dataset.key)[:1]
    older = [one for one in lake.lacking_downloads(dataset.key) if one not in newest]
    made: list[int] = []
    try:
        for release in (*newest, *older):
            if lake.prepare_downloads(release, at=at):
                made.append(release.version)
    except lakes.DownloadsFailed as error:
        if not dataset.findings.filter(kind=FAILED, closed_at=None, message=str(error)).exists():
            close_findings(dataset, kinds=(FAILED,), at=at)
            finding = Finding(dataset=dataset, kind=FAILED, severity=Severity.NOTE, message=str(error), opened_at=at)
            finding.save()
    else:
        close_findings(dataset, kinds=(FAILED,), at=at)
    return made
