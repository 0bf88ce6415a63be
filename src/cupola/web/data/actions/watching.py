"""Portals elsewhere looked at again: what is late, changed, gone or badly described there becomes findings here.

Nothing is copied: only the catalogue is read, and the datasets it describes stay where they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from cupola.errors import CupolaError, NotFound
from cupola.sources import Limits
from cupola.sources.catalogues import (
    Entry,
    Fault,
    Inventory,
    catalogue_faults,
    column_faults,
    counted,
    late_fault,
    modified_said,
    names_here,
    read_catalogue,
    read_catalogue_file,
    vanished,
    with_columns,
)
from cupola.web.accounts.models import Event, User
from cupola.web.data import queries
from cupola.web.data.actions.standing import CATALOGUE, Found, settle
from cupola.web.data.models import Dataset, Portal, Severity, Sighting

DUE_AFTER = timedelta(hours=20)  # a run a day, at about the same time
LIMITS = Limits(max_bytes=500_000_000, seconds=900.0, attempts=3)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What a look works with. `places`: folders in which a catalogue kept as a file is looked for by its name."""

    at: datetime
    places: tuple[Path, ...] = ()
    online: bool = True
    limits: Limits = LIMITS

    @property
    def today(self) -> date:
        """The day it is in the city."""
        return self.at.astimezone(ZoneInfo(queries.city_zone())).date()

    def find(self, address: str) -> Path | None:
        """Return the file a catalogue is kept in, None where it is one of the web or not here."""
        if "://" in address:
            return None
        return next((place / address for place in self.places if (place / address).is_file()), None)


