"""Files below the base folder, read in place. An unchanged file is not even hashed again."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from rapidfuzz import process

from cupola.errors import InvalidInput
from cupola.sources.formats import by_content, by_name, check_format
from cupola.sources.spec import (
    Fetched,
    Limits,
    Progress,
    SourceInvalid,
    SourceSpec,
    SourceUnreachable,
    fingerprint_of,
    place_key,
    same_place,
)

_CHUNK = 1 << 20
_TOO_FRESH = 2.0  # seconds: a file written this lately may be written again within the same clock tick


class OutsideBase(InvalidInput):
    """A `file:` that climbs out of its folder."""

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(f"file: {file!r} leads out of the sources folder. Give a path below it.")


def locate(base: Path, file: str) -> Path:
    """Return the path of `file` below `base`. Raises OutsideBase, or SourceUnreachable when it is not a file."""
    root = Path(os.path.normpath(base))
    path = Path(os.path.normpath(root / file))
    if not path.is_relative_to(root):
        raise OutsideBase(file)
    if path.is_file():
        return path
    if path.exists():
        raise SourceUnreachable(file, problem="it is not a file", remedy="Give the path of one file.")
    raise SourceUnreachable(file, problem="there is no such file", remedy=_near(path))


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return "Its folder does not exist either; check --sources and file:."
    names = sorted(entry.name for entry in path.parent.iterdir())
    near = process.extractOne(path.name, names, score_cutoff=60)
    return f"Did you mean {near[0]!r}?" if near else "Check --sources and file:."


def fetch_file(
    spec: SourceSpec, path: Path, *, state: Mapping[str, str], limits: Limits, progress: Progress
) -> Fetched:
    """Return `path` as fetched, without copying it."""
    place = f"file {path}"
    known = same_place(state, place)
    name = path.name
    size, modified = _stat(path, name)
    stamp = f"{size} {modified}"
    fresh = limits.pace.wall() - modified / 1e9 < _TOO_FRESH
    content = known.get("sha256", "") if known.get("stamp") == stamp and not fresh else ""
    if not content:
        content = file_hash(path, name=name, progress=progress)
    fingerprint = fingerprint_of(content, spec)
    kept = {"place": place_key(place), "sha256": content, "fingerprint": fingerprint}
    if not fresh:
        kept["stamp"] = stamp
    return Fetched(
        spec=spec,
        path=path,
        fingerprint=fingerprint,
        bytes=size,
        unchanged=known.get("fingerprint") == fingerprint,
        state=kept,
        format=file_format(spec, path, name=name),
        source=name,
        stamp=stamp,
        max_expanded_bytes=limits.max_expanded_bytes,
    )


def file_stamp(path: Path) -> str:
    """Return size and time of last change, as `Fetched.stamp` keeps them."""
    size, modified = _stat(path, path.name)
    return f"{size} {modified}"


def file_format(spec: SourceSpec, path: Path, *, name: str, media: str = "") -> str:
    """Return the format of a local copy. Raises SourceInvalid when nothing tells it."""
    if spec.format:
        return check_format(spec.format, where=name)
    if found := by_name(spec.member or name) or media:
        return found
    with path.open("rb") as stream:
        found = by_content(stream.read(512))
    if found:
        return found
    if name.lower().endswith((".zip", ".gz", ".zst")):
        return ""  # told by the member, once it is known
    raise SourceInvalid(name, problem="its name does not tell the format", remedy="Say it, as in format: csv.")


def file_hash(path: Path, *, name: str, progress: Progress) -> str:
    """Return the sha256 of a file. Raises SourceUnreachable when it cannot be read."""
    digest = hashlib.sha256()
    try:
        total = path.stat().st_size
        with path.open("rb") as stream:
            done = 0
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                done += len(chunk)
                progress(f"reading {name}", done / max(total, done))
    except OSError as error:
        raise _unreadable(name, error) from error
    return digest.hexdigest()


def _stat(path: Path, name: str) -> tuple[int, int]:
    try:
        facts = path.stat()
    except OSError as error:
        raise _unreadable(name, error) from error
    return facts.st_size, facts.st_mtime_ns


def _unreadable(name: str, error: OSError) -> SourceUnreachable:
    return SourceUnreachable(name, problem=f"it cannot be read: {error.strerror}", remedy="Check its rights.")
