"""Addresses of the catalogue."""

from django.urls import path

from cupola.web.data.views import catalogue

app_name = "data"
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("<slug:key>/", catalogue.dataset, name="dataset"),
    path("<slug:key>/rows/", catalogue.rows, name="rows"),
]
