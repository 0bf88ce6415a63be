"""Another portal's datasets written into a city folder, one document each, with what is wrong with their metadata."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cupola import folder as folders
from cupola.sources.catalogues import (
    Entry,
    Fault,
    catalogue_faults,
    counted,
    names_here,
    public_id,
    read_any_catalogue,
)

_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_LONGEST = 80


@dataclass
class Taken:
    """What an inventory came to.

    Keys written, keys that were there before, what could not be described, and the faults of each entry's metadata by
    the file that describes it.
    """

    kind: str
    address: str
    written: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)

    @property
    def entries_by_fault(self) -> dict[str, int]:
        """How many entries have each kind of fault, the commonest first."""
        by_file: dict[str, list[Fault]] = {}
        for file, fault in self.faults:
            by_file.setdefault(file, []).append(fault)
        return counted(by_file.values())

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        names = ("kind", "address", "written", "known", "problems")
        listed = [{"file": file, **fault.as_json()} for file, fault in self.faults]
        told = {name: getattr(self, name) for name in names}
        return {**told, "entries_by_fault": self.entries_by_fault, "faults": listed}


@dataclass(frozen=True)
class Asked:
    """How an inventory is to be taken. `released`: `by` lets the public see what is taken, from `on`."""

    kind: str = ""
    released: bool = False
    by: str = ""
    on: date = field(default_factory=date.today)


def take_inventory(address: str, *, folder: Path, asked: Asked) -> Taken:
    """Write `datasets/KEY.yaml` for every dataset of a catalogue that the folder does not know yet.

    `address`: of the web, or the path of a file. Raises FolderNotFound, FolderInvalid, SourceUnreachable,
    SourceInvalid.
    """
    before = folders.read(folder).datasets
    inventory = read_any_catalogue(address, kind=asked.kind)
    faults = catalogue_faults([entry.document for entry in inventory.entries], inventory.kind, today=asked.on)
    taken = Taken(inventory.kind, inventory.address)
    known = names_here({record.key: record.fields() for record in before})
    names = _Names(before)
    (folder / "datasets").mkdir(exist_ok=True)
    for entry, found in zip(inventory.entries, faults, strict=True):
        key = known.get(entry.name, "") if entry.fields else ""
        if key:
            taken.known.append(key)
        elif entry.fields:
            key = _write(names.named(_offered(entry, asked, address=inventory.address)), folder=folder, taken=taken)
        file = f"datasets/{key}.yaml" if key else inventory.address
        taken.faults.extend((file, fault) for fault in found)
    return taken


def _offered(entry: Entry, asked: Asked, *, address: str) -> dict[str, Any]:
    """Return the fields to write: what is made public here too is classified and approved by whoever asks for it."""
    if not asked.released:
        return entry.fields
    approval = {"by": asked.by or "command line", "on": asked.on.isoformat(), "reason": f"It is public at {address}."}
    given = {"description": entry.fields["title"], "classification": "public", "approval": approval}
    return {**given, **entry.fields, "released": True}


def _write(fields: dict[str, Any], *, folder: Path, taken: Taken) -> str:
    """Write one document and return its key, empty where it cannot be described."""
    key: str = fields["key"]
    try:
        record = folders.parse("dataset", fields, where=key)
    except folders.FolderInvalid as invalid:
        taken.problems.append(f"{fields['title']}: {invalid}")
        return ""
    text = folders.inventoried(record, source=taken.address)
    (folder / "datasets" / f"{key}.yaml").write_text(text, encoding="utf-8")
    taken.written.append(key)
    return key


class _Names:
    """Keys and ids that are free: of each, the first who asks gets what it wants."""

    def __init__(self, before: Iterable[folders.DatasetRecord]) -> None:
        self.keys = {record.key for record in before}
        self.ids = {record.id for record in before if record.id}

    def named(self, fields: dict[str, Any]) -> dict[str, Any]:
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
        return {"key": key, **kept}


def _key(fields: dict[str, Any]) -> str:
    """Return the last part of its page's address where that is a name, else its title as a key."""
    last = urlsplit(str(fields.get("landing_page", ""))).path.rstrip("/").rpartition("/")[2]
    if _PART.fullmatch(last) and not public_id(last) and len(last) <= _LONGEST and not last.isdigit():
        return last
    title = str(fields["title"]).casefold()
    return re.sub(r"[^a-z0-9]+", "-", title).strip("-")[:_LONGEST].strip("-") or "dataset"
