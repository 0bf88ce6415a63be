"""What the datasets of a catalogue are called in addresses."""

from collections.abc import Mapping

from cupola.serving.service import Service
from cupola.serving.visits import shelf_of


def names_of(service: Service) -> Mapping[str, str]:
    """Return the key of every public dataset, by that key and by its public id."""
    entries = shelf_of(service).entries()
    return {name: entry.key for entry in entries for name in (entry.public_id, entry.key)}


def zone_of(service: Service) -> str:
    """Return the name of the city's time zone."""
    return shelf_of(service).city().time_zone
