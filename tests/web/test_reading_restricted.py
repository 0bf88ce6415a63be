"""Each role reads exactly its columns and rows of what is not public, through every page, and every read is logged."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.factories import make_city, make_dataset, make_grant, make_staff

from cupola.folder.kinds.access import ROLES
from cupola.web.accounts.models import Event, Role
from cupola.web.data.models import Dataset

READ = "data.restricted_read"
pytestmark = [pytest.mark.slow, pytest.mark.django_db]

COLUMNS: list[dict[str, Any]] = [
    {"name": "person", "type": "text", "sensitive": True},
    {"name": "department", "type": "text"},
    {"name": "title", "type": "text"},
    {"name": "salary", "type": "money"},
    {"name": "started_on", "type": "date"},
]
ROWS = """person,department,title,salary,started_on
HIDDENNAME A,FIRE,Captain,123456.78,2001-02-03
HIDDENNAME B,FIRE,Fighter,88888.11,2011-12-13
HIDDENNAME C,PARKS,Gardener,55555.22,2015-06-17
HIDDENNAME D,PARKS,FORBIDDENTITLE,66666.33,1984-04-04
"""
ACCESS = [
    {"role": "reviewer", "columns": ["person", "department", "title", "salary", "started_on"]},
    {"role": "custodian", "columns": ["department", "title"], "where": "department = 'FIRE'"},
    {"role": "steward", "except": ["salary"]},
]
SALARIES = ("123456", "123,456", "88888", "88,888", "55555", "55,555", "66666", "66,666")
NAMES = ("HIDDENNAME",)
PARKS = ("Gardener", "FORBIDDENTITLE", "PARKS")
DATES = ("2001", "2011", "2015", "1984")
HIDDEN = {
    "reviewer": (),
    "custodian": (*SALARIES, *NAMES, *PARKS, *DATES),
    "steward": (*SALARIES, *NAMES),
    "viewer": (*SALARIES, *NAMES, *PARKS, *DATES, "Captain", "Fighter"),
}
PROBES = [
    {},
    {"version": "1"},
    {"q": "HIDDENNAME"},
    {"q": "123456.78"},
    {"q": "FORBIDDENTITLE"},
    {"group": "salary:steps"},
    {"group": "title"},
    {"group": "department,title", "show": "chart"},
    {"group": "person", "show": "chart"},
    {"group": "department", "mean": "salary"},
    {"max": "salary"},
    {"sort": "salary"},
    {"sort": "-salary"},
    {"where.salary.from": "100000"},
    {"where.salary": "123456.78"},
    {"where.person": "HIDDENNAME A"},
    {"where.person.contains": "HIDDEN", "group": "title"},
    {"where.department": "PARKS", "group": "title"},
    {"where.title": "FORBIDDENTITLE"},
    {"where.started_on.from": "1984-01-01", "group": "started_on:year"},
    {"where.salary.empty": "no"},
    {"columns": "salary,person,title"},
]


@pytest.fixture
def roster(load: Callable[..., Dataset]) -> Dataset:
    make_city()
    dataset = make_dataset(
        "roster", columns=COLUMNS, classification="restricted", payroll=True, duplicates="keyless", access=ACCESS
    )
    return load(dataset, ROWS)


def signed_in(client: Client, role: str) -> Client:
    person = make_staff(f"{role}-person")
    if role != "viewer":
        make_grant(person, role)
    client.force_login(person)
    return client


def body(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.usefixtures("roster")
@pytest.mark.parametrize("role", sorted(HIDDEN))
def test_no_page_shows_a_role_more_than_its_rule(client: Client, role: str) -> None:
    signed_in(client, role)
    addresses = [
        *("/data/roster/", "/data/roster/rows/", "/data/roster/rows/?page=2", "/data/roster/rows/restricted.csv"),
        *("/data/", "/data/?q=FORBIDDENTITLE", "/data/roster/explore.svg", "/data/roster/compare/"),
        *(f"/data/roster/explore/?{urlencode(probe)}" for probe in PROBES),
    ]
    for address in addresses:
        asked = address.split("?")[-1] if "?" in address else ""
        answer = client.get(address, follow=True)
        page = body(answer).replace("version 1", "")
        found = [one for one in HIDDEN[role] if one in page and one not in asked.replace("%2C", ",")]
        assert found == [], (address, found)


@pytest.mark.usefixtures("roster")
def test_each_role_reads_its_columns_and_rows(client: Client) -> None:
    files = {}
    for role in ("reviewer", "custodian", "steward"):
        signed_in(client, role)
        files[role] = body(client.get("/data/roster/rows/restricted.csv")).splitlines()
        page = client.get("/data/roster/rows/")
        assert page.headers["Cache-Control"] == "no-store, private"
        assert [cell.text for cell in page.context["rows"].cells[0]][:1] == [files[role][1].split(",")[0]]
        explored = client.get("/data/roster/explore/")
        assert explored.context["page"].result.matching == len(files[role]) - 1
        assert [one.name for one in explored.context["page"].subject.fields] == files[role][0].split(",")
    assert sorted(files["custodian"]) == ["FIRE,Captain", "FIRE,Fighter", "department,title"]
    assert files["steward"][0] == "department,title,started_on"
    assert len(files["steward"]) == 5
    assert "HIDDENNAME A,FIRE,Captain,123456.78,2001-02-03" in files["reviewer"]


@pytest.mark.usefixtures("roster")
def test_what_is_known_of_a_column_is_measured_over_the_rows_that_may_be_read(client: Client) -> None:
    signed_in(client, "custodian")
    title = client.get("/data/roster/explore/").context["page"].subject.field("title")
    assert {one.value for one in title.offered} == {"Captain", "Fighter"}


@pytest.mark.usefixtures("roster")
@pytest.mark.parametrize(
    ("given", "matching"),
    [
        ({"where.department": "PARKS"}, 0),
        ({"q": "Gardener"}, 0),
        ({"q": "HIDDENNAME"}, 0),
        ({"q": "Captain"}, 1),
        ({"where.salary.from": "100000"}, 2),
        ({"where.person": "HIDDENNAME A"}, 2),
        ({"where.department.empty": "no"}, 2),
    ],
)
def test_conditions_reach_only_what_may_be_read(client: Client, given: dict[str, str], matching: int) -> None:
    """A condition on a column that may not be read is left out, as one on a column that does not exist."""
    signed_in(client, "custodian")
    page = client.get(f"/data/roster/explore/?{urlencode(given)}", follow=True).context["page"]
    assert page.result.matching == matching
    unknown = {name.replace("salary", "nothing").replace("person", "nothing"): value for name, value in given.items()}
    if unknown != given:
        other = client.get(f"/data/roster/explore/?{urlencode(unknown)}", follow=True).context["page"]
        said = [problem.message.replace("nothing", "X") for problem in other.problems.values()]
        assert [re.sub("salary|person", "X", problem.message) for problem in page.problems.values()] == said


@pytest.mark.usefixtures("roster")
def test_who_has_no_rule_reads_nothing(client: Client) -> None:
    assert client.get("/data/roster/rows/restricted.csv").status_code == 302
    signed_in(client, "viewer")
    assert client.get("/data/roster/rows/restricted.csv").status_code == 403
    assert "rows" not in client.get("/data/roster/rows/").context
    assert "page" not in client.get("/data/roster/explore/").context
    assert not Event.objects.filter(action=READ).exists()


@pytest.mark.usefixtures("roster")
def test_a_superuser_without_a_role_reads_nothing(client: Client) -> None:
    person = make_staff()
    person.is_superuser = True
    person.save()
    client.force_login(person)
    assert client.get("/data/roster/rows/restricted.csv").status_code == 403


@pytest.mark.usefixtures("roster")
def test_every_read_is_in_the_audit_log(client: Client) -> None:
    signed_in(client, "custodian")
    client.get("/data/roster/rows/")
    client.get("/data/roster/explore/?group=title", follow=True)
    body(client.get("/data/roster/rows/restricted.csv"))
    reads = list(Event.objects.filter(action=READ).order_by("pk"))
    assert [(one.by_name, one.target_key, one.detail["how"], one.detail["rows"]) for one in reads] == [
        ("custodian-person", "roster", "rows", 2),
        ("custodian-person", "roster", "explore", 2),
        ("custodian-person", "roster", "download", 2),
    ]
    assert reads[0].detail["columns"] == ["department", "title"]
    assert reads[0].detail["where"] == "department = 'FIRE'"


def test_two_rules_with_the_same_columns_do_not_share_answers(client: Client, load: Callable[..., Dataset]) -> None:
    rules = [
        {"role": "steward", "columns": ["title"], "where": "department = 'PARKS'"},
        {"role": "custodian", "columns": ["title"], "where": "department = 'FIRE'"},
    ]
    load(make_dataset("roster", columns=COLUMNS, classification="internal", duplicates="keyless", access=rules), ROWS)
    for role, titles in (("steward", ["Gardener", "FORBIDDENTITLE"]), ("custodian", ["Captain", "Fighter"])):
        signed_in(client, role)
        assert sorted(body(client.get("/data/roster/rows/restricted.csv")).split()) == sorted(["title", *titles])
        answer = client.get("/data/roster/explore/?group=title", follow=True).content.decode()
        assert titles[0] in answer


def test_the_folder_knows_the_roles_there_are() -> None:
    assert set(ROLES) == set(Role.values)
