"""A proposed contract as YAML for a person to review: each column under what was seen in the data."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cupola.contracts import DEFAULT_NULL_TOKENS, Column, Contract, Duplicates, Tag
from cupola.folder.emitting import to_yaml
from cupola.folder.kinds import KINDS
from cupola.folder.kinds.record import Record
from cupola.sources import SourceSpec

_WIDTH = 110
_HEAD = """\
# Proposed by `cupola data add` from a scan of every row. Check each line, then `cupola apply`.
# Still to be written: the title in words people use, and the lines that begin with '#' below.
"""
_OPEN = """\
# description: what it holds, for someone who has never seen it
# row: what one row is, as in: one building permit
# department:
# steward:
# refresh: daily | weekly | monthly | quarterly | yearly | never | every 14 days
# classification: public | internal | sensitive | protected | restricted
# released: true
# approval: {by: who answers for it, on: the day}
"""


def proposal(
    key: str, contract: Contract, *, notes: Mapping[str, Sequence[str]], source: SourceSpec | Sequence[SourceSpec]
) -> str:
    """Return a dataset document that reads back to `contract`, with what was seen as comments.

    `notes`: what was seen, by column name; the empty name is for the dataset as a whole.
    """
    sources = [source] if isinstance(source, SourceSpec) else list(source)
    head = {"kind": "dataset", "key": key, "title": key.replace("-", " ").capitalize()}
    parts = [
        _HEAD,
        to_yaml(head),
        _OPEN,
        to_yaml({"sources": [_source(entry) for entry in sources]}),
        _comment(notes.get("", ())),
        "columns:\n",
        *_columns(contract, notes),
    ]
    rest = _rest(contract)
    return "".join([*parts, to_yaml(rest) if rest else ""])


def inventoried(record: Record, *, source: str) -> str:
    """Return the document of a dataset that is hosted elsewhere, as its catalogue described it."""
    head = f"# Written by `cupola data inventory` from {source}\n"
    return head + to_yaml({"kind": "dataset", **KINDS["dataset"].written(record.fields())})


def _columns(contract: Contract, notes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    listed = {"columns": [_column(column) for column in contract.columns]}
    for name, fields in KINDS["dataset"].written(listed)["columns"].items():
        yield _comment(notes.get(name, ()), indent="  ")
        yield textwrap.indent(to_yaml({name: fields}), "  ", lambda line: bool(line.strip()))


def _comment(lines: Sequence[str], *, indent: str = "") -> str:
    wrapped = [part for line in lines for part in textwrap.wrap(" ".join(line.split()), _WIDTH) or [""]]
    return "".join(f"{indent}# {line}".rstrip() + "\n" for line in wrapped)


def _column(column: Column) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": column.name, "type": str(column.type)}
    values = {
        "from": list(column.origins),
        "title": column.title,
        "meaning": column.meaning,
        "unit": column.unit,
        "format": list(column.formats),
        "allowed": dict(column.allowed),
    }
    fields.update({name: value for name, value in values.items() if value})
    if column.null_tokens is not None:
        fields["null_tokens"] = list(column.null_tokens)
    if column.scale != Column.scale and column.type == "decimal":
        fields["scale"] = column.scale
    flags = {"required": column.required, "optional": column.optional, "sensitive": column.sensitive}
    return {**fields, **{name: True for name, value in flags.items() if value}}


def _source(source: SourceSpec) -> dict[str, Any]:
    names = ("url", "file", "format", "member", "records", "sheet", "query", "resource", "incremental")
    fields = {name: getattr(source, name) for name in names if getattr(source, name)}
    overrides = ("delimiter", "quote", "escape", "encoding", "skip_lines", "header_rows")
    fields.update({name: getattr(source, name) for name in overrides if getattr(source, name) is not None})
    if source.vintage is not None:
        length = {"year": 4, "month": 7}.get(source.vintage.precision, 10)
        fields["vintage"] = source.vintage.on.isoformat()[:length]
    return fields


def _tag(tag: Tag) -> dict[str, Any]:
    return {"column": tag.column, "point": list(tag.point), "places": tag.places, "take": tag.take}


def _rest(contract: Contract) -> dict[str, Any]:
    """Return the contract's other fields, without those at their default."""
    values: dict[str, tuple[Any, bool]] = {
        "row_key": (list(contract.key), bool(contract.key)),
        "duplicates": (str(contract.duplicates), contract.duplicates is not Duplicates.STOP),
        "time_column": (contract.time_column, bool(contract.time_column)),
        "null_tokens": (list(contract.null_tokens), contract.null_tokens != DEFAULT_NULL_TOKENS),
        "max_bad_rows": (contract.max_bad_rows, contract.max_bad_rows is not None),
        "max_bad_share": (contract.max_bad_share, contract.max_bad_share != Contract.max_bad_share),
        "select": (contract.select, bool(contract.select)),
        "place_tags": ([_tag(tag) for tag in contract.tags], bool(contract.tags)),
    }
    return {name: value for name, (value, said) in values.items() if said}
