"""Which bytes stand for which characters: UTF-8, UTF-16 or Windows-1252, found by reading every byte once.

UTF-8 proves itself: text in another encoding is almost never valid UTF-8. So the whole file is checked, and only
where the proof fails is Windows-1252 assumed, the encoding of western desktop software. Nothing is replaced by a
question mark: bytes that no encoding explains are an error that names their line.
"""

import codecs
import gzip
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import zstandard

from cupola.sources.spec import SourceInvalid

HEAD_BYTES = 1 << 20
TAIL_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 18  # small enough to stay in the processor cache
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NOT_TEXT = (
    (b"PK\x03\x04", "a zip archive or a workbook (XLSX)"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (XLS)"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "gzip data under another name"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data under another name"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_HIDDEN_1252 = re.compile(rb"\xc2[\x80-\x9f]")  # Windows-1252 that passed for Latin-1 on its way into UTF-8
STRAY = "cupola-stray-windows-1252"


def _read_stray(problem: UnicodeError) -> tuple[str, int]:
    assert isinstance(problem, UnicodeDecodeError)
    return problem.object[problem.start : problem.end].decode("cp1252"), problem.end


codecs.register_error(STRAY, _read_stray)


class TextUnreadable(SourceInvalid):
    """A text file that cannot be read as a table. `line` is the physical line, counted from 1."""

    def __init__(self, where: str, *, line: int, problem: str, remedy: str) -> None:
        self.line = line
        super().__init__(f"{where}, line {line}", problem=problem, remedy=remedy)


@dataclass(frozen=True)
class TextEncoding:
    """How to decode a file. `name` as in Dialect; `errors` is STRAY where single bytes are Windows-1252 amid UTF-8."""

    name: str
    errors: str = "strict"
    notes: tuple[str, ...] = ()

    @property
    def codec(self) -> str:
        """The codec to decode with; a byte order mark in UTF-16 is left in and belongs to the first line."""
        return self.name


@dataclass
class ByteFacts:
    """What one pass over all bytes found. Lines are counted from 1; 0 means none."""

    size: int = 0
    head: bytes = b""
    tail: bytes = b""
    good: int = 0  # characters beyond ASCII that are valid UTF-8; counted only where some bytes are not
    bad: int = 0  # bytes that are not UTF-8
    first_bad_line: int = 0
    undefined_line: int = 0  # a byte that Windows-1252 does not define either
    undefined_byte: int = 0
    hidden: int = 0
    nul: int = 0


def open_plain(path: Path) -> BinaryIO:
    """Open `path` for reading, decompressing .gz and .zst."""
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    if path.suffix == ".zst":
        source = path.open("rb")
        reader = zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True, closefd=True)
        return cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, reader), 1 << 17))
    return path.open("rb")


def survey_bytes(path: Path) -> ByteFacts:
    """Read every byte of `path` once; a second time, slowly, when not all of it is UTF-8."""
    facts = ByteFacts()
    pending = b""
    with open_plain(path) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            _survey_chunk(facts, chunk)
            pending = pending + chunk if pending or not chunk.isascii() else b""
            if pending and not facts.bad:
                pending = _check_utf8(facts, pending)
    if facts.bad or pending:
        _count_stray(facts, path)
    return facts


def _survey_chunk(facts: ByteFacts, chunk: bytes) -> None:
    if len(facts.head) < HEAD_BYTES:
        facts.head += chunk[: HEAD_BYTES - len(facts.head)]
    facts.tail = (facts.tail + chunk)[-TAIL_BYTES:] if len(chunk) < TAIL_BYTES else chunk[-TAIL_BYTES:]
    facts.size += len(chunk)
    if b"\0" in chunk:
        facts.nul += chunk.count(b"\0")


