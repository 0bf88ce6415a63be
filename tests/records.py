"""Empty records, migrated once and copied from then on: making them anew takes five seconds each time."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from unittest import mock

from django.core.management.commands import migrate
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "records"


@cache
def kept() -> Path:
    """Return where the copy of these very migrations is, or is to be: a change of one of them makes another."""
    made_of = [ROOT / "requirements" / "dev.txt", *sorted((ROOT / "src").glob("**/migrations/*.py"))]
    seen = hashlib.sha256(b"".join(f"{path}\n".encode() + path.read_bytes() for path in made_of))
    return KEPT / f"{seen.hexdigest()[:16]}.db"


@contextmanager
def migrated_once() -> Iterator[None]:
    """While the tests' database is made: fill it from the copy, else let it be migrated and keep a copy."""
    if kept().exists():
        with mock.patch.object(migrate.Command, "handle", _fill):
            yield
    else:
        yield
        _keep()


def _fill(command: migrate.Command, *words: object, **options: object) -> None:
    """Do what the command would have done."""
    connection.ensure_connection()
    with closing(sqlite3.connect(kept())) as source:
        source.backup(connection.connection)


def _keep() -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in {*KEPT.glob("*.db")} - {kept()}:
        old.unlink(missing_ok=True)
    made = KEPT / f"{os.getpid()}.part"  # another worker may be as far
    with closing(sqlite3.connect(made)) as target:
        connection.connection.backup(target)
    made.replace(kept())
