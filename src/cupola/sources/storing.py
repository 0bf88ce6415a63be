"""Writing local copies: what the disk refuses (full, read-only, too large) becomes one clear error."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cupola.sources.spec import SourceNotStored


@contextmanager
def storing(where: str) -> Iterator[None]:
    """Turn an operating system's refusal inside the block into SourceNotStored. Only write inside it, never read."""
    try:
        yield
    except OSError as error:
        raise SourceNotStored(where, problem=str(error.strerror or error)) from error


@contextmanager
def writing(path: Path, mode: str, *, where: str) -> Iterator[BinaryIO]:
    """Open a file in an existing or new folder, and see to it that what was put is on its way when the block ends."""
    with storing(where):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle: BinaryIO = path.open(mode)  # type: ignore[assignment]
    try:
        yield handle
        with storing(where):
            handle.flush()
    finally:
        with suppress(OSError):  # the flush before has said it
            handle.close()


def put(target: BinaryIO, chunk: bytes, *, where: str) -> None:
    """Write a chunk. Raises SourceNotStored."""
    with storing(where):
        target.write(chunk)
