"""Application configuration."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Data."""

    name = "cupola.web.data"
    label = "data"
    verbose_name = "Data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the datasets a folder describes."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.data.actions.keeper import DatasetKeeper

        register_keeper(DatasetKeeper())
