"""A CKAN resource: its datastore in pages, or its file."""

import json
from dataclasses import dataclass, field

import pytest
from source_world import Asked, Reply, Site, Taker

from cupola.errors import InvalidInput
from cupola.sources import SourceUnreachable

ID = "0b1f9a7e-6f4e-4a6f-9d0f-2f6f2f6f2f6f"
SEARCH, SHOW = "/api/3/action/datastore_search", "/api/3/action/resource_show"


@dataclass
class Portal:
    """Answers datastore_search as documented at docs.ckan.org; `most` is ckan.datastore.search.rows_max."""

    records: list[dict[str, object]] = field(default_factory=list)
    most: int = 32_000

    def __call__(self, asked: Asked) -> Reply:
        assert (asked.query["resource_id"], asked.query["sort"]) == (ID, "_id")
        start = int(asked.query["offset"])
        page = self.records[start : start + min(int(asked.query["limit"]), self.most)]
        kinds = [("_id", "int"), ("name", "text"), ("amount", "numeric"), ("when", "timestamp"), ("never", "text")]
        result = {
            "include_total": True,
            "resource_id": ID,
            "fields": [{"id": name, "type": kind} for name, kind in kinds],
            "records_format": "objects",
            "records": page,
            "total": len(self.records),
        }
        return ok(result)


def ok(result: object) -> Reply:
    return Reply(200, json.dumps({"help": "...", "success": True, "result": result}).encode())


def not_found() -> Reply:
    error = {"__type": "Not Found Error", "message": f'Not found: Resource "{ID}" was not found.'}
    return Reply(404, json.dumps({"help": "...", "success": False, "error": error}).encode())


@pytest.fixture
def portal(site: Site) -> Portal:
    portal = Portal()
    for number in range(1, 6):
        portal.records.append({"_id": number, "name": f"n{number}", "amount": 1.5, "when": None, "never": None})
    portal.records[2] |= {"amount": 10**20, "when": "2024-01-02T03:04:05"}
    site.replies[SEARCH] = portal
    return portal


def test_all_rows_come_in_pages_though_the_portal_gives_fewer_than_asked(
    taker: Taker, site: Site, portal: Portal
) -> None:
    portal.most = 2
    fetched = taker.fetch(url=f"{site.url}/dataset/grants/resource/{ID}", format="ckan", token="key")
    rows = taker.rows(fetched)
    assert [tuple(row.values()) for row in rows[1:3]] == [
        ("n2", "1.5", None, None, 2),
        ("n3", "100000000000000000000", "2024-01-02T03:04:05", None, 3),
    ]
    assert (len(rows), list(rows[0])) == (5, ["name", "amount", "when", "never", "_row"])
    assert [asked.query["offset"] for asked in site.asked] == ["0", "2", "4", "5"]
    assert site.asked[0].headers["authorization"] == "key"
    assert "key" not in fetched.state.values()


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        (f"/dataset/grants/resource/{ID}", ""),
        (f"/en/dataset/grants/resource/{ID}", ""),
        (f"/api/3/action/datastore_search?resource_id={ID}", ""),
        ("", ID),
        ("/dataset/grants", ID),
    ],
)
def test_any_address_of_the_resource_will_do(
    taker: Taker, site: Site, portal: Portal, path: str, resource: str
) -> None:
    assert len(taker.rows(taker.fetch(url=site.url + path, format="ckan", resource=resource))) == 5


def test_the_same_rows_are_unchanged_and_other_rows_are_not(taker: Taker, site: Site, portal: Portal) -> None:
    first = taker.fetch(url=site.url, resource=ID, format="ckan")
    for record in portal.records:
        record["_id"] = int(str(record["_id"])) + 100
    second = taker.fetch(url=site.url, resource=ID, format="ckan", state=first.state)
    portal.records[0]["name"] = "other"
    third = taker.fetch(url=site.url, resource=ID, format="ckan", state=first.state)
    assert (second.unchanged, third.unchanged) == (True, False)


def test_without_a_datastore_the_file_is_taken(taker: Taker, site: Site) -> None:
    site.replies[SEARCH] = [not_found()]
    site.replies[SHOW] = [ok({"id": ID, "url": "/download/grants", "format": "CSV", "datastore_active": False})]
    site.replies["/download/grants"] = [Reply(200, b"a,b\n1,x\n")]
    fetched = taker.fetch(url=site.url, resource=ID, format="ckan")
    assert (fetched.format, taker.rows(fetched)) == ("csv", [{"a": "1", "b": "x", "_row": 1}])
    assert taker.fetch(url=site.url, resource=ID, format="ckan", state=fetched.state).unchanged


def test_a_resource_that_is_not_there_says_so(taker: Taker, site: Site) -> None:
    site.replies[SEARCH], site.replies[SHOW] = [not_found()], [not_found()]
    with pytest.raises(SourceUnreachable, match=f'it answered 404: Not found: Resource "{ID}" was not found'):
        taker.fetch(url=site.url, resource=ID, format="ckan")


def test_rows_that_move_between_pages_are_noticed(taker: Taker, site: Site, portal: Portal) -> None:
    def shifting(asked: Asked) -> Reply:
        if asked.query["offset"] == "2":
            portal.records.insert(0, {"_id": 0, "name": "new"})
        return portal(asked)

    taker.limit(page_rows=2)
    site.replies[SEARCH] = shifting
    with pytest.raises(SourceUnreachable, match="rows came twice; the resource changed meanwhile"):
        taker.fetch(url=site.url, resource=ID, format="ckan")
    assert list((taker.folder / "cache").iterdir()) == []


def test_fewer_rows_than_counted_are_not_taken_for_all(taker: Taker, site: Site, portal: Portal) -> None:
    def short(asked: Asked) -> Reply:
        if int(asked.query["offset"]) < 2:
            return portal(asked)
        return ok({"records": [], "total": 5, "fields": []})

    taker.limit(page_rows=2)
    site.replies[SEARCH] = short
    with pytest.raises(SourceUnreachable, match="only 2 of 5 rows came"):
        taker.fetch(url=site.url, resource=ID, format="ckan")


def test_an_address_without_a_resource_is_refused(taker: Taker, site: Site) -> None:
    with pytest.raises(InvalidInput, match="it names no CKAN resource"):
        taker.fetch(url=f"{site.url}/dataset/grants", format="ckan")
