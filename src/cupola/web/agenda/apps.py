"""Application configuration."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Agenda."""

    name = "cupola.web.agenda"
    label = "agenda"
    verbose_name = "Agenda"
    default_auto_field = "django.db.models.BigAutoField"
