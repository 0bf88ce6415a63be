"""Copying the records database while others write to it."""

import sqlite3
from pathlib import Path

from cupola.cli.output import console


def copy_records(home: Path, to: Path) -> None:
    """Copy `records.db` and the secret key into `to`; of records on PostgreSQL it says that pg_dump copies them."""
    records = home / "records.db"
    if records.exists():
        source, target = sqlite3.connect(records), sqlite3.connect(to / "records.db")
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
    else:
        console.print("The records are not in this home (CUPOLA_DATABASE_URL): back them up with pg_dump.")
    key = home / "secret_key"
    if key.exists():
        copied = to / "secret_key"
        copied.touch(mode=0o600)
        copied.write_bytes(key.read_bytes())
