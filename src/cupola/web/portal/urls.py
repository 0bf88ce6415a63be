"""Addresses of the front page and of what it explains."""

from django.urls import path

from cupola.web.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
]
