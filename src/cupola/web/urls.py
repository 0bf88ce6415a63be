"""Addresses. English has no prefix, Spanish begins with /es/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from cupola.web.data.urls import citations

urlpatterns = i18n_patterns(
    path("", include("cupola.web.portal.urls")),
    path("data/", include("cupola.web.data.urls")),
    path("cite", include((citations, "citation"))),
    path("account/", include("cupola.web.accounts.urls")),
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
