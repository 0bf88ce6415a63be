"""Copying the records database while others write to it."""

import sqlite3
from pathlib import Path

from cupola.cli.output import console


def copy_records(home: Path, to: Path) -> None:
    """Copy `records.db`, `usage.db` and the secret key into `to`; records on PostgreSQL are for pg_dump."""
    if (home / "usage.db").exists():
        _copy(home / "usage.db", to / "usage.db")
    if (home / "records.db").exists():
        _copy(home / "records.db", to / "records.db")
    else:
        console.print("The records are not in this home (CUPOLA_DATABASE_URL): back them up with pg_dump.")
    key = home / "secret_key"
    if key.exists():
        copied = to / "secret_key"
        copied.touch(mode=0o600)
        copied.write_bytes(key.read_bytes())


def _copy(database: Path, to: Path) -> None:
    source, target = sqlite3.connect(database), sqlite3.connect(to)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
