"""Files of a table's metadata, safe against a power cut: on disk before anything names them."""

import hashlib
import io
import os
from pathlib import Path
from typing import Any

from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream

SCHEME = "file://"


def location_of(path: Path) -> str:
    """Return the address Iceberg keeps for `path`."""
    return f"{SCHEME}{path}"


def path_of(location: str) -> Path:
    """Return the local path of an address Iceberg keeps."""
    return Path(location.removeprefix(SCHEME))


def size_and_hash(path: Path) -> tuple[int, str]:
    """Return a file's size in bytes and its SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(path: Path) -> None:
    """Wait until the content of `path` is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Wait until the names in the folder `path` are on disk."""
    sync_file(path)


class _Buffered(io.BytesIO):
    """Gathers a small file in memory and writes it at once, synced, when closed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def close(self) -> None:
        if not self.closed:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("wb") as file:
                file.write(self.getbuffer())
                file.flush()
                os.fsync(file.fileno())
        super().close()


class _Stored(InputFile):
    """A local file that is read."""

    def __len__(self) -> int:
        return path_of(self.location).stat().st_size

    def exists(self) -> bool:
        return path_of(self.location).exists()

    def open(self, seekable: bool = True) -> InputStream:
        stream: Any = path_of(self.location).open("rb")
        return stream  # type: ignore[no-any-return]


class DurableFile(OutputFile):
    """A local file that is synced when closed."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self._path = path_of(location)

    def __len__(self) -> int:
        """Return the size in bytes."""
        return self._path.stat().st_size

    def exists(self) -> bool:
        """Say whether the file is there."""
        return self._path.exists()

    def to_input_file(self) -> InputFile:
        """Return the same file for reading."""
        return _Stored(self.location)

    def create(self, overwrite: bool = False) -> OutputStream:
        """Start the file anew. Raises FileExistsError unless `overwrite`."""
        if not overwrite and self._path.exists():
            raise FileExistsError(f"{self._path} is there already")
        stream: Any = _Buffered(self._path)
        return stream  # type: ignore[no-any-return]


class DurableFileIO(FileIO):
    """Local files, written durably. Named in the catalogue's properties by its import path.

    pyiceberg's own goes by way of Arrow's data sets, which take 15 MB, and 45 where pandas is installed.
    """

    def new_input(self, location: str) -> InputFile:
        """Return the file to read at `location`."""
        return _Stored(location)

    def new_output(self, location: str) -> OutputFile:
        """Return a file to write at `location`."""
        return DurableFile(location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Remove a file. Raises FileNotFoundError."""
        path_of(location if isinstance(location, str) else location.location).unlink()
