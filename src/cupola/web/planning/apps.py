"""Application configuration."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Planning."""

    name = "cupola.web.planning"
    label = "planning"
    verbose_name = "Planning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the rosters, budgets and plans a folder describes."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.planning.actions import KINDS, PlanningKeeper

        for kind, model in KINDS:
            register_keeper(PlanningKeeper(kind, model))
