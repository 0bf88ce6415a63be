"""Addresses of this app."""

from django.urls import URLPattern

app_name = "data"
urlpatterns: list[URLPattern] = []
