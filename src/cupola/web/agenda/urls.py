"""Addresses of the agenda, the savings and the councils; those of staff stand under /staff/."""

from django.urls import path

from cupola.web.agenda.views import evaluating, machines, reading, working

app_name = "agenda"
urlpatterns = [
    path("agenda/", reading.agenda, name="agenda"),
    path("agenda/awards.json", machines.awards, name="awards_json"),
    path("agenda/initiatives/<slug:key>/", reading.initiative, name="initiative"),
    path("agenda/awards/<slug:key>/", reading.award, name="award"),
    path("savings/", reading.savings, name="savings"),
    path("savings/ledger.csv", machines.ledger_csv, name="ledger_csv"),
    path("savings/<slug:key>/", reading.claim, name="claim"),
    path("councils/", reading.all_councils, name="councils"),
    path("councils/popolo.json", machines.popolo, name="popolo"),
    path("councils/meetings/<slug:key>/", reading.meeting, name="meeting"),
    path("councils/recommendations/<slug:key>/", reading.recommendation, name="recommendation"),
    path("councils/<slug:key>/", reading.council, name="council"),
]
staff = [
    path("runway/", working.runway, name="runway"),
    path("agenda/", working.all_records, name="records"),
    path("agenda/claim/<slug:key>/step/", working.step, name="step"),
    path("agenda/initiative/<slug:key>/evaluate/", evaluating.evaluate, name="evaluate"),
    path("agenda/<slug:kind>/new/", working.add, name="add"),
    path("agenda/<slug:kind>/<slug:key>/edit/", working.edit, name="edit"),
    path("agenda/<slug:kind>/<slug:key>/retire/", working.retire, name="retire"),
    path("agenda/<slug:kind>/<slug:key>/history/", working.history, name="history"),
    path("agenda/<slug:kind>/<slug:key>/history/<int:number>/undo/", working.undo_change, name="undo"),
]
