"""Workbooks (xlsx, xlsb, xls, ods): one sheet as text, as a person would read the cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum
from rapidfuzz import process

from cupola.contracts import Landing, Vintage
from cupola.sources.archives import check_workbook_size
from cupola.sources.batches import text_batches
from cupola.sources.names import unique_names
from cupola.sources.numbertext import plain_number
from cupola.sources.spec import SourceInvalid

_LOOK_FOR_HEADER = 50  # rows from the top
_MOST_BYTES = 2 * 2**30  # the reader holds the sheet in memory


@dataclass(frozen=True)
class SheetOptions:
    """`sheet`: name, or number from 1; empty: the first. `skip_lines`, `header_rows`: None means detect."""

    sheet: str = ""
    skip_lines: int | None = None
    header_rows: int | None = None


def open_workbook(path: Path, *, source: str, options: SheetOptions, vintage: Vintage | None) -> Landing:
    """Land one sheet. Blank rows are passed over and counted in a note; a blank cell is null."""
    check_workbook_size(path, source=source, limit=_MOST_BYTES)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_name(_sheet_name(workbook, options.sheet, source=source))
    except (CalamineError, OSError) as error:
        raise SourceInvalid(
            source, problem=f"it is not a workbook that can be read: {error}", remedy="Export the sheet as CSV or XLSX."
        ) from error
    skip, heads = _header_place(sheet, options, source=source)
    header, width, blank = _scan(sheet, skip, heads)
    columns = unique_names(_titles(header, width))

    def rows() -> Iterator[tuple[int, list[str | None]]]:
        for number, cells in enumerate(_grid(sheet, skip + heads), 1):
            values = [cell_text(cell) for cell in cells[:width]]
            if any(value is not None for value in values):
                yield number, values + [None] * (width - len(values))

    def batches() -> Iterator[pa.RecordBatch]:
        return text_batches(columns, rows())

    notes = [f"sheet {sheet.name!r}"]
    if skip:
        notes.append(f"{skip} rows above the header left out")
    if blank:
        notes.append(f"{blank:,} blank rows left out")
    return Landing(source, columns, batches, vintage=vintage, notes=tuple(notes))


def cell_text(cell: Any) -> str | None:
    """Return a cell as text: 12 rather than 12.0, 15 digits as the sheet shows, ISO dates; a blank cell is null."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _float_text(cell)
    if isinstance(cell, datetime):
        return _moment_text(cell)
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    return None if cell is None else str(cell)


def _float_text(number: float) -> str:
    text = plain_number(format(number, ".15g"))
    return "0" if text == "-0" else text


def _moment_text(moment: datetime) -> str:
    # a day number is a binary fraction: 12:30:00 may come as 12:29:59.999997
    moment += timedelta(microseconds=500)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


def _sheet_name(workbook: CalamineWorkbook, wanted: str, *, source: str) -> str:
    names = [meta.name for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if not names:
        raise SourceInvalid(source, problem="the workbook has no sheet with cells", remedy="Ask the publisher.")
    if not wanted:
        return names[0]
    if wanted in names:
        return wanted
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    near = process.extractOne(wanted, names, score_cutoff=60)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    listed = ", ".join(f"{number} {name!r}" for number, name in enumerate(names, 1))
    raise SourceInvalid(source, problem=f"sheet: there is no {wanted!r}", remedy=f"{hint}It has: {listed}.")


def _grid(sheet: CalamineSheet, skip: int) -> Iterator[list[Any]]:
    """Yield the rows from row `skip` (0 is row 1 of the sheet), each starting in column A."""
    start = sheet.start
    if start is None:
        return
    top, left = start
    for _ in range(top - skip):
        yield []
    for number, row in enumerate(sheet.iter_rows()):
        if number + top >= skip:
            yield [None] * left + row


def _filled(row: list[Any]) -> int:
    return sum(cell_text(cell) is not None for cell in row)


def _header_place(sheet: CalamineSheet, options: SheetOptions, *, source: str) -> tuple[int, int]:
    """Return how many rows stand above the header and how many rows it has."""
    heads = 1 if options.header_rows is None else options.header_rows
    if options.skip_lines is not None:
        return options.skip_lines, heads
    counts = [_filled(row) for row, _ in zip(_grid(sheet, 0), range(_LOOK_FOR_HEADER), strict=False)]
    if not any(counts):
        raise SourceInvalid(source, problem=f"sheet {sheet.name!r} is empty", remedy="Name another with sheet:.")
    # titles and notes above a table fill a cell or two; a header fills most of the width
    enough = max(counts) * 0.6
    return next(number for number, count in enumerate(counts) if count >= enough), heads


def _scan(sheet: CalamineSheet, skip: int, heads: int) -> tuple[list[list[Any]], int, int]:
    """Return the header's rows, how many columns hold anything, and how many rows between data are blank."""
    header: list[list[Any]] = []
    width = blank = pending = 0
    for number, row in enumerate(_grid(sheet, skip)):
        last = max((place for place, cell in enumerate(row, 1) if cell_text(cell) is not None), default=0)
        width = max(width, last)
        if number < heads:
            header.append(row)
        elif last:
            blank, pending = blank + pending, 0
        else:
            pending += 1
    return header, width, blank


def _titles(header: list[list[Any]], width: int) -> list[str]:
    titles = []
    for place in range(width):
        parts = [cell_text(row[place]) for row in header if place < len(row)]
        titles.append(" ".join(" ".join(part.split()) for part in parts if part))
    return titles
