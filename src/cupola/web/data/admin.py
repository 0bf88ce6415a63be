"""Staff tables for operators. Datasets change through the city folder; here they and their loads can be looked up."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from cupola.web.data.models import Dataset, Finding, LoadReport, Version
from cupola.web.ui.admin import ReadOnly


@admin.register(Dataset)
class DatasetAdmin(SimpleHistoryAdmin, ReadOnly):  # type: ignore[misc]  # the package has no types
    """Datasets and their history."""

    list_display = ("title", "key", "department", "classification", "released", "refresh", "retired_on")
    list_filter = ("classification", "released", "department", "topic")
    search_fields = ("title", "key", "public_id", "description")


@admin.register(Version)
class VersionAdmin(ReadOnly):
    """Committed versions."""

    list_display = ("dataset", "number", "rows", "bytes", "committed_at")
    list_select_related = ("dataset",)
    search_fields = ("dataset__key",)


@admin.register(LoadReport)
class LoadReportAdmin(ReadOnly):
    """Loads and how they ended. The lake's detail is left out: it may quote values of restricted datasets."""

    list_display = ("dataset", "started_at", "outcome", "rows_read", "rows_loaded", "rows_quarantined", "seconds")
    list_filter = ("outcome",)
    list_select_related = ("dataset",)
    search_fields = ("dataset__key",)
    exclude = ("detail", "error")


@admin.register(Finding)
class FindingAdmin(SimpleHistoryAdmin, ReadOnly):  # type: ignore[misc]  # the package has no types
    """Open and closed findings."""

    list_display = ("dataset", "kind", "severity", "column", "count", "opened_at", "closed_at")
    list_filter = ("severity", "kind")
    list_select_related = ("dataset",)
    search_fields = ("dataset__key", "kind", "column")
    exclude = ("message",)
