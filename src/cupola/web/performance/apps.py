"""Application configuration."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Performance."""

    name = "cupola.web.performance"
    label = "performance"
    verbose_name = "Performance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the measures a folder describes."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.performance.actions.keeper import MeasureKeeper

        register_keeper(MeasureKeeper())
