"""Application configuration."""

from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    """Performance."""

    name = "cupola.web.performance"
    label = "performance"
    verbose_name = "Performance"
    default_auto_field = "django.db.models.BigAutoField"
