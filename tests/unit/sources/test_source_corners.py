"""Rare answers and rare files: each ends in rows or in an error that says what to do."""

import gzip
import resource
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from datetime import time as clock_time
from datetime import timedelta
from decimal import Decimal
from email.utils import formatdate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_world import Reply, Site, Taker

from cupola.errors import InvalidInput, NotAllowed
from cupola.sources import SourceUnreachable, workbooks
from cupola.sources.addresses import redacted, without_secrets
from cupola.sources.esri import UnknownGeometry, geojson, iso_instant
from cupola.sources.jsontext import cell_text
from cupola.sources.numbertext import decimal_text
from cupola.sources.workbooks import cell_text as sheet_text

ARCGIS = "/server/rest/services/X/MapServer/3"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:pw@host:8443/a?b=1", "https://host:8443/a?b=1"),
        ("https://host/a?$$app_token=pw&$where=x", "https://host/a?$$app_token=***&$where=x"),
        ("https://host/a?sig=pw&sv=1", "https://host/a?sig=***&sv=1"),
        ("https://me:pw@host:port/a", "https://host:port/a"),
        ("postgresql://me:pw@host/city", "postgresql://host/city"),
    ],
)
def test_addresses_are_shown_without_secrets(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_messages_of_other_programs_lose_their_secrets() -> None:
    assert without_secrets("no: host=x password='p w' at http://me:pw@x/") == "no: host=x password=*** at http://x/"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+5"), "100000"),
        (Decimal("1.10"), "1.10"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("1E+300"), "1E+300"),
        (Decimal("-0.0"), "-0.0"),
    ],
)
def test_numbers_are_written_out_as_far_as_is_sensible(value: Decimal, text: str) -> None:
    assert decimal_text(value) == text
    assert cell_text(value) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (clock_time(12, 30), "12:30:00"),
        (timedelta(hours=30, minutes=5, seconds=1), "30:05:01"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (2**53, "9007199254740992"),
        ("", None),
        (None, None),
    ],
)
def test_rare_cells_of_a_sheet(cell: object, text: str | None) -> None:
    assert sheet_text(cell) == text


def test_rare_geometries() -> None:
    lone_hole = [[0, 0], [9, 0], [9, 9], [0, 0]]
    square = [[20, 20], [20, 29], [29, 29], [29, 20], [20, 20]]
    assert geojson({"paths": []}) is None
    assert geojson({"points": []}) is None
    assert geojson({"rings": [square, lone_hole]}) == {
        "type": "MultiPolygon",
        "coordinates": [[square[::-1]], [lone_hole]],
    }
    with pytest.raises(UnknownGeometry, match="curveRings"):
        geojson({"curveRings": [[]]})
    assert (iso_instant("x"), iso_instant(None), iso_instant("1500")) == ("x", None, "1970-01-01T00:00:01.500Z")


@pytest.mark.parametrize("write", ["parquet", "sqlite"])
def test_a_file_without_an_ending_is_known_by_its_first_bytes(taker: Taker, base: Path, write: str) -> None:
    path = base / "export"
    if write == "parquet":
        pq.write_table(pa.table({"a": [1]}), path)
        assert taker.rows(taker.fetch(base, file="export")) == [{"a": "1", "_row": 1}]
    else:
        sqlite3.connect(path).executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1);").connection.close()
        assert taker.fetch(base, file="export").format == "sql"
        assert taker.rows(taker.fetch(base, file="export", format="sql", query="SELECT a FROM t"))[0]["a"] == "1"


def test_a_member_without_an_ending_is_known_by_its_first_bytes_or_asked_about(taker: Taker, base: Path) -> None:
    for name, content in (("json", b'[{"a":1}]'), ("text", b"a,b\n1,2\n")):
        with zipfile.ZipFile(base / f"{name}.zip", "w") as archive:
            archive.writestr("export", content)
            archive.writestr("__MACOSX/._export", b"x")
    assert taker.rows(taker.fetch(base, file="json.zip")) == [{"a": "1", "_row": 1}]
    with pytest.raises(InvalidInput, match=r"text\.zip: the name 'export' does not tell the format"):
        taker.land(taker.fetch(base, file="text.zip"))
    assert taker.rows(taker.fetch(base, file="text.zip", format="csv")) == [{"a": "1", "b": "2", "_row": 1}]


