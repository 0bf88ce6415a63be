"""A doubt keeps its facts, and the sentence is made in the reader's language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("performance", "0002_reviews")]

    operations = [
        migrations.AddField("doubt", "facts", models.JSONField(default=dict)),
        migrations.RemoveField("doubt", "message"),
    ]
