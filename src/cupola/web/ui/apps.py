"""Application configuration."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class UiConfig(AppConfig):
    """Shared components."""

    name = "cupola.web.ui"
    label = "ui"
    verbose_name = "Shared components"
    default_auto_field = "django.db.models.BigAutoField"


class TablesConfig(AdminConfig):
    """Django's admin, reduced to tables to look at."""

    default_site = "cupola.web.ui.admin.Tables"
