"""`datastore_search` and `datastore_info`: rows of one resource, filtered, sorted, in pages."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

import orjson
import pyarrow as pa
from duckdb import DuckDBPyConnection
from pyarrow import types
from sqlglot import exp

from cupola.serving.ckancolumns import field_type, held, shown
from cupola.serving.ckanerrors import BadAction, NoSuchThing
from cupola.serving.entries import Entry, EntryColumn, instant
from cupola.serving.errors import QueryTooBig
from cupola.serving.finding import words
from cupola.serving.service import Service
from cupola.soql import Compiled, Request

ID, MOST_ROWS, USUAL_ROWS = "_id", 32_000, 100
FORMATS = ("objects", "lists", "csv", "tsv")
_MOST_OFFSET = 2**31
_BATCH_ROWS = 10_000
_NUMBERS = {"int8", "numeric", "float8"}
_LINKED = ("resource_id", "q", "filters", "fields", "sort", "distinct", "plain", "records_format", "limit", "vintage")


@dataclass(frozen=True)
class Asked:
    """What a search asks for, read and checked against the columns."""

    columns: tuple[EntryColumn, ...]
    fields: tuple[str, ...]
    where: exp.Expr | None
    order: tuple[exp.Ordered, ...]
    distinct: bool
    limit: int
    offset: int
    total: bool
    records_format: str

    def tree(self) -> exp.Select:
        """Return the page as a query over `rows`."""
        tree = self._rows().select(*(shown(name, self.columns) for name in self.fields), append=False)
        if self.distinct:
            tree = tree.distinct()
        order = self.order or (tuple(_ordered(name) for name in self.fields) if self.distinct else ())
        if order and not self.distinct:
            order = (*order, _ordered(ID))  # no tie may put a row on two pages
        return (tree.order_by(*order) if order else tree).limit(self.limit).offset(self.offset)

    def counting(self) -> exp.Select:
        """Return the query for how many rows there are in all."""
        count = exp.alias_(exp.Count(this=exp.Star()), "count")
        if not self.distinct:
            return self._rows().select(count, append=False)
        inner = self._rows().select(*(shown(name, self.columns) for name in self.fields), append=False).distinct()
        return exp.select(count).from_(inner.subquery("found"))

    def _rows(self) -> exp.Select:
        tree = exp.select("*").from_("rows")
        return tree.where(self.where.copy()) if self.where is not None else tree


def _ordered(name: str, *, desc: bool = False) -> exp.Ordered:
    return exp.Ordered(this=exp.column(name, quoted=True), desc=desc, nulls_first=desc)


def search(service: Service, entry: Entry, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of rows as `datastore_search` does. Raises BadAction, and what the service raises."""
    asked = read(service, entry, given)
    vintage = str(given.get("vintage") or "")
    page = Page(asked.limit, asked.offset, ordered=bool(asked.order))
    table = run(service, entry, asked.tree(), page=None if asked.distinct else page, vintage=vintage)
    known = {column.name: column for column in entry.columns}
    result: dict[str, Any] = {
        "include_total": asked.total,
        "limit": asked.limit,
        "offset": asked.offset,
        "records_format": asked.records_format,
        "resource_id": str(given.get("resource_id")),
        "total_estimation_threshold": None,
        "records": records(table, asked.records_format),
        "fields": [_field(name, known.get(name)) for name in asked.fields],
        "_links": _links(given, asked),
    }
    if asked.total:
        counted = run(service, entry, asked.counting(), vintage=vintage)
        result |= {"total": counted.column(0)[0].as_py(), "total_was_estimated": False}
    return result | {name: given[name] for name in ("filters", "q", "sort") if given.get(name)}


@dataclass(frozen=True)
class Page:
    """A page of plain rows, which the engine finds faster when it knows that it is one."""

    limit: int
    offset: int
    ordered: bool


def run(
    service: Service,
    entry: Entry,
    tree: exp.Select,
    *,
    page: Page | None = None,
    vintage: str = "",
    seconds: float | None = None,
) -> pa.Table:
    """Return what a query over `rows` gives, at most MOST_ROWS and one; kept, and asked once at a time.

    `seconds`: it may run, where other queries may run longer.
    Raises QueryTooSlow, QueryTooBig, QueryNotRun, NoSuchVintage.
    """
    assert entry.release is not None
    most = MOST_ROWS + 1  # one more than an answer holds, to tell that there are more
    compiled = Compiled(
        drawn=lambda: tree,
        columns=(),
        normal=f"ckan {tree.sql(dialect='duckdb')}",
        limit=page.limit if page else most,
        offset=page.offset if page else 0,
        ordered=page is not None and page.ordered,
        aggregated=page is None,
        former=frozenset(),
    )
    public = service.public(entry.release)
    key = ("ckan", public.key, vintage, compiled.normal, page)
    kept: pa.Table | None = service.cache.get(key)
    if kept is None:
        fetch = partial(_fetch, most=most, most_bytes=service.sizes.table_bytes)
        kept = service.once(key, lambda: service.run(public, compiled, vintage=vintage, fetch=fetch, seconds=seconds))
        service.cache.put(key, kept, size=kept.nbytes)
    return kept


