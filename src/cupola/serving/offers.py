"""Where the rows of a loaded dataset can be had: queried, streamed whole, and as files made once for each version."""

from dataclasses import dataclass

from cupola.serving.entries import Entry
from cupola.serving.places import Places

_QUERIED = (("csv", "CSV", "text/csv"), ("json", "JSON", "application/json"))
_GEOJSON = ("geojson", "GeoJSON", "application/vnd.geo+json")
_FILES = {"csv.gz": "CSV, compressed", "parquet": "Parquet", "geojson": "GeoJSON", "xlsx": "XLSX"}


@dataclass(frozen=True)
class Offer:
    """One way to have the rows. `part`: what it is called in the name of a resource; `download`: all rows at once.

    `access`: where they can be queried. `bytes` and `sha256` are known of files only.
    """

    part: str
    format: str
    media_type: str
    access: str = ""
    download: str = ""
    bytes: int = 0
    sha256: str = ""


def offers(entry: Entry, places: Places) -> tuple[Offer, ...]:
    """Return every way to have the rows of a dataset; none where they are not here."""
    if entry.release is None:
        return ()
    files = tuple(_files(entry, places))
    made = {offer.part for offer in files}
    kinds = (*_QUERIED, *((_GEOJSON,) if entry.has_shapes and "geojson-file" not in made else ()))
    return (*(_queried(kind, entry, places) for kind in kinds), *files)


def _queried(kind: tuple[str, str, str], entry: Entry, places: Places) -> Offer:
    ending, name, media_type = kind
    whole = places.rows(entry.public_id, ending) if ending != "geojson" else ""
    return Offer(ending, name, media_type, access=places.resource(entry.public_id, ending), download=whole)


def _files(entry: Entry, places: Places) -> list[Offer]:
    found = []
    for one in entry.downloads:
        kind = one.name.removeprefix(f"{entry.key}.")
        if kind in _FILES:
            address = places.file(entry.key, entry.edition, one.name)
            part = f"{kind.replace('.', '')}-file"
            found.append(
                Offer(part, _FILES[kind], one.media_type, download=address, bytes=one.bytes, sha256=one.sha256)
            )
    return found
