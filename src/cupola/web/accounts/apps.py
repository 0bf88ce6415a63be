"""Application configuration."""

from django.apps import AppConfig
from rules.permissions import set_perm


class AccountsConfig(AppConfig):
    """City and accounts, and the permissions that follow from roles."""

    name = "cupola.web.accounts"
    label = "accounts"
    verbose_name = "City and accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may do what, and who keeps which kind of record."""
        from cupola.web.accounts.actions import CityKeeper, register_keeper
        from cupola.web.accounts.queries import works_here

        register_keeper(CityKeeper())

        set_perm("data.see_drafts", works_here)  # type: ignore[no-untyped-call]