def test_an_empty_zip_and_a_false_zip_are_refused(taker: Taker, base: Path) -> None:
    zipfile.ZipFile(base / "a.zip", "w").close()
    (base / "b.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InvalidInput, match="the zip is empty"):
        taker.land(taker.fetch(base, file="a.zip"))
    with pytest.raises(InvalidInput, match="damaged or cut short"):
        taker.land(taker.fetch(base, file="b.zip"))


def test_a_workbook_too_large_for_memory_is_refused(taker: Taker, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 100)
    with zipfile.ZipFile(base / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", " " * 200)
    with pytest.raises(InvalidInput, match="the workbook unpacks to 200 bytes, over the limit of 100"):
        taker.land(taker.fetch(base, file="a.xlsx"))


def test_json_in_another_encoding_is_read_when_told(taker: Taker, base: Path) -> None:
    (base / "a.json").write_bytes('[{"a":"Peña"}]'.encode("cp1252"))
    assert taker.rows(taker.fetch(base, file="a.json", encoding="cp1252")) == [{"a": "Peña", "_row": 1}]
    with pytest.raises(InvalidInput, match="it is not valid JSON"):
        taker.land(taker.fetch(base, file="a.json"))


def test_a_dated_pause_is_kept(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [
        Reply(503, b"", {"Retry-After": formatdate(time.time() + 30, usegmt=True)}),
        Reply(200, b"a"),
    ]
    taker.fetch(url=f"{site.url}/a.csv")
    assert taker.waits.pauses == [pytest.approx(30, abs=3)]


@pytest.mark.parametrize("spec", [{"format": "csv"}, {"format": "ckan", "resource": "r"}])
def test_a_redirect_to_another_kind_of_address_is_refused(taker: Taker, site: Site, spec: dict[str, str]) -> None:
    there = Reply(302, b"", {"Location": "ftp://host/a.csv"})
    site.replies["/a.csv"] = site.replies["/a.csv/api/3/action/datastore_search"] = [there]
    with pytest.raises(SourceUnreachable, match="Use an http or https address"):
        taker.fetch(url=f"{site.url}/a.csv", **spec)


def test_a_portal_that_redirects_for_ever_is_refused(taker: Taker, site: Site) -> None:
    site.replies["/resource/abcd-1234.json"] = [Reply(302, b"", {"Location": "/resource/abcd-1234.json"})]
    with pytest.raises(SourceUnreachable, match="redirects too often"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")


def test_a_transfer_in_an_encoding_nobody_asked_for_is_refused(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, b"xx", {"Content-Encoding": "br"})]
    with pytest.raises(SourceUnreachable, match="an encoding nobody asked for: br"):
        taker.fetch(url=f"{site.url}/a.csv")


def test_notes_of_a_break_that_cannot_be_read_start_it_over(taker: Taker, site: Site) -> None:
    site.replies["/a.csv"] = [Reply(200, b"a\n1\n", {"ETag": '"v1"'})]
    first = taker.fetch(url=f"{site.url}/a.csv")
    first.path.with_suffix(".part").write_bytes(b"half")
    first.path.with_suffix(".part.json").write_text("{")
    assert taker.fetch(url=f"{site.url}/a.csv").bytes == 4
    assert "range" not in site.asked[1].headers


@pytest.mark.parametrize("spec", [{}, {"format": "socrata"}])
def test_a_cache_that_cannot_be_written_says_so(taker: Taker, site: Site, spec: dict[str, str]) -> None:
    taker.folder.parent.mkdir(exist_ok=True)
    taker.folder.write_text("a file where the folder should be")
    site.replies["/d/abcd-1234.csv"] = [Reply(200, b"a\n")]
    site.replies["/resource/abcd-1234.json"] = [Reply(200, b'[{"row_count":"1"}]')]
    with pytest.raises(NotAllowed, match="no local copy could be written: Not a directory"):
        taker.fetch(url=f"{site.url}/d/abcd-1234.csv", **spec)


def test_a_scratch_folder_that_cannot_be_written_says_so(taker: Taker, base: Path) -> None:
    (base / "a.csv.gz").write_bytes(b"\x1f\x8b")
    fetched = taker.fetch(base, file="a.csv.gz")
    taker.folder.write_text("a file where the folder should be")
    with pytest.raises(NotAllowed, match="no local copy could be written"):
        taker.land(fetched)


def test_a_portal_that_answers_with_a_web_page_is_no_portal(taker: Taker, site: Site) -> None:
    site.replies["/resource/abcd-1234.json"] = [Reply(200, b"<html>"), Reply(200, b'{"a": 1}')]
    with pytest.raises(SourceUnreachable, match="it did not say how many rows there are"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")
    site.replies["/resource/abcd-1234.json"] = [Reply(200, b"<html>")]
    with pytest.raises(SourceUnreachable, match="something that is not JSON after 4 attempts"):
        taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")


def test_a_refusal_without_a_reason_still_has_its_status(taker: Taker, site: Site) -> None:
    for body in (b"<html>", b'"nope"', b'{"error": {"name": ["bad"]}}'):
        site.replies["/resource/abcd-1234.json"] = [Reply(400, body)]
        with pytest.raises(SourceUnreachable, match="it answered 400"):
            taker.fetch(url=f"{site.url}/d/abcd-1234", format="socrata")


def test_a_ckan_answer_that_is_no_success_is_an_error(taker: Taker, site: Site) -> None:
    site.replies["/api/3/action/datastore_search"] = [Reply(200, b'{"success": false, "error": "broken"}')]
    with pytest.raises(SourceUnreachable, match="it answered 200: broken"):
        taker.fetch(url=site.url, resource="r", format="ckan")


def test_a_ckan_resource_without_rows_and_file_says_so(taker: Taker, site: Site) -> None:
    site.replies["/api/3/action/datastore_search"] = [Reply(404, b"{}")]
    site.replies["/api/3/action/resource_show"] = [Reply(200, b'{"success": true, "result": {"url": ""}}')]
    with pytest.raises(SourceUnreachable, match="neither rows nor a file"):
        taker.fetch(url=site.url, resource="r", format="ckan")


def test_an_arcgis_folder_is_no_layer(taker: Taker, site: Site) -> None:
    site.replies[ARCGIS] = [Reply(200, b'{"name": "Group", "type": "Group Layer"}')]
    with pytest.raises(SourceUnreachable, match="it is not a layer with fields"):
        taker.fetch(url=site.url + ARCGIS, format="arcgis")
    with pytest.raises(InvalidInput, match="it names no layer"):
        taker.fetch(url=f"{site.url}/maps", format="arcgis")


def test_an_arcgis_layer_without_ids_cannot_be_paged(taker: Taker, site: Site) -> None:
    fields = b'"fields": [{"name": "A", "type": "esriFieldTypeString"}]'
    site.replies[ARCGIS] = [Reply(200, b'{%s, "maxRecordCount": 1}' % fields)]
    site.replies[f"{ARCGIS}/query"] = [Reply(200, b'{"count": 2}')]
    with pytest.raises(SourceUnreachable, match="no object id"):
        taker.fetch(url=site.url + ARCGIS, format="arcgis")


@pytest.mark.parametrize(
    ("feature", "row"),
    [
        (b'{"id": 7, "properties": {"A": "x"}, "geometry": null}', {"A": "x", "ID": "7", "geometry": None, "_row": 1}),
        (b'{"attributes": {"A": "x", "ID": 7}}', {"A": "x", "ID": "7", "geometry": None, "_row": 1}),
    ],
)
def test_an_arcgis_id_may_stand_beside_the_properties(
    taker: Taker, site: Site, feature: bytes, row: dict[str, object]
) -> None:
    about = b'{"geometryType": "esriGeometryPoint", "supportedQueryFormats": "JSON, geoJSON", "fields": [%s]}'
    fields = b'{"name": "A", "type": "esriFieldTypeString"}, {"name": "ID", "type": "esriFieldTypeOID"}'
    site.replies[ARCGIS] = [Reply(200, about % fields)]
    count, page = Reply(200, b'{"count": 1}'), Reply(200, b'{"features": [%s]}' % feature)
    site.replies[f"{ARCGIS}/query"] = [count, page, count]
    assert taker.rows(taker.fetch(url=site.url + ARCGIS, format="arcgis")) == [row]


def test_an_arcgis_curve_is_refused(taker: Taker, site: Site) -> None:
    about = b'{"geometryType": "esriGeometryPolygon", "fields": [{"name": "ID", "type": "esriFieldTypeOID"}]}'
    page = b'{"features": [{"attributes": {"ID": 1}, "geometry": {"curveRings": [[]]}}]}'
    site.replies[ARCGIS] = [Reply(200, about)]
    site.replies[f"{ARCGIS}/query"] = [Reply(200, b'{"count": 1}'), Reply(200, page)]
    with pytest.raises(InvalidInput, match="geometries of a kind that cannot be read: curveRings"):
        taker.fetch(url=site.url + ARCGIS, format="arcgis")


def test_sqlite_text_in_windows_encoding_is_read(taker: Taker, base: Path) -> None:
    connection = sqlite3.connect(base / "a.db")
    connection.executescript("CREATE TABLE t (a TEXT); INSERT INTO t VALUES (CAST(x'5065f161' AS TEXT));")
    connection.close()
    assert taker.rows(taker.fetch(base, file="a.db", query="SELECT a FROM t")) == [{"a": "Peña", "_row": 1}]
    with pytest.raises(InvalidInput, match="query: gives no rows"):
        taker.fetch(base, file="a.db", query="-- nothing")


def test_a_sqlite_file_that_is_not_there_is_unreachable(taker: Taker) -> None:
    with pytest.raises(SourceUnreachable, match=r"^none\.db: there is no such file"):
        taker.fetch(url="sqlite:////nowhere/none.db", query="SELECT 1")


@pytest.mark.postgres
def test_a_postgresql_database_that_does_not_exist_is_not_waited_for(taker: Taker, postgres_url: str) -> None:
    other = postgres_url.rpartition("/")[0] + "/cupola_no_such_database"
    with pytest.raises(SourceUnreachable, match="does not exist"):
        taker.fetch(url=other, format="sql", query="SELECT 1")
    with pytest.raises(SourceUnreachable, match="nonsense"):
        taker.fetch(url=f"{postgres_url}?nonsense=1", format="sql", query="SELECT 1")
    assert taker.waits.pauses == []


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow over 40,000 bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [40_001, 400_000])
@pytest.mark.parametrize("packed", [True, False])
def test_a_disk_that_is_full_during_a_download_says_so(
    taker: Taker, site: Site, small_files: None, size: int, packed: bool
) -> None:
    body = b"a\n" * (size // 2 + 1)
    plain = Reply(200, body, {"ETag": '"1"'})
    site.replies["/a.csv"] = [Reply(200, gzip.compress(body), {"Content-Encoding": "gzip"}) if packed else plain]
    with pytest.raises(NotAllowed, match=r"a\.csv: no local copy could be written: File too large"):
        taker.fetch(url=f"{site.url}/a.csv")


@pytest.mark.parametrize("size", [40_001, 400_000])
def test_a_disk_that_is_full_during_unpacking_says_so_and_is_cleaned(
    taker: Taker, base: Path, small_files: None, size: int
) -> None:
    (base / "a.csv.gz").write_bytes(gzip.compress(b"a\n" * (size // 2 + 1)))
    with pytest.raises(NotAllowed, match=r"a\.csv\.gz: no local copy could be written: File too large"):
        taker.land(taker.fetch(base, file="a.csv.gz"))
    assert list((taker.folder / "scratch").iterdir()) == []


def test_a_disk_that_is_full_during_paging_says_so_and_is_cleaned(taker: Taker, base: Path, small_files: None) -> None:
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 30000) SELECT i, hex(i * i) FROM n"
    sqlite3.connect(base / "a.db").close()
    with pytest.raises(NotAllowed, match="no local copy could be written: File too large"):
        taker.fetch(base, file="a.db", query=query)
    assert list((taker.folder / "cache").iterdir()) == []
