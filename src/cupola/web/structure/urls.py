"""Addresses of structures."""

from django.urls import path

from cupola.web.structure.views import branching, comparing, editing, library

app_name = "structure"
urlpatterns = [
    path("", library.library, name="library"),
    path("worked/", library.worked, name="worked"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/edits.csv", comparing.edits_csv, name="edits_csv"),
    path("compare/edits.json", comparing.edits_json, name="edits_json"),
    path("branches/", branching.branches, name="branches"),
    path("branches/<slug:key>/", branching.one_branch, name="branch"),
    path("<slug:key>/new/<slug:kind>/", editing.add, name="add_part"),
    path("<slug:key>/acts/<slug:subject>/edit/", editing.edit, {"act": True}, name="edit_act"),
    path("<slug:key>/acts/<slug:subject>/history/", editing.history, {"act": True}, name="act_history"),
    path(
        "<slug:key>/acts/<slug:subject>/history/<int:number>/undo/", editing.undo_change, {"act": True}, name="undo_act"
    ),
    path("<slug:key>/<slug:subject>/edit/", editing.edit, name="edit_part"),
    path("<slug:key>/<slug:subject>/history/", editing.history, name="part_history"),
    path("<slug:key>/<slug:subject>/history/<int:number>/undo/", editing.undo_change, name="undo_part"),
    path("<slug:key>/", library.government, name="government"),
    path("<slug:key>/checks/", comparing.checks, name="checks"),
    path("<slug:key>/<slug:subject>/", library.part, name="part"),
]
