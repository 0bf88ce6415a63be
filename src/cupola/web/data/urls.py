"""Addresses of the catalogue."""

from django.urls import path

from cupola.web.data.views import (
    announcing,
    answering,
    board,
    catalogue,
    changes,
    citation,
    compare,
    dataset,
    duties,
    editing,
    explore,
    feeds,
    gate,
    inventory,
    letters,
    narrow,
    restricted,
    subscriptions,
    usage,
    versions,
)

app_name = "data"
# below /cite; a form may leave the slash out
citations = [
    path("", citation.make, name="make_without_slash"),
    path("/", citation.make, name="make"),
    path("/<slug:asked>/", citation.citation, name="citation"),
]
# not below /data/, where a dataset could have the same key
data_requests = [
    path("", letters.requests, name="list"),
    path("new/", letters.new_request, name="new"),
    path("feed.atom", letters.requests_feed, name="feed"),
    path("requests.csv", letters.as_csv, name="csv"),
    path("requests.json", letters.as_json, name="json"),
    path("<slug:key>/", letters.one_request, name="request"),
]
# below /subscriptions/
subscribing = [
    path("", subscriptions.new, name="new"),
    path("sent/", subscriptions.sent, name="sent"),
    path("<str:token>/confirm/", subscriptions.confirm, name="confirm"),
    path("<str:token>/end/", subscriptions.end, name="end"),
]
# below /staff/, for staff
work = [
    path("feedback/<slug:key>/", answering.feedback, name="feedback"),
    path("requests/<slug:key>/", answering.data_request, name="request"),
    path("board/", board.board, name="board"),
    path("board/times/", board.times, name="times"),
    path("board/stages.csv", board.times_csv, name="times_csv"),
    path("inventory/", inventory.inventory, name="inventory"),
    path("inventory/datasets.json", inventory.as_json, name="inventory_json"),
    path("inventory/datasets.csv", inventory.as_csv, name="inventory_csv"),
    path("inventory/inventory.xlsx", inventory.workbook, name="inventory_workbook"),
    path("inventory/progress/", inventory.progress, name="progress"),
    path("inventory/reminder/", inventory.reminder, name="reminder"),
    path("inventory/portals/", inventory.portals, name="portals"),
    path("inventory/sheet/", inventory.sheet, name="sheet"),
    path("departments/<slug:key>/duties/", duties.department, name="department_duties"),
    path("narrow/", narrow.narrow, name="narrow"),
    path("usage/", usage.every, name="usage"),
    path("usage/usage.csv", usage.every_csv, name="usage_csv"),
]
urlpatterns = [
    path("", catalogue.catalogue, name="catalogue"),
    path("datasets.json", catalogue.as_json, name="list_json"),
    path("datasets.csv", catalogue.as_csv, name="list_csv"),
    path("feed.atom", feeds.changes, name="feed"),
    path("api/", dataset.api, name="api"),
    path("<slug:key>/", dataset.dataset, name="dataset"),
    path("<slug:key>/changes/", changes.changes, name="changes"),
    path("<slug:key>/changes.json", changes.changes_json, name="changes_json"),
    path("<slug:key>/corrections.json", changes.corrections_json, name="corrections_json"),
    path("<slug:key>/corrections.atom", changes.corrections_feed, name="corrections_feed"),
    path("<slug:key>/compare/", compare.compare, name="compare"),
    path("<slug:key>/compare.json", compare.as_json, name="compare_json"),
    path("<slug:key>/compare.csv", compare.as_csv, name="compare_csv"),
    path("<slug:key>/versions/<int:number>/", versions.version, name="version"),
    path("<slug:key>/versions/<int:number>/recall/", versions.recall, name="recall"),
    path("<slug:key>/announce/", announcing.announce, name="announce"),
    path("<slug:key>/edit/", editing.edit, name="edit"),
    path("<slug:key>/edit/columns/", editing.edit_columns, name="edit_columns"),
    path("<slug:key>/duties/", duties.dataset, name="duties"),
    path("<slug:key>/gate/", gate.gate, name="gate"),
    path("<slug:key>/history/", editing.history, name="history"),
    path("<slug:key>/history/<int:event>/undo/", editing.undo_change, name="undo"),
    path("<slug:key>/quarantine/", editing.quarantine, name="quarantine"),
    path("<slug:key>/feedback/", letters.feedback, name="feedback"),
    path("<slug:key>/usage.csv", usage.dataset_csv, name="usage_csv"),
    path("<slug:key>/feed.atom", feeds.dataset_changes, name="dataset_feed"),
    path("<slug:key>/explore/", explore.explore, name="explore"),
    path("<slug:key>/explore.svg", explore.picture, name="explore_picture"),
    path("<slug:key>/rows/", catalogue.rows, name="rows"),
    path("<slug:key>/rows/restricted.csv", restricted.download, name="restricted_csv"),
]