def _fetch(cursor: DuckDBPyConnection, *, most: int, most_bytes: int) -> pa.Table:
    reader = cursor.to_arrow_reader(_BATCH_ROWS)
    batches: list[pa.RecordBatch] = []
    rows = size = 0
    while rows < most and (batch := next(reader, None)) is not None:
        batches.append(batch.slice(0, most - rows))
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if size > most_bytes:
            raise QueryTooBig
    return pa.Table.from_batches(batches, schema=reader.schema)


def read(service: Service, entry: Entry, given: Mapping[str, Any]) -> Asked:
    """Return what a search asks for. Raises BadAction."""
    columns = entry.columns
    names = (ID, *(column.name for column in columns))
    fields = tuple(_several(given.get("fields"))) or names
    _check_known("fields", fields, names)
    kind = str(given.get("records_format") or "objects")
    if kind not in FORMATS:
        raise BadAction("records_format", f"must be one of {', '.join(FORMATS)}")
    conditions = [*_filters(given.get("filters"), columns), *_words(service, entry, given)]
    return Asked(
        columns=columns,
        fields=tuple(dict.fromkeys(fields)),
        where=exp.and_(*conditions) if conditions else None,
        order=tuple(_sort(given.get("sort"), names, columns)),
        distinct=_truth(given, "distinct", usual=False),
        limit=_number(given, "limit", USUAL_ROWS, most=MOST_ROWS),
        offset=_number(given, "offset", 0, most=_MOST_OFFSET),
        total=_truth(given, "include_total", usual=True),
        records_format=kind,
    )


def _several(value: Any) -> list[str]:
    if isinstance(value, str):
        value = value.split(",")
    return [str(name).strip().strip('"') for name in value or () if str(name).strip()]


def _check_known(what: str, asked: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in asked:
        if name not in known:
            raise BadAction(what, f'field "{name[:100]}" not in table')


def _number(given: Mapping[str, Any], name: str, usual: int, *, most: int) -> int:
    value = given.get(name)
    text = "" if value is None else str(value).strip()
    if not text:
        return usual
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()):
        raise BadAction(name, "Invalid integer")
    return min(int(text[:20]), most)


def _truth(given: Mapping[str, Any], name: str, *, usual: bool) -> bool:
    value = given.get(name)
    if value is None or value == "":
        return usual
    text = str(value).strip().casefold()
    if text not in {"true", "false", "1", "0", "yes", "no", "on", "off", "t", "f"}:
        raise BadAction(name, "must be true or false")
    return text in {"true", "1", "yes", "on", "t"}


