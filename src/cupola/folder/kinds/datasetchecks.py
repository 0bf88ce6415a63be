"""Mistakes between the fields of a dataset.

The checks read the fields as written, not the typed record, so that a mistake in one field never hides another.
Each one passes over what the field's own type already reports.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import sqlglot
from sqlglot import exp

from cupola.folder.documents import Scalar
from cupola.folder.kinds.access import check_access
from cupola.folder.kinds.aggregates import check_aggregates, is_aggregated
from cupola.folder.kinds.changes import check_changes, check_formerly
from cupola.folder.kinds.duties import check_duties
from cupola.folder.kinds.promises import check_promises
from cupola.folder.kinds.record import is_nothing, items_of, text_of, texts_of
from cupola.folder.kinds.sources import ONLY_WITH, format_told
from cupola.folder.kinds.translations import check_translations
from cupola.folder.kinds.values import COLUMN_TYPES
from cupola.folder.problems import FieldPath, Finding, did_you_mean, listed, show
from cupola.periods import NotADate, PartialDate

_TIME_TYPES = ("date", "timestamp", "instant")
_COORDINATE_TYPES = ("float", "decimal")
_NEEDED = {
    "sources": "write 'sources: ...' (where the rows come from)",
    "columns": "write 'columns: ...' (the columns, in the order people see them)",
}
_ONLY_FOR: dict[str, tuple[str, ...]] = {"format": _TIME_TYPES, "allowed": ("code",), "scale": ("decimal",)}


def check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield every mistake between the fields of a dataset as written."""
    return chain(
        check_changes(data, columns_of(data)), check_formerly(data), check_promises(data, columns_of(data)),
        _hosting(data), _access(data), _loading(data), _columns(data), _origins(data), _named_columns(data),
        _tags(data), _sources(data), _vintages(data), _select(data), check_translations(data, columns_of(data)),
        check_aggregates(data, columns_of(data)), check_access(data, columns_of(data)),
        check_duties(data),
    )  # fmt: skip


