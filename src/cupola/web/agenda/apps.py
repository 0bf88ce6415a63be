"""Application configuration."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Agenda."""

    name = "cupola.web.agenda"
    label = "agenda"
    verbose_name = "Agenda"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the records of the agenda a folder describes."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.agenda.actions import AgendaKeeper
        from cupola.web.agenda.models import KEPT

        for model in KEPT:
            register_keeper(AgendaKeeper(model))
