"""Pages of posts and money: what they count, what they hide, what people settle."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_grant, make_staff
from tests.web.planned_city import PAGES, make_plans

from cupola.web.accounts.models import Event, User
from cupola.web.accounts.queries import the_city
from cupola.web.planning import actions
from cupola.web.planning.models import Roster

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Load = Callable[..., Any]


@pytest.fixture
def staff(client: Client, load: Load, settings: Any) -> Client:
    settings.SECOND_FACTOR = "nobody"
    make_city()
    make_plans(load)
    client.force_login(make_grant(make_staff("edith"), "coordinator").person)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_posts_are_counted_and_a_merger_is_told(staff: Client) -> None:
    text = page(staff, "/staff/plans/posts/staff/")
    assert "2026: 19 posts of 67, in 2 departments." in text
    assert "Buildings (42 posts) and Information Technology (13 posts) are now Shared Services (55 posts)" in text
    assert "No law is cited" in text
    earlier = page(staff, "/staff/plans/posts/staff/?period=2024")
    assert "2024: 15 posts of 64" in earlier
    assert staff.get("/staff/plans/posts/staff/?period=1999").status_code == 404


def test_a_sum_that_would_tell_a_persons_pay_is_hidden_until_a_law_is_cited(staff: Client) -> None:
    def costs() -> dict[str, str]:
        answer = staff.get("/staff/plans/posts/staff/departments.csv").content.decode()
        return {row["department"]: row["cost"] for row in csv.DictReader(io.StringIO(answer))}

    assert costs() == {"Shared Services": "", "Police": ""}  # either, taken from the sum of all, would tell the other
    department = "/staff/plans/posts/staff/department/?name=Police"
    assert "75,000" not in page(staff, department)
    city = the_city()
    assert city is not None
    city.take_definition({**city.definition, "pay_data": {"basis": "Public Records Act, section 7"}})
    city.save()
    assert costs() == {"Shared Services": "1393000.00", "Police": "225000.00"}
    assert "Public Records Act, section 7" in page(staff, "/staff/plans/posts/staff/")
    assert "$225,000" in page(staff, department)
    Roster.objects.update(definition={**Roster.objects.get().definition, "pay": "earned"})
    assert costs() == {"Shared Services": "", "Police": ""}  # what people earned stays hidden whatever the law


def test_a_title_is_settled_with_a_reason_and_counts_from_then_on(staff: Client) -> None:
    assert "Enterprise Support Manager" in page(staff, "/staff/plans/posts/staff/titles/")
    form = "/staff/plans/posts/staff/titles/settle/?title=Enterprise%20Support%20Manager"
    assert staff.post(form, {"functions": ["applications"]}).status_code == 422
    answer = staff.post(form, {"functions": ["applications"], "everywhere": "on", "reason": "Runs the permit system."})
    assert answer.status_code == 302
    assert "2026: 20 posts of 67" in page(staff, "/staff/plans/posts/staff/")
    settled = page(staff, "/staff/plans/posts/staff/titles/")
    assert "Runs the permit system." in settled
    assert "edith" in settled
    assert Event.objects.filter(action="planning.name_settled").count() == 1
    (line,) = Roster.objects.get().definition["titles"]
    assert line["functions"] == ["applications"]
    staff.post(form, {"functions": ["other"], "everywhere": "on", "reason": "It is a help desk for landlords."})
    assert len(Roster.objects.get().definition["titles"]) == 1
    assert "2026: 19 posts of 67" in page(staff, "/staff/plans/posts/staff/")


def test_money_is_technology_by_its_name_or_because_a_person_said_so(staff: Client) -> None:
    text = page(staff, "/staff/plans/money/budget/")
    assert "$340,001" in text  # 250,000.50 and 90,000, rounded for reading
    listed = staff.get("/staff/plans/money/budget/accounts/?format=csv").content.decode()
    assert [row["amount"] for row in csv.DictReader(io.StringIO(listed))] == ["250000.50", "90000.00"]
    form = "/staff/plans/money/budget/accounts/settle/?account=Reserve%20Balance"
    staff.post(form, {"purpose": "software", "technology": "on", "reason": "Held back for the new payroll system."})
    assert "$350,001" in page(staff, "/staff/plans/money/budget/")


def test_the_memo_opens_with_what_can_be_done_and_comes_as_a_document(staff: Client) -> None:
    text = page(staff, "/staff/plans/memo/")
    assert text.index("What can be done") < text.index("Today: who does it") < text.index("What is not known")
    assert "Make technology a department of its own, or undo a merger." in text  # because one is seen here
    document = staff.get("/staff/plans/memo.docx").content
    assert document[:2] == b"PK"
    assert "Qué se puede hacer" in page(staff, "/es/staff/plans/memo/")


def test_a_plan_over_years_says_who_is_where_and_why(staff: Client) -> None:
    text = page(staff, "/staff/plans/years/los-angeles/")
    assert "Los Angeles, posts that cannot stay in the mayor" in text
    assert "In 2018, The innovation grant no longer pays for Innovation team." in text
    assert "$780,000" in text
    assert "cannot stay" in text or "may have eight posts" in text  # the limit that binds is named
    assert "What is assumed" in text


def test_nobody_else_sees_or_settles_anything(staff: Client) -> None:
    stranger = Client()
    for address in PAGES:
        assert stranger.get(address).status_code == 302, address
    viewer = make_grant(make_staff("vera"), "viewer").person
    signed = actions.Settling(by=viewer, at=NOON, reason="Because.")
    with pytest.raises(actions.MayNotSettle):
        actions.settle_title(Roster.objects.get(), {"title": "Aide", "functions": ["other"]}, signed=signed)
    edith = User.objects.get(username="edith")
    nothing = actions.Settling(by=edith, at=NOON, reason=" ")
    with pytest.raises(actions.NothingSettled):
        actions.settle_title(Roster.objects.get(), {"title": "Aide", "functions": ["other"]}, signed=nothing)
