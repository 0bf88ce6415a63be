"""Payroll: nothing of what is in the rows may reach any page, for anyone."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.factories import make_city, make_dataset, make_finding, make_load_report, make_staff

from cupola.web.data.models import Dataset, Outcome

pytestmark = pytest.mark.django_db

COLUMNS = [
    {"name": "employee", "type": "text", "title": "Employee"},
    {"name": "department", "type": "text"},
    {"name": "hired_on", "type": "date"},
    {"name": "salary", "type": "money", "title": "Salary"},
]
ROSTER = """employee,department,hired_on,salary
"PLANTEDNAME, A",PLANTEDOFFICE,1987-03-21,987654.32
"SEEDEDNAME, B",PLANTEDOFFICE,1991-11-05,13.37
"SEEDEDNAME, C",PLANTEDOFFICE,1991-11-06,not known yet
"""
NEVER = ["PLANTEDNAME", "SEEDEDNAME", "PLANTEDOFFICE", "987654", "987,654", "13.37", "1987", "1991", "not known yet"]

ADDRESSES = [
    "/",
    "/about/",
    "/data/",
    "/data/?q=salary",
    "/data/roster/",
    "/data/roster/rows/",
    "/data/roster/rows/?page=2",
    "/es/data/roster/",
    "/es/data/roster/rows/",
]


@pytest.fixture
def roster(load: Callable[..., Dataset]) -> Dataset:
    """Return a loaded payroll dataset with values that would be recognised anywhere."""
    make_city(pay_data={"basis": "Public Records Act, section 7", "url": "https://law.example.gov/7"})
    dataset = make_dataset(
        "roster",
        payroll=True,
        columns=COLUMNS,
        time_column="hired_on",
        row_key=["employee"],
        max_bad_rows=1,
        max_bad_share=0.5,
    )
    load(dataset, ROSTER)
    make_finding(dataset, column="salary", message="'not known yet' is no amount of money (PLANTEDNAME).")
    make_load_report(dataset, outcome=Outcome.FAILED, error="row 1: PLANTEDNAME, 987654.32")
    return dataset


@pytest.mark.usefixtures("roster")
@pytest.mark.parametrize("person", ["visitor", "staff"])
def test_no_page_shows_a_value_of_a_payroll_dataset(client: Client, person: str) -> None:
    if person == "staff":
        client.force_login(make_staff())
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == 200
        page = re.sub("[0-9a-f]{12,}", "", answer.content.decode())  # a fingerprint may hold any digits
        assert (address, [value for value in NEVER if value in page]) == (address, [])


@pytest.mark.usefixtures("roster")
def test_the_page_says_why_and_on_what_law(client: Client) -> None:
    page = client.get("/data/roster/").content.decode()
    assert "The rows of this dataset are not shown." in page
    assert "Public Records Act, section 7" in page
    assert 'href="https://law.example.gov/7"' in page


@pytest.mark.usefixtures("roster")
def test_what_is_not_a_value_stays_open_to_see(client: Client) -> None:
    page = client.get("/data/roster/").context["page"]
    assert [column.title for column in page.columns] == ["Employee", "Department", "Hired on", "Salary"]
    assert page.version.rows == 2
    assert [line.report.rows_quarantined for line in page.loads if line.report.version] == [1]
    assert (page.picture, page.sample, page.has_pictures) == (None, None, False)


@pytest.mark.usefixtures("roster")
def test_the_staff_tables_show_no_value_either(client: Client) -> None:
    staff = make_staff()
    staff.is_superuser = True
    staff.save()
    client.force_login(staff)
    for model in ("dataset", "version", "loadreport", "finding"):
        listing = client.get(f"/admin/data/{model}/")
        assert listing.status_code == 200
        pages = [listing.content.decode()]
        for link in {part.split('"')[0] for part in pages[0].split('href="')[1:] if "/change/" in part.split('"')[0]}:
            pages.append(client.get(link).content.decode())
        assert [value for value in NEVER if any(value in re.sub("[0-9a-f]{12,}", "", page) for page in pages)] == []


def test_rows_of_an_internal_dataset_are_not_shown_either(client: Client, load: Callable[..., Dataset]) -> None:
    load(make_dataset(classification="internal"))
    page = client.get("/data/permits/").content.decode()
    assert "It is classified as internal" in page
    assert "P-2" not in page
    assert "P-2" not in client.get("/data/permits/rows/").content.decode()
