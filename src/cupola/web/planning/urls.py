"""Addresses of planning, all for staff."""

from django.urls import path

from cupola.web.planning.views import briefing, memo, reading, scenarios, settling

app_name = "planning"
urlpatterns = [
    path("", reading.plans, name="plans"),
    path("brief/", briefing.page, name="brief"),
    path("memo/", memo.page, name="memo"),
    path("memo/keep/", memo.keep, name="keep_memo"),
    path("memo/<int:number>/", memo.kept_memo, name="kept_memo"),
    path("memo.docx", memo.document, name="memo_docx"),
    path("years/<slug:key>/", reading.plan, name="plan"),
    path("scenarios/", scenarios.scenarios, name="scenarios"),
    path("scenarios/<slug:key>/", scenarios.scenario, name="scenario"),
    path("counsel/new/", scenarios.counsel, name="add_counsel"),
    path("counsel/<slug:key>/", scenarios.counsel, name="counsel"),
    path("posts/<slug:key>/", reading.posts, name="posts"),
    path("posts/<slug:key>/departments.csv", reading.posts_csv, name="posts_csv"),
    path("posts/<slug:key>/department/", reading.department, name="department"),
    path("posts/<slug:key>/titles/", reading.titles, name="titles"),
    path("posts/<slug:key>/titles/settle/", settling.title, name="settle_title"),
    path("posts/<slug:key>/offices/", settling.offices, {"of": "posts"}, name="roster_offices"),
    path("posts/<slug:key>/offices/settle/", settling.office, {"of": "posts"}, name="map_roster"),
    path("money/<slug:key>/offices/", settling.offices, {"of": "money"}, name="budget_offices"),
    path("money/<slug:key>/offices/settle/", settling.office, {"of": "money"}, name="map_budget"),
    path("money/<slug:key>/", reading.budget, name="budget"),
    path("money/<slug:key>/accounts/", reading.accounts_page, name="accounts"),
    path("money/<slug:key>/accounts/settle/", settling.account, name="settle_account"),
]
