"""Who may do what is in one table (`accounts.queries.permissions`); Django's own permissions open nothing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("data", "0007_changes_promises_subscriptions"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="dataset",
            options={"ordering": ("title", "key"), "verbose_name": "dataset", "verbose_name_plural": "datasets"},
        ),
        migrations.AlterModelOptions(
            name="feedback",
            options={"ordering": ("-received_at", "-pk"), "verbose_name": "report", "verbose_name_plural": "reports"},
        ),
    ]
