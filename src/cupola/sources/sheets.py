"""Tables people filled in, from workbooks and CSV files: every cell as text, with the row a person sees it in."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from cupola.sources.archives import check_workbook_size
from cupola.sources.encoding import check_text, choose_encoding, open_text, survey_bytes
from cupola.sources.spec import SourceInvalid, SourceUnreachable
from cupola.sources.workbooks import cell_text

_MOST_BYTES = 200_000_000
_DELIMITERS = ",;\t|"
_LONGEST_FIELD = 10_000_000


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows`: the number of each row as people count it, from 1, and its cells; blank rows are left out.

    `is_csv`: it was a file of its own, without a name for the sheet.
    """

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    is_csv: bool = False


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return every sheet of a workbook, or the one table of a CSV file under its stem. Line ends are `\\n`.

    Raises SourceUnreachable where there is no such file, SourceInvalid.
    """
    if not path.is_file():
        raise SourceUnreachable(str(path), problem="there is no such file", remedy="Check the path.")
    if path.stat().st_size > _MOST_BYTES:
        raise SourceInvalid(path.name, problem="it is larger than 200 MB", remedy="Is it the sheet that was meant?")
    with path.open("rb") as raw:
        packed = raw.read(2) == b"PK"
    return (*_workbook(path),) if packed else (Sheet(path.stem, tuple(_numbered(_csv(path))), is_csv=True),)


def _workbook(path: Path) -> Iterator[Sheet]:
    check_workbook_size(path, source=path.name, limit=_MOST_BYTES)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            top, left = sheet.start or (0, 0)
            rows = (["" for _ in range(left)] + [cell_text(cell) or "" for cell in row] for row in sheet.iter_rows())
            yield Sheet(name, tuple(_numbered(rows, first=top + 1)))
    except (CalamineError, OSError) as error:
        problem = f"it is not a workbook that can be read: {error}"
        raise SourceInvalid(path.name, problem=problem, remedy="Save it as XLSX or CSV.") from error


def _csv(path: Path) -> Iterator[list[str]]:
    facts = survey_bytes(path)
    check_text(facts, source=path.name)
    encoding = choose_encoding(facts, source=path.name, override=None)
    with open_text(path, encoding, newline="") as file:
        head = file.readline()
        file.seek(0)
        delimiter = max(_DELIMITERS, key=head.count)
        before = csv.field_size_limit(_LONGEST_FIELD)
        try:
            yield from csv.reader(file, delimiter=delimiter)
        except csv.Error as error:
            raise SourceInvalid(path.name, problem=f"it is no CSV: {error}", remedy="Save it again as CSV.") from error
        finally:
            csv.field_size_limit(before)


def _numbered(rows: Iterator[list[str]], *, first: int = 1) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in enumerate(rows, first):
        texts = tuple(cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in cells)
        if any(texts):
            yield number, texts
