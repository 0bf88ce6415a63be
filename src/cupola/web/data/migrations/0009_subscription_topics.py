"""Subscriptions to a topic that is no dataset's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("data", "0008_no_permissions_of_django"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="subscription",
            name="subscription_to_all_once",
        ),
        migrations.AddField(
            model_name="subscription",
            name="topic",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dataset", None)),
                fields=("topic", "channel", "address"),
                name="subscription_to_all_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("topic", ""), ("dataset", None), _connector="OR"),
                name="subscription_has_one_subject",
            ),
        ),
    ]
