"""Triggers that keep what is only added to as it was written, whoever reaches the database."""

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from cupola.web.accounts.models.appendonly import AppendOnly


def guarded_tables(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return what each table of records that are only added to answers, of those there are by now."""
    there = set(connection.introspection.table_names())
    found = {one._meta.db_table: one.says for one in apps.get_models() if issubclass(one, AppendOnly)}
    return {table: says for table, says in sorted(found.items()) if table in there}


def statements(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Return table and statement that puts it in place, by the name of the trigger."""
    tables = guarded_tables(connection)
    if _is_postgresql(connection):
        return {f"{table}_not_changed": (table, on_postgresql(table, says)) for table, says in tables.items()}
    return {
        f"{table}_not_{verb}": (table, _on_sqlite(table, verb, says))
        for table, says in tables.items()
        for verb in ("update", "delete")
    }


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place where they are not: a table rebuilt by a migration loses them on SQLite."""
    with connection.cursor() as cursor:
        for _table, statement in statements(connection).values():
            cursor.execute(statement)


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for a migration that rebuilds a table."""
    with connection.cursor() as cursor:
        for name, (table, _statement) in statements(connection).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if _is_postgresql(connection) else ""))


def is_guarded(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger is in place."""
    if _is_postgresql(connection):
        statement = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    else:
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        there = {row[0] for row in cursor.fetchall()}
    return set(statements(connection)) <= there


def _is_postgresql(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"


def _on_sqlite(table: str, verb: str, says: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_not_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{says}'); END"
    )


def on_postgresql(table: str, says: str) -> str:
    """Return the statement that guards one table of PostgreSQL."""
    return (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{says}'; END $$;"
        f" CREATE OR REPLACE TRIGGER {table}_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
