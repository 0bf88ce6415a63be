"""The catalogue as clients of SODA search it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from catalogue_world import World

from cupola.serving import close_services


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("catalogue") / "lake")
    yield made
    made.lake.close()
    close_services()


def ids(world: World, query: str) -> list[str]:
    return [one["resource"]["id"] for one in world.json(f"/api/catalog/v1?{query}")["results"]]


def test_a_result_has_the_shape_clients_read(world: World) -> None:
    answer = world.json("/api/catalog/v1?ids=perm-0001")
    (result,) = answer["results"]
    assert set(result) == {"resource", "classification", "metadata", "permalink", "link", "owner", "creator"}
    assert result["resource"]["columns_field_name"] == ["number", "kind", "ward", "cost", "issued_on", "place", "block"]
    assert result["resource"]["columns_datatype"][2:5] == ["Number", "Number", "Calendar date"]
    assert result["classification"]["domain_category"] == "Buildings"
    assert result["permalink"] == "http://localhost/d/perm-0001"
    assert (answer["resultSetSize"], set(answer)) == (1, {"results", "resultSetSize", "warnings"})


def test_a_dataset_that_is_hosted_elsewhere_leads_there(world: World) -> None:
    (result,) = world.json("/api/catalog/v1?ids=tree-0001")["results"]
    assert (result["resource"]["type"], result["link"]) == ("href", "https://parks.example/d/tree-0001")


def test_a_listed_dataset_has_a_view_and_no_rows(world: World) -> None:
    view = world.json("/api/views/tree-0001.json")
    assert (view["id"], view["viewType"], view["resourceName"]) == ("tree-0001", "href", "trees")
    assert view["metadata"]["accessPoints"] == {"url": "https://parks.example/d/tree-0001"}
    assert world.json("/api/views/trees/columns.json") == view["columns"]
    rows = [
        world.client.get(f"/{path}").status_code for path in ("resource/tree-0001.json", "api/views/trees/rows.csv")
    ]
    assert rows == [404, 404]
    assert world.client.get("/api/views/tree-0001.json?version=1").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["perm-0001", "tree-0001"]),
        ("q=permit", ["perm-0001"]),
        ("q=districts", ["perm-0001"]),  # only in the meaning of a column
        ("q=CONSTRUCCION", ["perm-0001"]),
        ("q=tree+street", ["tree-0001"]),
        ("q=tree+permit", []),
        ("q=phone", []),
        ("categories=buildings", ["perm-0001"]),
        ("tags=construction", ["perm-0001"]),
        ("tags[]=nothing", []),
        ("only=datasets", ["perm-0001"]),
        ("only=href", ["tree-0001"]),
        ("names=Street%20trees", ["tree-0001"]),
        ("column_names=ward&column_names=cost", ["perm-0001"]),
        ("column_names=phone", []),
        ("attribution=Parks", ["tree-0001"]),
        ("license=CC0%201.0", ["perm-0001"]),
        ("domains=localhost", ["perm-0001", "tree-0001"]),
        ("domains=other.example", []),
        ("public=false", []),
        ("visibility=open&published=true&approval_status=approved&provenance=official", ["perm-0001", "tree-0001"]),
        ("derived=true", []),
        ("parent_ids=perm-0001", []),
        ("shared_to=site", ["perm-0001", "tree-0001"]),
        ("order=name+DESC", ["tree-0001", "perm-0001"]),
        ("limit=1&offset=1", ["tree-0001"]),
        ("scroll_id=perm-0001", ["tree-0001"]),
    ],
)
def test_each_parameter_narrows_or_orders(world: World, query: str, found: list[str]) -> None:
    assert ids(world, query) == found


def test_a_limit_that_is_no_number_is_refused(world: World) -> None:
    answer = world.client.get("/api/catalog/v1?limit=many")
    assert (answer.status_code, answer.json()["code"]) == (400, "query.parameter.invalid")


def test_tags_topics_and_domains_are_counted(world: World) -> None:
    assert world.json("/api/catalog/v1/domains")["results"] == [{"domain": "localhost", "count": 2}]
    assert world.json("/api/catalog/v1/tags")["results"][0] == {"tag": "construction", "count": 1}
    assert world.json("/api/catalog/v1/domain_categories")["results"] == [{"domain_category": "Buildings", "count": 1}]


def test_titles_are_completed(world: World) -> None:
    assert [one["title"] for one in world.json("/api/catalog/v1/autocomplete?q=stre")["results"]] == ["Street trees"]


def test_a_short_address_leads_to_the_page_of_a_listed_dataset_too(world: World) -> None:
    assert world.client.get("/d/tree-0001").headers["location"] == "/data/trees/"


def test_the_catalogue_answers_as_of_a_day(world: World) -> None:
    assert ids(world, "as_of=2026-03-15") == ["perm-0001"]
    assert ids(world, "as_of=2026-01-01") == []


def test_the_catalogue_is_new_as_soon_as_the_registry_is(tmp_path: Path) -> None:
    made = World(tmp_path / "lake")
    assert ids(made, "q=tree") == ["tree-0001"]
    made.listings.withdraw("trees", at=made.days[1])
    assert ids(made, "q=tree") == []
    close_services()
