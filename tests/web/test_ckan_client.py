"""The CKAN client people use, unchanged, against a server of ours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import ckanapi
import pytest
from tests.servers import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def portal(public_server: tuple[Server, Path]) -> ckanapi.RemoteCKAN:
    return ckanapi.RemoteCKAN(f"http://{public_server[0].host}", apikey="ignored")


def test_it_reads_the_catalogue(portal: ckanapi.RemoteCKAN) -> None:
    assert portal.action.package_list() == ["blocks", "permits"]
    package = portal.action.package_show(id="permits")
    assert [resource["datastore_active"] for resource in package["resources"]][:2] == [True, True]
    assert portal.action.package_search(q="building")["results"][0]["name"] == "permits"
    assert portal.action.package_search(fq="tags:building")["count"] == 1


def test_it_reads_rows(portal: ckanapi.RemoteCKAN) -> None:
    found = portal.action.datastore_search(
        resource_id="perm-2222", filters={"kind": ["SIGN", "REPAIR"]}, sort="number desc", fields=["number"], limit=2
    )
    assert (found["records"], found["total"]) == ([{"number": "P-0398"}, {"number": "P-0397"}], 134)
    counted = portal.action.datastore_search_sql(sql='SELECT kind, count(*) AS n FROM "permits" GROUP BY 1 ORDER BY 1')
    assert sum(row["n"] for row in counted["records"]) == 400


@pytest.mark.parametrize(
    ("action", "given", "error"),
    [
        ("package_show", {"id": "drafts"}, ckanapi.NotFound),
        ("datastore_search", {"resource_id": "drft-2222"}, ckanapi.NotFound),
        ("package_delete", {"id": "permits"}, ckanapi.NotAuthorized),
        ("datastore_search", {"resource_id": "permits", "fields": ["owner_phone"]}, ckanapi.ValidationError),
        ("package_search", {"fq": "nothing:("}, ckanapi.SearchQueryError),
    ],
)
def test_it_knows_our_errors(
    portal: ckanapi.RemoteCKAN, action: str, given: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        portal.call_action(action, given)


def test_it_dumps_all_datasets(public_server: tuple[Server, Path]) -> None:
    folder = str(Path(sys.executable).parent)  # its command starts more of itself
    command = ["ckanapi", "dump", "datasets", "--all", "-r", f"http://{public_server[0].host}"]
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    dumped = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert [json.loads(line)["name"] for line in dumped.stdout.splitlines()] == ["blocks", "permits"]
