"""Addresses of the catalogue."""

from django.urls import path

from cupola.web.data import views

app_name = "data"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<slug:key>/", views.dataset, name="dataset"),
    path("<slug:key>/rows/", views.rows, name="rows"),
]
