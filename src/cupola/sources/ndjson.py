"""NDJSON: one JSON record on each line. A damaged line is set aside with its number; the others are read."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from cupola.contracts import Landing, Reject
from cupola.sources.batches import text_batches
from cupola.sources.jsonfiles import (
    Fields,
    JsonSource,
    check_columns,
    feature_fields,
    json_stream,
    record_fields,
    row_values,
)
from cupola.sources.jsontext import json_text, parse
from cupola.sources.names import unique_names
from cupola.sources.recordpath import Walker, parse_path
from cupola.sources.spec import SourceInvalid

_SHOWN = 200
_LONGEST_LINE = 64 * 2**20


def open_ndjson(document: JsonSource, *, records: str = "") -> Landing:
    """Land NDJSON; lines that are GeoJSON features give properties and geometry. `records`: a path within each line."""
    levels = parse_path(records, where=document.source) if records else ()
    walker = Walker(document.source, levels, "")
    own: dict[str, None] = {}
    above: dict[str, None] = {}
    bad: list[Reject] = []
    for _, record, ancestors in _records(document, walker, bad):
        if record.keys() <= own.keys() and ancestors.keys() <= above.keys():
            continue  # nothing new, as almost always
        own.update(dict.fromkeys(record))
        above.update(dict.fromkeys(ancestors))
        check_columns(len(own) + len(above), source=document.source)
    if bad and not own:
        raise SourceInvalid(
            document.source,
            problem=f"no line is a JSON record; {bad[0].reason}",
            remedy="If it is one JSON document, say format: json.",
        )
    notes = walker.check()
    columns = unique_names([*own, *above])
    rejects: list[Reject] = []

    def batches() -> Iterator[pa.RecordBatch]:
        rejects.clear()
        rows = (
            (number, row_values(record, own) + row_values(ancestors, above))
            for number, record, ancestors in _records(document, walker, rejects)
        )
        return text_batches(columns, rows)

    return Landing(document.source, columns, batches, rejects, vintage=document.vintage, notes=notes)


def _records(document: JsonSource, walker: Walker, bad: list[Reject]) -> Iterator[tuple[int, Fields, Fields]]:
    number = 0
    for line_number, line in _lines(document):
        try:
            value = _record(line)
        except ValueError as error:
            number += 1
            shown = line[:_SHOWN].decode(errors="replace")
            bad.append(Reject(document.source, number, "", shown, f"line {line_number} is not a JSON record: {error}"))
            continue
        for record, ancestors in walker.records(value, {}):
            number += 1
            yield number, _fields(record), ancestors


def _fields(record: Any) -> Fields:
    if isinstance(record, dict) and record.get("type") == "Feature" and "geometry" in record:
        return feature_fields(record)
    return record_fields(record)


def _record(line: bytes) -> Any:
    text = line.decode()
    value = parse(text)
    if not isinstance(value, dict):
        raise ValueError("it is not an object")
    if "\\ud" in text or "\\uD" in text:
        json_text(value).encode()  # half a character (a lone surrogate) cannot be stored
    return value


def _lines(document: JsonSource) -> Iterator[tuple[int, bytes]]:
    rest, number = b"", 0
    with json_stream(document.path, document.encoding) as stream:
        while chunk := stream.read(1 << 20):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise SourceInvalid(
                    document.source,
                    problem=f"line {number + len(lines) + 1} is longer than {_LONGEST_LINE:,} bytes",
                    remedy="If it is one JSON document, say format: json.",
                )
            for line in lines:
                number += 1
                if text := line.strip(b" \t\r\x1e"):
                    yield number, text
    if text := rest.strip(b" \t\r\x1e"):
        yield number + 1, text
