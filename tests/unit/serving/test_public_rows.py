"""Rows over SODA: every type in every format, and the headers around them."""

import csv
import io
import json
from pathlib import Path

import pytest
from rows_world import DAYS, FULL, NAMES, World

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("rows"))


def test_json_writes_numbers_as_texts_and_leaves_nulls_out(world: World) -> None:
    rows = world.json("/resource/permits.json")
    assert rows == [
        {
            "number": "P-1",
            "ward": "3",
            "cost": "1000.5",
            "share": "0.00001",
            "open": True,
            "issued_on": "2014-10-13T00:00:00.000",
            "seen_at": "2014-10-13T08:30:00.000",
            "sent_at": "2014-10-13T08:30:00.250Z",
            "place": {"type": "Point", "coordinates": [-87.6, 41.8]},
            "block": {
                "type": "Polygon",
                "coordinates": [[[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]],
            },
            "page": {"url": "https://x.example/1"},
        },
        {"number": 'P-"2"', "ward": "4", "cost": "20", "open": False},
        {"number": "P-3"},
    ]


def test_csv_quotes_every_value_and_writes_nothing_for_a_null(world: World) -> None:
    text = world.client.get("/resource/perm-0001.csv").text
    assert text == (
        '"number","ward","cost","share","open","issued_on","seen_at","sent_at","place","block","page"\n'
        '"P-1","3","1000.5","0.00001","true","2014-10-13T00:00:00.000","2014-10-13T08:30:00.000",'
        '"2014-10-13T08:30:00.250Z","POINT (-87.6 41.8)","POLYGON ((0 0, 0 1, 1 1, 1 0, 0 0))","https://x.example/1"\n'
        '"P-""2""","4","20",,"false",,,,,,\n'
        '"P-3",,,,,,,,,,\n'
    )


def test_tsv_is_the_same_with_tabs(world: World) -> None:
    text = world.client.get("/resource/permits.tsv?$select=number,ward").text
    assert text == '"number"\t"ward"\n"P-1"\t"3"\n"P-""2"""\t"4"\n"P-3"\t\n'


def test_a_byte_order_mark_comes_when_asked_for(world: World) -> None:
    assert world.client.get("/resource/permits.csv?$$bom=true").content.startswith(b'\xef\xbb\xbf"number"')


def test_the_count_of_rows_comes_when_asked_for(world: World) -> None:
    def counted(query: str) -> str | None:
        return world.client.get(f"/resource/permits.json?{query}").headers.get("x-soda2-row-count")

    assert counted("$limit=1&$$row_count=approximate") == "3"
    assert counted("$where=ward IS NOT NULL&$offset=1&$order=ward&$$row_count=true") == "2"
    assert counted("ward=3&$select=number&$$row_count=approximate") == "1"
    assert counted("$limit=1") is None  # also after the same rows were asked for with it
    assert counted("$select=ward,count(*)&$group=ward&$$row_count=approximate") is None
    assert world.client.get("/resource/permits.json?$$row_count=perhaps").status_code == 400


def test_geojson_takes_the_first_place_and_keeps_nulls(world: World) -> None:
    answer = world.client.get("/resource/permits.geojson?$select=ward,place,open")
    assert answer.headers["content-type"] == "application/vnd.geo+json; charset=utf-8"
    document = answer.json()
    assert document["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [-87.6, 41.8]},
            "properties": {"ward": "3", "open": True},
        },
        {"type": "Feature", "geometry": None, "properties": {"ward": "4", "open": False}},
        {"type": "Feature", "geometry": None, "properties": {"ward": None, "open": None}},
    ]
    assert document["crs"]["properties"]["name"].endswith("CRS84")


@pytest.mark.parametrize("ending", ["json", "csv", "geojson", "tsv"])
@pytest.mark.parametrize("select", ["*", ":*,*", "number,share/3 as part", "count(*),max(block)"])
def test_long_answers_are_written_like_short_ones(world: World, ending: str, select: str) -> None:
    address = f"/resource/permits.{ending}?$order=number&$select={select}&$limit="
    if "count" in select:
        address = address.replace("$order=number&", "").replace(",max(block)", ",max(cost),avg(ward),min(seen_at)")
    short, long = world.client.get(f"{address}100"), world.client.get(f"{address}100000")
    assert short.status_code == 200, short.text
    assert short.headers["x-soda2-types"] == long.headers["x-soda2-types"]
    if ending in {"csv", "tsv"}:
        assert short.text == long.text
    else:
        assert short.json() == long.json()


def test_an_empty_answer_is_still_of_its_kind(world: World) -> None:
    for limit in (5, 100000):
        where = f"?$where=ward=99&$limit={limit}"
        assert world.client.get(f"/resource/permits.json{where}").text == "[]\n"
        assert world.json(f"/resource/permits.geojson{where}")["features"] == []
        assert world.client.get(f"/resource/permits.csv{where}&$select=ward").text == '"ward"\n'