def columns_of(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the columns as written, by name; those that are no mapping are empty."""
    columns = data.get("columns")
    if isinstance(columns, Sequence) and not isinstance(columns, str):
        named = [item for item in columns if isinstance(item, Mapping) and isinstance(item.get("name"), str)]
        columns = {str(item["name"]): item for item in named}
    if not isinstance(columns, Mapping):
        return {}
    return {str(name): fields if isinstance(fields, Mapping) else {} for name, fields in columns.items()}


def _is_true(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name)
    return (value.value if isinstance(value, Scalar) else value) is True


def is_hosted_elsewhere(data: Mapping[str, Any]) -> bool:
    """Whether nothing of it is loaded: it has no sources, and something says where it is."""
    return (
        is_nothing(data.get("sources"))
        and not is_aggregated(data)
        and bool(data.get("catalogue") or text_of(data, "landing_page"))
    )


def _hosting(data: Mapping[str, Any]) -> Iterator[Finding]:
    needed = {} if is_hosted_elsewhere(data) else _NEEDED
    for name, remedy in needed.items():
        if is_nothing(data.get(name)) and not (name == "sources" and is_aggregated(data)):
            yield Finding((name,), None, "it is missing", remedy)


def _access(data: Mapping[str, Any]) -> Iterator[Finding]:
    if _is_true(data, "payroll") and text_of(data, "classification") == "public":
        remedy = "write 'classification: restricted', or leave the line out"
        yield Finding(("classification",), "public", "'public' contradicts 'payroll: true'", remedy)
    if _is_true(data, "released"):
        needed = {"description": "what it holds", "row": "what one row is, as 'one building permit'"}
        if is_hosted_elsewhere(data):
            del needed["row"]  # the catalogue it was read from did not say
        for name, example in needed.items():
            if not text_of(data, name).strip():
                message = f"a released dataset needs '{name}'"
                yield Finding((name,), None, message, f"write {example}, or 'released: false'")


def _loading(data: Mapping[str, Any]) -> Iterator[Finding]:
    if text_of(data, "mode") == "upsert" and not texts_of(data, "row_key"):
        message = "'upsert' updates rows by their key, and there is no 'row_key'"
        yield Finding(("mode",), "upsert", message, "name the columns that identify a row under 'row_key:'")
    if text_of(data, "duplicates") == "quarantine" and not texts_of(data, "row_key"):
        message = "'quarantine' compares keys, and there is no 'row_key'"
        yield Finding(("duplicates",), "quarantine", message, "name the key under 'row_key:', or write 'keyless'")


def _columns(data: Mapping[str, Any]) -> Iterator[Finding]:
    for name, fields in columns_of(data).items():
        kind = text_of(fields, "type")
        if kind not in COLUMN_TYPES:
            continue
        yield from _fields_of_other_types(name, kind, fields)
        if kind == "code" and not fields.get("allowed"):
            remedy = "list the values under 'allowed:', or write 'type: text'"
            yield Finding(("columns", name, "type"), "code", "'code' needs the values that may occur", remedy)
        if _is_true(fields, "required") and _is_true(fields, "optional"):
            message = "the column is both required and optional"
            remedy = "keep 'required' if every source has it, 'optional' if one may lack it"
            yield Finding(("columns", name, "optional"), "true", message, remedy)


def _fields_of_other_types(name: str, kind: str, fields: Mapping[str, Any]) -> Iterator[Finding]:
    for field, kinds in _ONLY_FOR.items():
        if field in fields and not is_nothing(fields[field]) and kind not in kinds:
            value = fields[field]
            shown = str(value) if isinstance(value, str | int) else listed(value)
            message = f"'{field}' means nothing for a column of type {kind!r}"
            remedy = f"take it out, or write 'type: {kinds[0]}'"
            yield Finding(("columns", name, field), shown, message, remedy)


def _origins(data: Mapping[str, Any]) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for name, fields in columns_of(data).items():
        written = texts_of(fields, "from") or [((), name)]
        for path, origin in written:
            first = taken.setdefault(origin, name)
            if first != name:
                message = f"{show(origin)} is already read into the column {first!r}"
                remedy = "name another source column, or copy it in a 'select:'"
                yield Finding(("columns", name, *path), origin, message, remedy)
    for name, fields in columns_of(data).items():
        seen: set[str] = set()
        for path, origin in texts_of(fields, "from"):
            if origin in seen:
                yield Finding(
                    ("columns", name, *path), origin, f"{show(origin)} is listed twice", "keep one of the two"
                )
            seen.add(origin)


def _missing(path: FieldPath, name: str, columns: Sequence[str]) -> Finding:
    remedy = did_you_mean(name, columns, otherwise=f"the columns are {listed(columns)}")
    return Finding(path, name, f"{show(name)} is not a column", remedy)


def _named_columns(data: Mapping[str, Any]) -> Iterator[Finding]:
    columns = columns_of(data)
    if not columns:
        return
    seen: set[str] = set()
    for path, name in texts_of(data, "row_key"):
        if name not in columns:
            yield _missing(path, name, tuple(columns))
        elif name in seen:
            yield Finding(path, name, f"{show(name)} is listed twice", "keep one of the two")
        seen.add(name)
    name = text_of(data, "time_column")
    if name and name not in columns:
        yield _missing(("time_column",), name, tuple(columns))
    elif name and text_of(columns[name], "type") in set(COLUMN_TYPES) - set(_TIME_TYPES):
        message = f"{show(name)} is of type {text_of(columns[name], 'type')!r} and says no time"
        timely = [other for other, fields in columns.items() if text_of(fields, "type") in _TIME_TYPES]
        remedy = f"name a date or timestamp column{': ' + listed(timely) if timely else ''}"
        yield Finding(("time_column",), name, message, remedy)


def _tags(data: Mapping[str, Any]) -> Iterator[Finding]:
    columns = columns_of(data)
    filled: set[str] = set()
    for path, tag in items_of(data, "place_tags"):
        name = text_of(tag, "column")
        if name in columns or name in filled:
            message = f"{show(name)} is already a column"
            yield Finding((*path, "column"), name, message, "choose a new name; the tag makes its own column")
        filled.add(name)
        points = texts_of(tag, "point")
        for part, point in points:
            if columns and point not in columns:
                yield _missing((*path, *part), point, tuple(columns))
        yield from _point(path, points, columns)


def _point(
    path: FieldPath, points: list[tuple[FieldPath, str]], columns: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    if len(points) > 2:
        message = f"a point is one column or two, and {len(points)} are named"
        yield Finding((*path, "point"), listed(name for _, name in points), message, "write [longitude, latitude]")
        return
    wanted = ("point",) if len(points) == 1 else _COORDINATE_TYPES
    for part, name in points:
        kind = text_of(columns.get(name, {}), "type")
        if kind in COLUMN_TYPES and kind not in wanted:
            remedy = "name a column of type 'point', or [longitude, latitude] of type 'float'"
            yield Finding((*path, *part), name, f"{show(name)} is of type {kind!r} and gives no point", remedy)


def _sources(data: Mapping[str, Any]) -> Iterator[Finding]:
    written = data.get("sources")
    if isinstance(written, Sequence) and not isinstance(written, str) and not written:
        yield Finding(("sources",), "[]", "there are no sources", "write at least one, as '- file: permits.csv'")
    seen: set[tuple[tuple[str, str], ...]] = set()
    for path, source in items_of(data, "sources"):
        if not text_of(source, "url") and not text_of(source, "file"):
            yield Finding(path, None, "the source has neither 'url' nor 'file'", "write where the rows come from")
        same = tuple(sorted((str(name), str(value)) for name, value in source.items()))
        if same in seen:
            named = text_of(source, "file") or text_of(source, "url")
            yield Finding(path, named, "the same source stands twice", "take one out")
        seen.add(same)
        yield from _fields_of_other_formats(path, source)
        if _is_true(source, "incremental") and text_of(data, "mode") != "upsert":
            message = "'incremental' brings only changed rows, and the mode is not upsert"
            yield Finding((*path, "incremental"), "true", message, "write 'mode: upsert' and a 'row_key'")


def _fields_of_other_formats(path: FieldPath, source: Mapping[str, Any]) -> Iterator[Finding]:
    told = format_told(dict(source))
    known = set(chain.from_iterable(ONLY_WITH.values())) | {"ndjson", "geojson", "parquet", "arcgis"}
    for field, formats in ONLY_WITH.items():
        if field not in source or is_nothing(source[field]) or told not in known or told in formats:
            continue
        message = f"'{field}' means nothing for a source of format {told!r}"
        yield Finding((*path, field), source[field], message, f"take it out, or write 'format: {formats[0]}'")
    if told == "sql" and not text_of(source, "query"):
        yield Finding((*path, "query"), None, "a database source needs a query", "write 'query: SELECT ... FROM ...'")
    file = text_of(source, "file")
    if text_of(source, "member") and file and not file.lower().endswith(".zip"):
        message = f"'member' names a file inside a zip archive, and {show(file)} is none"
        yield Finding((*path, "member"), text_of(source, "member"), message, "take it out, or name the archive")


def _vintages(data: Mapping[str, Any]) -> Iterator[Finding]:
    sources = items_of(data, "sources")
    dated = [(path, text_of(source, "vintage")) for path, source in sources if text_of(source, "vintage")]
    if not dated:
        return
    for path, source in sources:
        if not text_of(source, "vintage"):
            message = "the source has no 'vintage', and others of this dataset have one"
            remedy = "write the day, month or year its rows speak for, as 'vintage: 2018-03'"
            yield Finding((*path, "vintage"), None, message, remedy)
    if text_of(data, "mode") in {"append", "upsert"}:
        message = f"{show(text_of(data, 'mode'))} does not go with vintages: a load replaces the rows of its vintage"
        yield Finding(("mode",), text_of(data, "mode"), message, "write 'mode: replace', or leave the line out")
    first_as: dict[Any, str] = {}
    for path, text in dated:
        try:
            day = PartialDate.parse(text).on
        except NotADate:
            continue
        if first_as.setdefault(day, text) != text:
            message = f"{show(text)} begins on the same day as the vintage {first_as[day]!r}"
            yield Finding((*path, "vintage"), text, message, "write both the same way, or the days they speak for")


def _select(data: Mapping[str, Any]) -> Iterator[Finding]:
    sql = text_of(data, "select")
    if not sql.strip():
        return
    shown = show(" ".join(sql.split()), quoted=False)
    try:
        statements = [tree for tree in sqlglot.parse(sql, dialect="duckdb") if tree is not None]
    except sqlglot.errors.SqlglotError as error:
        yield Finding(("select",), shown, f"this is not SQL: {_said(error)}", "correct it")
        return
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        yield Finding(("select",), shown, "this is not one SELECT", "write one 'SELECT ... FROM landed'")
        return
    made_here = {cte.alias_or_name.lower() for cte in statements[0].find_all(exp.CTE)}
    others = [table for table in statements[0].find_all(exp.Table) if not _may_be_read(table, made_here)]
    if others:
        names = dict.fromkeys(table.name or table.sql(dialect="duckdb") for table in others)
        message = f"it reads {listed(repr(name) for name in names)}, and only the table 'landed' may be read"
        yield Finding(("select",), shown, message, "write 'FROM landed'")


def _may_be_read(table: exp.Table, made_here: set[str]) -> bool:
    plain = isinstance(table.this, exp.Identifier) and not table.db and not table.catalog
    return plain and table.name.lower() in {"landed", *made_here}


def _said(error: sqlglot.errors.SqlglotError) -> str:
    facts = getattr(error, "errors", None) or [{}]
    said = facts[0].get("description") or str(error).partition("\n")[0]
    near = facts[0].get("highlight")
    return f"{str(said).rstrip('.')}{f', at {near!r}' if near else ''}"
