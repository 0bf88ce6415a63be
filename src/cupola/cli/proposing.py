"""A proposed contract for a source nobody has described yet."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cupola import folder as folders
from cupola import lake as lakes
from cupola import sources
from cupola.errors import Conflict, InvalidInput


@dataclass(frozen=True)
class Proposed:
    """What was written for review."""

    key: str
    file: Path
    columns: int
    run: str


def propose_dataset(source: str, *, folder: Path, key: str | None, progress: Callable[[str, float], None]) -> Proposed:
    """Read `source` whole and write `datasets/KEY.yaml` into `folder`. Raises Conflict when that file is there."""
    key = key or key_from(source)
    target = folder / "datasets" / f"{key}.yaml"
    if target.exists():
        raise Conflict(f"{target} exists. Choose another key with --key, or edit the file.")
    remote = "://" in source
    spec = sources.SourceSpec(url=source, format=portal_format(source)) if remote else local_spec(source, folder)
    with tempfile.TemporaryDirectory() as scratch:
        base = None if remote else base_of(source, folder)
        fetched = sources.fetch(
            spec, base=base, cache=Path(scratch), state={}, limits=sources.Limits(), progress=progress
        )
        proposal = lakes.propose(sources.land(fetched, scratch=Path(scratch)))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        folders.proposal(key, proposal.contract, notes={"": proposal.notes}, source=spec), encoding="utf-8"
    )
    outside = "" if remote or base == folder.resolve() else f" --sources {base}"
    return Proposed(key, target, columns=len(proposal.contract.columns), run=f"cupola run {folder}{outside}")


def base_of(source: str, folder: Path) -> Path:
    """Return the folder a local file is named below: the city folder where it is in it, else its own."""
    path = Path(source).resolve()
    return folder.resolve() if path.is_relative_to(folder.resolve()) else path.parent


def local_spec(source: str, folder: Path) -> sources.SourceSpec:
    """Return the source entry of a local file."""
    return sources.SourceSpec(file=Path(source).resolve().relative_to(base_of(source, folder)).as_posix())


PORTALS = {
    "socrata": re.compile(r"/(resource|d|dataset/[^?#]*)/[a-z0-9]{4}-[a-z0-9]{4}(\.json)?/?$"),
    "arcgis": re.compile(r"/(FeatureServer|MapServer)/[0-9]+/?$"),
}


def portal_format(address: str) -> str:
    """Return the format of an address that is a portal's and no file's, else nothing."""
    path = re.split(r"[?#]", address)[0]
    if re.match(r"(sqlite|postgresql|postgres):", address):
        return "sql"
    return next((name for name, pattern in PORTALS.items() if pattern.search(path)), "")


def key_from(source: str) -> str:
    """Return a key made from the last part of a path or address. Raises InvalidInput when nothing is left of it."""
    name = re.split(r"[?#]", source)[0].rstrip("/").rsplit("/", 1)[-1]
    stem = name.split(".")[0].lower()
    key = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")
    if not key:
        raise InvalidInput(f"No key can be made from {source}. Give one with --key.")
    return key
