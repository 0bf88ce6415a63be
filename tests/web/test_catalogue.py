from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import make_dataset, make_load_report, make_staff, make_version

from cupola.web.data.models import Outcome

pytestmark = pytest.mark.django_db


def titles(client: Client, address: str) -> list[str]:
    """Return the titles on a page of the catalogue, in order."""
    return [entry.title for entry in client.get(address).context["page"].object_list]


def test_released_datasets_are_listed_by_title(client: Client) -> None:
    make_dataset("wards")
    make_dataset("permits")
    assert titles(client, "/data/") == ["Permits", "Wards"]


def test_search_finds_titles_descriptions_keywords_and_columns(client: Client) -> None:
    make_dataset("permits", keywords=["roof"])
    make_dataset("trees", description="Every elm on a street.", columns=[{"name": "height", "type": "float"}])
    assert titles(client, "/data/?q=roof") == ["Permits"]
    assert titles(client, "/data/?q=ELM street") == ["Trees"]
    assert titles(client, "/data/?q=height") == ["Trees"]
    assert titles(client, "/data/?q=issued") == ["Permits"]


def test_the_address_narrows_by_department_topic_and_freshness(client: Client) -> None:
    permits = make_dataset("permits", department="Buildings", topic="Land", refresh="daily")
    make_dataset("wards", department="Clerk", topic="Land")
    version = make_version(permits)
    then = timezone.now() - timedelta(days=9)
    make_load_report(permits, outcome=Outcome.LOADED, version=version, started_at=then)
    assert titles(client, "/data/?department=Clerk") == ["Wards"]
    assert titles(client, "/data/?topic=Land") == ["Permits", "Wards"]
    assert titles(client, "/data/?freshness=late") == ["Permits"]
    assert titles(client, "/data/?freshness=empty") == ["Wards"]
    assert titles(client, "/data/?freshness=nonsense") == []


def test_each_choice_says_how_many_it_leaves(client: Client) -> None:
    make_dataset("permits", department="Buildings", topic="Land")
    make_dataset("wards", department="Clerk", topic="Land")
    make_dataset("trees", department="Clerk", topic="Parks")
    departments = client.get("/data/?topic=Land").context["catalogue"].departments
    assert [(choice.value, choice.count) for choice in departments.choices] == [("Buildings", 1), ("Clerk", 1)]
    topics = client.get("/data/?topic=Land").context["catalogue"].topics
    assert [(choice.value, choice.count, choice.chosen) for choice in topics.choices] == [
        ("Land", 2, True),
        ("Parks", 1, False),
    ]


def test_drafts_and_retired_datasets_are_not_listed_and_not_counted(client: Client) -> None:
    make_dataset("secret-plan", released=False, department="Hidden office")
    retired = make_dataset("old")
    retired.retired_on = timezone.localdate()
    retired.save()
    answer = client.get("/data/")
    assert titles(client, "/data/") == []
    assert "Hidden office" not in answer.content.decode()
    assert "Nothing has been released here yet." in answer.content.decode()


def test_staff_see_drafts_marked_as_such(client: Client) -> None:
    make_dataset("secret-plan", released=False)
    client.force_login(make_staff())
    answer = client.get("/data/").content.decode()
    assert "Secret plan" in answer
    assert "Draft" in answer


def test_a_long_catalogue_has_pages_that_keep_the_choices(client: Client) -> None:
    for number in range(30):
        make_dataset(f"set-{number:02d}", topic="Land")
    answer = client.get("/data/?topic=Land&page=2")
    assert [entry.key for entry in answer.context["page"].object_list] == [f"set-{n}" for n in range(25, 30)]
    assert 'href="?topic=Land"' in answer.content.decode()
    assert titles(client, "/data/?page=nonsense")[0] == "Set 00"


def test_the_number_of_queries_does_not_grow_with_the_catalogue(
    client: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(20):
        make_version(make_dataset(f"set-{number:02d}"))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        client.get("/data/")
