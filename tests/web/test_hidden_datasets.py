"""What is not public answers exactly as what does not exist, at every address."""

from pathlib import Path

import pytest
from tests.servers import Answer, Server

pytestmark = [pytest.mark.slow]
ADDRESSES = [
    "/resource/{}.json",
    "/resource/{}.csv",
    "/resource/{}.geojson",
    "/resource/{}.json?$select=number",
    "/resource/{}.json?$where=syntax error(",
    "/resource/{}.json?version=1",
    "/resource/{}.json?as_of=2026-01-01",
    "/resource/{}/row-1.json",
    "/api/views/{}.json",
    "/api/views/{}",
    "/api/views/{}/columns.json",
    "/api/views/{}/rows.csv?accessType=DOWNLOAD",
    "/api/views/{}/rows.json",
    "/api/id/{}.json",
    "/api/catalog/v1?ids={}",
    "/api/catalog/v1?q={}",
    "/api/catalog/v1?names={}",
    "/api/action/package_show?id={}",
    "/api/3/action/package_show?id={}",
    "/api/action/resource_show?id={}",
    "/api/action/datastore_info?id={}",
    "/api/action/datastore_search?resource_id={}",
    '/api/action/datastore_search_sql?sql=SELECT * FROM "{}"',
    "/api/action/package_search?q={}",
    "/d/{}",
    "/dataset/Some-name/{}",
    "/data/{}/",
    "/es/data/{}/",
    "/data/{}/rows/",
    "/data/{}/explore/",
    "/data/{}/explore.svg",
    "/data/{}/compare/?from=1&to=2",
    "/data/?q={}",
    "/downloads/{}/1/{}.csv.gz",
    "/downloads/{}/1/datapackage.json",
    "/downloads/{}/datapackage.json",
    "/tiles/{}/1.pmtiles",
    "/tiles/{}.pmtiles",
    "/status/{}.svg",
]
# A hidden dataset, and one there is not, whose name is as long.
PAIRS = [("drafts", "nought"), ("drft-2222", "zzzz-2222"), ("inner-work", "outer-work"), ("innr-2222", "yyyy-2222")]
OF_THE_MOMENT = {"date", "x-socrata-requestid"}


@pytest.mark.parametrize(("hidden", "absent"), PAIRS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_hidden_answers_like_what_is_not_there(
    address: str, hidden: str, absent: str, public_server: tuple[Server, Path]
) -> None:
    server, _ = public_server
    wire = address.replace(" ", "%20").replace('"', "%22").replace("{}", "{0}")
    one, other = server.get(wire.format(hidden)), server.get(wire.format(absent))
    assert one.status == other.status
    assert one.status < 500
    assert _headers(one, hidden) == _headers(other, absent)
    assert _body(one, hidden) == _body(other, absent)


def _headers(answer: Answer, name: str) -> dict[str, str]:
    return {key: text.replace(name, "NAME") for key, text in answer.headers.items() if key not in OF_THE_MOMENT}


def _body(answer: Answer, name: str) -> str:
    return answer.text.replace(name, "NAME")
