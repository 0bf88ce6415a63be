"""Addresses of the catalogue."""

from django.urls import path

from cupola.web.data.views import catalogue, citation, compare, dataset, editing, explore, feeds

app_name = "data"
# below /cite; a form may leave the slash out
citations = [
    path("", citation.make, name="make_without_slash"),
    path("/", citation.make, name="make"),
    path("/<slug:asked>/", citation.citation, name="citation"),
]
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("datasets.json", catalogue.as_json, name="list_json"),
    path("datasets.csv", catalogue.as_csv, name="list_csv"),
    path("feed.atom", feeds.changes, name="feed"),
    path("api/", dataset.api, name="api"),
    path("<slug:key>/", dataset.dataset, name="dataset"),
    path("<slug:key>/compare/", compare.compare, name="compare"),
    path("<slug:key>/edit/", editing.edit, name="edit"),
    path("<slug:key>/edit/columns/", editing.edit_columns, name="edit_columns"),
    path("<slug:key>/history/", editing.history, name="history"),
    path("<slug:key>/history/<int:event>/undo/", editing.undo_change, name="undo"),
    path("<slug:key>/quarantine/", editing.quarantine, name="quarantine"),
    path("<slug:key>/feed.atom", feeds.dataset_changes, name="dataset_feed"),
    path("<slug:key>/explore/", explore.explore, name="explore"),
    path("<slug:key>/explore.svg", explore.picture, name="explore_picture"),
    path("<slug:key>/rows/", catalogue.rows, name="rows"),
]
