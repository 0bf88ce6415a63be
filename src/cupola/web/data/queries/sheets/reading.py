"""Sheets given back, compared row by row with what they said when they were written and with what is here now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cupola.folder.problems import did_you_mean, listed, show
from cupola.sources import Sheet
from cupola.web.data.queries.sheets.tables import CUT, EDITION, Row, Table, edition
from cupola.web.data.queries.sheets.workbook import unsafe


@dataclass(frozen=True)
class SheetProblem:
    """One thing that is wrong in a sheet. `row` as people count it; `column`: the header; 0 and empty: the sheet."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    remedy: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", {self.column}" if self.column else ""
        return f"{self.sheet}{row}{column}: {self.message}; {self.remedy}"

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Given:
    """One row as it was given back: what it is of, its words by header, and the edition it was written as."""

    table: Table
    number: int
    of: tuple[str, ...]
    words: Mapping[str, str]
    edition: str

    def problem(self, column: str, message: str, remedy: str) -> SheetProblem:
        """Return a problem of this row."""
        return SheetProblem(self.table.name, self.number, column, self.words.get(column, ""), message, remedy)


@dataclass
class Reading:
    """Everything in some sheets: the rows of each table by its name, what is wrong, and headers nobody reads."""

    rows: dict[str, list[Given]] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Edit:
    """What a row changes: the words that differ, by header."""

    given: Given
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass
class Compared:
    """The rows of one table beside what is here: edits, how many are as here, how many only changed here."""

    edits: list[Edit] = field(default_factory=list)
    conflicts: list[SheetProblem] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)
    same: int = 0
    kept: int = 0


def read_back(sheets: Iterable[Sheet], tables: Iterable[Table]) -> Reading:
    """Return the rows of sheets that people gave back, found by the sheet's name or, in CSV, by its headers."""
    known = {table.name: table for table in tables}
    reading = Reading()
    for sheet in sheets:
        headers = sheet.rows[0][1] if sheet.rows else ()
        table = known.get(sheet.name) or (_by_headers(headers, known.values()) if sheet.is_csv else None)
        if table is None:
            if sheet.name != "Read me":
                _unknown(sheet, known, reading)
            continue
        missing = [name for name in (*table.of, EDITION) if name not in headers]
        if missing:
            remedy = "put it back, or begin with a sheet that was written today"
            reading.problems.append(SheetProblem(table.name, 1, missing[0], "", "this header is missing", remedy))
            continue
        reading.unread += [f"{table.name}: {name}" for name in headers if name and name not in table.headers]
        reading.rows[table.name] = [*_given(sheet, table)]
    return reading


def _by_headers(headers: Iterable[str], tables: Iterable[Table]) -> Table | None:
    there = set(headers)
    fitting = [table for table in tables if {*table.of, *table.words} <= there]
    return max(fitting, key=lambda table: len(table.headers), default=None)


def _unknown(sheet: Sheet, known: Mapping[str, Table], reading: Reading) -> None:
    if sheet.is_csv:
        wanted = "; ".join(f"{table.name}: {', '.join(table.of)}" for table in known.values())
        headers = listed(sheet.rows[0][1]) if sheet.rows else "none"
        message = f"its headers are of no sheet ({headers})"
        reading.problems.append(SheetProblem(sheet.name, 1, "", "", message, f"keep the headers it had ({wanted})"))
    else:
        reading.unread.append(sheet.name)


def _given(sheet: Sheet, table: Table) -> Iterator[Given]:
    headers = sheet.rows[0][1]
    for number, cells in sheet.rows[1:]:
        said = dict(zip(headers, cells, strict=False))
        texts = {name: unsafe(text) if sheet.is_csv else text for name, text in said.items()}
        words = {name: texts.get(name, "") for name in table.words if name in headers}
        yield Given(table, number, tuple(texts.get(name, "") for name in table.of), words, texts.get(EDITION, ""))


def compare(given: Iterable[Given], table: Table) -> Compared:
    """Compare rows that stand one to one for rows here: each is changed by the sheet, here, by both or by neither."""
    here = {row.of: row for row in table.rows}
    found, seen = Compared(), dict[tuple[str, ...], int]()
    for one in given:
        row = here.get(one.of)
        first = seen.setdefault(one.of, one.number)
        if row is None:
            found.problems.append(_stranger(one, here))
        elif first != one.number:
            found.problems.append(one.problem(table.of[-1], f"row {first} is of the same", "take one of the two out"))
        else:
            _judge(one, row, found)
    return found


def _judge(one: Given, row: Row, found: Compared) -> None:
    words = dict(zip(one.table.words, row.words, strict=True))
    differing = {name: text for name, text in one.words.items() if text != words[name]}
    if not differing:
        found.same += 1
    elif one.edition == edition({**words, **one.words}.values()):
        found.kept += 1  # written as it stands: only the record changed since
    elif one.edition != edition(row.words):
        name, text = next(iter(differing.items()))
        message = f"here it says {show(words[name])} now, and the sheet says {show(text)}"
        found.conflicts.append(one.problem(name, message, "write a new sheet and repeat your change there"))
    else:
        cut = next((name for name in differing if words[name].endswith(CUT)), "")
        if cut:
            found.problems.append(one.problem(cut, "it is too long for a cell", "edit it in the pages"))
        else:
            found.edits.append(Edit(one, {name: words[name] for name in differing}, differing))


def _stranger(one: Given, here: Mapping[tuple[str, ...], Row]) -> SheetProblem:
    names = [" ".join(of) for of in here]
    name = " ".join(one.of)
    column = one.table.of[-1]
    remedy = did_you_mean(name, names, otherwise="take the row out; new ones are described in the city folder")
    return SheetProblem(one.table.name, one.number, column, name, f"there is no {show(name)} here", remedy)


@dataclass(frozen=True)
class Regrouped:
    """The rows of one thing, as given back, that are not as they are here. `given` is empty for none."""

    of: tuple[str, ...]
    given: tuple[Given, ...]


def compare_groups(
    given: Iterable[Given], here: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]], into: Compared
) -> list[Regrouped]:
    """Compare rows that are one thing together, as the duties of a dataset. `here`: the words of each thing's rows.

    Counts, conflicts and problems go into `into`.
    """
    groups: dict[tuple[str, ...], list[Given]] = {}
    for one in given:
        groups.setdefault(one.of, []).append(one)
    found = []
    for of, rows in groups.items():
        words = tuple(tuple(one.words.values()) for one in rows)
        base = next((one.edition for one in rows if one.edition), edition(()))
        if of not in here:
            into.problems.append(
                rows[0].problem(rows[0].table.of[-1], f"there is no {' '.join(of)} here", "take it out")
            )
        elif words == here[of]:
            into.same += len(rows)
        elif base == edition(words):
            into.kept += len(rows)
        elif base != edition(here[of]):
            message = f"the duties of {of[-1]} were changed here meanwhile"
            into.conflicts.append(rows[0].problem("", message, "write a new sheet and repeat your change there"))
        else:
            found.append(Regrouped(of, tuple(rows)))
    return found
