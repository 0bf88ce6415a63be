"""Application configuration."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Shared components."""

    name = "cupola.web.ui"
    label = "ui"
    verbose_name = "Shared components"
    default_auto_field = "django.db.models.BigAutoField"
