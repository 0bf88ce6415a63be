"""The sheets written as a workbook or as CSV."""

import csv
import io
from collections.abc import Iterable

import xlsxwriter

from cupola.web.data.queries.sheets.tables import EDITION, Table

_WIDE = {"title": 34, "description": 60, "meaning": 60, "notes": 40, "missing words": 28, "also in": 30, "meanings": 50}
_USUAL = 18
# a cell that begins with one of these is a formula to a spreadsheet: a mark before it keeps it text
_FORMULA = ("=", "+", "-", "@", "\t", "'")
MARK = "'"


def write_workbook(tables: Iterable[Table], *, about: Iterable[str] = ()) -> bytes:
    """Return a workbook: a sheet that says what to do, then the tables. Cells to fill in are not shaded."""
    listed = [*tables]
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    shaded = book.add_format({"bg_color": "#F0F0F0", "valign": "top", "text_wrap": True})
    first = book.add_worksheet("Read me")
    first.set_column(0, 0, 110, wrapped)
    for place, text in enumerate([*about, *(f"{table.name}: {table.says}" for table in listed)]):
        first.write_string(place, 0, text)
    for table in listed:
        sheet = book.add_worksheet(table.name)
        shown = {*range(len(table.of) + len(table.shown)), len(table.headers) - 1}
        for column, header in enumerate(table.headers):
            hidden = {"hidden": True} if header == EDITION else {}
            width = next((size for name, size in _WIDE.items() if header.startswith(name)), _USUAL)
            sheet.set_column(column, column, width, shaded if column in shown else wrapped, hidden)
            sheet.write_string(0, column, header, bold)
        sheet.freeze_panes(1, len(table.of))
        for number, row in enumerate(table.rows, 1):
            for column, text in enumerate(table.cells(row)):
                if text:
                    sheet.write_string(number, column, text)
    book.close()
    return held.getvalue()


def write_csv(table: Table) -> str:
    """Return one table as CSV."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(table.headers)
    writer.writerows([safe(text) for text in table.cells(row)] for row in table.rows)
    return held.getvalue()


def safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"{MARK}{text}" if text.startswith(_FORMULA) else text


def unsafe(text: str) -> str:
    """Return what a cell said before `safe`."""
    return text[1:] if text.startswith(MARK) and text[1:].startswith(_FORMULA) else text
