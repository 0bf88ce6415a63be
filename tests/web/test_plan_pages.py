"""Pages of posts and money: what they count, what they hide, what people settle."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import NOON, make_city, make_grant, make_staff
from tests.web.planned_city import BUDGET, PAGES, ROSTER, make_plans

from cupola.web.accounts.models import Event, User
from cupola.web.accounts.queries import the_city
from cupola.web.data.models import Dataset
from cupola.web.planning import actions
from cupola.web.planning.models import KeptMemo, Roster
from cupola.web.planning.queries.costs import leading_pay, shown_costs
from cupola.web.planning.queries.keeping import memos_again
from cupola.web.planning.queries.reading import read_roster

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


def test_an_average_is_not_given_where_it_would_tell_a_persons_pay(staff: Client, load: Load) -> None:
    directors = "department,title,pay,period\n" + "IT,IT Director,150000,2026\n" * 12
    load(Dataset.objects.get(key="staff"), directors + "IT,Programmer,90000,2026\n")
    read = read_roster(Roster.objects.get())
    assert shown_costs(read, read.of("2026")).shown["IT", None] == 189_000_000
    assert leading_pay(read, "2026") is None  # twelve times it, taken from the cost of all, is what one person is paid
    load(Dataset.objects.get(key="staff"), directors + "IT,Programmer,90000,2026\n" * 12)
    assert leading_pay(read_roster(Roster.objects.get()), "2026") == 15_000_000


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


def test_a_kept_memo_says_the_same_numbers_whatever_is_loaded_since(staff: Client, load: Load) -> None:
    answer = staff.post("/staff/plans/memo/keep/")
    assert answer.headers["location"] == "/staff/plans/memo/1/"
    staff.post("/staff/plans/memo/keep/")
    kept = KeptMemo.objects.get()  # the same memo of the same day is kept once
    load(Dataset.objects.get(key="budget"), BUDGET.replace("250000.50", "999999.00"))
    load(Dataset.objects.get(key="staff"), ROSTER + "Police,Programmer,90000,2026\n" * 40)
    assert "$1,089,999" in page(staff, "/staff/plans/memo/")
    then = page(staff, "/staff/plans/memo/1/")
    assert "$340,001" in then
    assert '<a class="memo__number" href="#how-money">$340,001</a>' in then
    again = memos_again()
    assert (again.memos, again.broken, again.moved) == (1, (), 0)
    assert again.numbers == kept.numbers > 60
    (money,) = (one for one in kept.sections if one["key"] == "money")
    money["numbers"][0] = "$1"
    kept.save()
    (broken,) = memos_again().broken
    assert broken.number == "memo 1 money 1"
    assert broken.why.startswith("said $1, computed again $340,001")


def test_a_plan_over_years_says_who_is_where_and_why(staff: Client) -> None:
    text = page(staff, "/staff/plans/years/los-angeles/")
    assert "Los Angeles, posts that cannot stay in the mayor" in text
    assert "In 2018, The innovation grant no longer pays for Innovation team." in text
    assert "$780,000" in text
    assert "cannot stay" in text or "may have eight posts" in text  # the limit that binds is named
    assert "What is assumed" in text
    spanish = page(staff, "/es/staff/plans/years/los-angeles/")
    assert "no puede quedarse" in spanish or "ninguno desde 2016" in spanish
    assert "2,016" not in spanish  # a year takes no separators


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


SCENARIO = "/staff/plans/scenarios/own-department/"


def test_what_an_edit_needs_is_unknown_until_counsel_answers(staff: Client) -> None:
    def rows() -> dict[tuple[str, str], dict[str, str]]:
        answer = staff.get(SCENARIO + "?format=csv").content.decode()
        return {(row["key"], row["edit"]): row for row in csv.DictReader(io.StringIO(answer))}

    before = rows()
    post = before["chief-data-officer", "created"]
    assert post["usually"] == "budget_amendment, civil_service_action"
    assert [post[name] for name in ("needs", "decides", "lead_days", "source")] == ["unknown"] * 4
    assert {row["begins"] for row in before.values()} == {"2027"}
    said = {
        **{"title": "What does a new post take?", "edits": ["created"], "of": "post", "by": "Law department"},
        **{"on": "2026-09-30", "says": "Section 12 binds."},
        **{"instrument_0": "budget_amendment", "decides_0": "The city council", "lead_days_0": "90"},
        **{"instrument_1": "civil_service_action", "lead_days_1": "120", "source_1": "Rule XI"},
    }
    assert staff.post("/staff/plans/counsel/new/", {**said, "decides_3": "Nobody"}).status_code == 422
    assert staff.post("/staff/plans/counsel/new/", said).headers["location"].endswith("/what-does-a-new-post-take/")
    after = rows()
    post = after["chief-data-officer", "created"]
    assert (post["needs"], post["lead_days"]) == ("budget_amendment, civil_service_action", "210")
    assert (post["decides"], post["source"]) == ("The city council", "Rule XI")
    assert post["begins"] == "2028"  # 210 days from October 2026 are past the first day of 2027
    text = page(staff, SCENARIO)
    assert "executive order" in text  # other edits still wait, with what is usual
    assert "unknown until counsel answers" in text
    assert Event.objects.filter(action="planning.counsel_recorded").count() == 1


def test_a_scenario_costs_what_it_says_and_shows_where_each_amount_is_from(staff: Client) -> None:
    told = staff.get(SCENARIO + "?format=json").json()
    pay = {one["post"]: (one["amount"], one["how"]) for one in told["pay"]}
    assert pay["chief-data-officer"] == (200_000, "Salary ordinance, grade 21")
    assert pay["chief-innovation-officer"][0] is None  # two chiefs in the roster: too few to say without a law
    years = {one["year"] for one in told["by_fund_and_year"]}
    assert years == {None, 2027, 2028}
    later = sum(one["cost"] for one in told["by_fund_and_year"] if one["year"] == 2027)
    assert later - sum(one["cost"] for one in told["by_fund_and_year"] if one["year"] is None) == 200_000
    text = page(staff, SCENARIO)
    assert "Moving the server room" in text
    assert "$400,000" in text
    assert "Checks that turn" in text
    spanish = page(staff, "/es" + SCENARIO)
    assert "desconocido hasta que responda la asesoría jurídica" in spanish
    assert "Un puesto nuevo necesita autorización y dinero" in spanish


def test_any_chart_can_be_asked_beside_any_other(staff: Client) -> None:
    text = page(staff, "/staff/plans/scenarios/?of=st-louis&of_on=2017-12-01&to=st-louis&to_on=2018-12-31")
    assert "Philadelphia" in text or "Boston" in text  # somebody else has done the like
    same = staff.get("/staff/plans/scenarios/?of=st-louis&of_on=2017-12-01&to=st-louis&to_on=2017-12-01")
    assert same.status_code == 400


def test_a_department_is_an_office_from_one_day_to_another(staff: Client) -> None:
    form = "/staff/plans/posts/staff/offices/settle/?name=Information%20Technology&since=new"
    office = {"office": "it", "until": "2025", "reason": "The payroll calls it so."}
    assert staff.post(form, {**office, "since": "2026"}).status_code == 422  # ends before it begins
    assert staff.post(form, office).status_code == 302
    twice = staff.post(form, {"office": "hall", "since": "2024", "reason": "It was once."})
    assert twice.status_code == 422
    assert "At that time it is it already." in twice.content.decode()
    (line,) = Roster.objects.get().definition["offices"]
    assert (line["office"], line["until"], line["by"]) == ("it", "2025", "edith")
    listed = page(staff, "/staff/plans/posts/staff/offices/")
    assert "The payroll calls it so." in listed
    staff.post(form.replace("since=new", "since="), {**office, "reason": "The charter calls it so."})
    assert len(Roster.objects.get().definition["offices"]) == 1
