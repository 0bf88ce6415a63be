"""Other portals' catalogues as fields of a city folder: nothing they say is lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from source_world import Asked, Reply, Site, Waits

from cupola import folder
from cupola.sources import Limits, SourceInvalid, SourceUnreachable
from cupola.sources.catalogues import read_catalogue

OLDER = {
    "@type": "dcat:Dataset",
    "identifier": "https://data.example.gov/api/views/tree-0001",
    "title": "Street trees",
    "description": "Every tree.\r\nOn a street.",
    "keyword": ["trees", "parks"],
    "publisher": {
        "@type": "org:Organization",
        "name": "Parks",
        "subOrganizationOf": {"@type": "org:Organization", "name": "County"},
    },
    "contactPoint": {"@type": "vcard:Contact", "fn": "Ada", "hasEmail": "mailto:ada@example.gov"},
    "accessLevel": "non-public",
    "rights": "Names of owners.",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "landingPage": "https://data.example.gov/d/tree-0001",
    "theme": ["Environment", "Streets"],
    "issued": "2011-09-30",
    "modified": "R/P1D",
    "accrualPeriodicity": "irregular",
    "spatial": "Springfield",
    "temporal": "2006-01-01/2026-01-01",
    "language": ["en"],
    "conformsTo": "https://standards.example/trees",
    "describedBy": "https://data.example.gov/dictionary.pdf",
    "describedByType": "application/pdf",
    "references": ["https://data.example.gov/about"],
    "isPartOf": "https://data.example.gov/series",
    "dataQuality": True,
    "bureauCode": ["015:11"],
    "distribution": [
        {
            "@type": "dcat:Distribution",
            "title": "All",
            "format": "CSV",
            "mediaType": "text/csv",
            "downloadURL": "https://data.example.gov/trees.csv",
            "byteSize": 17,
        },
        {"@type": "dcat:Distribution", "accessURL": "ftp://data.example.gov/trees", "title": "By FTP"},
    ],
}


def serve(site: Site, pages: dict[str, Any]) -> None:
    """Let the site answer these paths with JSON, and nothing else."""

    def answer(asked: Asked) -> Reply:
        if asked.path not in pages:
            return Reply(404, b"{}")
        found = pages[asked.path]
        body = found(asked.query) if callable(found) else found
        return Reply(200, json.dumps(body).encode())

    site.answer = answer  # type: ignore[method-assign]


def read(site: Site, path: str, kind: str = "") -> Any:
    waits = Waits()
    return read_catalogue(f"{site.url}{path}", kind=kind, limits=Limits(attempts=2, pace=waits.pace()))


def catalogue(*datasets: Any) -> dict[str, Any]:
    return {"@type": "dcat:Catalog", "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": datasets}


def test_every_field_of_an_older_catalogue_is_kept(site: Site) -> None:
    serve(site, {"/data.json": catalogue(OLDER)})
    (found,) = read(site, "/data.json").datasets
    said = found["catalogue"]
    assert (found["id"], found["title"], found["topic"]) == ("tree-0001", "Street trees", "Environment")
    assert found["classification"] == "restricted"
    assert (found["steward"], found["contact"], found["department"]) == ("Ada", "ada@example.gov", "Parks")
    assert found["description"] == "Every tree.\nOn a street."
    assert said["said"] == {"description": OLDER["description"], "dataQuality": True, "bureauCode": ["015:11"]}
    assert said["publisher"] == ["Parks", "County"]
    assert said["distributions"][0] == {
        "title": "All",
        "format": "CSV",
        "media_type": "text/csv",
        "url": "https://data.example.gov/trees.csv",
        "said": {"byteSize": 17},
    }
    assert said["distributions"][1] == {"title": "By FTP", "said": {"accessURL": "ftp://data.example.gov/trees"}}
    kept = ("issued", "modified", "spatial", "temporal", "rights", "described_by", "part_of", "references", "languages")
    assert [name for name in kept if not said.get(name)] == []


def test_what_is_read_is_what_a_folder_may_hold(site: Site) -> None:
    strange = {"title": "Odd\u0007", "identifier": 17, "publisher": "Someone", "contactPoint": [], "keyword": "a,b"}
    strange |= {
        "landingPage": "javascript:alert(1)",
        "distribution": {"downloadURL": "not an address"},
        "theme": [None],
    }
    serve(site, {"/data.json": catalogue(OLDER, strange, {"identifier": "x"})})
    for fields in read(site, "/data.json").datasets:
        fields.setdefault("landing_page", "https://data.example.gov/")
        record = folder.parse("dataset", {"key": "one", **fields})
        assert folder.parse("dataset", record.fields()) == record


def test_a_strange_value_stays_as_it_was_said(site: Site) -> None:
    strange = {"title": "Odd", "publisher": "Someone", "landingPage": "javascript:alert(1)", "keyword": "a,b"}
    serve(site, {"/data.json": catalogue(strange)})
    (found,) = read(site, "/data.json").datasets
    assert "landing_page" not in found
    assert found["catalogue"]["said"] == {name: value for name, value in strange.items() if name != "title"}


def package(number: int) -> dict[str, Any]:
    return {
        "id": f"id-{number}",
        "name": f"set-{number}",
        "title": f"Set {number}",
        "notes": "Notes.",
        "organization": {"title": "Works"},
        "tags": [{"name": "roads"}],
        "groups": [{"title": "Transport"}],
        "maintainer": "Bo",
        "maintainer_email": "bo@example.gov",
        "license_title": "Open licence",
        "metadata_created": "2020-01-01T00:00:00",
        "extras": [{"key": "spatial", "value": "Springfield"}],
        "resources": [{"id": "r", "name": "CSV", "format": "CSV", "url": "https://x.example/a.csv", "size": 12}],
    }


def test_a_ckan_portal_is_read_page_after_page(site: Site) -> None:
    def search(query: dict[str, str]) -> Any:
        start = int(query["start"])
        found = [package(number) for number in range(250)][start : start + int(query["rows"])]
        return {"success": True, "result": {"count": 250, "results": found}}

    serve(site, {"/api/3/action/package_search": search, "/api/3/action/package_list": {"success": True}})
    inventory = read(site, "/")
    first = inventory.datasets[0]
    assert (inventory.kind, len(inventory.datasets)) == ("ckan", 250)
    assert (first["title"], first["topic"], first["contact"]) == ("Set 0", "Transport", "bo@example.gov")
    assert first["landing_page"] == f"{site.url}/dataset/set-0"
    assert first["catalogue"]["distributions"][0]["said"] == {"id": "r", "size": 12}
    assert first["catalogue"]["spatial"] == "Springfield"


def test_a_socrata_portal_gives_its_columns_too(site: Site) -> None:
    result = {
        "resource": {
            "id": "abcd-1234",
            "name": "Permits",
            "description": "All.",
            "type": "dataset",
            "attribution": "Buildings",
            "columns_field_name": ["number", "cost"],
            "columns_name": ["Number", "Cost"],
            "columns_datatype": ["Text", "Number"],
            "columns_description": ["", "In dollars."],
            "download_count": 5,
        },
        "classification": {"domain_category": "Buildings", "domain_tags": ["permits"]},
        "metadata": {"domain": "127.0.0.1"},
        "permalink": "https://data.example.gov/d/abcd-1234",
    }
    serve(site, {"/api/catalog/v1": {"results": [result], "resultSetSize": 1}})
    (found,) = read(site, "/api/catalog/v1").datasets
    assert found["columns"][1] == {"name": "cost", "type": "float", "title": "Cost", "meaning": "In dollars."}
    assert (found["id"], found["topic"]) == ("abcd-1234", "Buildings")
    assert (
        found["catalogue"]["distributions"][0]["url"] == f"{site.url}/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD"
    )
    assert found["catalogue"]["said"]["resource"]["download_count"] == 5


def test_a_front_without_a_catalogue_is_said_to_have_none(site: Site) -> None:
    serve(site, {})
    with pytest.raises(SourceInvalid, match="no catalogue was found there"):
        read(site, "/")


def test_a_document_without_datasets_is_refused(site: Site) -> None:
    serve(site, {"/data.json": {"dataset": "none"}})
    with pytest.raises(SourceInvalid, match="no list `dataset`"):
        read(site, "/data.json")


def test_an_address_that_is_not_there_is_unreachable(site: Site) -> None:
    serve(site, {})
    with pytest.raises(SourceUnreachable, match="404"):
        read(site, "/data.json")


def test_only_addresses_of_the_web_are_read(tmp_path: Path) -> None:
    with pytest.raises(SourceInvalid, match="no address of the web"):
        read_catalogue(f"file://{tmp_path}/data.json")


@pytest.mark.real
def test_real_catalogues_are_read_whole(site: Site, real_data: Path) -> None:
    samples = real_data / "schemas" / "dcat-us-1.1" / "datajson-samples"
    third = real_data / "schemas" / "dcat-us-3"
    documents = {
        "/arm/data.json": json.loads((samples / "arm.data.json").read_text()),
        "/ny/data.json": json.loads((samples / "ny.data.json").read_text()),
        "/third.jsonld": json.loads((third / "harvester-examples" / "dcatus3_0.json").read_text()),
        "/whole.jsonld": {
            "@type": "Catalog",
            "dataset": [json.loads((third / "examples" / "Dataset" / "good" / "complete_example.json").read_text())],
        },
    }
    serve(site, documents)
    for path, document in documents.items():
        inventory = read(site, path)
        assert len(inventory.datasets) == len(document["dataset"])
        for fields in inventory.datasets:
            fields.setdefault("landing_page", "https://data.example.gov/")
            folder.parse("dataset", {"key": "one", **fields})
