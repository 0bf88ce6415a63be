"""The files people take away, kept for every public version. A version without them still answers everything else."""

from datetime import datetime

from django.conf import settings

from cupola import lake as lakes
from cupola.errors import CupolaError
from cupola.web.data import queries
from cupola.web.data.actions.recording import close_findings
from cupola.web.data.models import Dataset, Finding, Severity

FAILED = "downloads_failed"
ROW_FILE_FAILED = "row_file_failed"


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
        _say(dataset, error, kind=FAILED, at=at)
    else:
        close_findings(dataset, kinds=(FAILED,), at=at)
    return made


def keep_row_file(dataset: Dataset, *, number: int, at: datetime) -> None:
    """Make the row file of a public version unless it stands, within the size that is set.

    What cannot be made is said in a finding, and nothing else waits for it.
    """
    lake = queries.lake()
    most_bytes = int(settings.ROW_FILE_GB * 1e9)
    try:
        release = lake.registry.get(dataset.key, version=number)
        lake.keep_row_file(release, limits=lakes.RowFileLimits(most_bytes=most_bytes))
    except lakes.RowFileFailed as error:
        _say(dataset, error, kind=ROW_FILE_FAILED, at=at)
    else:
        close_findings(dataset, kinds=(ROW_FILE_FAILED,), at=at)


def _say(dataset: Dataset, error: CupolaError, *, kind: str, at: datetime) -> None:
    if not dataset.findings.filter(kind=kind, closed_at=None, message=str(error)).exists():
        close_findings(dataset, kinds=(kind,), at=at)
        Finding(dataset=dataset, kind=kind, severity=Severity.NOTE, message=str(error), opened_at=at).save()
