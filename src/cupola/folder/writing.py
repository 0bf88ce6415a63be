"""Records back to a folder that then applies to nothing.

A file is touched only when the folder and the record differ; comments above a document stay, comments inside a
document that is rewritten are lost. Nothing a person wrote is deleted: a retired record's file goes only when it is
word for word what an export writes, else it is set aside as `<name>.retired`, which no command reads.

A hidden file in the folder holds a hash of every document as the last export left it, so that a second export need not
take the first one for edits that were never applied.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cupola.errors import Conflict, NotAllowed
from cupola.folder.differences import changes
from cupola.folder.emitting import to_yaml
from cupola.folder.kinds import KINDS
from cupola.folder.planning import Identity, RecordState, canonical
from cupola.folder.problems import FolderInvalid
from cupola.folder.reading import Sheet, Sheets, read_sheets

HEADER = "# Written by `cupola export`. Edit it here or in the web pages; `cupola apply --dry-run` compares.\n"
ASIDE = ".retired"
EXPORTED = ".cupola-export.json"
_LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|$)")  # where YAML breaks lines


class FolderEdited(Conflict):
    """The folder holds edits that were never applied; writing the records would lose them."""

    def __init__(self, places: Iterable[str]) -> None:
        self.places = tuple(places)
        super().__init__(
            "The folder has edits that were not applied yet; nothing was written. "
            "Apply the folder first, or export to another directory.\n" + "\n".join(self.places)
        )


class FolderNotWritable(NotAllowed):
    """A file of the folder cannot be written."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}. Make the directory writable, free some space, or export to another one.")


@dataclass
class Written:
    """What an export did: files written, files deleted, files set aside; paths below the folder, in order."""

    files: list[Path] = field(default_factory=list)
    deleted: list[Path] = field(default_factory=list)
    set_aside: list[Path] = field(default_factory=list)


def render(kind: str, fields: Mapping[str, Any]) -> str:
    """Return canonical fields as one YAML document."""
    return to_yaml({"kind": kind, **KINDS[kind].written(fields)})


def write(records: Mapping[Identity, RecordState], path: Path, *, take_records: bool = False) -> Written:
    """Bring the folder at `path` in line with `records`, making it when it does not exist.

    Documents of records that are not in `records` stay as they are. `take_records`: overwrite edits of the folder
    that were never applied. Raises FolderInvalid when a file there is no YAML, FolderEdited, FolderNotWritable.
    """
    found = read_sheets(path) if path.is_dir() else Sheets()
    if found.broken:
        raise FolderInvalid(found.problems)
    standing = {(sheet.kind.name, sheet.key): sheet for sheet in found.sheets if sheet.kind is not None and sheet.key}
    if not take_records:
        _check_no_edits(records, standing, exported=_exported(path))
    written = Written()
    edits: dict[str, list[tuple[Sheet, str | None]]] = {}
    for identity, state in records.items():
        text = None if state.retired else render(identity[0], canonical(identity[0], state.fields))
        sheet = standing.get(identity)
        if sheet is None:
            if text is not None:
                written.files.append(_add(path, identity, text))
        elif text is None or not _says(sheet, canonical(identity[0], state.fields)):
            edits.setdefault(sheet.file, []).append((sheet, text))
    for file, changed in edits.items():
        _edit(path, file, changed, written=written)
    _remember(records, path)
    return written


def _says(sheet: Sheet, fields: Mapping[str, Any] | None) -> bool:
    """Whether a document says what `fields` say. One with mistakes says nothing."""
    record = sheet.validated()[0]
    return record is not None and fields is not None and record.fields() == fields


def _exported(path: Path) -> dict[str, str]:
    """Return the hashes of the last export; none when there was none or its list cannot be read."""
    try:
        hashes = json.loads((path / EXPORTED).read_bytes())
    except (OSError, ValueError):
        return {}
    return hashes if isinstance(hashes, dict) else {}


