"""Technical tables for administrators, to look at. People and the audit log have pages of their own."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from cupola.web.accounts.models import Applied, City
from cupola.web.ui.admin import ReadOnly


@admin.register(City)
class CityAdmin(SimpleHistoryAdmin, ReadOnly):  # type: ignore[misc]  # the package has no types
    """The city and its history."""

    list_display = ("name", "key", "time_zone")


@admin.register(Applied)
class AppliedAdmin(ReadOnly):
    """What a city folder last applied."""

    list_display = ("kind", "key", "born_in_folder", "applied_at")
    list_filter = ("kind",)
    search_fields = ("key",)
