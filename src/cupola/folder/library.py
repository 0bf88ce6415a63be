"""The model library as jurisdictions: the packaged documents, read and checked like a city folder's."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cupola.errors import NotFound
from cupola.folder.documents import parse_yaml
from cupola.folder.kinds.modellibrary import LibraryRecord, ModelLibrary
from cupola.folder.kinds.record import Kind, Record
from cupola.folder.kinds.structure import Structure, StructureRecord
from cupola.folder.problems import FolderInvalid, Problem, did_you_mean, listed
from cupola.folder.validation import validate
from cupola.orgchart.jurisdiction import Jurisdiction
from cupola.orgchart.reading import read_jurisdiction

_PLACE = files("cupola.orgchart") / "library"


class ModelUnknown(NotFound):
    """The library holds nothing by that name."""

    def __init__(self, key: str) -> None:
        self.key = key
        known = (*jurisdictions(), *templates())
        remedy = did_you_mean(key, known, otherwise=f"it holds {listed(known, most=30)}")
        super().__init__(f"The library holds no {key}: {remedy}.")


def structure_of(text: str, *, file: str) -> StructureRecord:
    """Return the structure document in a YAML text. Raises FolderInvalid with every mistake, by file and line."""
    record = _record(Structure(), text, file=file)
    assert isinstance(record, StructureRecord)
    return record


@cache
def catalogue() -> LibraryRecord:
    """Return the roles, the essay's claims, the grants and the yardsticks."""
    record = _record(ModelLibrary(), (_PLACE / "catalogue.yaml").read_text(encoding="utf-8"), file="catalogue.yaml")
    assert isinstance(record, LibraryRecord)
    return record


@cache
def jurisdictions() -> Mapping[str, Jurisdiction]:
    """Return the governments of the library by key. A further one is one more file beside the others."""
    return _read("jurisdictions")


@cache
def templates() -> Mapping[str, Jurisdiction]:
    """Return the templates a city can adopt, by key."""
    return _read("templates")


def find_model(key: str) -> Jurisdiction:
    """Return a government or a template of the library. Raises ModelUnknown."""
    found = jurisdictions().get(key) or templates().get(key)
    if found is None:
        raise ModelUnknown(key)
    return found


def _read(folder: str) -> Mapping[str, Jurisdiction]:
    found = {}
    for file in sorted((_PLACE / folder).iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            record = structure_of(file.read_text(encoding="utf-8"), file=f"{folder}/{file.name}")
            found[record.key] = read_jurisdiction(record.fields())
    return MappingProxyType(found)


def _record(kind: Kind, text: str, *, file: str) -> Record:
    documents, syntax = parse_yaml(text)
    problems = [finding.at(file, line) for raw in documents for line, finding in raw.findings]
    if syntax is not None:
        problems.append(Problem(file, syntax.line, "", "", syntax.message, syntax.remedy))
    if len(documents) != 1 or not isinstance(documents[0].data, Mapping):
        message = f"the file holds {len(documents)} documents"
        raise FolderInvalid([*problems, Problem(file, 1, "", "", message, f"write one of kind {kind.name!r}")])
    raw = documents[0]
    record, findings = validate(kind, {name: value for name, value in raw.data.items() if name != "kind"})
    problems += [finding.at(file, raw.line(finding.path)) for finding in findings]
    if problems or record is None:
        raise FolderInvalid(problems)
    return record
