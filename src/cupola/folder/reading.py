"""Reading a whole folder: every file, every document, every mistake in one go."""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cupola.errors import NotFound
from cupola.folder.documents import RawDocument, parse_yaml
from cupola.folder.kinds import KINDS
from cupola.folder.kinds.city import CityRecord
from cupola.folder.kinds.dataset import DatasetRecord
from cupola.folder.kinds.record import Document, Kind, Record, Reference, is_nothing, text_of
from cupola.folder.problems import Finding, FolderInvalid, Problem, did_you_mean, listed, show
from cupola.folder.validation import unknown_kind, validate

_ENDINGS = {".yaml", ".yml"}
_KEY = re.compile(r"^key: *['\"]?([a-z0-9-]+)", re.MULTILINE | re.ASCII)
_LARGEST_FILE = 20_000_000


class FolderNotFound(NotFound):
    """There is no such folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is not a folder. Name the folder that holds city.yaml.")


@dataclass(frozen=True)
class Folder:
    """A city folder without mistakes."""

    path: Path
    documents: tuple[Document, ...]

    @property
    def city(self) -> CityRecord:
        """The city."""
        return next(document.record for document in self.documents if isinstance(document.record, CityRecord))

    @property
    def datasets(self) -> tuple[DatasetRecord, ...]:
        """The datasets, in the order of their files."""
        return tuple(document.record for document in self.documents if isinstance(document.record, DatasetRecord))


@dataclass
class Sheet:
    """One document of a file as written, before it is known to be right. `text` is the whole file's."""

    file: str
    raw: RawDocument
    data: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind | None = None

    @property
    def key(self) -> str:
        """The key as written."""
        return text_of(self.data, "key")

    def validated(self) -> tuple[Record | None, list[Finding]]:
        """Return the record it describes, or None and its mistakes. Only for a sheet of a known kind."""
        assert self.kind is not None
        return validate(self.kind, {name: value for name, value in self.data.items() if name != "kind"})

    def problem(self, finding: Finding) -> Problem:
        """Return a mistake with its place."""
        return finding.at(self.file, self.raw.line(finding.path))


@dataclass
class Sheets:
    """Every document of a folder as written.

    `broken`: files that could not be read to their end, each with the keys that seem to stand in it, so that one bad
    quotation mark does not make every reference to that file look wrong.
    """

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    broken: dict[str, frozenset[str]] = field(default_factory=dict)


def read(path: Path) -> Folder:
    """Read the city folder at `path`. Raises FolderNotFound, or FolderInvalid with every mistake; changes nothing."""
    found = read_sheets(path)
    problems = list(found.problems)
    documents: list[Document] = []
    sound: list[tuple[Sheet, Record]] = []
    for sheet in found.sheets:
        if sheet.kind is None:
            continue
        record, findings = sheet.validated()
        problems.extend(sheet.problem(finding) for finding in findings)
        if record is not None:
            documents.append(Document(sheet.kind.name, record.key, record, sheet.file, sheet.raw.span[0]))
            sound.append((sheet, record))
    problems.extend(_across(found))
    others = {document.identity: document.record for document in documents}
    for sheet, record in sound:
        assert sheet.kind is not None
        problems.extend(sheet.problem(finding) for finding in sheet.kind.check_beside(record, others))
    if problems:
        raise FolderInvalid(problems)
    return Folder(path, tuple(documents))


def read_sheets(path: Path) -> Sheets:
    """Return every document of the folder as written, and what keeps any of them from being read."""
    if not path.is_dir():
        raise FolderNotFound(path)
    found = Sheets()
    for file in yaml_files(path):
        _read_file(file, file.relative_to(path).as_posix(), found)
    return found


def yaml_files(path: Path) -> list[Path]:
    """Return the YAML files below `path` that are not hidden, in order; links to folders are not followed."""
    files: list[Path] = []
    for folder, names, entries in os.walk(path):
        names[:] = [name for name in names if not name.startswith(".")]
        files.extend(
            Path(folder, entry)
            for entry in entries
            if not entry.startswith(".") and Path(entry).suffix.lower() in _ENDINGS
        )
    return sorted(files, key=lambda file: (len(file.relative_to(path).parts) > 1, file.as_posix()))


def _read_file(file: Path, name: str, found: Sheets) -> None:
    text = _text(file, name, found)
    if text is None:
        return
    documents, syntax = parse_yaml(text)
    if syntax is not None:
        found.broken[name] = frozenset(_KEY.findall(text))
        found.problems.append(Problem(name, syntax.line, "", "", syntax.message, syntax.remedy))
    for raw in documents:
        found.sheets.append(_sheet(name, raw, found))