def test_the_headers_name_columns_and_types(world: World) -> None:
    answer = world.client.get("/resource/permits.json?$select=number,ward,open,seen_at,place")
    assert json.loads(answer.headers["x-soda2-fields"]) == ["number", "ward", "open", "seen_at", "place"]
    assert json.loads(answer.headers["x-soda2-types"]) == ["text", "number", "boolean", "floating_timestamp", "point"]
    assert answer.headers["x-soda2-truth-last-modified"] == answer.headers["last-modified"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-socrata-requestid"] != world.client.get("/resource/permits.json").headers[
        "x-socrata-requestid"
    ]  # fmt: skip


def test_headers_that_would_be_too_long_are_left_out(world: World) -> None:
    names = ",".join(f"ward as {'long_' * 20}{number}" for number in range(60))
    answer = world.client.get(f"/resource/permits.json?$select={names}&$limit=1")
    assert answer.status_code == 200
    assert "x-soda2-fields" not in answer.headers


def test_a_client_that_has_the_answer_is_told_so(world: World) -> None:
    first = world.client.get("/resource/permits.json?$limit=2")
    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = world.client.get("/resource/permits.json?$limit=2", headers={name: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    other = world.client.get("/resource/permits.json?$limit=2", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_an_unasked_query_is_not_run_for_a_client_that_has_its_answer(world: World) -> None:
    etag = world.client.get("/resource/permits.json?$limit=2&$offset=1").headers["etag"]
    again = world.client.get("/resource/permits.json?$offset=1&$limit=2", headers={"If-None-Match": etag})
    assert again.status_code == 304


def test_head_says_what_get_would(world: World) -> None:
    get, head = (ask("/resource/permits.csv") for ask in (world.client.get, world.client.head))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == str(len(get.content))


def test_any_site_may_ask_from_a_page(world: World) -> None:
    answer = world.client.options("/resource/permits.json", headers={"Origin": "https://a.example"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "X-App-Token" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "header", [{"X-App-Token": "abc"}, {"Authorization": "OAuth x"}, {"Authorization": "Basic eDp5"}]
)
def test_tokens_are_taken_and_change_nothing(world: World, header: dict[str, str]) -> None:
    assert world.client.get("/resource/permits.json", headers=header).status_code == 200


def test_one_row_comes_by_its_key_or_its_id(world: World) -> None:
    row = world.json("/resource/permits/P-1.json?$$app_token=x")
    (identified,) = world.json("/resource/permits.json?number=P-1&$select=:id,number")
    assert row["number"] == "P-1"
    assert world.json(f"/resource/permits/{identified[':id']}.json") == row
    assert world.client.get("/resource/permits/P-1.csv").text.splitlines()[1].startswith('"P-1"')
    assert world.json("/resource/permits/P-1.geojson")["geometry"]["type"] == "Point"
    assert world.code("/resource/permits/P-9.json") == (404, "row.not-found")


def test_a_row_is_found_by_a_key_that_looks_like_an_ending(world: World) -> None:
    assert world.code("/resource/permits/P.1.json") == (404, "row.not-found")


def test_plain_filters_answer_as_written_out(world: World) -> None:
    for filters, where in (
        ("number=P-1", "number = 'P-1'"),
        ("ward=4", "ward = 4"),
        ("number=P-1&ward=4", "number = 'P-1' and ward = 4"),
        ('number=P-"2"', "number = 'P-\"2\"'"),
        ("ward=-1", "ward = -1"),
    ):
        by_filter = world.json(f"/resource/permits.json?{filters}")
        assert by_filter == world.json(f"/resource/permits.json?$where={where}"), filters


def test_many_rows_page_by_page_are_all_rows_once(tmp_path: Path) -> None:
    world = World(tmp_path, public=False)
    rows = [[f"P-{number}", str(number % 7), *[None] * 10] for number in range(500)]
    world.publish(rows, at=DAYS[0])
    for order in ("", "&$order=:id", "&$order=ward", "&$order=ward desc,number"):
        pages = [
            world.json(f"/resource/permits.json?$select=number&$limit=60&$offset={start}{order}")
            for start in range(0, 600, 60)
        ]
        found = [row["number"] for page in pages for row in page]
        assert sorted(found) == sorted(row[0] or "" for row in rows), order
        assert pages[-1] == []


def test_everything_comes_as_one_file_under_its_titles(world: World) -> None:
    answer = world.client.get("/api/views/perm-0001/rows.csv?accessType=DOWNLOAD")
    assert answer.headers["content-disposition"] == 'attachment; filename="permits.csv"'
    header, first, *_ = csv.reader(io.StringIO(answer.text))
    assert header == ["Permit number", *NAMES[1:-1]]
    assert first[:2] == FULL[:2]


def test_everything_comes_as_lists_with_the_view_before_them(world: World) -> None:
    document = world.json("/api/views/perm-0001/rows.json?accessType=DOWNLOAD")
    names = [column["fieldName"] for column in document["meta"]["view"]["columns"]]
    row = dict(zip(names, document["data"][0], strict=True))
    assert names[:2] == [":sid", ":id"]
    assert (row["number"], row["ward"], row["open"]) == ("P-1", "3", True)
    assert (row["place"], row["page"]) == ("POINT (-87.6 41.8)", ["https://x.example/1", None])
    assert document["data"][2][9:] == [None] * 10
