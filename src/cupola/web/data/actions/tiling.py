"""Map tiles kept for what is public. A map without them still shows areas, so that nothing waits for them or fails."""

from datetime import datetime

from cupola import lake as lakes
from cupola.errors import CupolaError
from cupola.web.data import queries
from cupola.web.data.actions.recording import close_findings
from cupola.web.data.models import Dataset, Finding, Severity

MISSING, FAILED = "tiles_missing", "tiles_failed"


def keep_tiles(dataset: Dataset, held: lakes.Version, *, at: datetime) -> None:
    """Make the tiles of a version unless they stand; where that cannot be done, say so in a finding.

    A version whose tiles failed once is not tried again: the same rows would fail the same way, after minutes.
    """
    release = queries.lake().registry.get(dataset.key, version=held.number)
    failed = dataset.findings.filter(kind=FAILED, closed_at=None, version__number=held.number).exists()
    if failed:
        return
    try:
        queries.lake().build_tiles(held, contract=release.contract)
    except (lakes.TilerMissing, lakes.TilesFailed) as error:
        _say(dataset, held, error, at=at)
    else:
        close_findings(dataset, kinds=(MISSING, FAILED), at=at)


def _say(dataset: Dataset, held: lakes.Version, error: CupolaError, *, at: datetime) -> None:
    kind = FAILED if isinstance(error, lakes.TilesFailed) else MISSING
    version = dataset.versions.get(number=held.number)
    if dataset.findings.filter(kind=kind, closed_at=None, version=version).exists():
        return
    close_findings(dataset, kinds=(MISSING, FAILED), at=at)
    Finding.objects.create(
        dataset=dataset, version=version, kind=kind, severity=Severity.NOTE, message=str(error), opened_at=at
    )
