"""Staff tables for operators. Governed records change through the city folder; here they can be looked up."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from simple_history.admin import SimpleHistoryAdmin

from cupola.web.accounts.models import Applied, City, Event, User
from cupola.web.ui.admin import ReadOnly

admin.site.register(User, UserAdmin)


@admin.register(City)
class CityAdmin(SimpleHistoryAdmin, ReadOnly):  # type: ignore[misc]  # the package has no types
    """The city and its history."""

    list_display = ("name", "key", "time_zone")


@admin.register(Event)
class EventAdmin(ReadOnly):
    """The audit log."""

    list_display = ("at", "by_name", "action", "target_kind", "target_key", "reason")
    list_filter = ("action", "target_kind")
    search_fields = ("target_key", "by_name", "reason")
    date_hierarchy = "at"


@admin.register(Applied)
class AppliedAdmin(ReadOnly):
    """What a city folder last applied."""

    list_display = ("kind", "key", "born_in_folder", "applied_at")
    list_filter = ("kind",)
    search_fields = ("key",)
