"""Addresses of measures, and below /staff/ those of reviews and of values typed in."""

from django.urls import path

from cupola.web.performance.views import measures, meetings, reviews, typed

app_name = "performance"
urlpatterns = [
    path("", measures.scorecard, name="scorecard"),
    path("places/", measures.by_place, name="places"),
    path("restatements/", measures.restated, name="restatements"),
    path("cityscore/", measures.cityscore, name="cityscore"),
    path("self-audit/", measures.standard_page, name="standard"),
    path("reviews/", reviews.public_list, name="reviews"),
    path("reviews/<slug:key>/<str:on>/", reviews.public_meeting, name="packet"),
    path("<slug:key>/", measures.measure, name="measure"),
    path("<slug:key>/values.csv", measures.values, name="values"),
    path("<slug:key>/picture.svg", measures.picture, name="picture"),
]
# below /staff/, for staff
typing = [path("<slug:key>/typed/", typed.typed, name="typed")]
work = [
    path("", reviews.every, name="every"),
    path("new/", reviews.edit, name="new"),
    path("<slug:key>/", reviews.review, name="review"),
    path("<slug:key>/edit/", reviews.edit, name="edit"),
    path("<slug:key>/<str:on>/", meetings.meeting, name="meeting"),
    path("<slug:key>/<str:on>/packet.pdf", reviews.as_paper, name="paper"),
    path("<slug:key>/<str:on>/packet.txt", reviews.as_text, name="text"),
]
