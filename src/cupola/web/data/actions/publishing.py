"""What the public may read: the registry brought in line with the records, and what a crash left half-done healed.

Order of a publish: files, Iceberg commit, records, registry. Each later step can be repeated from the earlier ones,
so after a crash between any two the next run, which begins with `reconcile`, completes it.
"""

from datetime import datetime
from typing import Any

from cupola import lake as lakes
from cupola.web.accounts.models import Event
from cupola.web.data import queries
from cupola.web.data.actions.hiding import hide_in_older, hides
from cupola.web.data.actions.keeping import keep_downloads
from cupola.web.data.actions.listing import show_city, show_listing
from cupola.web.data.actions.recording import record_found, record_recalls
from cupola.web.data.actions.tiling import keep_tiles
from cupola.web.data.models import Dataset

# Where a city gets its data from may name inner addresses, so it stays inside.
PRIVATE_FIELDS = ("sources", "select")


def publish(dataset: Dataset, *, at: datetime) -> None:
    """Bring what is public of a dataset in line with its record: its newest version, or at least that it exists."""
    publish_rows(dataset, at=at)
    show_listing(dataset, public_metadata(dataset), at=at)


def publish_rows(dataset: Dataset, *, at: datetime) -> None:
    """Make the newest version public if the dataset is released, and withdraw it if it is not (any more)."""
    registry = queries.lake().registry
    known = registry.releases(dataset.key)
    newest = dataset.shown_version()
    if newest is None or not (dataset.released and dataset.shows_rows and dataset.retired_on is None):
        if known:
            registry.withdraw(dataset.key, at=at)
            Event.record("data.withdrawn", dataset, at=at)
        return
    held = queries.lake().version(dataset.key, number=newest.number)
    public = lakes.PublicFacts(
        public_id=dataset.public_id, metadata=public_metadata(dataset), sensitive=queries.sensitive_columns(dataset)
    )
    released_at = next((one.released_at for one in known if one.version == held.number), at)
    if not known or not says(known[0], held, public) or not hides(known[0], dataset):
        queries.lake().release(held, at=released_at, public=public)
    if newest.released_at is None:
        newest.released_at = released_at
        newest.save(update_fields=["released_at"])
        Event.record("data.released", dataset, at=at, detail={"version": held.number})
    hide_in_older(dataset)
    keep_tiles(dataset, held, at=at)
    keep_downloads(dataset, at=at)


def keep_profile(dataset: Dataset) -> bool:
    """Measure the newest version unless its profile is kept; say whether that had to be done."""
    newest = dataset.versions.first()
    if newest is None:
        return False
    try:
        queries.lake().profile(dataset.key, number=newest.number)
    except lakes.NoProfile:
        queries.lake().build_profile(queries.lake().version(dataset.key, number=newest.number))
        return True
    return False


def says(release: lakes.Release, held: lakes.Version, public: lakes.PublicFacts) -> bool:
    """Whether the registry already says this, and its serving copy stands."""
    lake = queries.lake()
    files = tuple(str(file.path.relative_to(lake.root)) for file in lake.table(held.dataset).files(held))
    same = (release.version, release.public_id, release.metadata) == (held.number, public.public_id, public.metadata)
    return same and release.files == files and (lake.root / release.serving).exists()


def public_metadata(dataset: Dataset) -> dict[str, Any]:
    """Return what anyone may know of a released dataset: its canonical fields without where they come from."""
    return {name: value for name, value in dataset.definition.items() if name not in PRIVATE_FIELDS}


def reconcile(*, at: datetime, keys: tuple[str, ...] = ()) -> list[str]:
    """Complete what a crash left undone: versions without a record, records without a registry entry; say what was."""
    healed = []
    show_city()
    for dataset in [*queries.current_datasets(keys), *Dataset.objects.exclude(retired_on=None)]:
        recorded = set(dataset.versions.values_list("number", flat=True))
        for held in queries.lake().versions(dataset.key):
            if held.number not in recorded:
                record_found(dataset, held)
                healed.append(f"{dataset.key}: version {held.number} was committed and not recorded")
        if keep_profile(dataset):
            healed.append(f"{dataset.key}: its newest version had no profile")
        made = keep_downloads(dataset, at=at)
        if made:
            healed.append(f"{dataset.key}: files to download were missing (versions {', '.join(map(str, made))})")
        if record_recalls(dataset):
            healed.append(f"{dataset.key}: a recall was not in the records")
        before = queries.lake().registry.releases(dataset.key)
        publish(dataset, at=at)
        if before != queries.lake().registry.releases(dataset.key):
            healed.append(f"{dataset.key}: the registry was behind the records")
    return healed
