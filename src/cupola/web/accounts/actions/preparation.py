"""Bringing a home's records up to date before anything reads them."""

import io

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from cupola.errors import NotAllowed
from cupola.web.accounts.models.guards import guard, is_guarded


def prepare_records() -> None:
    """Create or migrate the records database where needed. Raises NotAllowed when it cannot be written."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
        if not is_guarded(connection):
            guard(connection)
    except OperationalError as error:
        where = connection.settings_dict["NAME"]
        raise NotAllowed(
            f"The records at {where} cannot be opened: {error}. Is the home writable, the disk full?"
        ) from error
