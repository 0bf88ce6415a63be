"""Application configuration."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Portal."""

    name = "cupola.web.portal"
    label = "portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"
