"""Columns that a city holds to be sensitive today are hidden in every version that is public, also in older ones."""

from dataclasses import replace

from cupola import lake as lakes
from cupola.web.data import queries
from cupola.web.data.models import Dataset


def hide_in_older(dataset: Dataset) -> None:
    """Hide what became sensitive in the older versions too, whatever the column was called then.

    What was hidden when a version came out stays hidden in it.
    """
    registry = queries.lake().registry
    public = registry.releases(dataset.key)
    today = queries.sensitive_columns(dataset)
    hidden = {one.id for release in public[:1] for one in release.fields if one.name in today}
    for release in public[1:]:
        names = {one.name for one in release.fields if one.id in hidden} | release.contract.sensitive
        if names != release.contract.sensitive:
            registry.publish(replace(release, contract=release.contract.hiding(names)))


def hides(release: lakes.Release, dataset: Dataset) -> bool:
    """Whether a release hides exactly what its record says."""
    held = {column.name for column in release.contract.columns}
    return release.contract.sensitive == queries.sensitive_columns(dataset) & held
