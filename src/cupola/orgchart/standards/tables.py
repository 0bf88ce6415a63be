"""Any table of offices or posts, read by a mapping that says which column is what: no code per city."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cupola.errors import InvalidInput
from cupola.orgchart.facts import ATTRIBUTES, PERSONAL, Fact, Line, Value
from cupola.orgchart.history import History
from cupola.orgchart.moments import ALWAYS, Moment, Span
from cupola.orgchart.reading import WRITTEN, read_value
from cupola.orgchart.vocabulary import LineType, Status
from cupola.periods import NotADate


class CannotMap(InvalidInput):
    """A row cannot be read by the mapping."""

    def __init__(self, *, line: int, column: str, value: str, remedy: str) -> None:
        self.line, self.column, self.value, self.remedy = line, column, value, remedy
        where = f"line {line}, " if line else ""
        super().__init__(f"{where}{column}: {value!r} cannot be used. {remedy}")


@dataclass(frozen=True)
class ColumnMap:
    """Where an attribute comes from. `values`: what a cell means, by cell; cells not in it are taken as they stand.

    An empty meaning leaves the attribute out. `separator`: several values in one cell, or several bosses.
    """

    column: str
    values: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""


@dataclass(frozen=True)
class TableMap:
    """How a table is read. `of`: `office` or `post`, one per row. key, since, until: columns.

    `attributes`: attribute as a structure document spells it -> column. Lines (`reports_to`, `dotted_to`, `part_of`,
    `works_in`, `headed_by`) name another row by its key or by its name; a name that no row has becomes a post, or an
    office for `part_of` and `works_in`, marked as deduced.
    """

    of: str
    key: str
    attributes: Mapping[str, ColumnMap]
    since: str = ""
    until: str = ""
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_table(rows: Iterable[Mapping[str, str]], mapping: TableMap, *, source: str, personal: bool = False) -> History:
    """Return the history a table describes; line 2 is its first row. Columns of people are dropped unless asked for.

    Raises CannotMap naming line, column and value.
    """
    kept = [(line, row) for line, row in enumerate(rows, 2) if _wanted(row, mapping)]
    _check_columns(kept, mapping)
    reader = _Reader(mapping, source=source, personal=personal, names=_names(kept, mapping))
    for line, row in kept:
        reader.take(line, row)
    return History(reader.subjects, tuple(reader.facts))


def keyed(text: str) -> str:
    """Return a text as a key."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:80] or "unnamed"


class _Reader:
    def __init__(self, mapping: TableMap, *, source: str, personal: bool, names: Mapping[str, str]) -> None:
        self.mapping, self.source, self.personal, self.names = mapping, source, personal, dict(names)
        self.subjects: dict[str, str] = dict.fromkeys(names.values(), mapping.of)
        self.facts: list[Fact] = []

    def take(self, line: int, row: Mapping[str, str]) -> None:
        """Read one row."""
        subject = keyed(row[self.mapping.key])
        span = Span(self._moment(line, row, self.mapping.since), self._moment(line, row, self.mapping.until))
        self._say(subject, "exists", True, span=span)
        for written, column in self.mapping.attributes.items():
            attribute = ATTRIBUTES[WRITTEN[written]]
            if attribute.name in PERSONAL and not self.personal:
                continue
            for cell in _cells(row, column):
                value = self._line(cell, attribute.name) if attribute.to else self._value(line, written, cell)
                self._say(subject, attribute.name, value, span=span)

    def _value(self, line: int, written: str, cell: str) -> Value:
        attribute = ATTRIBUTES[WRITTEN[written]]
        try:
            return read_value(attribute, cell)
        except (ValueError, ArithmeticError) as error:
            column = self.mapping.attributes[written].column
            remedy = f"Say in the mapping what it means as {written}, or map it to nothing."
            raise CannotMap(line=line, column=column, value=cell, remedy=remedy) from error

    def _line(self, cell: str, attribute: str) -> Value:
        """Return a line to another row; what no row is called is recorded by its name."""
        kind = "office" if ATTRIBUTES[attribute].to == "office" else "post"
        key = self.names.get(cell.casefold())
        if key is None:
            key = self.names[cell.casefold()] = keyed(cell)
            self.subjects[key] = kind
            self._say(key, "exists", True, status=Status.DEDUCED)
            self._say(key, "name", cell, status=Status.DEDUCED)
        return Line(key, LineType.ADMINISTRATIVE) if ATTRIBUTES[attribute].type is Line else key

    def _moment(self, line: int, row: Mapping[str, str], column: str) -> Moment | None:
        cell = row.get(column, "").strip()
        if not cell:
            return None
        try:
            return Moment.parse(cell)
        except NotADate as error:
            raise CannotMap(line=line, column=column, value=cell, remedy=f"Write {error.wanted}.") from error

    def _say(
        self, subject: str, attribute: str, value: Value, *, span: Span = ALWAYS, status: Status = Status.CONFIRMED
    ) -> None:
        self.facts.append(Fact(subject, attribute, value, span, status, (self.source,)))


def _cells(row: Mapping[str, str], column: ColumnMap) -> list[str]:
    text = row[column.column].strip()
    cells = [cell.strip() for cell in text.split(column.separator)] if column.separator else [text]
    return [meant for meant in (column.values.get(cell, cell) for cell in cells) if meant]


def _wanted(row: Mapping[str, str], mapping: TableMap) -> bool:
    return all(row.get(column, "").strip() in values for column, values in mapping.only.items())


def _check_columns(rows: Sequence[tuple[int, Mapping[str, str]]], mapping: TableMap) -> None:
    if not rows:
        return
    wanted = {mapping.key, *(column.column for column in mapping.attributes.values()), mapping.since, mapping.until}
    for column in sorted(wanted - {""} - rows[0][1].keys()):
        raise CannotMap(line=1, column=column, value="", remedy=f"The table has {', '.join(rows[0][1])}.")


def _names(rows: Sequence[tuple[int, Mapping[str, str]]], mapping: TableMap) -> dict[str, str]:
    """Return the key of each row by its key and by its name, without regard to case."""
    found: dict[str, str] = {}
    named = mapping.attributes.get("name")
    for line, row in rows:
        key = keyed(row[mapping.key])
        if key in found.values():
            remedy = "Another row has the same key. Choose a column without repeats."
            raise CannotMap(line=line, column=mapping.key, value=row[mapping.key], remedy=remedy)
        found[row[mapping.key].strip().casefold()] = key
        if named is not None:
            found.setdefault(row[named.column].strip().casefold(), key)
    return found
