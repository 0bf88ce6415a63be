"""Addresses of measures, and below /staff/ those of reviews."""

from django.urls import path

from cupola.web.performance.views import measures

app_name = "performance"
urlpatterns = [
    path("", measures.scorecard, name="scorecard"),
    path("places/", measures.by_place, name="places"),
    path("restatements/", measures.restated, name="restatements"),
    path("cityscore/", measures.cityscore, name="cityscore"),
    path("<slug:key>/", measures.measure, name="measure"),
    path("<slug:key>/values.csv", measures.values, name="values"),
    path("<slug:key>/picture.svg", measures.picture, name="picture"),
]
