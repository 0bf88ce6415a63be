"""Application configuration."""

from django.apps import AppConfig


class StructureConfig(AppConfig):
    """Structure."""

    name = "cupola.web.structure"
    label = "structure"
    verbose_name = "Structure"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the structures a folder describes."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.structure.actions import StructureKeeper

        register_keeper(StructureKeeper())