def _check_utf8(facts: ByteFacts, chunk: bytes) -> bytes:
    """Look at bytes beyond ASCII; return those at the end of `chunk` that only begin a character."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        facts.bad = 1
        return b""
    if b"\xc2" in chunk:
        facts.hidden += len(_HIDDEN_1252.findall(chunk))
    return decoder.getstate()[0]


def _count_stray(facts: ByteFacts, path: Path) -> None:
    """Count what is UTF-8 and what is not, and find the first lines that are not."""
    facts.bad = facts.good = facts.hidden = 0
    number = 0
    with open_plain(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.isascii():
                continue
            text = line.decode("utf-8", "replace")
            bad = text.count("\ufffd")
            facts.good += sum(not letter.isascii() for letter in text) - bad
            facts.hidden += len(_HIDDEN_1252.findall(line))
            if bad:
                facts.bad += bad
                facts.first_bad_line = facts.first_bad_line or number
                undefined = _UNDEFINED_1252.search(line)
                if undefined and not facts.undefined_line:
                    facts.undefined_line, facts.undefined_byte = number, undefined[0][0]


def check_text(facts: ByteFacts, *, source: str) -> None:
    """Raise TextUnreadable when the file is empty or is not text at all."""
    if not facts.head.strip(b"\0 \t\r\n" + codecs.BOM_UTF8):
        raise TextUnreadable(source, line=1, problem="the file is empty", remedy="Check the download, then load again.")
    for magic, kind in _NOT_TEXT:
        if facts.head.startswith(magic):
            remedy = "Say which `format:` it has."
            raise TextUnreadable(source, line=1, problem=f"this is {kind}, not delimited text", remedy=remedy)


def choose_encoding(facts: ByteFacts, *, source: str, override: str | None) -> TextEncoding:
    """Return the encoding of a file from its `facts`. Raises TextUnreadable for bytes nothing explains."""
    if override is not None:
        return _named_encoding(override, source=source)
    for bom, name in _BOMS:
        if facts.head.startswith(bom) and (name == "utf-8-sig" or facts.size % 2 == 0):
            return _unicode_with_mark(facts, name, source=source)
    wide = _guess_utf16(facts.head)
    if wide:
        return TextEncoding(wide, notes=(f"Encoding {wide}, without a byte order mark.",))
    return _eight_bit(facts, "utf-8", source=source)


def _named_encoding(name: str, *, source: str) -> TextEncoding:
    try:
        return TextEncoding({"utf-8-sig": "utf-8-sig"}.get(name, codecs.lookup(name).name))
    except LookupError:
        remedy = "Use utf-8, utf-16-le, utf-16-be, cp1252 or another name Python knows."
        raise TextUnreadable(source, line=1, problem=f"encoding '{name}' is unknown", remedy=remedy) from None


def _unicode_with_mark(facts: ByteFacts, name: str, *, source: str) -> TextEncoding:
    return _eight_bit(facts, name, source=source) if name == "utf-8-sig" else TextEncoding(name)


def _guess_utf16(head: bytes) -> str:
    sample = head[: 1 << 16]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or max(even, odd) < 0.4 * len(sample) / 2 or min(even, odd) > 0.1 * max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _eight_bit(facts: ByteFacts, name: str, *, source: str) -> TextEncoding:
    if not facts.bad:
        hidden = f"{facts.hidden} Windows-1252 characters written as control codes were restored."
        return TextEncoding(name, notes=(hidden,) if facts.hidden else ())
    if facts.undefined_line:
        problem = f"byte 0x{facts.undefined_byte:02x} is neither UTF-8 nor Windows-1252"
        remedy = "Say which `encoding:` the file has, such as cp850."
        raise TextUnreadable(source, line=facts.undefined_line, problem=problem, remedy=remedy)
    if name == "utf-8-sig" or facts.good > facts.bad:
        note = f"{facts.bad} bytes that are not UTF-8 (first on line {facts.first_bad_line}) were read as Windows-1252."
        return TextEncoding(name, STRAY, (note,))
    return TextEncoding("cp1252", notes=(f"Encoding Windows-1252 (first seen on line {facts.first_bad_line}).",))


def open_text(path: Path, encoding: TextEncoding, *, newline: str) -> TextIO:
    """Open `path` as text whose lines end in `newline` (\\n or \\r only) and keep their ends."""
    return io.TextIOWrapper(
        cast("io.BufferedReader", open_plain(path)), encoding=encoding.codec, errors=encoding.errors, newline=newline
    )


def find_undecodable_line(path: Path, encoding: TextEncoding) -> int:
    """Return the number of the first line that is not in `encoding`; 0 where lines cannot be told apart as bytes."""
    if encoding.name.startswith(("utf-16", "utf-32")):
        return 0
    with open_plain(path) as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode(encoding.codec, encoding.errors)
            except UnicodeDecodeError:
                return number
    return 0
