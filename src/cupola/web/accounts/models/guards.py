"""Triggers that keep the audit log as it was written, whoever reaches the database."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "accounts_event"
SAYS = "The audit log is only ever added to."
SQLITE = {
    f"{TABLE}_not_{verb}": (
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_not_{verb} BEFORE {verb.upper()} ON {TABLE}"
        f" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    for verb in ("update", "delete")
}
POSTGRESQL = {
    f"{TABLE}_not_changed": (
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{SAYS}'; END $$;"
        f" CREATE OR REPLACE TRIGGER {TABLE}_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()"
    )
}


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place where they are not: a table rebuilt by a migration loses them on SQLite."""
    with connection.cursor() as cursor:
        for statement in (POSTGRESQL if connection.vendor == "postgresql" else SQLITE).values():
            cursor.execute(statement)


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for a migration that rebuilds the table."""
    with connection.cursor() as cursor:
        for name in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {TABLE}" if name in POSTGRESQL else ""))


def is_guarded(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger is in place."""
    if connection.vendor == "postgresql":
        statement = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND tgname LIKE %s"
    else:
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"{TABLE}%"])
        there = {row[0] for row in cursor.fetchall()}
    return set(POSTGRESQL if connection.vendor == "postgresql" else SQLITE) <= there
