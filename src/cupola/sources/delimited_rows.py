"""Records in, rows of one table out; whatever is no row becomes a reject that says where it stood and why."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cupola.contracts import Dialect, Reject
from cupola.sources.delimited_records import Damage, LineFeed, read_records
from cupola.sources.dialect_cells import TEXT, filled, kind
from cupola.sources.encoding import TextUnreadable

MOST_REJECTS = 100_000
_MOST_HELD = 100
_MOST_TEXT = 2000  # characters of a damaged row that are kept
_REMARK = re.compile(r"\W*(?:notes?|sources?|n\.?b\.?|footnotes?|remarks?)\b|[*†‡#(\[]", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """`header`: the header's last record, or empty. `remarks`: whether the file ends in footnotes or blank rows.

    `nul`: whether the file holds NUL bytes, which no text has.
    """

    source: str
    dialect: Dialect
    width: int
    header: tuple[str, ...] = ()
    remarks: bool = False
    nul: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    number: int  # 0: a blank line, which is no row
    line: int
    values: list[str]
    text: str


@dataclass
class RowReader:
    """Reads the rows of one table. `left_out`: footnotes and trailing blank rows, when the table has them."""

    table: Table
    rejects: list[Reject]
    left_out: list[str] = field(default_factory=list)
    _number: int = 0
    _held: list[_Held] = field(default_factory=list)
    _texts: int = 0

    def rows(self, feed: LineFeed, *, header_rows: int) -> Iterator[tuple[int, list[str]]]:
        """Yield (number of the row, its values) for every row of `feed` after `header_rows` header records."""
        width, header = self.table.width, list(self.table.header)
        top = header[0] if header else None
        for record in _after_header(read_records(feed, self.table.dialect), header_rows):
            if isinstance(record, Damage):
                yield from self._let_go()
                self._number += 1
                self._reject(self._number, record.line, text=record.text, reason=record.reason)
            elif len(record) == width and (width == 1 or record.count("") < width - 1):
                if self._held:
                    yield from self._let_go_before(record, header)
                self._number += 1
                if record[0] == top and record == header:
                    self._refuse(feed, "the header again")
                elif self.table.nul and "\0" in "".join(record):
                    self._refuse(feed, "a NUL byte")
                else:
                    yield self._number, record
            else:
                yield from self._hold_or_reject(record, feed)
        yield from self._finish()

    def _hold_or_reject(self, record: list[str], feed: LineFeed) -> Iterator[tuple[int, list[str]]]:
        """Hold what may be a blank row, a title or a footnote until the next rows tell; reject other shapes."""
        if len(record) == 1 and record[0].isspace():
            record = []  # a line of blanks is a blank line
        text = "".join(feed.held).rstrip("\r\n") if record else ""
        if record:
            self._number += 1
        if len(record) > self.table.width or filled(record) > 1 or self._texts >= _MOST_HELD:
            yield from self._let_go()
            yield from self._give(_Held(self._number, feed.first, record, text))
            return
        self._texts += any(record)
        self._held.append(_Held(self._number if record else 0, feed.first, record, text))

    def _give(self, held: _Held) -> Iterator[tuple[int, list[str]]]:
        if len(held.values) == self.table.width:
            yield held.number, held.values
        else:
            values = "1 value" if len(held.values) == 1 else f"{len(held.values)} values"
            reason = f"{values} where {self.table.width} are expected"
            self._reject(held.number, held.line, text=held.text, reason=reason)

    def _let_go(self) -> Iterator[tuple[int, list[str]]]:
        """Treat everything held as what its shape says: a row, or a reject."""
        held, self._held, self._texts = self._held, [], 0
        for item in held:
            if item.number:
                yield from self._give(item)

    def _let_go_before(self, record: list[str], header: list[str]) -> Iterator[tuple[int, list[str]]]:
        if record != header:
            yield from self._let_go()
            return
        titles, self._held, self._texts = self._held, [], 0
        reason = "a title or blank row above a repeated header"
        for item in titles:
            if item.number:
                self._reject(item.number, item.line, text=item.text, reason=reason)

    def _refuse(self, feed: LineFeed, reason: str) -> None:
        self._reject(self._number, feed.first, text="".join(feed.held).rstrip("\r\n"), reason=reason)

    def _reject(self, number: int, line: int, *, text: str, reason: str) -> None:
        if len(self.rejects) >= MOST_REJECTS:
            problem = f"more than {MOST_REJECTS:,} rows are damaged; here: {reason}"
            remedy = "Check the `delimiter:` and `quote:` of the file."
            raise TextUnreadable(self.table.source, line=line, problem=problem, remedy=remedy)
        self.rejects.append(Reject(self.table.source, number, "", text[:_MOST_TEXT], f"line {line}: {reason}"))

    def _finish(self) -> Iterator[tuple[int, list[str]]]:
        place = _where_remarks_start(self._held) if self.table.remarks else len(self._held)
        held, self._held = self._held, self._held[:place]
        yield from self._let_go()
        for item in held[place:]:
            if item.number:
                self.left_out.append(item.text.strip())


def _after_header(records: Iterable[list[str] | Damage], header_rows: int) -> Iterator[list[str] | Damage]:
    for record in records:
        if header_rows and record:
            header_rows -= 1
        else:
            yield record


def _where_remarks_start(held: list[_Held]) -> int:
    """Return the place in `held`, the end of a file, from which on there are only footnotes and blank rows.

    One blank row alone stays a row: it may be a record that lost its values. A run of them is an empty grid.
    """
    for place, item in enumerate(held):
        if any(item.values) and not _is_remark(item):
            continue
        rest = held[place:]
        texts = [other for other in rest if any(other.values)]
        blank_rows = sum(1 for other in rest if other.number and not any(other.values))
        if all(_is_note(other) for other in texts) and (texts or blank_rows > 1):
            return place
    return len(held)


def _is_note(item: _Held) -> bool:
    """Whether a line's only value is a sentence in the first column."""
    value = item.values[0].strip()
    return kind(value) == TEXT and " " in value and any(letter.isalpha() for letter in value)


def _is_remark(item: _Held) -> bool:
    return _is_note(item) and bool(_REMARK.match(item.values[0].strip()))


def find_remarks(lines: Iterable[str], table: Table, *, whole: bool) -> list[str]:
    """Return the footnotes and trailing blank rows at the end of a file, given its last lines."""
    feed = LineFeed(lines, restore=False)
    if whole:
        feed.skip(table.dialect.skip_lines)
    reader = RowReader(Table(table.source, table.dialect, table.width, table.header, remarks=True), [])
    for _ in reader.rows(feed, header_rows=table.dialect.header_rows if whole else 0):
        pass
    return reader.left_out
