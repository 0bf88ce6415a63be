"""JSON documents and GeoJSON, record by record: a document may be larger than memory, an outermost record not."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import pyarrow as pa

from cupola.contracts import Landing, Vintage
from cupola.sources.batches import text_batches
from cupola.sources.jsonsurvey import Survey
from cupola.sources.jsontext import cell_text, flat
from cupola.sources.names import unique_names
from cupola.sources.recordpath import (
    Level,
    Walker,
    missing_brackets,
    missing_level,
    not_a_list,
    parse_path,
)
from cupola.sources.spec import SourceInvalid

MOST_COLUMNS = 4000
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WGS84 = ("CRS84", "4326")
Fields = dict[str, Any]


class _Recoded:
    """A byte stream in another encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._reader = codecs.getreader(encoding)(stream)

    def read(self, size: int = -1) -> bytes:
        return self._reader.read(size).encode()


@contextmanager
def json_stream(path: Path, encoding: str | None = None) -> Iterator[Any]:
    """Open a JSON text as UTF-8 bytes without byte order mark, whatever it is written in."""
    with path.open("rb") as stream:
        start = stream.read(4)
        found = next((name for mark, name in _BOMS if start.startswith(mark)), encoding or "utf-8")
        stream.seek(3 if start.startswith(codecs.BOM_UTF8) else 0)
        yield stream if found.replace("-", "").lower() in {"utf8", "utf8sig"} else _Recoded(stream, found)


def first_character(path: Path, encoding: str | None = None) -> str:
    """Return the first character of a JSON text that is not white space, empty when there is none."""
    with json_stream(path, encoding) as stream:
        while chunk := stream.read(4096):
            if text := chunk.lstrip():
                return chr(text[0])
    return ""


