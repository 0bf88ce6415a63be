"""The catalogue in both versions of DCAT-US, checked against the published schemas."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rdflib
from catalogue_world import CITY, TREES, World
from standards import problems_3, problems_11

from cupola.lake import Listing
from cupola.serving import close_services

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("dcat") / "lake")
    yield made
    made.lake.close()
    close_services()


def dataset(world: World, path: str, title: str, query: str = "") -> dict[str, Any]:
    (found,) = [one for one in world.json(f"{path}{query}")["dataset"] if one["title"] == title]
    return found  # type: ignore[no-any-return]


def test_data_json_keeps_its_schema(world: World, real_data: Path) -> None:
    assert problems_11(world.json("/data.json"), real_data) == []


def test_catalog_jsonld_keeps_its_schema(world: World, real_data: Path) -> None:
    assert problems_3(world.json("/catalog.jsonld"), real_data) == []


def test_the_schemas_do_find_mistakes(world: World, real_data: Path) -> None:
    broken = world.json("/data.json")
    del broken["dataset"][0]["identifier"]
    third = world.json("/catalog.jsonld")
    del third["dataset"][0]["contactPoint"]
    assert "identifier" in problems_11(broken, real_data)[0]
    assert problems_3(third, real_data) != []


def test_data_json_has_what_an_older_client_wants_of_every_catalogue(world: World) -> None:
    document = world.json("/data.json")
    assert [name for name in ("@context", "@id", "@type", "conformsTo", "describedBy") if not document.get(name)] == []
    permits = dataset(world, "/data.json", "Building permits")
    assert (permits["issued"], permits["modified"], permits["theme"]) == (
        "2026-03-11T00:00:00Z", "2026-03-03T00:00:00Z", ["Buildings"],
    )  # fmt: skip


def test_a_dataset_says_who_when_and_where(world: World) -> None:
    permits = dataset(world, "/data.json", "Building permits")
    assert permits["identifier"] == "http://localhost/api/views/perm-0001"
    assert permits["publisher"]["subOrganizationOf"]["name"] == "City of Springfield"
    assert permits["contactPoint"]["hasEmail"] == "mailto:data@springfield.example"
    assert permits["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert permits["accrualPeriodicity"] == "R/P1M"
    assert [one["format"] for one in permits["distribution"]] == ["CSV", "JSON", "GeoJSON"]


def test_a_dataset_hosted_elsewhere_is_told_as_its_publisher_told_it(world: World) -> None:
    assert dataset(world, "/data.json", "Street trees") == {
        "@type": "dcat:Dataset",
        "identifier": "https://parks.example/api/views/tree-0001",
        "title": "Street trees",
        "description": "Every tree on a street.",
        "issued": "2011-09-30",
        "modified": "2026-01-05",
        "publisher": {
            "@type": "org:Organization",
            "name": "Parks",
            "subOrganizationOf": {"@type": "org:Organization", "name": "County"},
        },
        "contactPoint": {"@type": "vcard:Contact", "fn": "Parks"},
        "accessLevel": "public",
        "landingPage": "https://parks.example/d/tree-0001",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": "All trees",
                "format": "CSV",
                "mediaType": "text/csv",
                "downloadURL": "https://parks.example/t.csv",
            }
        ],
        "dataQuality": True,
        "theme": None,
    }


def test_versions_measurements_and_known_issues_have_their_place(world: World) -> None:
    permits = dataset(world, "/catalog.jsonld", "Building permits")
    assert (permits["version"], permits["previousVersion"]["version"]) == ("2", "1")
    assert [one["value"] for one in permits["hasQualityMeasurement"]] == ["3", "P1M"]
    assert permits["liabilityStatement"] == "Known issues: Nobody checks the cost."
    assert permits["wasGeneratedBy"][0]["label"] == "Loaded 2026-03-03T00:00:00Z"


def test_hidden_columns_are_in_no_document(world: World) -> None:
    assert "phone" not in world.client.get("/catalog.jsonld").text


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib, inside rdflib
def test_the_third_version_is_rdf_without_fetching_anything(world: World) -> None:
    graph = rdflib.Graph().parse(data=world.client.get("/catalog.jsonld").text, format="json-ld")
    view = rdflib.URIRef("http://localhost/api/views/perm-0001")
    assert (view, rdflib.RDF.type, DCAT.Dataset) in graph
    assert str(next(graph.objects(view, rdflib.DCTERMS.title))) == "Building permits"
    addresses = {str(one) for one in graph.objects(None, DCAT.downloadURL)}
    assert "http://localhost/api/views/perm-0001/rows.csv?accessType=DOWNLOAD" in addresses
    named = {str(one) for one in graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/csvw#name"))}
    assert named == {"number", "kind", "ward", "cost", "issued_on", "place", "block"}


@pytest.mark.parametrize("path", ["/data.json", "/catalog.jsonld"])
def test_a_client_that_has_it_is_not_sent_it_again(world: World, path: str) -> None:
    first = world.client.get(path)
    again = world.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/data.json", "/catalog.jsonld"])
def test_documents_answer_as_of_a_day(world: World, path: str) -> None:
    assert [one["title"] for one in world.json(f"{path}?as_of=2026-03-15")["dataset"]] == ["Building permits"]
    assert world.client.get(f"{path}?as_of=yesterday").status_code == 400


def test_addresses_are_those_of_the_host_that_was_asked(world: World) -> None:
    asked = world.client.get("/data.json", headers={"Host": "testserver:8080"})
    assert asked.json()["@id"] == "http://testserver:8080/data.json"
    assert world.client.get("/data.json", headers={"Host": "evil.example"}).status_code == 400


def test_a_promise_in_words_is_written_as_each_standard_wants(tmp_path: Path, real_data: Path) -> None:
    made = World(tmp_path / "lake")
    said = {**TREES["catalogue"], "harvested_as": "dcat-us-3", "periodicity": "biweekly"}
    made.listings.put(Listing("trees", "tree-0001", made.days[1], {**TREES, "catalogue": said}))
    assert dataset(made, "/data.json", "Street trees")["accrualPeriodicity"] == "R/P2W"
    assert dataset(made, "/catalog.jsonld", "Street trees")["accrualPeriodicity"] == "biweekly"
    assert problems_11(made.json("/data.json"), real_data) == []
    close_services()


def test_terms_without_an_address_are_told_in_words(tmp_path: Path) -> None:
    made = World(tmp_path / "lake")
    plain = {"title": "Shrubs", "description": "Shrubs.", "license": "Ask us first"}
    made.listings.put(Listing("shrubs", "shru-0001", made.days[1], plain))
    made.listings.put_city(replace(CITY, contact=""))
    shrubs = dataset(made, "/data.json", "Shrubs")
    assert (shrubs.get("license"), shrubs["rights"]) == (None, "Terms of use: Ask us first")
    assert "hasEmail" not in json.dumps(shrubs)
    close_services()


def test_without_an_address_to_write_to_a_dataset_is_left_out_of_the_standard_that_wants_one(
    tmp_path: Path, real_data: Path
) -> None:
    made = World(tmp_path / "lake")
    own = {"title": "Shrubs", "description": "Shrubs.", "contact": "shrubs@springfield.example"}
    made.listings.put(Listing("shrubs", "shru-0001", made.days[1], own))
    made.listings.put(Listing("grass", "gras-0001", made.days[1], {"title": "Grass", "description": "Grass."}))
    made.listings.put_city(replace(CITY, contact=""))
    third, older = made.json("/catalog.jsonld"), made.json("/data.json")
    assert problems_3(third, real_data) == []
    assert problems_11(older, real_data) == []
    assert {"Shrubs"} <= {one["title"] for one in third["dataset"]}
    assert "Grass" not in {one["title"] for one in third["dataset"]}
    assert "Grass" in {one["title"] for one in older["dataset"]}
    left_out = len(older["dataset"]) - len(third["dataset"])
    assert f"Left out, for want of an e-mail address to write to: {left_out};" in third["description"]
    close_services()


def test_the_time_a_dataset_speaks_about_is_read_from_its_rows(tmp_path: Path) -> None:
    made = World(tmp_path / "lake")
    made.lake.build_profile(made.lake.version("permits"))
    assert dataset(made, "/data.json", "Building permits")["temporal"] == "2025-01-02/2025-03-04"
    assert dataset(made, "/catalog.jsonld", "Building permits")["temporal"] == [
        {"@type": "PeriodOfTime", "startDate": "2025-01-02", "endDate": "2025-03-04"}
    ]
    close_services()
