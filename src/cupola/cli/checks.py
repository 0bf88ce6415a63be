"""What `cupola doctor` looks at, and what it can heal."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from cupola.web.data import actions, queries

FREE_BYTES = 2 * 2**30  # a load writes its new files before it lets go of any


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Return the check as plain values."""
        return asdict(self)


def examine(home: Path) -> list[Check]:
    """Look at everything; what is wrong says what to do."""
    return [writable(home), roomy(home), sound_records(), *sound_versions(), *recorded_versions(), *released()]


def heal(home: Path) -> list[str]:
    """Complete what a crash left undone and remove what no version needs; return what was done."""
    now = datetime.now(UTC)
    healed = actions.reconcile(at=now)
    swept = queries.lake().sweep(now=now)
    if swept.files:
        healed.append(f"removed {swept.files:,} leftover files ({swept.bytes / 2**20:,.1f} MB)")
    unpacked = [path for path in (home / "cache").glob("unpacked-*") if path.is_dir()]
    for path in unpacked:
        shutil.rmtree(path)
    if unpacked:
        healed.append(f"removed {len(unpacked)} unpacked copies of sources")
    return healed


def writable(home: Path) -> Check:
    """Whether this process may write into the home."""
    ok = os.access(home, os.W_OK)
    return Check("home", ok, f"{home} can be written" if ok else f"{home} cannot be written; change its owner or mode")


def roomy(home: Path) -> Check:
    """Whether there is room for the next load."""
    free = shutil.disk_usage(home).free
    sentence = f"{free / 2**30:,.1f} GB free"
    ok = free >= FREE_BYTES
    return Check("disk", ok, sentence if ok else f"only {sentence}; make room for at least {FREE_BYTES / 2**30:.0f} GB")


def sound_records() -> Check:
    """Whether the records database is whole."""
    if connection.vendor != "sqlite":
        return Check("records", True, f"on {connection.vendor}")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        answer = cursor.fetchone()[0]
    return Check("records", answer == "ok", "whole" if answer == "ok" else f"damaged ({answer}); restore a backup")


def sound_versions() -> Iterator[Check]:
    """Whether every version still answers with the rows its snapshot promised."""
    for verified in queries.lake().verify():
        name = f"{verified.dataset} version {verified.version}"
        problems = "; ".join(verified.problems)
        yield Check(name, not problems, f"{verified.rows:,} rows" if not problems else f"{problems}; restore a backup")


def recorded_versions() -> Iterator[Check]:
    """Whether the records know every version the lake holds."""
    for dataset in queries.current_datasets():
        recorded = set(dataset.versions.values_list("number", flat=True))
        lost = [held.number for held in queries.lake().versions(dataset.key) if held.number not in recorded]
        if lost:
            yield Check(dataset.key, False, f"versions {lost} are not in the records; run cupola doctor --fix")


def released() -> Iterator[Check]:
    """Whether the registry says what the records say."""
    lake = queries.lake()
    for dataset in queries.current_datasets():
        public = lake.registry.releases(dataset.key)
        should = dataset.released and dataset.shows_rows and dataset.shown_version() is not None
        if should != bool(public):
            yield Check(dataset.key, False, "the registry and the records disagree; run cupola doctor --fix")
        elif public and not (lake.root / public[0].serving).exists():
            yield Check(dataset.key, False, "its serving copy is gone; run cupola doctor --fix")
        elif lake.lacking_downloads(dataset.key):
            yield Check(dataset.key, False, "files to download are missing; run cupola doctor --fix")
