"""Structures taken over from files in published standards, or from any table by a mapping."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from python_calamine import load_workbook

from cupola.errors import InvalidInput
from cupola.folder.library import structure_of
from cupola.orgchart import matching
from cupola.orgchart.history import History
from cupola.orgchart.moments import Moment
from cupola.orgchart.reading import read_history
from cupola.orgchart.standards.organogram import Organogram, history_of, read_organogram
from cupola.orgchart.standards.popolo import read_popolo
from cupola.orgchart.standards.tables import ColumnMap, TableMap, read_table
from cupola.orgchart.standards.w3c import read_org
from cupola.orgchart.writing import write_history
from cupola.web.accounts.models import Event, User
from cupola.web.structure import queries
from cupola.web.structure.actions.keeper import GROUPS, store
from cupola.web.structure.models import Structure

_MOST_FINDINGS = 50
_MOST_PAIRS = 20
_FORMS = (".json", ".ttl", ".jsonld", ".yaml", ".yml", ".csv", ".xlsx")


class CannotTake(InvalidInput):
    """The file is not one that a structure can be taken from."""


@dataclass(frozen=True)
class Taken:
    """What came of it: counts, what is wrong with the file in plain words, and whether its structure hangs together."""

    offices: int
    posts: int
    findings: tuple[str, ...] = ()
    sound: bool = True


@dataclass(frozen=True)
class Files:
    """What a structure is taken from: one `file` (a table with its `mapping`), or the two files of an organogram.

    on: since when an organogram's posts are known, as a day, month or year.
    """

    file: Path | None = None
    mapping: Path | None = None
    organogram: Path | None = None
    junior: Path | None = None
    on: str = ""


def take_file(key: str, files: Files, *, at: datetime, by: User | str) -> Taken:
    """Make or replace the structure `key` from files. People's names and contacts are left out.

    An organogram of a later day, into a structure made from an earlier one, goes on from it: what is gone ends on that
    day and what is new begins, and posts that got another number are matched. Raises CannotTake, OlderThanRecorded and
    what each standard's reader raises.
    """
    findings: tuple[str, ...] = ()
    sound = True
    if files.organogram is not None:
        found = read_organogram(_text(files.organogram), None if files.junior is None else _text(files.junior))
        on = Moment.parse(files.on) if files.on else Moment()
        history = history_of(found, since=on, source=f"file-{on}")
        fields, matched = _after_what_is_there(key, history, on=on, file=files.organogram)
        findings, sound = (*_told(found), *matched), found.sound
    elif files.file is not None:
        fields = _from_file(key, files.file, mapping=files.mapping)
    else:
        raise CannotTake("Name a file, or --organogram with the senior posts of a UK organogram.")
    structure = store(key, fields, at=at, by=by if isinstance(by, User) else None, reason="Imported")
    Event.record(
        "structure.imported", structure, at=at, by=by, detail={"file": (files.file or files.organogram or Path()).name}
    )
    return Taken(len(fields.get("offices", {})), len(fields.get("posts", {})), findings, sound)


def _after_what_is_there(
    key: str, history: History, *, on: Moment, file: Path
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the document, and how its offices and posts were matched with those already there."""
    fields = _document(key, history, file=file, source=f"file-{on}")
    structure = Structure.objects.filter(key=key, retired_on=None).first()
    if structure is None or on.latest is None:
        return fields, ()
    document = queries.document_of(structure)
    before = read_history(document)

    def numbered(key: str) -> bool:
        return not key.startswith("junior-")

    pairs = matching.pairs_with(before, history, on, numbered=numbered)
    whole = matching.succeed(before, history, on, pairs=pairs, numbered=numbered)
    written: dict[str, Any] = json.loads(json.dumps(write_history(whole)))
    sources = {**document.get("sources", {}), **fields["sources"]}
    kept = {name: value for name, value in document.items() if name not in GROUPS}
    counted = Counter(pair.how for pair in pairs)
    says = [f"{count:,} offices and posts matched by {how}" for how, count in sorted(counted.items())]
    doubtful = sorted((pair for pair in pairs if pair.how is matching.How.PROBABLE), key=lambda pair: pair.confidence)
    says += [f"{pair.before} is probably {pair.after} ({pair.confidence:.2f})" for pair in doubtful[:_MOST_PAIRS]]
    return {**kept, "sources": sources, **written}, tuple(says)


def _from_file(key: str, file: Path, *, mapping: Path | None) -> dict[str, Any]:
    ending = file.suffix.casefold()
    if ending not in _FORMS:
        raise CannotTake(f"{file.name}: take a file ending in {', '.join(_FORMS)}.")
    if ending in {".yaml", ".yml"}:
        return {**structure_of(_text(file), file=file.name).fields(), "key": key}
    if ending in {".csv", ".xlsx"}:
        if mapping is None:
            raise CannotTake(f"{file.name}: say with --mapping FILE which column is what. See docs/how-to.")
        history = read_table(_rows(file), _mapping(mapping), source="file")
    elif ending == ".ttl":
        history = read_org(_text(file), source="file")
    elif ending == ".jsonld":
        history = read_org(_text(file), form="json-ld", source="file")
    else:
        history = read_popolo(_json(file), source="file")
    return _document(key, history, file=file)


def _document(key: str, history: History, *, file: Path, source: str = "file") -> dict[str, Any]:
    sources = {source: {"title": f"The file {file.name}"}}
    fields: dict[str, Any] = json.loads(json.dumps(write_history(history)))
    return {"key": key, "name": key.replace("-", " ").capitalize(), "sources": sources, **fields}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotTake(f"{file} cannot be read: {error}. Save it as UTF-8.") from error


def _json(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(_text(file))
    except ValueError as error:
        raise CannotTake(f"{file.name} is not JSON: {error}.") from error
    if not isinstance(found, Mapping):
        raise CannotTake(f"{file.name}: it holds a list; put it under 'organizations' or 'posts'.")
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    if file.suffix.casefold() == ".csv":
        return list(csv.DictReader(io.StringIO(_text(file))))
    sheet = load_workbook(str(file)).get_sheet_by_index(0).to_python()
    head = [str(cell).strip() for cell in sheet[0]] if sheet else []
    return [{name: _cell(cell) for name, cell in zip(head, row, strict=False)} for row in sheet[1:]]


def _cell(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _mapping(file: Path) -> TableMap:
    """Read which column is what. Raises CannotTake naming what is missing."""
    said = yaml.safe_load(_text(file))
    if not isinstance(said, Mapping) or not {"of", "key", "columns"} <= said.keys():
        raise CannotTake(f"{file.name}: write 'of: office', 'key: <column>' and 'columns:' with what each column is.")
    columns = {name: _column(one) for name, one in said["columns"].items()}
    rest = {name: said[name] for name in ("since", "until", "only") if name in said}
    return TableMap(said["of"], said["key"], columns, **rest)


def _column(said: Any) -> ColumnMap:
    if isinstance(said, str):
        return ColumnMap(said)
    values = {str(cell): meant or "" for cell, meant in said.get("values", {}).items()}
    return ColumnMap(said["column"], values, said.get("separator", ""))


def _told(found: Organogram) -> tuple[str, ...]:
    lines = [str(fault) for fault in found.faults]
    more = len(lines) - _MOST_FINDINGS
    return (*lines[:_MOST_FINDINGS], *([f"and {more} more"] if more > 0 else []))
