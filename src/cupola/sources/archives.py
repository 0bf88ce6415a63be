"""Compressed sources: gz, zstd and zip members unpacked beside, within limits, and only when whole."""

import gzip
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

import zstandard
from rapidfuzz import process

from cupola.sources.formats import COMPRESSIONS, by_name
from cupola.sources.spec import SourceInvalid
from cupola.sources.storing import put, storing, writing

_CHUNK = 1 << 20
_FRAME_CHUNK = 1 << 12  # what is fed at once bounds what comes out at once, even of a bomb
_MOST_LAYERS = 3  # a zip of a gz of a file
_FREE_BYTES = 256 * 2**20  # below this no ratio is suspicious
_MOST_RATIO = 250  # text packs 5 to 30 times, a bomb a thousand times
_MAGIC = ((b"\x1f\x8b", "gz"), (b"\x28\xb5\x2f\xfd", "zst"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"))
_WORKBOOK = re.compile(r"xl/workbook\.(xml|bin)$|^content\.xml$")
_READ_ERRORS = (
    EOFError,
    OSError,
    zlib.error,
    zipfile.BadZipFile,
    zstandard.ZstdError,
    NotImplementedError,
    RuntimeError,
)


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Unpacked:
    """A plain file and the name it had in its archive."""

    path: Path
    name: str


def packing(path: Path) -> str:
    """Return gz, zst, zip or an empty text, by the first bytes: servers often send a plain file named .gz."""
    with path.open("rb") as stream:
        start = stream.read(4)
    kind = next((kind for magic, kind in _MAGIC if start.startswith(magic)), "")
    return "" if kind == "zip" and _is_workbook(path) else kind


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(_WORKBOOK.search(name) for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def check_workbook_size(path: Path, *, source: str, limit: int) -> None:
    """Raise SourceInvalid when a workbook, which is a zip and is read in memory, is too large unpacked."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
    if total > limit:
        raise SourceInvalid(
            source,
            problem=f"the workbook unpacks to {total:,} bytes, over the limit of {limit:,}",
            remedy="Export the sheet as CSV.",
        )


@dataclass(frozen=True)
class Unpacker:
    """Unpacks into `scratch`, at most `limit` bytes. `source` is the name used in messages."""

    source: str
    scratch: Path
    limit: int

    def plain(self, path: Path, *, member: str = "") -> Unpacked:
        """Return the plain file inside `path`, which is `path` itself when nothing is packed.

        `member` names a file in a zip. Raises SourceInvalid when the archive is damaged, too large or ambiguous.
        """
        current = Unpacked(path, self.source)
        for _ in range(_MOST_LAYERS):
            kind = packing(current.path)
            if not kind:
                if member:
                    raise self._error("it is not a zip, so it has no members", "Leave out member:.")
                return self._honest(current)
            inner, member = self._open(current, kind, member=member)
            if current.path != path:
                current.path.unlink()
            current = inner
        raise self._error(f"it is packed more than {_MOST_LAYERS} times over", "Unpack it first.")

    def _honest(self, plain: Unpacked) -> Unpacked:
        """Give a plain file whose name says it is packed another name: readers further on go by the ending."""
        if plain.path.suffix.lower() not in COMPRESSIONS:
            return plain
        with _new_file(self.scratch, self.source) as (_, path):
            path.unlink()
            path.symlink_to(plain.path.absolute())
        return Unpacked(path, plain.name)

    def _open(self, packed: Unpacked, kind: str, *, member: str) -> tuple[Unpacked, str]:
        name = packed.name
        if kind == "zip":
            with self._readable(), zipfile.ZipFile(packed.path) as archive:
                entry = self._member(archive, member)
                with archive.open(entry) as stream:
                    return Unpacked(self._write(_chunks(stream), packed=entry.compress_size), entry.filename), ""
        name = name[: -len(f".{kind}")] if name.lower().endswith(f".{kind}") else name
        open_chunks: Callable[[BinaryIO], Iterator[bytes]] = _unzstd if kind == "zst" else _gunzip
        with self._readable(), packed.path.open("rb") as raw:
            return Unpacked(self._write(open_chunks(raw), packed=packed.path.stat().st_size), name), member

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except _READ_ERRORS as error:
            if "password" in str(error) or "encrypted" in str(error):
                raise self._error("the zip is encrypted", "Ask the publisher for a plain file.") from error
            raise self._error(
                f"the archive is damaged or cut short ({error})", "Fetch it again; if it stays so, ask the publisher."
            ) from error

    def _member(self, archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
        entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir() and not _hidden(entry)}
        if member:
            if member in entries:
                return entries[member]
            near = process.extractOne(member, list(entries), score_cutoff=60)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            raise self._error(f"member: there is no {member!r} in the zip", f"{hint}It has: {_listed(entries)}.")
        data = [name for name in entries if by_name(name) and not name.lower().endswith(".txt")]
        choice = data or [name for name in entries if by_name(name)] or list(entries)
        if len(choice) == 1:
            return entries[choice[0]]
        if not choice:
            raise self._error("the zip is empty", "Ask the publisher.")
        raise self._error("the zip has several data files", f"Name one with member:. It has: {_listed(choice)}.")

    def _write(self, chunks: Iterable[bytes], *, packed: int) -> Path:
        allowed = min(self.limit, max(_FREE_BYTES, packed * _MOST_RATIO))
        with _new_file(self.scratch, self.source) as (target, path):
            written = 0
            for chunk in chunks:
                written += len(chunk)
                if written > allowed:
                    raise self._error(
                        f"it unpacks to more than {allowed:,} bytes from {packed:,}",
                        "If the file is right, unpack it yourself and give the plain file.",
                    )
                put(target, chunk, where=self.source)
        return path

    def _error(self, problem: str, remedy: str) -> SourceInvalid:
        return SourceInvalid(self.source, problem=problem, remedy=remedy)


@contextmanager
def _new_file(folder: Path, source: str) -> Iterator[tuple[BinaryIO, Path]]:
    with storing(source):
        folder.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=folder, prefix="unpacked-")
        os.close(number)
    try:
        with writing(Path(name), "wb", where=source) as handle:
            yield handle, Path(name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _chunks(stream: Readable, size: int = _CHUNK) -> Iterator[bytes]:
    while chunk := stream.read(size):
        yield chunk


def _gunzip(raw: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=raw) as stream:
        yield from _chunks(stream)


def _unzstd(raw: BinaryIO) -> Iterator[bytes]:
    # frame by frame: the library's stream reader ends quietly where a frame is cut short
    frame = zstandard.ZstdDecompressor().decompressobj()
    fed = False
    for chunk in _chunks(raw, _FRAME_CHUNK):
        rest = chunk
        while rest:
            yield frame.decompress(rest)
            fed = True
            rest = frame.unused_data
            if frame.eof:
                frame, fed = zstandard.ZstdDecompressor().decompressobj(), False
    if fed:
        raise EOFError("the last frame is not complete")


def _hidden(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return path.parts[0] == "__MACOSX" or path.name.startswith(".")


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")
