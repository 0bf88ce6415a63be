"""Map tiles: a step of its own after everything is published, for they take several times as long as the rows.

A map without them still shows areas and its list, so that nothing waits for them or fails. A run that is stopped here
loses nothing: the next one makes what is not there.
"""

import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from cupola import lake as lakes
from cupola.errors import CupolaError
from cupola.web.data import queries
from cupola.web.data.actions.recording import close_findings
from cupola.web.data.models import Dataset, Finding, Severity

MISSING, FAILED = queries.NO_TILES

Told = Callable[[str, str], None]


def make_tiles(*, at: datetime, keys: tuple[str, ...] = (), told: Told = lambda key, sentence: None) -> list[str]:
    """Make the tiles of the newest public versions that have none; return what was made. `told`: key and sentence."""
    made = []
    for dataset in queries.current_datasets(keys):
        for release in queries.lake().registry.releases(dataset.key)[:1]:
            if release.rows > settings.MAP_ROWS or not queries.lacks_tiles(release):
                continue
            began = time.monotonic()
            if keep_tiles(dataset, release, at=at):
                seconds = time.monotonic() - began
                made.append(f"{dataset.key}: map of {release.rows:,} rows, version {release.version}")
                told(dataset.key, f"{made[-1]}, made in {seconds:.1f} s")
    return made


def keep_tiles(dataset: Dataset, release: lakes.Release, *, at: datetime) -> bool:
    """Make the tiles of a version and say whether they were made; where that cannot be done, say so in a finding.

    A version whose tiles failed once is not tried again: the same rows would fail the same way, after minutes.
    """
    if dataset.findings.filter(kind=FAILED, closed_at=None, version__number=release.version).exists():
        return False
    held = queries.lake().version(dataset.key, number=release.version)
    try:
        path = queries.lake().build_tiles(held, contract=release.contract)
    except (lakes.TilerMissing, lakes.TilesFailed) as error:
        _say(dataset, held, error, at=at)
        return False
    close_findings(dataset, kinds=(MISSING, FAILED), at=at)
    return path is not None


def _say(dataset: Dataset, held: lakes.Version, error: CupolaError, *, at: datetime) -> None:
    kind = FAILED if isinstance(error, lakes.TilesFailed) else MISSING
    version = dataset.versions.get(number=held.number)
    if dataset.findings.filter(kind=kind, closed_at=None, version=version).exists():
        return
    close_findings(dataset, kinds=(MISSING, FAILED), at=at)
    Finding.objects.create(
        dataset=dataset, version=version, kind=kind, severity=Severity.NOTE, message=str(error), opened_at=at
    )