def _remember(records: Mapping[Identity, RecordState], path: Path) -> None:
    hashes = {
        _name(identity): _hash(canonical(identity[0], state.fields))
        for identity, state in records.items()
        if not state.retired
    }
    if hashes != _exported(path):
        _save(path / EXPORTED, json.dumps(hashes, indent=1) + "\n")


def _name(identity: Identity) -> str:
    return f"{identity[0]} {identity[1]}"


def _hash(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _check_no_edits(
    records: Mapping[Identity, RecordState], standing: Mapping[Identity, Sheet], *, exported: Mapping[str, str]
) -> None:
    edited = []
    for identity, state in records.items():
        sheet = standing.get(identity)
        if sheet is None or (not state.retired and _says(sheet, canonical(identity[0], state.fields))):
            continue
        applied = None if state.applied is None else canonical(identity[0], state.applied)
        if not _says(sheet, applied) and _hash_of(sheet) != exported.get(_name(identity), "never"):
            edited.append(
                f"{sheet.file}:{sheet.raw.span[0]}: {identity[0]} {identity[1]}{_differences(sheet, applied)}"
            )
    if edited:
        raise FolderEdited(edited)


def _hash_of(sheet: Sheet) -> str:
    record = sheet.validated()[0]
    return "" if record is None else _hash(record.fields())


def _differences(sheet: Sheet, applied: Mapping[str, Any] | None) -> str:
    record, findings = sheet.validated()
    if record is None:
        return f": it has {len(findings)} mistakes"
    return "".join(f"\n    {change}" for change in changes(applied, record.fields())) if applied is not None else ""


def _add(folder: Path, identity: Identity, text: str) -> Path:
    home = Path(KINDS[identity[0]].home(identity[1]))
    name, number = home, 1
    while (folder / name).exists():  # something else stands there
        number += 1
        name = home.with_name(f"{home.stem}-{number}{home.suffix}")
    _save(folder / name, HEADER + text)
    return name


def _edit(folder: Path, file: str, changed: list[tuple[Sheet, str | None]], *, written: Written) -> None:
    """Rewrite the documents of one file that changed, the last first so that the line numbers before it still hold."""
    path = folder / file
    lines = _lines(path)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    gone: list[str] = []
    for sheet, text in sorted(changed, key=lambda item: item[0].raw.span, reverse=True):
        first, after = sheet.raw.span
        old = "".join(lines[first - 1 : after - 1])
        new = ("---\n" if old.startswith("---") else "") + (text or "")
        lines[first - 1 : after - 1] = [new.replace("\n", newline)]
        if text is None and not _is_ours(sheet, old):
            gone.insert(0, old)
    rest = "".join(lines)
    if _has_content(rest):
        _save(path, rest)
        written.files.append(Path(file))
    elif gone or rest != HEADER:
        written.set_aside.append(_set_aside(path, path.read_text("utf-8-sig")).relative_to(folder))
        _remove(path)
        return
    else:
        _remove(path)
        written.deleted.append(Path(file))
    if gone:
        written.set_aside.append(_set_aside(path, "---\n".join(gone)).relative_to(folder))


def _is_ours(sheet: Sheet, text: str) -> bool:
    """Whether a document is word for word what an export writes."""
    record = sheet.validated()[0]
    return record is not None and sheet.kind is not None and text == render(sheet.kind.name, record.fields())


def _has_content(text: str) -> bool:
    return any(line.strip() and not line.startswith(("#", "---", "...")) for line in text.splitlines())


def _lines(path: Path) -> list[str]:
    try:
        return _LINE.findall(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise FolderNotWritable(path, error.strerror or str(error)) from error


def _set_aside(path: Path, text: str) -> Path:
    """Keep `text` in a file beside `path` that no command reads."""
    aside, number = path.with_name(path.name + ASIDE), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}{ASIDE}-{number}")
    _save(aside, text)
    return aside


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise FolderNotWritable(path, error.strerror or str(error)) from error


def _save(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    temporary = path.with_name(f".{path.name}.writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(text.encode())
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise FolderNotWritable(path, error.strerror or str(error)) from error