def _text(file: Path, name: str, found: Sheets) -> str | None:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            found.broken[name] = frozenset({file.stem})
            message, remedy = "the file is larger than 20 MB", "keep data out of the folder, or hide the file"
            found.problems.append(Problem(name, 1, "", "", message, remedy))
            return None
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"0x{error.object[error.start]:02x}"
        found.problems.append(Problem(name, line, "", byte, f"byte {byte} is not UTF-8", "save the file as UTF-8"))
        found.broken[name] = frozenset(_KEY.findall(error.object.decode("latin-1")))
    except OSError as error:
        said = error.strerror or str(error)
        found.problems.append(Problem(name, 1, "", "", f"the file cannot be read: {said}", "make it readable"))
        found.broken[name] = frozenset({file.stem})
    return None


def _sheet(file: str, raw: RawDocument, found: Sheets) -> Sheet:
    sheet = Sheet(file, raw)
    found.problems.extend(finding.at(file, line) for line, finding in raw.findings)
    if not isinstance(raw.data, Mapping):
        finding = Finding((), None, "the document has no fields", "begin it with 'kind: dataset' and 'key: ...'")
        found.problems.append(sheet.problem(finding))
        return sheet
    sheet.data = raw.data
    kind = raw.data.get("kind")
    if is_nothing(kind):
        finding = Finding(("kind",), None, "it is missing", f"write what the document is: {listed(KINDS)}")
        found.problems.append(sheet.problem(finding))
    elif not isinstance(kind, str) or kind not in KINDS:
        found.problems.append(sheet.problem(unknown_kind(kind if isinstance(kind, str) else "")))
    else:
        sheet.kind = KINDS[kind]
    return sheet


def _across(found: Sheets) -> Iterator[Problem]:
    by_kind: dict[str, list[Sheet]] = {name: [] for name in KINDS}
    for sheet in found.sheets:
        if sheet.kind is not None:
            by_kind[sheet.kind.name].append(sheet)
    for name, sheets in by_kind.items():
        yield from _single(KINDS[name], sheets, broken=found.broken)
        yield from _twice(((sheet, ("key",), sheet.key) for sheet in sheets if sheet.key), what="key")
        ids = ((sheet, path, value) for sheet in sheets for path, value in KINDS[name].unique(sheet.data))
        yield from _twice(ids, what="id")
    by_key = {name: {sheet.key: sheet for sheet in sheets if sheet.key} for name, sheets in by_kind.items()}
    unread = frozenset().union(*found.broken.values())
    for sheet in found.sheets:
        for reference in sheet.kind.references(sheet.data) if sheet.kind is not None else ():
            if reference.key not in unread:
                yield from _reference(sheet, reference, by_key[reference.kind])


def _single(kind: Kind, sheets: list[Sheet], *, broken: Container[str]) -> Iterator[Problem]:
    if not kind.single:
        return
    home = kind.home("")
    if not sheets and home not in broken:
        remedy = f"write it with 'kind: {kind.name}', 'key:' and the other fields"
        yield Problem(home, 1, "", "", f"the folder has no document of kind {kind.name!r}", remedy)
    for sheet in sheets[:1]:
        if sheet.file != home:
            yield sheet.problem(
                Finding(("kind",), kind.name, f"the {kind.name} stands in another file", f"move it to {home}")
            )
    for sheet in sheets[1:]:
        message = f"there is already a {kind.name} in {sheets[0].file}, line {sheets[0].raw.span[0]}"
        yield sheet.problem(Finding(("kind",), kind.name, message, "a folder holds one; take one out"))


def _twice(values: Iterable[tuple[Sheet, tuple[str | int, ...], str]], *, what: str) -> Iterator[Problem]:
    first: dict[str, Sheet] = {}
    for sheet, path, value in values:
        other = first.setdefault(value, sheet)
        if other is not sheet:
            message = f"{show(value)} is already the {what} of the record in {other.file}, line {other.raw.line(path)}"
            yield sheet.problem(Finding(path, value, message, f"choose another {what}, or take one of the two out"))


def _reference(sheet: Sheet, reference: Reference, others: Mapping[str, Sheet]) -> Iterator[Problem]:
    if reference.key not in others:
        remedy = did_you_mean(reference.key, list(others), otherwise=f"the {reference.kind}s are {listed(others)}")
        message = f"{show(reference.key)} is not a {reference.kind} of this folder"
        yield sheet.problem(Finding(reference.path, reference.key, message, remedy))
        return
    target = others[reference.key]
    names = target.kind.names(target.data) if target.kind is not None else ()
    if reference.column and names and reference.column not in names:
        remedy = did_you_mean(reference.column, names, otherwise=f"its columns are {listed(names)}")
        message = f"{show(reference.column)} is not a column of {reference.key!r}"
        yield sheet.problem(Finding(reference.column_path, reference.column, message, remedy))
