"""Delimited text (CSV, TSV and their relatives) as a Landing: detected, read row by row, nothing lost in silence.

A file that is proved regular also carries `Landing.csv`, which a database engine may read directly with the options of
`cupola.contracts.dialect_sql`; `CsvFile.rows` is the number of rows it must then find.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from cupola.contracts import CsvFile, Landing, Reject, Vintage
from cupola.sources.batches import text_batches
from cupola.sources.delimited_records import LineFeed, restore_controls
from cupola.sources.delimited_rows import RowReader, Table, find_remarks
from cupola.sources.delimited_scan import can_be_read_directly, count_regular_rows
from cupola.sources.dialect import DialectOverrides, detect_dialect
from cupola.sources.encoding import (
    TAIL_BYTES,
    ByteFacts,
    TextEncoding,
    TextUnreadable,
    check_text,
    choose_encoding,
    find_undecodable_line,
    open_text,
    survey_bytes,
)

_MOST_NOTES = 20
_WORTH_A_COPY = 1 << 23  # bytes; smaller files are read carefully in no time
_COPY_CHARACTERS = 1 << 20
_AS_IT_IS = ("utf-8", "utf-8-sig")


def open_delimited(
    path: Path,
    *,
    source: str,
    overrides: DialectOverrides | None = None,
    vintage: Vintage | None = None,
    scratch: Path | None = None,
) -> Landing:
    """Return the table in the text file `path` (plain, .gz or .zst).

    `source`: how rejects and errors call the file. `scratch`: a folder for the UTF-8 copy that a large file in
    another encoding is read from, so that an engine can read it directly; the caller removes it.
    Raises TextUnreadable, naming the line, when the file is no table or its lines do not agree.
    """
    overrides = overrides or DialectOverrides()
    facts = survey_bytes(path)
    check_text(facts, source=source)
    encoding = choose_encoding(facts, source=source, override=overrides.encoding)
    if scratch is not None and facts.size > _WORTH_A_COPY and (facts.hidden or encoding.name not in _AS_IT_IS):
        path, facts, encoding = _copy_as_utf8(path, facts, encoding, scratch=scratch)
    found = detect_dialect(path, facts, encoding, overrides=overrides, source=source)
    wide = encoding.name.startswith("utf-16")
    table = Table(source, found.dialect, len(found.columns), found.header, nul=facts.nul > 0 and not wide)
    remarks = _remarks(facts, encoding, table)
    table = replace(table, remarks=bool(remarks))
    rejects: list[Reject] = []

    def batches() -> Iterator[pa.RecordBatch]:
        rejects.clear()
        return text_batches(found.columns, _rows(path, RowReader(table, rejects), facts=facts, encoding=encoding))

    return Landing(
        source=source,
        columns=found.columns,
        batches=batches,
        rejects=rejects,
        csv=_direct(path, table, facts=facts, encoding=encoding),
        vintage=vintage,
        notes=(*found.notes, *encoding.notes, *_describe_remarks(remarks))[:_MOST_NOTES],
    )


def _copy_as_utf8(
    path: Path, facts: ByteFacts, encoding: TextEncoding, *, scratch: Path
) -> tuple[Path, ByteFacts, TextEncoding]:
    copy = scratch / f"{path.name}.utf-8.csv"
    try:
        with open_text(path, encoding, newline="\n") as stream, copy.open("w", encoding="utf-8", newline="") as target:
            text = stream.read(_COPY_CHARACTERS).removeprefix("\ufeff")
            while text:
                target.write(restore_controls(text) if facts.hidden else text)
                text = stream.read(_COPY_CHARACTERS)
    except UnicodeDecodeError:  # the careful reader names the line
        copy.unlink()
        return path, facts, encoding
    notes = encoding.notes or (f"Encoding {encoding.name}.",)
    return copy, survey_bytes(copy), TextEncoding("utf-8", notes=notes)


def _remarks(facts: ByteFacts, encoding: TextEncoding, table: Table) -> list[str]:
    errors = encoding.errors if encoding.errors != "strict" else "replace"
    text = facts.tail.decode(encoding.codec, errors).removeprefix("\ufeff")
    whole = facts.size <= TAIL_BYTES
    lines = text.split(table.dialect.newline[-1])
    end = table.dialect.newline[-1]
    return find_remarks((line + end for line in (lines if whole else lines[1:])), table, whole=whole)


def _describe_remarks(remarks: list[str]) -> list[str]:
    blank = [remark for remark in remarks if not any(letter.isalnum() for letter in remark)]
    notes = [f"Footnote below the table: {remark[:200]}" for remark in remarks if remark not in blank]
    return [*notes, f"{len(blank)} blank rows at the end were left out."] if blank else notes


def _direct(path: Path, table: Table, *, facts: ByteFacts, encoding: TextEncoding) -> CsvFile | None:
    if not can_be_read_directly(table, facts, encoding):
        return None
    rows = count_regular_rows(path, table)
    return None if rows is None else CsvFile(path, table.dialect, rows)


def _rows(
    path: Path, reader: RowReader, *, facts: ByteFacts, encoding: TextEncoding
) -> Iterator[tuple[int, list[str]]]:
    dialect = reader.table.dialect
    with open_text(path, encoding, newline=dialect.newline[-1]) as stream:
        feed = LineFeed(_without_mark(stream), restore=facts.hidden > 0)
        try:
            feed.skip(dialect.skip_lines)
            yield from reader.rows(feed, header_rows=dialect.header_rows)
        except UnicodeDecodeError as problem:
            raise TextUnreadable(
                reader.table.source,
                line=find_undecodable_line(path, encoding) or feed.line + 1,
                problem=f"the bytes are not {encoding.name} ({problem.reason})",
                remedy="Say which `encoding:` the file has.",
            ) from problem


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    iterator = iter(lines)
    first = next(iterator, None)
    if first is not None:
        yield first.removeprefix("\ufeff")
        yield from iterator
