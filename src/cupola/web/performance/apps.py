"""Application configuration."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Performance."""

    name = "cupola.web.performance"
    label = "performance"
    verbose_name = "Performance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the measures a folder describes, and what of them people can be told of."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.data.queries.topics import register_topic
        from cupola.web.performance.actions.keeper import MeasureKeeper
        from cupola.web.performance.queries.alerts import TOPIC

        register_keeper(MeasureKeeper())
        register_topic(TOPIC)
