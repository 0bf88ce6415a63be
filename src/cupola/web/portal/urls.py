"""Addresses of the front page, of what it explains, and of how the data stands."""

from django.urls import path

from cupola.web.portal.views import home, status, work

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("staff/", work.work, name="work"),
    path("status/", status.status, name="status"),
    path("status.json", status.status_json, name="status_json"),
    path("status/feed.atom", status.feed, name="status_feed"),
    path("status/<slug:key>.json", status.dataset_json, name="dataset_status_json"),
    path("status/<slug:key>.svg", status.dataset_badge, name="badge"),
]