@dataclass(frozen=True)
class Looked:
    """What a look at one portal came to. `faults`: by key of the dataset; `problem`: why nothing was seen."""

    address: str
    kind: str = ""
    entries: int = 0
    faults: tuple[tuple[str, Fault], ...] = ()
    appeared: tuple[Mapping[str, str], ...] = ()
    opened: int = 0
    closed: int = 0
    problem: str = ""

    @property
    def datasets_by_fault(self) -> dict[str, int]:
        """How many datasets have each kind of fault, the commonest first."""
        by_key: dict[str, list[Fault]] = {}
        for key, fault in self.faults:
            by_key.setdefault(key, []).append(fault)
        return counted(by_key.values())

    @property
    def needs_person(self) -> bool:
        """Whether a portal could not be read, or no longer lists something it did."""
        return bool(self.problem) or any(fault.severity == Severity.ERROR for _, fault in self.faults)

    @property
    def sentence(self) -> str:
        """Say in one line what came out."""
        if self.problem:
            return f"{self.address}: not looked at. {self.problem}"
        new = f", {len(self.appeared)} of them not known here" if self.appeared else ""
        return (
            f"{self.address}: {self.entries:,} entries{new}; {self.opened:,} findings opened, {self.closed:,} closed,"
            f" {len(self.faults):,} open"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        names = ("address", "kind", "entries", "opened", "closed", "problem")
        told = {name: getattr(self, name) for name in names}
        faults = [{"key": key, **fault.as_json()} for key, fault in self.faults]
        return {**told, "appeared": [*self.appeared], "datasets_by_fault": self.datasets_by_fault, "faults": faults}


def watch_due(work: Watch, *, force: bool = False) -> list[Looked]:
    """Look again at every portal that is due; one that fails does not stop the rest."""
    tried = dict(Portal.objects.values_list("address", "tried_at"))
    done = []
    for address, datasets in sorted(watched().items()):
        last = tried.get(address)
        due = force or last is None or work.at - last >= DUE_AFTER
        can = work.online if "://" in address else work.find(address) is not None
        if due and can:
            done.append(watch(address, datasets, work))
    return done


def watched() -> dict[str, list[Dataset]]:
    """Return the datasets that were read from a catalogue and did not end, by the catalogue's address."""
    found: dict[str, list[Dataset]] = {}
    for dataset in queries.current_datasets():
        address = (dataset.definition.get("catalogue") or {}).get("harvested_from", "")
        if address and not dataset.definition.get("sources"):
            found.setdefault(address, []).append(dataset)
    return found


def watch(address: str, datasets: Sequence[Dataset], work: Watch, *, file: Path | None = None) -> Looked:
    """Look at one portal and settle its findings. What goes wrong is recorded and returned, not raised."""
    kind = next((str(one.definition["catalogue"].get("harvested_as", "")) for one in datasets), "")
    portal = Portal.objects.filter(address=address).first() or Portal(address=address)
    portal.tried_at = work.at
    keys = names_here({one.key: one.definition for one in datasets})
    try:
        inventory = _read(address, kind, work, file=file)
        inventory = with_columns(inventory, wanted=keys.__contains__, limits=work.limits)
    except CupolaError as error:
        portal.problem = str(error)
        portal.save()
        return Looked(address, kind=kind, problem=str(error))
    with transaction.atomic():
        looked = _Look(inventory, work, names={key: name for name, key in keys.items()}).settle(portal, datasets)
        portal.kind, portal.looked_at, portal.problem = inventory.kind, work.at, ""
        portal.entries, portal.appeared = looked.entries, [dict(one) for one in looked.appeared]
        portal.save()
    return looked


def _read(address: str, kind: str, work: Watch, *, file: Path | None) -> Inventory:
    found = file or work.find(address)
    if found is not None:
        return read_catalogue_file(found, kind=kind, limits=work.limits)
    if "://" not in address:
        raise NotFound(f"There is no file {address} beside the city folder. Give its path.")
    return read_catalogue(address, kind=kind, limits=work.limits)


@dataclass(frozen=True)
class _Look:
    """One look at one portal. `names`: what the entry of each dataset is known by, by the dataset's key."""

    inventory: Inventory
    work: Watch
    names: Mapping[str, str]

    def settle(self, portal: Portal, datasets: Sequence[Dataset]) -> Looked:
        """Write what was seen and what is wrong; return what it came to."""
        inventory = self.inventory
        told = catalogue_faults([one.document for one in inventory.entries], inventory.kind, today=self.work.today)
        seen = {one.name: (one, found) for one, found in zip(inventory.entries, told, strict=True) if one.fields}
        sightings = {one.dataset_id: one for one in Sighting.objects.filter(dataset__in=datasets)}
        faults: dict[str, list[Fault]] = {}
        for dataset in datasets:
            entry, found = seen.get(self.names[dataset.key], (None, []))
            sighting = self._sighted(dataset, sightings.get(dataset.pk), entry)
            changes = self._changes(dataset, sighting, entry) if entry else [vanished(portal.address)]
            faults[dataset.key] = [*changes, *found]
        found_by_key = {one.pk: [_finding(fault) for fault in faults[one.key]] for one in datasets}
        opened, closed = settle(CATALOGUE, found_by_key, at=self.work.at)
        known = set(self.names.values())
        return Looked(
            portal.address,
            inventory.kind,
            entries=len(inventory.entries),
            faults=tuple((key, fault) for key, some in faults.items() for fault in some),
            appeared=tuple(_stranger(one) for one in inventory.known if one.name not in known),
            opened=opened,
            closed=closed,
        )

    def _sighted(self, dataset: Dataset, before: Sighting | None, entry: Entry | None) -> Sighting | None:
        """Write what the portal says of a dataset now; columns it does not tell today stay as they were told."""
        at = self.work.at
        if entry is None:
            if before is not None and before.vanished_at is None:
                before.vanished_at = at
                before.save()
            return before
        sighting = before or Sighting(dataset=dataset, first_seen_at=at)
        sighting.seen_at, sighting.vanished_at = at, None
        sighting.modified = modified_said(entry, self.inventory.kind)[:100]
        sighting.columns = [list(column) for column in entry.columns] or sighting.columns
        sighting.agreed = sighting.agreed or sighting.columns
        sighting.save()
        return sighting

    def _changes(self, dataset: Dataset, sighting: Sighting | None, entry: Entry) -> list[Fault]:
        days = queries.refresh_days(dataset.refresh)
        late = late_fault(entry, self.inventory.kind, promised=days, today=self.work.today)
        changed = column_faults(sighting.agreed, sighting.columns) if sighting else []
        return [*([late] if late else []), *changed]


def _finding(fault: Fault) -> Found:
    """Return a fault as a finding: what is meant stands in its column, so the sentence need not repeat it."""
    message = f"{fault.message}; {fault.remedy}"
    return Found(
        f"{CATALOGUE}{fault.kind}",
        message[:1].upper() + message[1:] + ".",
        severity=fault.severity,
        column=fault.field,
        count=fault.count,
    )


def _stranger(entry: Entry) -> dict[str, str]:
    fields = entry.fields
    return {"title": fields["title"], "identifier": entry.name, "address": fields.get("landing_page", "")}


def accept_columns(key: str, *, at: datetime, by: User | str) -> int:
    """Take the columns a portal has for a dataset as right; return how many. What changed before is settled.

    Raises DatasetUnknown, NotFound where no portal told its columns.
    """
    dataset = queries.current_datasets((key,))[0]
    sighting = Sighting.objects.filter(dataset=dataset).first()
    if sighting is None or not sighting.columns:
        raise NotFound(f"No portal told the columns of {key} yet. `cupola data inventory --watch` looks.")
    before = [list(column) for column in sighting.agreed]
    with transaction.atomic():
        sighting.agreed = sighting.columns
        sighting.save()
        for finding in dataset.findings.filter(closed_at=None, kind__startswith=f"{CATALOGUE}column_"):
            finding.closed_at = max(at, finding.opened_at)
            finding.save()
        detail = {"before": before, "after": sighting.columns}
        Event.record("data.columns_accepted", dataset, at=at, by=by, detail=detail)
    return len(sighting.columns)
