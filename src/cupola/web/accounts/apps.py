"""Application configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """City and accounts."""

    name = "cupola.web.accounts"
    label = "accounts"
    verbose_name = "City and accounts"
    default_auto_field = "django.db.models.BigAutoField"
