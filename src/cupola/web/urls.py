"""Addresses. English has no prefix, Spanish begins with /es/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from cupola.web.accounts.urls import providers
from cupola.web.agenda.urls import staff as agenda_work
from cupola.web.data.urls import citations, data_requests, subscribing, work
from cupola.web.performance.urls import typing as measures
from cupola.web.performance.urls import work as reviews

urlpatterns = [
    path("accounts/", include(providers)),
    *i18n_patterns(
        path("", include("cupola.web.portal.urls")),
        path("data/", include("cupola.web.data.urls")),
        path("structure/", include("cupola.web.structure.urls")),
        path("", include("cupola.web.agenda.urls")),
        path("staff/", include((agenda_work, "agenda_work"))),
        path("performance/", include("cupola.web.performance.urls")),
        path("cite", include((citations, "citation"))),
        path("subscriptions/", include((subscribing, "subscriptions"))),
        path("data-requests/", include((data_requests, "requests"))),
        path("staff/plans/", include("cupola.web.planning.urls")),
        path("staff/reviews/", include((reviews, "reviews"))),
        path("staff/measures/", include((measures, "measures"))),
        path("staff/", include((work, "work"))),
        path("accounts/", include("cupola.web.accounts.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
