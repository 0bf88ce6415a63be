"""Application configuration."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Planning."""

    name = "cupola.web.planning"
    label = "planning"
    verbose_name = "Planning"
    default_auto_field = "django.db.models.BigAutoField"
