"""CKAN's actions, for reading."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from catalogue_world import World

from cupola.serving import close_services


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("ckan") / "lake")
    yield made
    made.lake.close()
    close_services()


def test_both_addresses_take_get_json_and_forms(world: World) -> None:
    client = world.client
    answers = [
        client.get("/api/action/package_show?id=permits"),
        client.get("/api/3/action/package_show?id=perm-0001"),
        client.ask("POST", "/api/3/action/package_show", json={"id": "permits"}),
        client.ask("POST", "/api/action/package_show", data={"id": "permits"}),
        client.ask("POST", "/api/action/package_show", files={"id": (None, "permits")}),
        client.ask("POST", "/api/action/package_show", content=json.dumps({"id": "permits"}).encode()),
    ]
    assert {answer.json()["result"]["title"] for answer in answers} == {"Building permits"}
    assert answers[0].json()["help"] == "http://localhost/api/3/action/help_show?name=package_show"


def test_a_package_has_what_clients_read(world: World) -> None:
    package = world.act("package_show", id="permits")
    assert (package["name"], package["organization"]["title"]) == ("permits", "Department of Buildings")
    assert [one["id"] for one in package["resources"]] == ["perm-0001-csv", "perm-0001-json", "perm-0001-geojson"]
    assert (package["license_url"], package["num_tags"], package["groups"][0]["name"]) == (
        "https://creativecommons.org/publicdomain/zero/1.0/", 2, "buildings",
    )  # fmt: skip
    assert package["maintainer_email"] == "data@springfield.example"


def test_a_dataset_hosted_elsewhere_keeps_its_files(world: World) -> None:
    package = world.act("package_show", id="trees")
    assert [(one["url"], one["datastore_active"]) for one in package["resources"]] == [
        ("https://parks.example/t.csv", False)
    ]
    assert world.refused("datastore_search", resource_id="tree-0001-1")[0] == 404


@pytest.mark.parametrize(
    ("action", "given", "result"),
    [
        ("site_read", {}, True),
        ("package_list", {}, ["permits", "trees"]),
        ("package_list", {"limit": 1, "offset": 1}, ["trees"]),
        ("organization_list", {}, ["department-of-buildings", "parks"]),
        ("group_list", {}, ["buildings"]),
        ("tag_list", {"query": "perm"}, ["permits"]),
    ],
)
def test_lists(world: World, action: str, given: dict[str, Any], result: Any) -> None:
    assert world.act(action, **given) == result


def test_single_things(world: World) -> None:
    assert world.act("status_show")["site_title"] == "Open data of City of Springfield"
    assert world.act("resource_show", id="perm-0001-csv")["format"] == "CSV"
    assert world.act("organization_show", id="parks", include_datasets=True)["packages"][0]["name"] == "trees"
    assert world.act("group_show", id="buildings")["package_count"] == 1
    assert world.act("resource_search", query="format:csv")["count"] == 2
    assert [one["name"] for one in world.act("current_package_list_with_resources", limit=1)] == ["trees"]
    assert "SELECT" in world.act("help_show", name="datastore_search_sql")


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"q": "*:*"}, ["trees", "permits"]),
        ({"q": "permits"}, ["permits"]),
        ({"q": "title:trees"}, ["trees"]),
        ({"fq": "organization:parks"}, ["trees"]),
        ({"fq": "-organization:parks"}, ["permits"]),
        ({"fq": "tags:(construction OR nothing) AND res_format:CSV"}, ["permits"]),
        ({"fq": 'tags:"construction" organization:parks'}, []),
        ({"fq": "NOT (groups:buildings OR name:x)"}, ["trees"]),
        ({"fq": "metadata_modified:[2026-03-10 TO *]", "rows": 1}, ["trees"]),
        ({"fq_list": ["+dataset_type:dataset", "name:perm*"]}, ["permits"]),
        ({"sort": "name asc"}, ["permits", "trees"]),
        ({"sort": "title_string asc", "start": 1}, ["trees"]),
    ],
)
def test_packages_are_searched(world: World, given: dict[str, Any], names: list[str]) -> None:
    assert [one["name"] for one in world.act("package_search", **given)["results"]] == names


def test_facets_are_counted(world: World) -> None:
    found = world.act("package_search", **{"facet.field": '["organization", "res_format"]'})
    assert found["facets"]["res_format"] == {"CSV": 2, "GeoJSON": 1, "JSON": 1}
    assert found["search_facets"]["organization"]["items"][0] == {
        "name": "department-of-buildings", "display_name": "Department of Buildings", "count": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("action", "given", "status", "kind"),
    [
        ("package_show", {"id": "nothing"}, 404, "Not Found Error"),
        ("package_show", {}, 409, "Validation Error"),
        ("package_create", {"name": "x"}, 403, "Authorization Error"),
        ("datastore_upsert", {}, 403, "Authorization Error"),
        ("no_such_thing", {}, 404, "Not Found Error"),
        ("package_search", {"fq": "(a"}, 409, "Search Query Error"),
        ("package_search", {"rows": "many"}, 409, "Validation Error"),
        ("datastore_search", {"resource_id": "perm-0001", "filters": {"nothing": 1}}, 409, "Validation Error"),
        ("datastore_search", {"resource_id": "perm-0001", "filters": {"ward": "one"}}, 409, "Validation Error"),
        ("datastore_search", {"resource_id": "perm-0001", "filters": {"phone": "555-1"}}, 409, "Validation Error"),
        ("datastore_search", {"resource_id": "perm-0001", "sort": "ward; DROP"}, 409, "Validation Error"),
        ("datastore_search", {"resource_id": "perm-0001-pdf"}, 404, "Not Found Error"),
    ],
)
def test_errors_are_named_as_ckan_names_them(
    world: World, action: str, given: dict[str, Any], status: int, kind: str
) -> None:
    answered, error = world.refused(action, **given)
    assert (answered, error["__type"]) == (status, kind)


@pytest.mark.parametrize("body", [b"{", b"[1]", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(world: World, body: bytes) -> None:
    answer = world.client.ask("POST", "/api/action/package_show", content=body)
    assert (answer.status_code, answer.json()["error"]["__type"]) == (409, "Validation Error")


def search(world: World, **given: Any) -> Any:
    return world.act("datastore_search", resource_id="perm-0001-csv", **given)


def test_rows_come_with_their_fields(world: World) -> None:
    found = search(world, sort="number")
    assert [field["type"] for field in found["fields"]] == [
        "int", "text", "text", "int8", "numeric", "date", "text", "text",
    ]  # fmt: skip
    assert {name: value for name, value in found["records"][0].items() if name != "_id"} == {
        "number": "P-1", "kind": "NEW", "ward": 1, "cost": 1000.5, "issued_on": "2025-01-02",
        "place": "POINT (-87.6 41.8)", "block": SHAPE,
    }  # fmt: skip
    assert (found["total"], found["records_format"], found["limit"]) == (3, "objects", 100)


SHAPE = "POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))"


@pytest.mark.parametrize(
    ("given", "numbers"),
    [
        ({"filters": {"ward": 2}}, ["P-2", "P-3"]),
        ({"filters": '{"ward": ["1", "2"], "kind": "NEW"}'}, ["P-1"]),
        ({"filters": {"cost": None}}, ["P-3"]),
        ({"filters": {"issued_on": "2025-02-03"}}, ["P-2"]),
        ({"filters": {"ward": []}}, []),
        ({"q": "sign"}, ["P-2", "P-3"]),
        ({"q": {"number": "p-1"}}, ["P-1"]),
        ({"q": "555"}, []),
        ({"sort": "ward desc, number desc"}, ["P-3", "P-2", "P-1"]),
        ({"limit": 1, "offset": 1}, ["P-2"]),
    ],
)
def test_rows_are_filtered_searched_and_sorted(world: World, given: dict[str, Any], numbers: list[str]) -> None:
    assert [row["number"] for row in search(world, **{"sort": "number", **given})["records"]] == numbers


def test_distinct_values_are_counted_as_such(world: World) -> None:
    found = search(world, distinct=True, fields="ward")
    assert (found["records"], found["total"]) == ([{"ward": 1}, {"ward": 2}], 2)


@pytest.mark.parametrize(
    ("kind", "records"),
    [
        ("lists", [["P-1", 1], ["P-2", 2]]),
        ("csv", "P-1,1\nP-2,2\n"),
        ("tsv", "P-1\t1\nP-2\t2\n"),
    ],
)
def test_records_come_in_other_forms(world: World, kind: str, records: Any) -> None:
    found = search(world, fields=["number", "ward"], sort="number", limit=2, records_format=kind)
    assert found["records"] == records


def test_the_count_may_be_left_out(world: World) -> None:
    assert "total" not in search(world, include_total=False, limit=0)


def test_a_limit_is_capped(world: World) -> None:
    assert search(world, limit=10**9)["limit"] == 32000


def test_rows_answer_as_of_a_day(world: World) -> None:
    assert (search(world, as_of="2026-03-15")["total"], search(world)["total"]) == (2, 3)


def test_the_next_page_is_linked(world: World) -> None:
    assert search(world, limit=2)["_links"]["next"] == {"resource_id": "perm-0001-csv", "limit": 2, "offset": 2}


def test_a_datastore_says_what_it_holds(world: World) -> None:
    said = world.act("datastore_info", id="perm-0001")
    assert (said["meta"]["count"], [field["id"] for field in said["fields"]][:3]) == (3, ["number", "kind", "ward"])
    assert "phone" not in json.dumps(said)
