"""The technical tables: to look at, by administrators, and only those that were made for it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

MAY_LOOK = "accounts.see_tables"


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # it takes none at run time
    """A table to look at: nothing is added, changed or deleted here."""

    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}  # Django 6 will assume it anyway

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the tables of this app are listed."""
        return bool(request.user.has_perm(MAY_LOOK))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may look."""
        return bool(request.user.has_perm(MAY_LOOK))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class Tables(admin.AdminSite):
    """Django's admin without its powers: no accounts, no sign-in of its own, no table that was not made read-only."""

    def register(
        self, model_or_iterable: ModelBase | Iterable[ModelBase], admin_class: Any = None, **options: Any
    ) -> None:
        """Take a table only when it is `ReadOnly`: packages register theirs, with secrets in them, unasked."""
        if admin_class is not None and issubclass(admin_class, ReadOnly):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this person may look at the tables."""
        return request.user.is_active and bool(request.user.has_perm(MAY_LOOK))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the one sign-in there is; whoever is signed in already may not look."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())

    def password_change(  # type: ignore[override]  # the packaged one draws a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one page that changes passwords."""
        return redirect("account_change_password")

    def logout(  # type: ignore[override]  # the packaged one draws a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the one sign-out there is, which writes it down."""
        return redirect("account_logout")
