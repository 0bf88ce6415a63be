"""Addresses of signing in, of one's own account, of people and of the audit log."""

from allauth.urls import build_provider_urlpatterns
from django.urls import include, path, re_path

from cupola.web.accounts.views import audit, people

# where identity providers send people back to: one address whatever the language, because they are told it once
providers = [path("3rdparty/", include("allauth.socialaccount.urls")), *build_provider_urlpatterns()]
urlpatterns = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("audit/", audit.log, name="audit"),
    path("audit.csv", audit.as_csv, name="audit_csv"),
    path("audit.jsonl", audit.as_json, name="audit_json"),
    path("people/", people.listing, name="people"),
    path("people/add/", people.add, name="person_add"),
    path("people/roles/", people.roles, name="roles"),
    path("people/of/<str:name>/", people.person, name="person"),
    re_path(rf"^people/of/(?P<name>[^/]+)/(?P<what>{people.WHAT})/$", people.change, name="person_change"),
]
