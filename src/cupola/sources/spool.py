"""Rows fetched page by page, kept in one local file: landing can be repeated, and the same rows hash the same.

The file is zstd: a first line with the columns and the count, then one JSON list of texts for each row.
"""

import hashlib
import io
import tempfile
from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import orjson
import pyarrow as pa
import zstandard

from cupola.contracts import Landing, Vintage
from cupola.sources.batches import text_batches
from cupola.sources.formats import ROWS
from cupola.sources.names import unique_names
from cupola.sources.spec import Fetched, SourceInvalid, SourceSpec, fingerprint_of, place_key
from cupola.sources.storing import put, storing, writing

_LEVEL = 3
_MODULUS = 2**256


class Spool:
    """Collects rows and puts them at `path` in one step by `finish`; without it nothing is left behind.

    `unhashed`: columns that say nothing about the content, such as row ids a portal renews with every upload.
    """

    def __init__(self, path: Path, *, source: str, unhashed: Container[str] = ()) -> None:
        self.path, self.source, self.unhashed = path, source, unhashed
        self.columns: dict[str, int] = {}
        self.rows = 0
        self._sum = 0

    def __enter__(self) -> "Spool":
        with storing(self.source):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._body = tempfile.TemporaryFile(dir=self.path.parent)
            self._writer = zstandard.ZstdCompressor(level=_LEVEL).stream_writer(self._body, closefd=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what could not be written was said by then, and the file has no name
            self._body.close()

    def declare(self, *names: str) -> None:
        """Give columns their place before rows come, so that one without a single value is not lost."""
        for name in names:
            self.columns.setdefault(name, len(self.columns))

    def add(self, row: Mapping[str, str | None]) -> None:
        """Add one row; columns not seen before are added at the end."""
        self.declare(*row)
        with storing(self.source):
            self._writer.write(orjson.dumps([row.get(name) for name in self.columns]) + b"\n")
        facts = sorted((name, text) for name, text in row.items() if text is not None and name not in self.unhashed)
        # a sum of hashes does not depend on the order of rows, which a database does not promise
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(orjson.dumps(facts)).digest())) % _MODULUS
        self.rows += 1

    def finish(self) -> str:
        """Put the file in place and return the sha256 of the content (columns and rows, in any order)."""
        head = orjson.dumps({"columns": list(self.columns), "rows": self.rows}) + b"\n"
        # beside, then renamed: whoever reads `path` sees the old rows or the new ones, whole
        beside = self.path.with_name(f"{self.path.name}.part")
        try:
            with storing(self.source):
                self._writer.flush(zstandard.FLUSH_FRAME)
                self._body.seek(0)
            with writing(beside, "wb", where=self.source) as target:
                put(target, zstandard.ZstdCompressor(level=_LEVEL).compress(head), where=self.source)
                while chunk := self._body.read(1 << 20):
                    put(target, chunk, where=self.source)
            with storing(self.source):
                beside.replace(self.path)
        finally:
            beside.unlink(missing_ok=True)
        hashed = sorted(name for name in self.columns if name not in self.unhashed)
        facts = {"columns": hashed, "rows": self.rows, "sum": f"{self._sum:x}"}
        return hashlib.sha256(orjson.dumps(facts)).hexdigest()


def open_spool(path: Path, *, source: str, vintage: Vintage | None, notes: tuple[str, ...] = ()) -> Landing:
    """Land a finished spool."""
    with _lines(path) as lines:
        head = orjson.loads(next(iter(lines)))
    published, rows = head["columns"], head["rows"]
    columns = unique_names(published)

    def batches() -> Iterator[pa.RecordBatch]:
        return text_batches(columns, _rows(path, len(columns), rows, source=source))

    return Landing(source, columns, batches, vintage=vintage, notes=notes)


def _rows(path: Path, width: int, expected: int, *, source: str) -> Iterator[tuple[int, list[str | None]]]:
    number = 0
    with _lines(path) as lines:
        next(iter(lines))
        for number, line in enumerate(lines, 1):
            values = orjson.loads(line)
            yield number, values + [None] * (width - len(values))
    if number != expected:
        raise SourceInvalid(
            source, problem=f"the local copy has {number:,} rows, not {expected:,}", remedy="Delete it and fetch again."
        )


def _lines(path: Path) -> io.BufferedReader:
    reader = zstandard.ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True, closefd=True)
    return io.BufferedReader(reader, 1 << 20)


@dataclass(frozen=True)
class Origin:
    """Where spooled rows came from. `place` may hold secrets; `known`: the state of the last fetch of this place."""

    spec: SourceSpec
    place: str
    cache: Path
    known: Mapping[str, str]
    source: str

    @property
    def path(self) -> Path:
        """Where the rows are kept."""
        return self.cache / f"{place_key(self.place)}.rows"

    def fetched(
        self, content: str, *, state: Mapping[str, str], changes_only: bool = False, notes: tuple[str, ...] = ()
    ) -> Fetched:
        """Return the finished rows as fetched; `content` is what `Spool.finish` returned."""
        fingerprint = fingerprint_of(content, self.spec)
        return Fetched(
            spec=self.spec,
            path=self.path,
            fingerprint=fingerprint,
            bytes=self.path.stat().st_size,
            unchanged=self.known.get("fingerprint") == fingerprint,
            state={"place": place_key(self.place), "fingerprint": fingerprint, "sha256": content, **state},
            format=ROWS,
            source=self.source,
            changes_only=changes_only,
            notes=notes,
        )
