"""Columns that a city holds to be sensitive today are hidden in every version that is public, also in older ones."""

from dataclasses import replace

from cupola import lake as lakes
from cupola.web.data import queries
from cupola.web.data.models import Dataset


def hide_in_public(dataset: Dataset) -> None:
    """Hide what became sensitive in every public version, whatever the column was called then.

    What was hidden when a version came out stays hidden in it.
    """
    registry = queries.lake().registry
    public = registry.releases(dataset.key)
    today = queries.sensitive_columns(dataset)
    newest = queries.lake().versions(dataset.key)[-1:]  # it may be held back, and its names are those of today
    fields = [one for held in newest for one in queries.lake().table(dataset.key).fields(held)]
    hidden = {one.id for one in fields if one.name in today}
    for release in public:
        names = {one.name for one in release.fields if one.id in hidden} | release.contract.sensitive
        if names != release.contract.sensitive:
            registry.publish(replace(release, contract=release.contract.hiding(names)))


def shows_no_more(release: lakes.Release, dataset: Dataset) -> bool:
    """Whether the record lets the public see no column that the release hides."""
    held = {column.name for column in release.contract.columns}
    return release.contract.sensitive & held <= queries.sensitive_columns(dataset)


def hides(release: lakes.Release, dataset: Dataset) -> bool:
    """Whether a release hides exactly what its record says."""
    held = {column.name for column in release.contract.columns}
    return release.contract.sensitive == queries.sensitive_columns(dataset) & held
