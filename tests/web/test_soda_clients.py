"""Clients people use, unmodified, against a server in a process of its own."""

import csv
import io
import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from sodapy import Socrata
from tests.public_city import ROWS
from tests.servers import Server

pytestmark = pytest.mark.slow
Public = tuple[Server, Path]


@pytest.fixture
def client(public_server: Public) -> Socrata:
    logging.getLogger().setLevel(logging.ERROR)  # it warns that it was given no token
    server, _ = public_server
    adapter = {"prefix": "http://", "adapter": requests.adapters.HTTPAdapter()}
    return Socrata(server.host, None, session_adapter=adapter)


def test_sodapy_reads_rows(client: Socrata) -> None:
    rows = client.get("perm-2222", where="cost > 0", order="number", select="number,cost,open", limit=5)
    assert [sorted(row)[0] for row in rows] == ["cost"] * 5
    assert client.get("perm-2222", select="count(*)") == [{"count": str(ROWS)}]


def test_sodapy_reads_every_row_page_by_page(client: Socrata) -> None:
    numbers = [row["number"] for row in client.get_all("perm-2222", limit=150)]
    assert (len(numbers), len(set(numbers))) == (ROWS, ROWS)


def test_sodapy_reads_csv_and_geojson(client: Socrata) -> None:
    header, *rows = client.get("perm-2222", content_type="csv", limit=3)
    assert (header[0], len(rows)) == ("number", 3)
    document = client.get("bock-2222", content_type="geojson")
    assert document["features"][0]["geometry"]["type"] in {"Polygon", "MultiPolygon"}


def test_sodapy_reads_metadata_and_the_catalogue(client: Socrata) -> None:
    metadata = client.get_metadata("perm-2222")
    assert (metadata["name"], metadata["columns"][0]["fieldName"]) == ("Permits", "number")
    assert client.download_attachments("perm-2222") == []
    found = {one["resource"]["id"] for one in client.datasets()}
    assert {"perm-2222", "bock-2222"} <= found


def test_sodapy_hears_what_is_wrong(client: Socrata) -> None:
    with pytest.raises(requests.exceptions.HTTPError, match="No such column: nope"):
        client.get("perm-2222", where="nope = 1")
    with pytest.raises(requests.exceptions.HTTPError, match="404"):
        client.get("none-2222")


def test_the_requests_of_rsocrata_are_answered(public_server: Public) -> None:
    """It reads a CSV page by page until one is empty, types from the headers, and the list of datasets."""
    server, _ = public_server
    address = f"/resource/perm-2222.csv?$order={quote(':id')}&$limit=150&$offset="
    pages, found = [server.get(f"{address}{start}") for start in range(0, ROWS + 151, 150)], []
    for page in pages:
        fields, types = (json.loads(page.headers[f"x-soda2-{name}"]) for name in ("fields", "types"))
        header, *rows = csv.reader(io.StringIO(page.text))
        assert header == fields
        assert dict(zip(fields, types, strict=True))["issued_on"] == "floating_timestamp"
        found += [row[0] for row in rows]
    assert pages[-1].text.count("\n") == 1
    assert (len(found), len(set(found))) == (ROWS, ROWS)
    listing = json.loads(server.get("/data.json").text)
    assert {"@context", "@id", "@type", "conformsTo", "describedBy", "dataset"} <= set(listing)
    assert all({"issued", "modified", "theme"} <= set(one) for one in listing["dataset"])


def test_rsocrata_is_told_of_a_single_dollar_too_many(public_server: Public) -> None:
    server, _ = public_server
    answer = server.get("/resource/perm-2222.json?$app_token=abc")
    assert answer.status == 400
    assert server.get("/resource/perm-2222.json?$LIMIT=1&$$app_token=abc").status == 200


def test_a_long_answer_comes_in_parts_and_whole(public_server: Public) -> None:
    server, _ = public_server
    answer = server.get("/api/views/perm-2222/rows.csv?accessType=DOWNLOAD")
    assert len(list(csv.reader(io.StringIO(answer.text)))) == ROWS + 1
