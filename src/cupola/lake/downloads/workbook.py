"""XLSX, row by row in constant memory: numbers, dates and yes/no typed, texts as texts and never as formulas."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cupola.contracts import ColumnType
from cupola.errors import InvalidInput
from cupola.lake.downloads.taken import Taken

SHEET_ROWS = 1_048_575  # below the header
LONGEST = 32_767  # characters a cell can hold
_CUT = " [...]"
_EXACT = 10**15  # beyond it a cell, which holds a double, rounds
_FIRST_DAY = "1900-03-01"  # a workbook counts a 29 February 1900, so days before it are off by one
_WIDTHS = {ColumnType.DATE: 11, ColumnType.TIMESTAMP: 19, ColumnType.INSTANT: 19, ColumnType.BOOLEAN: 8}
_FORMATS = {
    ColumnType.DATE: "yyyy-mm-dd",
    ColumnType.TIMESTAMP: "yyyy-mm-dd hh:mm:ss",
    ColumnType.INSTANT: "yyyy-mm-dd hh:mm:ss",
    ColumnType.MONEY: "#,##0.00",
    ColumnType.INTEGER: "0",
}


class SheetFull(InvalidInput):
    """A sheet holds no more rows."""

    def __init__(self) -> None:
        super().__init__(f"A sheet holds at most {SHEET_ROWS:,} rows. Take it as .parquet or .csv.gz.")


@dataclass(frozen=True)
class About:
    """What the second sheet says: facts of the version by name, and each column's title and meaning.

    `made`: when the version was, so that equal rows give equal bytes.
    """

    facts: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str, str], ...]
    made: datetime = datetime(2000, 1, 1, tzinfo=UTC)


class WorkbookFile:
    """A sheet of rows and a sheet about them. Shapes stay out: no cell can hold one."""

    def __init__(self, path: Path, what: Taken, *, about: About, scratch: Path) -> None:
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(scratch)})
        self._book.set_properties({"created": about.made.astimezone(UTC).replace(tzinfo=None)})
        self._about = about
        self._columns = [(name, kind) for name, kind in what.columns if kind is not ColumnType.GEOMETRY]
        self._left_out = [name for name, kind in what.columns if kind is ColumnType.GEOMETRY]
        self._sheet = self._book.add_worksheet("Rows")
        bold = self._book.add_format({"bold": True})
        formats = {kind: self._book.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
        self._cells = [_cell(self._sheet, kind, formats.get(kind)) for _, kind in self._columns]
        for position, (name, kind) in enumerate(self._columns):
            self._sheet.set_column(position, position, max(_WIDTHS.get(kind, 14), min(len(name) + 2, 40)))
            self._sheet.write_string(0, position, name, bold)
        self._sheet.freeze_panes(1, 0)
        self._bold = bold
        self._row = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        columns = [batch.column(name).to_pylist() for name, _ in self._columns]
        for values in zip(*columns, strict=True) if columns else ():
            self._row += 1
            if self._row > SHEET_ROWS:
                raise SheetFull
            for position, value in enumerate(values):
                if value is not None:
                    self._cells[position](self._row, position, value)

    def close(self) -> None:
        """Finish the file: the second sheet, and out."""
        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 1, 30)
        sheet.set_column(2, 2, 90)
        left_out = ", ".join(self._left_out)
        facts = [*self._about.facts, *([("Left out, for no cell can hold a shape", left_out)] if left_out else [])]
        row = 0
        for name, value in facts:
            sheet.write_string(row, 0, name, self._bold)
            sheet.write_string(row, 1, value[:LONGEST])
            row += 1
        for name, title, meaning in (("Column", "Title", "Meaning"), *self._about.columns):
            row += 1
            for position, text in enumerate((name, title, meaning)):
                sheet.write_string(row, position, text[:LONGEST], None if row > len(facts) + 1 else self._bold)
        self._book.close()


Cell = Callable[[int, int, Any], None]


@dataclass(frozen=True)
class _Pen:
    """Writes values of one type into a sheet."""

    sheet: Worksheet
    shown: Format | None

    def text(self, row: int, column: int, value: Any) -> None:
        text = str(value)
        cut = text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT
        self.sheet.write_string(row, column, cut)

    def number(self, row: int, column: int, value: float | Decimal) -> None:
        if not math.isfinite(value) or not -_EXACT < value < _EXACT:
            self.text(row, column, value)
        else:
            self.sheet.write_number(row, column, float(value), self.shown)

    def time(self, row: int, column: int, value: date) -> None:
        if value.isoformat() < _FIRST_DAY:
            self.text(row, column, value.isoformat())
        else:
            plain = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            self.sheet.write_datetime(row, column, plain, self.shown)

    def boolean(self, row: int, column: int, value: bool) -> None:
        self.sheet.write_boolean(row, column, value)


_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.INSTANT)
_NUMBERS = (
    ColumnType.INTEGER,
    ColumnType.DECIMAL,
    ColumnType.FLOAT,
    ColumnType.MONEY,
    ColumnType.PERCENT,
    ColumnType.DURATION,
)


def _cell(sheet: Worksheet, kind: ColumnType, shown: Format | None) -> Cell:
    """Return what writes a value of this type."""
    pen = _Pen(sheet, shown)
    if kind is ColumnType.BOOLEAN:
        return pen.boolean
    if kind in _TIMES:
        return pen.time
    return pen.number if kind in _NUMBERS else pen.text
