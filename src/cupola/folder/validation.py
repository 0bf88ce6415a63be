"""From fields as written to a typed record, with every mistake found on the way."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cupola.folder.kinds import KINDS
from cupola.folder.kinds.record import Kind, Record
from cupola.folder.problems import FieldPath, Finding, FolderInvalid, did_you_mean, listed, show


def validate(kind: Kind, data: Mapping[str, Any]) -> tuple[Record | None, list[Finding]]:
    """Return the record, or None and all mistakes. `data`: fields without `kind`."""
    findings = list(kind.check(data))
    record = None
    try:
        record = kind.model.model_validate(dict(data))
    except ValidationError as error:
        typed = [_finding(detail, kind) for detail in error.errors(include_url=False)]
        reported = {finding.path for finding in typed}
        findings = typed + [finding for finding in findings if finding.path not in reported]
    return (None if findings else record), findings


def parse(kind: str, fields: Mapping[str, Any], *, where: str = "") -> Record:
    """Return the record that `fields` describe. Raises FolderInvalid with every mistake.

    `fields` may be canonical (from the database) or as a folder writes them; `where` stands before each mistake.
    """
    record, findings = validate(find_kind(kind), fields)
    if record is None:
        raise FolderInvalid(finding.at(where, 0) for finding in findings)
    return record


def find_kind(name: str) -> Kind:
    """Return the kind called `name`. Raises FolderInvalid."""
    if name in KINDS:
        return KINDS[name]
    raise FolderInvalid([unknown_kind(name).at("", 0)])


def unknown_kind(name: str) -> Finding:
    """Return the mistake of a kind that does not exist."""
    names = tuple(KINDS)
    remedy = did_you_mean(name, names, otherwise=f"write one of {listed(names)}")
    return Finding(("kind",), name, f"{show(name)} is not a kind of record", remedy)


def _finding(detail: ErrorDetails, kind: Kind) -> Finding:
    path: FieldPath = tuple(part for part in detail["loc"] if part != "[key]")
    value = detail["input"]
    if detail["type"] == "cupola":
        return Finding(path, value, detail["ctx"]["message"], detail["ctx"]["remedy"])
    if detail["type"] == "missing":
        return _missing(path, kind)
    if detail["type"] == "extra_forbidden":
        return _unknown(path, kind)
    if detail["type"] in {"model_type", "dict_type"}:
        remedy = (
            f"write its fields below it: {listed(_names(path, kind))}" if _names(path, kind) else "write 'name: value'"
        )
        return Finding(path, value, f"{show(value) or 'a list'} stands where fields must stand", remedy)
    return Finding(path, value, f"{show(value)} cannot be used: {detail['msg'].lower()}", "correct the value")


def _missing(path: FieldPath, kind: Kind) -> Finding:
    name = str(path[-1])
    model = _model_at(path[:-1], kind)
    fields = {field.alias or key: field for key, field in model.model_fields.items()} if model is not None else {}
    field = fields.get(name)
    meaning = (field.description or "").partition(". ")[0].rstrip(".") if field is not None else ""
    example = _example(field.examples[0]) if field is not None and field.examples else "..."
    return Finding(path, None, "it is missing", f"write '{name}: {example}' ({meaning[:1].lower()}{meaning[1:]})")


def _example(value: Any) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _unknown(path: FieldPath, kind: Kind) -> Finding:
    name = str(path[-1])
    names = _names(path[:-1], kind)
    remedy = did_you_mean(name, names, otherwise=f"the fields here are {listed(names, most=30)}")
    return Finding(path, name, f"{show(name)} is not a field", remedy)


def _names(path: FieldPath, kind: Kind) -> tuple[str, ...]:
    model = _model_at(path, kind)
    if model is None:
        return ()
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _model_at(path: FieldPath, kind: Kind) -> type[BaseModel] | None:
    """Return the model whose fields stand at `path`: the record's own, or that of a nested mapping or list item."""
    model: type[BaseModel] | None = kind.model
    for part in path:
        if model is None or isinstance(part, int):
            continue
        fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
        if part in fields:
            model = _model_in(fields[part])
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for found in map(_model_in, get_args(annotation)) if found is not None), None)
