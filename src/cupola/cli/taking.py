"""Another portal's datasets written into a city folder, one document each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cupola import folder as folders
from cupola.sources.catalogues import Inventory, public_id, read_catalogue

_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST = 80


@dataclass
class Taken:
    """What an inventory came to: keys written, keys that were there before, and what could not be described."""

    kind: str
    address: str
    written: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def take_inventory(address: str, *, folder: Path, kind: str, released: bool) -> Taken:
    """Write `datasets/KEY.yaml` for every dataset of a catalogue that the folder does not know yet.

    Raises FolderNotFound, FolderInvalid, SourceUnreachable, SourceInvalid.
    """
    before = folders.read(folder).datasets
    inventory = read_catalogue(address, kind=kind)
    taken = Taken(inventory.kind, inventory.address)
    known = {record.catalogue.identifier: record.key for record in before if record.catalogue is not None}
    names = _Names(before, inventory)
    (folder / "datasets").mkdir(exist_ok=True)
    for fields in inventory.datasets:
        identifier = fields.get("catalogue", {}).get("identifier", "")
        if identifier and identifier in known:
            taken.known.append(known[identifier])
            continue
        _write(names.named(fields, released=released), folder=folder, taken=taken)
    return taken


def _write(fields: dict[str, Any], *, folder: Path, taken: Taken) -> None:
    key = fields["key"]
    try:
        record = folders.parse("dataset", fields, where=key)
    except folders.FolderInvalid as invalid:
        taken.problems.append(f"{fields['title']}: {invalid}")
        return
    text = folders.inventoried(record, source=taken.address)
    (folder / "datasets" / f"{key}.yaml").write_text(text, encoding="utf-8")
    taken.written.append(key)


class _Names:
    """Keys and ids that are free: of each, the first who asks gets what it wants."""

    def __init__(self, before: Iterable[folders.DatasetRecord], inventory: Inventory) -> None:
        self.keys = {record.key for record in before}
        self.ids = {record.id for record in before if record.id}

    def named(self, fields: dict[str, Any], *, released: bool) -> dict[str, Any]:
        """Return the fields with a key, and with their own public id only where it is free."""
        key = wanted = _key(fields)
        number = 1
        while key in self.keys:
            number += 1
            key = f"{wanted[: _LONGEST - 6]}-{number}"
        self.keys.add(key)
        given = fields.get("id")
        kept = {name: value for name, value in fields.items() if name != "id" or given not in self.ids}
        if given:
            self.ids.add(given)
        description = {"description": fields.get("description") or fields["title"]}
        return {"key": key, **kept, **(description if released else {}), **({"released": True} if released else {})}


def _key(fields: dict[str, Any]) -> str:
    """Return the last part of its page's address where that is a name, else its title as a key."""
    last = urlsplit(str(fields.get("landing_page", ""))).path.rstrip("/").rpartition("/")[2]
    if _PART.fullmatch(last) and not public_id(last) and len(last) <= _LONGEST and not last.isdigit():
        return last
    title = str(fields["title"]).casefold()
    return re.sub(r"[^a-z0-9]+", "-", title).strip("-")[:_LONGEST].strip("-") or "dataset"
