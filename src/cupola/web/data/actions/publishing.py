"""What the public may read: the registry brought in line with the records, and what a crash left half-done healed.

Order of a publish: files, Iceberg commit, records, registry. Each later step can be repeated from the earlier ones,
so after a crash between any two the next run, which begins with `reconcile`, completes it.
"""

from datetime import datetime
from typing import Any

from cupola import lake as lakes
from cupola.contracts import announcements, former_names
from cupola.web.accounts.models import Event
from cupola.web.data import queries
from cupola.web.data.actions.correcting import record_correction
from cupola.web.data.actions.gating import opens
from cupola.web.data.actions.hiding import hide_in_public, hides, shows_no_more
from cupola.web.data.actions.keeping import keep_downloads, keep_row_file
from cupola.web.data.actions.listing import show_city, show_listing
from cupola.web.data.actions.promising import check_promises, releasable
from cupola.web.data.actions.recording import record_found, record_recalls
from cupola.web.data.models import Dataset

# Where a city gets its data from may name inner addresses; what was weighed before it became public names persons.
PRIVATE_FIELDS = (
    *("sources", "select", "approval", "release_on", "legal_basis", "agreement", "review", "privacy"),
    "duties",  # they name accounts; who answers is told by `public_duties`
)


def publish(dataset: Dataset, *, at: datetime) -> None:
    """Bring what is public of a dataset in line with its record: its newest version, or at least that it exists."""
    settle(dataset, at=at)
    publish_rows(dataset, at=at)
    show_listing(dataset, public_metadata(dataset), at=at)


def settle(dataset: Dataset, *, at: datetime) -> None:
    """Let time do what it does: an embargo that is over, an agreement or a review that ended."""
    if dataset.settle(at=at, zone=queries.city_zone()):
        dataset._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        dataset.save()
        action = "data.opened" if dataset.released else "data.closed"
        stops = [one.as_json() for one in dataset.obstacles(at=at, zone=queries.city_zone())]
        Event.record(action, dataset, at=at, detail={"obstacles": stops})


def publish_rows(dataset: Dataset, *, at: datetime) -> None:
    """Make the newest version public if the dataset is released and the gate opens; withdraw what may not be.

    What the gate stops leaves the version before as it is, but for columns that are hidden since.
    """
    registry = queries.lake().registry
    known = registry.releases(dataset.key)
    newest = releasable(dataset, at=at)
    if newest is None or not (dataset.released and dataset.shows_rows and dataset.retired_on is None):
        if known:
            registry.withdraw(dataset.key, at=at)
            Event.record("data.withdrawn", dataset, at=at)
        return
    if not (known and known[0].version == newest.number and shows_no_more(known[0], dataset)) and not opens(
        dataset, newest, at=at
    ):
        hide_in_public(dataset)
        return
    held = queries.lake().version(dataset.key, number=newest.number)
    public = lakes.PublicFacts(
        public_id=dataset.public_id,
        metadata=public_metadata(dataset),
        aliases=former_names(announcements(dataset.definition)),
        sensitive=queries.sensitive_columns(dataset),
        restricted=not dataset.shows_rows,
    )
    released_at = next((one.released_at for one in known if one.version == held.number), at)
    if not known or not says(known[0], held, public) or not hides(known[0], dataset):
        queries.lake().release(held, at=released_at, public=public)
    if newest.released_at is None:
        newest.released_at = released_at
        newest.save(update_fields=["released_at"])
        Event.record("data.released", dataset, at=at, detail={"version": held.number})
        record_correction(dataset, newest, before=known[0] if known else None, at=at)
    hide_in_public(dataset)
    keep_row_file(dataset, number=held.number, at=at)
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
    told = {name: value for name, value in dataset.definition.items() if name not in PRIVATE_FIELDS}
    return {**told, **queries.public_duties(dataset)}


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
        check_promises(dataset, at=at)
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
