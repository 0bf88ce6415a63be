"""Lines in, records out: a list of values for each row, or the damage that made a row unreadable.

Python's csv module reads the usual dialects; a small tokenizer reads the odd ones (backslash escapes, quotes inside
quotes that are not escaped, delimiters of several characters). After damage, reading resumes on the next line.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cupola.contracts import Dialect

_MOST_LINES = 20_000  # of one record; a quote open for longer was never meant to be one
_MOST_CHARACTERS = 16_000_000
_MOST_ODD_LINES = 30  # the tokenizer starts over with each line it adds
_CONTROLS = re.compile("[\x80-\x9f]")
_RESTORED = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_REASONS = (
    ("expected after", "text follows a closing quote"),
    ("unexpected end of data", "a quoted value is never closed"),
    ("new-line character", "a carriage return inside a value that is not quoted"),
)


@dataclass(frozen=True, slots=True)
class Damage:
    """A physical line that could not be read. `line` is counted from 1."""

    line: int
    text: str
    reason: str


def restore_controls(text: str) -> str:
    """Return `text` with the Windows-1252 characters that control codes 0x80-0x9f stand for."""
    return text.translate(_RESTORED) if _CONTROLS.search(text) else text


class RecordTooLong(Exception):
    """A quote stayed open for more lines than any value has."""


class LineFeed:
    """Lines that are handed out, held until their record is whole, and taken back when it is damaged.

    `line`: number of the last line handed out. `first`: number of the record's first line.
    """

    def __init__(self, lines: Iterable[str], *, restore: bool, line: int = 0) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self._restore = restore
        self._size = 0
        self.line = line
        self.held: list[str] = []

    @property
    def first(self) -> int:
        """Number of the first line of the current record."""
        return self.line - len(self.held) + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        if self._restore and not line.isascii():
            line = restore_controls(line)
        held = self.held
        if held:
            self._size += len(line)
            if len(held) >= _MOST_LINES or self._size > _MOST_CHARACTERS:
                self._again.append(line)
                raise RecordTooLong
        held.append(line)
        self.line += 1
        return line

    def skip(self, count: int) -> None:
        """Pass over `count` lines."""
        for _ in range(count):
            if next(self, None) is None:
                break
            self.release()

    def release(self) -> None:
        """Forget the lines of a record that is done."""
        self.held.clear()
        self._size = 0

    def take_back(self) -> Damage:
        """Give up the record's first line, hand out the others again, return the damage (reason empty)."""
        damage = Damage(self.first, self.held[0].rstrip("\r\n"), "")
        rest = self.held[1:]
        self._again.extend(reversed(rest))
        self.line -= len(rest)
        self.release()
        return damage


def read_records(feed: LineFeed, dialect: Dialect) -> Iterator[list[str] | Damage]:
    """Yield every record of `feed`; a blank line is the empty list.

    While a record is in the caller's hands, `feed.first` and `feed.held` still speak of it.
    """
    if len(dialect.delimiter) == 1 and dialect.escape == dialect.quote:
        yield from _read_usual(feed, dialect)
    else:
        yield from _read_odd(feed, dialect)


def _read_usual(feed: LineFeed, dialect: Dialect) -> Iterator[list[str] | Damage]:
    csv.field_size_limit(2 * _MOST_CHARACTERS)  # the module's own limit of 131,072 cuts off boundaries of places
    reader = csv.reader(
        feed,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=True,
        strict=True,
    )
    while True:
        try:
            for record in reader:
                yield record
                feed.held.clear()  # as release(), without a call for each row
                feed._size = 0
            return
        except csv.Error as problem:
            yield _damage(feed, str(problem))
        except RecordTooLong:
            yield _damage(feed, "unexpected end of data")


def _damage(feed: LineFeed, problem: str) -> Damage:
    reason = next((reason for mark, reason in _REASONS if mark in problem), problem)
    damage = feed.take_back()
    return Damage(damage.line, damage.text, reason)


def _read_odd(feed: LineFeed, dialect: Dialect) -> Iterator[list[str] | Damage]:
    split = Splitter(dialect).split
    for line in feed:
        text = line
        while True:
            values = split(text.rstrip("\r\n") if dialect.newline != "\r" else text.removesuffix("\r"))
            if isinstance(values, str):
                yield _damage(feed, values)
                break
            if values is not None:
                yield values
                feed.release()
                break
            more = next(feed, None) if len(feed.held) < _MOST_ODD_LINES else None
            if more is None:
                yield _damage(feed, "unexpected end of data")
                break
            text += more


class Splitter:
    """Splits the text of one record in an odd dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._delimiter, self._quote, self._escape = dialect.delimiter, dialect.quote, dialect.escape
        quote, end = re.escape(dialect.quote), f"(?={re.escape(dialect.delimiter)}|\\Z)"
        if dialect.escape == "":
            body = ".*?"  # the value ends at the first quote that stands before a delimiter
        elif dialect.escape == dialect.quote:
            body = f"(?:[^{quote}]|{quote}{quote})*+"
        else:
            body = f"(?:[^{quote}{re.escape(dialect.escape)}]|{re.escape(dialect.escape)}.|{quote}{quote})*"
        self._quoted = re.compile(f"{quote}({body}){quote}{end}", re.DOTALL) if dialect.quote else None
        self._closed = re.compile(f"{quote}{body}{quote}", re.DOTALL) if dialect.quote else None
        escape = re.escape(dialect.escape)
        self._escaped = re.compile(f"{escape}([{quote}{escape}])|{quote}({quote})") if escape and quote else None

    def split(self, text: str) -> list[str] | str | None:
        """Return the values of `text`, None when a quote is still open, or what is wrong with it."""
        if not text:
            return []
        values: list[str] = []
        position = 0
        while True:
            if self._quoted is not None and text.startswith(self._quote, position):
                found = self._quoted.match(text, position)
                if found is None:
                    return self._explain(text, position)
                values.append(self._unescape(found[1]))
                position = found.end()
            else:
                end = text.find(self._delimiter, position)
                values.append(text[position : end if end >= 0 else len(text)])
                position = end if end >= 0 else len(text)
            if position >= len(text):
                return values
            position += len(self._delimiter)

    def _explain(self, text: str, position: int) -> str | None:
        assert self._closed is not None
        if self._escape and self._closed.match(text, position):
            return "text follows a closing quote"
        return None

    def _unescape(self, body: str) -> str:
        if self._escaped is None or (self._escape not in body and self._quote not in body):
            return body
        return self._escaped.sub(lambda found: found[1] or found[2], body)


def split_leniently(text: str, dialect: Dialect) -> list[str]:
    """Return the values of one damaged line, taking a quote that is never closed as part of its value."""
    quote, delimiter = dialect.quote, dialect.delimiter
    closed = re.compile(f"{re.escape(quote)}((?:[^{quote}]|{quote}{quote})*){quote}(?={re.escape(delimiter)}|\\Z)")
    values: list[str] = []
    position = 0
    while True:
        found = closed.match(text, position) if quote else None
        if found:
            values.append(found[1].replace(quote * 2, quote))
            position = found.end()
        else:
            end = text.find(delimiter, position)
            values.append(text[position : end if end >= 0 else len(text)])
            position = end if end >= 0 else len(text)
        if position >= len(text):
            return values
        position += len(delimiter)
