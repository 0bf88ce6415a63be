"""What the registry says beside releases: released datasets without public rows, and the city itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cupola import lake as lakes
from cupola.web.accounts.models import Event
from cupola.web.accounts.queries import the_city
from cupola.web.data import queries
from cupola.web.data.models import Dataset


def show_listing(dataset: Dataset, metadata: Mapping[str, Any], *, at: datetime) -> None:
    """List the dataset while it is released and no version of it is public: hosted elsewhere, restricted, not loaded.

    `metadata`: what anyone may know of it.
    """
    show_end(dataset)
    listings = lakes.Listings(queries.lake().root)
    known = dataset.released and dataset.retired_on is None
    if known and not queries.lake().registry.releases(dataset.key):
        listing = lakes.Listing(dataset.key, dataset.public_id, at, metadata)
        if listings.put(listing):
            Event.record("data.listed", dataset, at=at)
    elif listings.withdraw(dataset.key, at=at):
        Event.record("data.unlisted", dataset, at=at)


def show_end(dataset: Dataset) -> None:
    """Keep for the registry how a dataset ended that the public knew of, and forget it when the dataset is back."""
    tombstones = lakes.Tombstones(queries.lake().root)
    if dataset.released and dataset.retired_on is not None:
        end = queries.end_of(dataset)
        stone = lakes.Tombstone(dataset.key, dataset.public_id, dataset.title, dataset.retired_on)
        tombstones.put(replace(stone, reason=end.reason, successor=end.successor))
    else:
        tombstones.lift(dataset.key)


def show_city() -> bool:
    """Bring the city's facts in the registry in line with the records; say whether they were behind."""
    city = the_city()
    if city is None:
        return False
    facts = {name: city.definition[name] for name in ("contact", "license") if name in city.definition}
    said = lakes.City(
        key=city.key,
        name=city.name,
        website=city.website,
        languages=tuple(city.definition.get("languages", lakes.City.languages)),
        time_zone=city.time_zone,
        currency=city.currency,
        **facts,
    )
    return lakes.Listings(queries.lake().root).put_city(said)