@dataclass(frozen=True)
class JsonSource:
    """A local JSON document and how to speak of it."""

    path: Path
    source: str
    vintage: Vintage | None = None
    encoding: str | None = None

    def items(self, prefix: str) -> Iterator[Any]:
        """Yield the values at an ijson prefix. Raises SourceInvalid when the document is not whole, valid JSON."""
        return self.read(lambda stream: ijson.items(stream, prefix, use_float=False))

    def read(self, parse: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
        """Yield what `parse` makes of the open document."""
        try:
            with json_stream(self.path, self.encoding) as stream:
                yield from parse(stream)
        except (ijson.JSONError, UnicodeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise SourceInvalid(
                self.source,
                problem=f"it is not valid JSON: {reason}",
                remedy="Fetch it again; if it stays so, the publisher must mend it.",
            ) from error

    def survey(self, names: tuple[str, ...]) -> Survey:
        """Return what stands outside the lists of the document."""
        return Survey(names).take(self.read(lambda stream: ijson.basic_parse(stream, use_float=False)))


def open_json(document: JsonSource, *, records: str) -> Landing:
    """Land a JSON document. `records` empty: a list of records, GeoJSON, or the only list in the document."""
    notes: tuple[str, ...] = ()
    if not records:
        records = _only_list(document)
        if records == "features[]" and next(document.items("type"), None) == "FeatureCollection":
            return open_geojson(document)
        notes = (f"records read from {records}",)
    levels = parse_path(records, where=document.source)
    head = levels[0]
    survey = _check_head(document, levels)
    ancestors = {name: value for name, value in survey.scalars.items() if not _inside(name, head)}
    if survey.left_out:
        notes = (*notes, f"{survey.left_out:,} values beside the records were left out")
    prefix = ".".join((*head.names, *(("item",) if head.each else ())))
    walker = Walker(document.source, levels[1:], ".".join(head.names))

    def fields() -> Iterator[tuple[Any, Fields]]:
        for element in document.items(prefix):
            yield from walker.records(element, ancestors)

    own, above = _union(fields(), source=document.source)
    notes = (*notes, *walker.check())
    titles = _socrata_names(document, head, len(own)) if own and all(name.startswith("column_") for name in own) else ()
    if titles:
        above = {}  # the rest of a rows.json describes the columns, not the rows
    columns = unique_names([*(titles or own), *above])
    return _landing(document, columns, lambda: _rows(fields(), own, above), notes=notes)


def open_geojson(document: JsonSource) -> Landing:
    """Land the features of a GeoJSON document: properties (and a feature's `id`), then `geometry` as GeoJSON text."""
    _check_wgs84(document)
    kind = next(document.items("type"), None)
    if kind not in {"FeatureCollection", "Feature"}:
        raise SourceInvalid(
            document.source,
            problem=f"it is not GeoJSON: its type is {kind!r}, not 'FeatureCollection'",
            remedy="Say format: json and give the path to the records.",
        )
    prefix = "features.item" if kind == "FeatureCollection" else ""

    def fields() -> Iterator[tuple[Any, Fields]]:
        return ((feature_fields(feature), {}) for feature in document.items(prefix))

    own, _ = _union(fields(), source=document.source)
    ordered = [name for name in own if name != "geometry"]
    ordered.append("geometry")
    return _landing(document, unique_names(ordered), lambda: _rows(fields(), dict.fromkeys(ordered), {}))


def feature_fields(feature: Any) -> Fields:
    """Return a GeoJSON feature as one flat record."""
    if not isinstance(feature, dict):
        return {"geometry": None}
    properties = feature.get("properties") or {}
    fields = dict(flat(properties))
    if "geometry" in fields:  # a property of that name keeps its value under another
        fields["properties.geometry"] = fields.pop("geometry")
    if "id" in feature and "id" not in properties:
        fields["id"] = feature["id"]
    fields["geometry"] = feature.get("geometry")
    return fields


def record_fields(record: Any) -> Fields:
    """Return any record as flat fields: a list by position, a lone value as `value`."""
    if isinstance(record, dict):
        return flat(record)
    if isinstance(record, list):
        return {f"column_{position}": value for position, value in enumerate(record, 1)}
    return {"value": record}


def check_columns(count: int, *, source: str) -> None:
    """Raise SourceInvalid when there are more columns than a table can have."""
    if count > MOST_COLUMNS:
        raise SourceInvalid(
            source,
            problem=f"the records have more than {MOST_COLUMNS:,} different fields",
            remedy="Keys are probably used as data; name a path to records with fixed fields.",
        )


def row_values(fields: Fields, names: Iterable[str]) -> list[str | None]:
    """Return the fields called `names`, as text, null where absent."""
    return [cell_text(fields.get(name)) for name in names]


def _union(pairs: Iterator[tuple[Any, Fields]], *, source: str) -> tuple[dict[str, None], dict[str, None]]:
    own: dict[str, None] = {}
    above: dict[str, None] = {}
    for record, ancestors in pairs:
        fields = record_fields(record)
        if fields.keys() <= own.keys() and ancestors.keys() <= above.keys():
            continue  # nothing new, as almost always
        own.update(dict.fromkeys(fields))
        above.update(dict.fromkeys(ancestors))
        check_columns(len(own) + len(above), source=source)
    return own, above


def _rows(
    pairs: Iterator[tuple[Any, Fields]], own: dict[str, None], above: dict[str, None]
) -> Iterator[tuple[int, list[str | None]]]:
    for number, (record, ancestors) in enumerate(pairs, 1):
        values = record_fields(record)
        yield number, row_values(values, own) + row_values(ancestors, above)


def _landing(
    document: JsonSource,
    columns: tuple[str, ...],
    rows: Callable[[], Iterator[tuple[int, list[str | None]]]],
    *,
    notes: tuple[str, ...] = (),
) -> Landing:
    def batches() -> Iterator[pa.RecordBatch]:
        return text_batches(columns, rows())

    return Landing(document.source, columns, batches, vintage=document.vintage, notes=notes)


def _inside(name: str, head: Level) -> bool:
    path = ".".join(head.names)
    return not head.each and (not path or name == path or name.startswith(f"{path}."))


def _check_head(document: JsonSource, levels: tuple[Level, ...]) -> Survey:
    head = levels[0]
    if head.each and not head.names and first_character(document.path, document.encoding) == "[":
        return Survey(())
    survey = document.survey(head.names)
    for depth, name in enumerate(head.names):
        if name not in survey.keys.get(depth, []):
            inside = ".".join(head.names[:depth]) or "the document"
            raise missing_level(document.source, name, survey.keys.get(depth, []), inside=inside)
    kind = survey.kinds.get(len(head.names), "nothing")
    if head.each and kind != "a list":
        raise not_a_list(document.source, levels[0], kind)
    if not head.each and kind == "a list":
        raise missing_brackets(document.source, levels[0])
    return survey


def _only_list(document: JsonSource) -> str:
    first = first_character(document.path, document.encoding)
    if first == "[":
        return "[]"
    if first != "{":
        raise SourceInvalid(
            document.source,
            problem="it is not a JSON document",
            remedy="Look at what the publisher sends, or name the format.",
        )
    lists = document.survey(()).lists
    if len(lists) == 1:
        return f"{lists[0]}[]"
    top = [name for name in lists if "." not in name]
    if len(top) == 1:
        return f"{top[0]}[]"
    choices = ", ".join(f"{name}[]" for name in lists[:20]) or "none"
    raise SourceInvalid(
        document.source,
        problem="the document has no list of records at its top",
        remedy=f"Say which list holds them with records:. There is: {choices}.",
    )


def _socrata_names(document: JsonSource, head: Level, count: int) -> tuple[str, ...]:
    """Return the column names of a portal's rows.json, whose records are bare lists, else nothing."""
    if head.names != ("data",):
        return ()
    found = islice(document.items("meta.view.columns.item"), count + 1)
    names = tuple(str(column.get("fieldName", "")) for column in found if isinstance(column, dict))
    return names if len(names) == count else ()


def _check_wgs84(document: JsonSource) -> None:
    crs = next(document.items("crs.properties.name"), None)
    if crs is not None and not str(crs).endswith(_WGS84):
        raise SourceInvalid(
            document.source,
            problem=f"its coordinates are in {crs}, not longitude and latitude",
            remedy="Export it in WGS 84 (EPSG:4326), as GeoJSON requires.",
        )
