"""What the machine refuses, said so that a person can act: disk full, home not writable, a path the lake cannot use."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from sqlalchemy.exc import OperationalError

from cupola.errors import InvalidInput, NotAllowed

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_FULL_WORDS = (
    "no space left",
    "disk is full",
    "disk full",
    "disk i/o error",
    "file too large",
    "quota exceeded",
    "could not write",
)
_READ_ONLY_WORDS = ("read-only", "readonly", "permission denied", "unable to open database")


class DiskFull(NotAllowed):
    """There is no room left to write; nothing was committed."""

    def __init__(self, *, root: Path, detail: str) -> None:
        self.root = root
        super().__init__(
            f"{root}: no space left on the disk ({detail})."
            " Nothing was changed: the last committed version still answers. Free some space and run it again."
        )


class ReadOnlyHome(NotAllowed):
    """The lake may not be written; it can still be read."""

    def __init__(self, *, root: Path, detail: str) -> None:
        self.root = root
        super().__init__(
            f"{root}: may not be written ({detail})."
            " Nothing was changed. Make it writable for this user, or point CUPOLA_HOME at a folder that is."
        )


class UnusablePath(InvalidInput):
    """The path has a character that means something else to the engines that read it."""

    def __init__(self, *, root: Path, character: str) -> None:
        self.root, self.character = root, character
        super().__init__(
            f"{root}: a lake's path cannot hold '{character}', which means something else in a file list or an address."
            " Choose another folder."
        )


@contextmanager
def disk_errors(root: Path) -> Iterator[None]:
    """Turn a full disk or a read-only home, whoever notices it, into one clear error. Others pass unchanged."""
    try:
        yield
    except OSError as error:
        _retell(root, error, number=error.errno)
        raise
    except (duckdb.IOException, duckdb.FatalException, sqlite3.OperationalError, OperationalError) as error:
        _retell(root, error, number=None)
        raise


def _retell(root: Path, error: Exception, *, number: int | None) -> None:
    words = str(error).lower()
    detail = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if number in _FULL or (number is None and any(word in words for word in _FULL_WORDS)):
        raise DiskFull(root=root, detail=detail) from error
    if number in _READ_ONLY or (number is None and any(word in words for word in _READ_ONLY_WORDS)):
        raise ReadOnlyHome(root=root, detail=detail) from error
