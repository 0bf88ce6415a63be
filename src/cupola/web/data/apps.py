"""Application configuration."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Data."""

    name = "cupola.web.data"
    label = "data"
    verbose_name = "Data"
    default_auto_field = "django.db.models.BigAutoField"
