"""Application configuration."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Data."""

    name = "cupola.web.data"
    label = "data"
    verbose_name = "Data"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who keeps the departments and datasets a folder describes, and which roles follow from duties."""
        from cupola.web.accounts.actions import register_keeper
        from cupola.web.accounts.queries import register_duties
        from cupola.web.data.actions.departments import DepartmentKeeper
        from cupola.web.data.actions.keeper import DatasetKeeper
        from cupola.web.data.queries.roles import roles_by_duty

        register_keeper(DepartmentKeeper())
        register_keeper(DatasetKeeper())
        register_duties(roles_by_duty)
