"""Seals of the audit log, and the triggers that guard it."""

from typing import Any

from django.db import migrations, models

from cupola.web.accounts.models.guards import guard, unguard


def add_guards(apps: Any, schema_editor: Any) -> None:
    guard(schema_editor.connection)


def remove_guards(apps: Any, schema_editor: Any) -> None:
    unguard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles_by_office")]
    operations = [
        migrations.AddField(
            model_name="event", name="seal", field=models.CharField(blank=True, editable=False, max_length=64)
        ),
        migrations.RunPython(add_guards, remove_guards),
    ]
