"""Proving, from counts over all bytes, that a database engine reads a file as the careful reader does.

A delimited file is regular when, outside quotes, it holds exactly (columns - 1) delimiters for each line. An engine
that fails on rows that are too short then has no row left that is too long, which it would forgive in silence.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cupola.contracts import Dialect
from cupola.sources.delimited_rows import Table
from cupola.sources.encoding import ByteFacts, TextEncoding, open_plain

_CHUNK_BYTES = 1 << 18  # small enough to stay in the processor cache


@dataclass
class _Structure:
    dialect: Dialect
    delimiters: int = 0
    lines: int = 0
    inside: bool = False  # whether the next byte is inside quotes
    ended: bool = False  # whether a blank line was seen, after which only blank lines may come

    def add(self, chunk: bytes) -> bool:
        """Count `chunk`, which ends with a line end. Return whether nothing in it is irregular."""
        end = self.dialect.newline.encode()
        if self._add_quickly(chunk, end):
            return True
        outside = self._outside(chunk)
        if self.ended and outside.strip(b"\r\n"):
            return False
        if outside.startswith(end) and self.lines:
            self.ended = not outside.strip(b"\r\n")
            return self.ended
        body = outside.rstrip(b"\r\n")
        self.ended = len(outside) - len(body) > len(end)
        body += end if len(outside) > len(body) else b""
        codes = np.frombuffer(body, np.uint8)  # bytes.count() is slow where hits are dense
        self.delimiters += int(np.count_nonzero(codes == ord(self.dialect.delimiter)))
        self.lines += int(np.count_nonzero(codes == ord("\n")))
        return self._is_plain(body, end)

    def _add_quickly(self, chunk: bytes, end: bytes) -> bool:
        """Count a chunk with quotes when it is plainly regular. Return False, having counted nothing, when in doubt."""
        quote, delimiter = ord(self.dialect.quote or "\0"), ord(self.dialect.delimiter)
        if self.ended or chunk.startswith(end) or not _ends_alike(chunk, end):
            return False
        codes = np.frombuffer(chunk, np.uint8)
        quotes = np.flatnonzero(codes == quote)
        if not len(quotes):
            return False
        before = codes[quotes[1 - (not self.inside) :: 2] - 1]  # of opening quotes; at 0 it is the last line end
        after = codes[quotes[1 - self.inside :: 2] + 1]  # of closing quotes; the last byte is a line end
        line_ends = np.flatnonzero(codes == ord("\n"))
        line_ends = line_ends[np.searchsorted(quotes, line_ends) % 2 == self.inside]
        if _has_blank(before, delimiter) or _has_blank(after, delimiter) or (np.diff(line_ends) <= len(end)).any():
            return False
        delimiters = codes == delimiter
        between = np.add.reduceat(delimiters, quotes, dtype=np.uint32)  # from each quote to the next
        ahead = 0 if self.inside else int(np.count_nonzero(delimiters[: quotes[0]]))
        self.delimiters += ahead + int(between[1 - self.inside :: 2].sum())
        self.lines += len(line_ends)
        self.inside = self.inside != (len(quotes) % 2 == 1)
        return True

    def _outside(self, chunk: bytes) -> bytes:
        quote = self.dialect.quote.encode()
        if not quote or (not self.inside and quote not in chunk):
            return chunk
        parts = chunk.split(quote)
        outside = (quote if self.inside else b"") + quote.join(parts[self.inside :: 2])
        self.inside = self.inside != (len(parts) % 2 == 0)
        return outside + (quote if self.inside else b"")

    def _is_plain(self, body: bytes, end: bytes) -> bool:
        if end + end in body:
            return False
        if not _ends_alike(body, end):
            return False
        quote = self.dialect.quote.encode()
        if not quote or quote not in body:
            return True
        blanks = b" " if self.dialect.delimiter == "\t" else b" \t"
        return not any(bytes([blank]) + quote in body or quote + bytes([blank]) in body for blank in blanks)


def _ends_alike(text: bytes, end: bytes) -> bool:
    if end == b"\n":
        return b"\r" not in text
    return text.count(b"\r") == text.count(b"\r\n") == text.count(b"\n")


def _has_blank(codes: NDArray[np.uint8], delimiter: int) -> bool:
    return bool((codes == ord(" ")).any() or (delimiter != ord("\t") and (codes == ord("\t")).any()))


def can_be_read_directly(table: Table, facts: ByteFacts, encoding: TextEncoding) -> bool:
    """Return whether encoding and dialect are of the kind engines read without differences."""
    dialect = table.dialect
    return (
        encoding.name in ("utf-8", "utf-8-sig")
        and not (facts.bad or facts.hidden or facts.nul or table.remarks)
        and table.width > 1
        and len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and dialect.delimiter != " "
        and dialect.escape == dialect.quote != ""
        and dialect.newline in ("\n", "\r\n")
    )


def count_regular_rows(path: Path, table: Table) -> int | None:
    """Return the number of rows of `path` when every one is proved regular, else None."""
    dialect = table.dialect
    structure = _Structure(dialect)
    end = dialect.newline.encode()
    with open_plain(path) as stream:
        header = b""
        for _ in range(dialect.skip_lines + dialect.header_rows):
            header = stream.readline()
            whole = header.endswith(end) or not header.endswith(b"\n")
            if header.count(dialect.quote.encode()) % 2 or b"\r" in header.removesuffix(end) or not whole:
                return None
        again = b"\n" + header.rstrip(b"\r\n") if dialect.header_rows else None
        rest = b""
        while chunk := stream.read(_CHUNK_BYTES):
            cut = chunk.rfind(b"\n") + 1
            block, rest = (rest + chunk[:cut], chunk[cut:]) if cut else (b"", rest + chunk)
            if block and (_repeats(block, again) or not structure.add(block)):
                return None
    return _total(structure, rest, table.width)


def _repeats(block: bytes, header: bytes | None) -> bool:
    return header is not None and (header in block or block.startswith(header[1:]))


def _total(structure: _Structure, rest: bytes, width: int) -> int | None:
    if rest and not structure.add(rest + structure.dialect.newline.encode()):
        return None
    if structure.inside or structure.delimiters != structure.lines * (width - 1):
        return None
    return structure.lines