def _object(name: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except ValueError:
            raise BadAction(name, "Cannot parse JSON") from None
    if not isinstance(value, Mapping):
        raise BadAction(name, "must be an object of column and value")
    return value


def _filters(given: Any, columns: tuple[EntryColumn, ...]) -> list[exp.Expr]:
    if not given:
        return []
    kinds = {ID: "int8", **{column.name: field_type(column) for column in columns}}
    conditions: list[exp.Expr] = []
    for name, value in _object("filters", given).items():
        _check_known("filters", (str(name),), tuple(kinds))
        values = value if isinstance(value, list) else [value]
        column = held(name, columns)
        given_values = [literal(one, kinds[name], name) for one in values if one is not None]
        tests: list[exp.Expr] = [exp.In(this=column, expressions=given_values)] if given_values else []
        if len(given_values) < len(values) or not values:
            tests.append(exp.Is(this=column.copy(), expression=exp.Null()) if values else exp.false())
        conditions.append(exp.paren(exp.or_(*tests)))
    return conditions


def literal(value: Any, kind: str, name: str) -> exp.Expr:
    """Return a value as a literal of a column's type. Raises BadAction."""
    text = str(value).strip() if kind != "text" else str(value)
    try:
        if isinstance(value, dict | list):
            raise ValueError
        if kind in _NUMBERS:
            number = Decimal(text)
            if not number.is_finite() or len(text) > 60 or abs(number.adjusted()) > 300:
                raise ValueError
            return exp.cast(exp.Literal.string(format(number, "f")), "DECIMAL(38,9)" if kind == "numeric" else "DOUBLE")
        if kind == "bool":
            return {"true": exp.true(), "false": exp.false(), "t": exp.true(), "f": exp.false()}[text.casefold()]
        if kind == "date":
            return exp.cast(exp.Literal.string(date.fromisoformat(text[:10]).isoformat()), "DATE")
        if kind.startswith("timestamp"):
            return exp.cast(exp.Literal.string(datetime.fromisoformat(text).isoformat(" ")), kind.upper())
    except (ValueError, KeyError, InvalidOperation):
        raise BadAction("filters", f'invalid input syntax for {kind} of field "{name}": {text[:100]}') from None
    return exp.Literal.string(text)


def _words(service: Service, entry: Entry, given: Mapping[str, Any]) -> list[exp.Expr]:
    asked = given.get("q")
    if not asked:
        return []
    if isinstance(asked, str) and not asked.lstrip().startswith("{"):
        assert entry.release is not None
        # without `plain`, words may carry PostgreSQL's signs for prefix, and, or, not: the words count
        text = asked if _truth(given, "plain", usual=True) else " ".join(words(asked))
        compiled = service.compile(entry.release, Request(q=text)) if text.strip() else None
        found = compiled.tree.find(exp.Where) if compiled is not None else None
        return [found.this.copy()] if found is not None else []
    conditions: list[exp.Expr] = []
    for name, text in _object("q", asked).items():
        _check_known("q", (str(name),), tuple(column.name for column in entry.columns))
        lowered = exp.Lower(this=exp.cast(held(name, entry.columns), "TEXT"))
        parts = str(text).casefold().replace(":*", "").split()[:20]
        conditions += [exp.Contains(this=lowered.copy(), expression=exp.Literal.string(part)) for part in parts]
    return conditions


def _sort(given: Any, names: tuple[str, ...], columns: tuple[EntryColumn, ...]) -> list[exp.Ordered]:
    found = []
    for part in _several(given):
        name, direction = part, ""
        if name not in names:
            name, _, direction = part.rpartition(" ")
            name, direction = name.strip().strip('"'), direction.casefold()
        if direction not in {"", "asc", "desc"}:
            raise BadAction("sort", "invalid sort; write: column asc, other desc")
        _check_known("sort", (name,), names)
        found.append(_ordered(held(name, columns).name, desc=direction == "desc"))
    return found


def _field(name: str, column: EntryColumn | None) -> dict[str, Any]:
    if column is None:
        return {"id": name, "type": "int"}
    info = {"label": column.heading, "notes": column.meaning, "unit": column.unit, "deprecated_until": column.until}
    return {"id": name, "type": field_type(column), "info": {key: value for key, value in info.items() if value}}


def _links(given: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    said = {name: given[name] for name in _LINKED if given.get(name) not in (None, "")}
    return {"start": {**said, "offset": 0}, "next": {**said, "offset": asked.offset + asked.limit}}


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; exact numbers as numbers."""
    if isinstance(value, datetime):
        return instant(value) if value.tzinfo else value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if (isinstance(value, float) and value != value) or value in (float("inf"), float("-inf")):
        return None
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex()
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return a column as JSON holds it; most kinds need no look at each value."""
    values: list[Any] = column.to_pylist()
    kind = column.type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_integer(kind) or types.is_boolean(kind):
        return values
    if types.is_date(kind):
        return [None if value is None else value.isoformat() for value in values]
    return [None if value is None else plain(value) for value in values]


def records(table: pa.Table, kind: str) -> Any:
    """Return rows as objects, as lists, or as one CSV or TSV text without a header."""
    rows = [list(row) for row in zip(*(_values(column) for column in table.columns), strict=True)]
    if kind == "objects":
        return [dict(zip(table.column_names, row, strict=True)) for row in rows]
    if kind == "lists":
        return rows
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if kind == "csv" else "\t", lineterminator="\n")
    writer.writerows([["" if value is None else value for value in row] for row in rows])
    return text.getvalue()


def info(entry: Entry) -> dict[str, Any]:
    """Return what `datastore_info` says: how many rows, which fields."""
    if entry.release is None:
        raise NoSuchThing(f"{entry.key} has no rows here")
    keys = entry.release.contract.key
    fields = [
        {
            **_field(column.name, column),
            "schema": {
                "native_type": field_type(column),
                "notnull": False,
                "index_name": None,
                "is_index": False,
                "uniquekey": (column.name,) == tuple(keys),
            },
        }
        for column in entry.columns
    ]
    meta = {
        "id": entry.public_id,
        "count": entry.release.rows,
        "table_type": "BASE TABLE",
        "aliases": [entry.key],
        "size": None,
        "db_size": None,
    }
    return {"meta": meta, "fields": fields}
