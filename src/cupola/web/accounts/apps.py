"""Application configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """City and accounts, and the permissions that follow from roles."""

    name = "cupola.web.accounts"
    label = "accounts"
    verbose_name = "City and accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may do what, and who keeps which kind of record."""
        from cupola.web.accounts.actions import CityKeeper, register_keeper
        from cupola.web.accounts.queries import declare_permissions

        register_keeper(CityKeeper())
        declare_permissions()
